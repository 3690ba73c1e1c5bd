"""The thin shell around the pure turns: one arrival, one transaction.

Start at `serve`. It finds who talks, lets `reactions` decide what takes the input, and saves the
chat. A door
(Telegram, the player of .talk files) shows the result."""

from __future__ import annotations

from dataclasses import replace

from engine.model.conversation import Chat
from engine.ports import Ports
from engine.run.arrival import Arrival, Shown
from engine.run.desk import Desk
from engine.run.program import Program
from engine.run.reactions import react


def serve(program: Program, ports: Ports, arrival: Arrival) -> Shown:
    """Take one arrival in one transaction and say what the chat is to see.

    A repeated update changes nothing; it shows the present screen again if that never reached the
    worker."""
    with ports.transaction():
        chat = ports.chats.load(arrival.chat)
        now = ports.reads.clock.now()
        desk = Desk(program, ports, ports.people.actor(arrival.chat), now)
        if arrival.update and not ports.chats.first(arrival.update, arrival.chat):
            return _repeat(desk, chat)
        reaction = react(desk, chat, arrival)
        after = reaction.chat
        if reaction.prompt is not None and not reaction.quiet:
            after = replace(
                after,
                turn=chat.turn + 1,
                buttons=reaction.prompt.buttons,
                answered_at=f"{now:%H:%M}",
            )
        ports.chats.keep(after, now, reaction.ended)
        return Shown(
            after.id,
            after.turn,
            after.token,
            None if reaction.quiet else reaction.prompt,
            reaction.edit,
            reaction.toast,
            reaction.alert,
            reaction.strip,
        )


def _repeat(desk: Desk, chat: Chat) -> Shown:
    shown = desk.ports.chats.message(chat.id)
    if shown is not None:
        return Shown(chat.id, chat.turn, chat.token, None)
    return again(desk, chat)


def again(desk: Desk, chat: Chat) -> Shown:
    """Show the present screen once more, under the same turn, so that its buttons are those that
    are stored."""
    prompt = desk.prompt(chat)
    desk.ports.chats.keep(replace(chat, buttons=prompt.buttons), desk.now)
    return Shown(chat.id, chat.turn, chat.token, prompt)
