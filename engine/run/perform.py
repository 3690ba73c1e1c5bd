"""The thin shell around the pure turns: one arrival, one transaction.

Start at `serve`. It finds who talks, lets `reactions` decide what takes the input, and saves the
chat. A door (Telegram, the player of .talk files) shows the result."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from engine.model.conversation import Chat, Kind
from engine.model.text import warned
from engine.ports import Ports
from engine.run import because
from engine.run.adopt import Adopted, adopt
from engine.run.arrival import Arrival, Shown
from engine.run.desk import Desk, Reaction, over, owned, show
from engine.run.program import Program
from engine.run.reactions import react

log = logging.getLogger(__name__)


def serve(
    program: Program, ports: Ports, arrival: Arrival, opened: datetime | None = None
) -> Shown:
    """Take one arrival in one transaction and say what the chat is to see; `opened` is since when
    the door that it came through is open.

    A repeated update changes nothing; it shows the present screen again if that never reached the
    worker."""
    with ports.transaction():
        chat = ports.chats.load(arrival.chat, arrival.update, arrival.seen)
        now = ports.reads.clock.now()
        message = ports.chats.message(chat.id) if arrival.data else None
        actor = ports.people.actor(arrival.chat)
        desk = Desk(program, ports, actor, now, arrival.language, opened)
        if arrival.update and ports.chats.handled(arrival.update):
            return _repeat(desk, chat, arrival)
        reaction = _reaction(desk, chat, arrival)
        after = touched(reaction.chat, arrival, desk)
        same = (
            reaction.again
            and reaction.prompt is not None
            and reaction.prompt.buttons == chat.buttons
        )
        if reaction.prompt is not None and not reaction.quiet and not same:
            after = replace(
                after,
                turn=chat.turn + 1,
                buttons=reaction.prompt.buttons,
                answered_at=f"{now:%H:%M}",
            )
        ports.chats.keep(after, now, reaction.ended, arrival.update)
        shown = _shown(desk, after, reaction, message, again=same)
    for session in reaction.ended:  # its events and notices carry its id, this line the trail
        log.info("session %s of %s is %s", session.id, session.flow, session.state.value)
    return shown


def touched(chat: Chat, arrival: Arrival, desk: Desk) -> Chat:
    """Return a chat that knows when its person touched it last; what is held is gone with the
    screen that says so."""
    held = chat.held if chat.screen.name == "resume" else None
    by_hand = arrival.command or arrival.data or (arrival.input and arrival.update)
    at = max(desk.now, desk.opened or desk.now) if by_hand else chat.touched
    return replace(chat, touched=at, held=held)


def _shown(
    desk: Desk, chat: Chat, reaction: Reaction, message: int | None, *, again: bool
) -> Shown:
    """Say what the chat is to see in the language of who reads it."""
    if reaction.actor is not None:
        desk = replace(desk, actor=reaction.actor)
    prompt = None if reaction.quiet else reaction.prompt
    return Shown(
        chat.id,
        chat.turn,
        chat.token,
        prompt and desk.said(prompt),
        reaction.edit,
        desk.say(reaction.toast),
        reaction.alert,
        reaction.strip,
        message=message,
        language=desk.language,
        again=again,
    )


def _reaction(desk: Desk, chat: Chat, arrival: Arrival) -> Reaction:
    """Let the input be taken, by drafts of the present flows alone.

    Who is told that a form changed answers anew; a decision is never lost by that."""
    adopted = _adopted(desk, chat)
    decision = arrival.input is not None and arrival.input.kind is Kind.DECISION
    if adopted.why and not decision:
        return show(desk, adopted.chat, above=warned(adopted.why), ended=adopted.ended)
    reaction = react(desk, adopted.chat, arrival)
    if not adopted.ended:
        return reaction
    return replace(reaction, ended=(*adopted.ended, *reaction.ended))


def _adopted(desk: Desk, chat: Chat) -> Adopted:
    chat, theirs = owned(desk, chat) if desk.actor is not None else (chat, ())
    adopted = adopt(desk.program, chat, desk.ports.reads)
    for deviation in adopted.withdrawn:
        desk.ports.deviations.withdraw(deviation, because.ANOTHER_FORM, desk.now)
    return replace(adopted, ended=(*theirs, *adopted.ended)) if theirs else adopted


def _repeat(desk: Desk, chat: Chat, arrival: Arrival) -> Shown:
    shown = desk.ports.chats.message(chat.id)
    if shown is not None:
        if arrival.seen:
            desk.ports.chats.shown(arrival.seen)
        return Shown(chat.id, chat.turn, chat.token, None, language=desk.language)
    return again(desk, chat)


def again(desk: Desk, chat: Chat) -> Shown:
    """Show the present screen once more, under the same turn, so that its buttons are those that
    are stored."""
    adopted = _adopted(desk, chat)
    prompt = desk.prompt(adopted.chat)
    if adopted.why:
        prompt = over(warned(adopted.why), prompt)
    kept = replace(adopted.chat, buttons=prompt.buttons)
    desk.ports.chats.keep(kept, desk.now, adopted.ended)
    return Shown(chat.id, chat.turn, chat.token, desk.said(prompt), language=desk.language)
