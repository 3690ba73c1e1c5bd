"""Drafts whose version of the flows can run no longer go on under the present one (domain 3.8).

What still fits stays. A draft whose question is gone goes on with the first one that has no
answer; a draft whose flow is gone is ended. Both times the worker is told why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.languages.message import Message
from engine.model.conversation import Answer, Chat, Screen, Session, State
from engine.ports import Reads
from engine.run import because
from engine.run.draft import Draft
from engine.run.program import Program
from engine.run.question import decision_of

CHANGED = Message("Форма изменилась, пока вы её заполняли. Ответы, которые подходят, сохранены")
GONE = Message("Формы, которую вы заполняли, больше нет. Ответы сохранены в офисе")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A chat under the present Program, sessions that ended by that, ids of requests to take back,
    what to tell the worker."""

    chat: Chat
    ended: tuple[Session, ...] = ()
    withdrawn: tuple[str, ...] = ()
    why: str = ""


def adopt(program: Program, chat: Chat, reads: Reads) -> Adopted:
    """Bring the drafts of a chat under a Program, but those that can go on under their own."""
    if all(session.digest == program.digest for session in chat.sessions):
        return Adopted(chat)
    kept: list[Session] = []
    ended: list[Session] = []
    withdrawn: list[str] = []
    why = ""
    for session in chat.sessions:
        if program.under(session.digest, session.flow).digest == session.digest:
            kept.append(session)
            continue
        if session.flow not in program.flows:
            ended.append(replace(session, state=State.EXPIRED, waiting="", result=because.NO_FORM))
            withdrawn += _requests(session.answers)
            why = GONE
            continue
        moved = _under(program, session, reads)
        withdrawn += sorted(set(_requests(session.answers)) - set(_requests(moved.answers)))
        if (moved.step, moved.state) != (session.step, session.state):
            why = CHANGED
        kept.append(moved)
    chat = replace(chat, sessions=tuple(kept))
    if why and not kept:
        chat = replace(chat, screen=Screen("menu"))
    return Adopted(chat, tuple(ended), tuple(withdrawn), why)


def _requests(answers: Mapping[str, Answer]) -> list[str]:
    return [answer.deviation for answer in answers.values() if answer.deviation]


def _under(program: Program, session: Session, reads: Reads) -> Session:
    """Return a session without what the Program does not know; a question that waits for a
    decision which it can no longer get is asked again."""

    def known(address: str) -> bool:
        return program.node(session.flow, address) is not None

    stuck = bool(session.waiting) and decision_of(program, session.flow, session.step) is None
    answers = {
        name: answer
        for name, answer in session.answers.items()
        if known(name) and not (stuck and answer.deviation == session.waiting)
    }
    session = replace(
        session,
        digest=program.digest,
        answers=answers,
        trail=tuple(name for name in session.trail if known(name)),
        redo=tuple(name for name in session.redo if known(name)),
        changed=tuple(name for name in session.changed if known(name)),
        album=session.album if session.album and known(session.album.step) else None,
    )
    if stuck:
        session = replace(session, state=State.TALKING, waiting="", look={})
    if known(session.step):
        return session
    draft = Draft(program, session, reads)
    found = draft.unsettled()
    stop = found.stop if found else draft.walk.stops[-1] if draft.walk.stops else None
    step = stop.address if stop else program.flows[session.flow].steps[-1].name
    return replace(session, step=step, editing=False, look={})
