"""Drafts that nobody answers: their owner is told an hour before, then they expire (domain 3.8).

Both plants sweep by this. Start at `expire`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.languages.message import Message
from engine.model.conversation import Chat, Screen, Session, State
from engine.model.effects import Notice
from engine.model.text import Text
from engine.ports import Lying, Ports
from engine.run import because
from engine.run.lives import SYSTEM_ACTOR
from engine.run.program import Program
from engine.run.stored import draft_key
from engine.run.task_end import give_up

WARNED = timedelta(hours=1)  # before the end
UNKNOWN = timedelta(hours=24)  # of a flow that is gone


def expire(program: Program, ports: Ports, now: datetime) -> int:
    """Warn of drafts that end within the hour and end those whose time is over; return how many
    ended. Each is warned of and ends once."""
    done = 0
    for one in ports.chats.lying(lying_since(program, now)):
        keep = _keep(program, one)
        if one.answered_at + keep <= now:
            with ports.transaction():
                done += _ended(program, ports, one, now)
        elif keep > WARNED and one.answered_at + keep - WARNED <= now:
            _warn(program, ports, one)
    return done


def lying_since(program: Program, now: datetime) -> datetime:
    """Return since when a draft must lie to be of interest now: no flow warns of one earlier."""
    shortest = min((flow.keep_s for flow in program.flows.values()), default=0)
    return now - max(timedelta(), timedelta(seconds=shortest) - WARNED)


def _keep(program: Program, one: Lying) -> timedelta:
    flow = program.under(one.digest, one.flow).flows.get(one.flow)
    return timedelta(seconds=flow.keep_s) if flow else UNKNOWN


def _title(program: Program, one: Lying) -> str:
    flow = program.under(one.digest, one.flow).flows.get(one.flow)
    return flow.title if flow else one.flow


def _warn(program: Program, ports: Ports, one: Lying) -> None:
    """Tell the owner once: an answer given meanwhile makes it another message."""
    text = Message("Черновик «{title}» пропадёт через час", {"title": _title(program, one)})
    key = f"draft:{one.session}:{one.answered_at.isoformat()}"
    ports.outbox.notify(Notice(key, Text.of(text), people=(one.person,)))


def _ended(program: Program, ports: Ports, one: Lying, now: datetime) -> bool:
    """End a draft, unless it was answered just now; tell whether it was ended."""
    chat = ports.chats.load(one.chat)
    if one not in ports.chats.lying(one.answered_at):  # the chat is locked: nobody answers now
        return False
    found = next(session for session in chat.sessions if str(session.id) == one.session)
    session = give_up(ports, SYSTEM_ACTOR, found, State.EXPIRED, because.NOT_ANSWERED, now)
    ports.chats.keep(_without(chat, session), now, (session,))
    text = Message("Черновик «{title}» пропал: на него долго не отвечали")
    said = Text.of(text.with_values({"title": _title(program, one)}))
    ports.outbox.notify(Notice(f"draft:{one.session}:over", said, people=(one.person,)))
    return True


def _without(chat: Chat, session: Session) -> Chat:
    """Return a chat without a session; a screen that was about it becomes the menu."""
    rest = tuple(one for one in chat.sessions if one.id != session.id)
    top = chat.top is not None and chat.top.id == session.id
    away = top or chat.screen == Screen("resume", draft_key(session))
    return replace(chat, sessions=rest, screen=Screen("menu") if away else chat.screen)
