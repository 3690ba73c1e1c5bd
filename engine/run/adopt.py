"""Drafts that began under another version of the flows go on under the present one.

What still fits stays. A draft whose question is gone goes on with the first one that has no
answer; a draft whose flow is gone is ended. Both times the worker is told why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.model.conversation import Chat, Screen, Session, State
from engine.ports import Reads
from engine.run.draft import Draft
from engine.run.program import Program

CHANGED = "⚠ Формы изменились: этот вопрос новый, остальные ответы сохранены\n"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A chat under the present Program, sessions that ended by that, what to tell."""

    chat: Chat
    ended: tuple[Session, ...] = ()
    why: str = ""


def adopt(program: Program, chat: Chat, reads: Reads) -> Adopted:
    """Bring every draft of a chat under a Program."""
    if all(session.digest == program.digest for session in chat.sessions):
        return Adopted(chat)
    kept: list[Session] = []
    ended: list[Session] = []
    why = ""
    for session in chat.sessions:
        if session.flow not in program.flows:
            ended.append(
                replace(session, state=State.EXPIRED, waiting="", result="формы больше нет")
            )
            why = "⚠ Формы, которую вы заполняли, больше нет. Ответы сохранены в офисе\n"
            continue
        moved = _under(program, session, reads)
        why = CHANGED if moved.step != session.step else why
        kept.append(moved)
    chat = replace(chat, sessions=tuple(kept))
    if why and not kept:
        chat = replace(chat, screen=Screen("menu"))
    return Adopted(chat, tuple(ended), why)


def _under(program: Program, session: Session, reads: Reads) -> Session:
    index = program.flows[session.flow].index
    answers = {name: answer for name, answer in session.answers.items() if name in index}
    session = replace(
        session,
        digest=program.digest,
        answers=answers,
        trail=tuple(name for name in session.trail if name in index),
    )
    if session.step in index:
        return session
    open_question = Draft(program, session, reads).unsettled()
    step = open_question.name if open_question else program.flows[session.flow].steps[-1].name
    return replace(session, step=step, state=State.TALKING, waiting="", look={})
