"""Answering decision cards: a press on an answer, its comment, the verdict for who asked."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.conversation import Chat, Input, Screen, Verdict
from engine.model.text import warned
from engine.run.desk import QUESTION, Desk, Reaction, menu_of, show
from engine.run.screens import COMMENT, asked_by, comment, decided
from engine.steps.base import written

NO_QUESTION = Message("Этого запроса больше нет")
OTHER_ROLE = Message("Это решает другая роль")
NOT_YOURS = Message("Эта кнопка не отсюда. Ничего не изменилось")


def answer_card(desk: Desk, chat: Chat, arg: str) -> Reaction:
    """Take a press on an answer of a decision card: at once, or after a comment."""
    deviation, _, code = arg.partition(":")
    standing = desk.ports.deviations.get(deviation)
    if standing is None:
        return Reaction(chat, toast=NOT_YOURS, alert=True, quiet=True)
    if standing.state != "open":
        return Reaction(chat, toast=decided(standing), alert=True, quiet=True, strip=True)
    spec = asked_by(desk.program, standing)
    if spec is None or code not in spec.answers:
        return Reaction(chat, toast=NO_QUESTION, alert=True, quiet=True, strip=True)
    if desk.known.roles.isdisjoint(spec.roles):
        return Reaction(chat, toast=OTHER_ROLE, alert=True, quiet=True)
    if spec.answers[code].comment == "none":
        return _decide(desk, chat, arg, "")
    return show(desk, replace(chat, screen=Screen("comment", arg)), edit=True)


def no_comment(desk: Desk, chat: Chat, _: str) -> Reaction:
    return (
        _decide(desk, chat, chat.screen.arg, "")
        if chat.screen.name == "comment"
        else show(desk, chat)
    )


def commented(desk: Desk, chat: Chat, arg: str, given: Input) -> Reaction:
    trouble = written(given, *COMMENT, Refusal("Здесь нужен комментарий текстом"))
    if trouble is not None:
        return Reaction(chat, comment(desk.program, desk.ports, arg, trouble.said))
    return _decide(desk, chat, arg, given.said.strip())


def _decide(desk: Desk, chat: Chat, arg: str, said: str) -> Reaction:
    deviation, _, code = arg.partition(":")
    standing = desk.ports.deviations.get(deviation)
    chat = replace(chat, screen=QUESTION) if chat.top else menu_of(chat)
    spec = asked_by(desk.program, standing) if standing else None
    if standing is None or spec is None or code not in spec.answers:
        return show(desk, chat, above=warned(NO_QUESTION), toast=NO_QUESTION)
    if desk.known.roles.isdisjoint(spec.roles):
        return show(desk, chat, above=warned(OTHER_ROLE), toast=OTHER_ROLE)
    answer = spec.answers[code]
    verdict = Verdict(deviation, code, said, desk.known.name)
    outcome = desk.ports.deviations.decide(
        verdict, desk.known, "rejected" if answer.end else "approved", desk.now
    )
    if isinstance(outcome, Refusal):
        return show(desk, chat, above=warned(outcome.said), toast=outcome.said)
    desk.ports.outbox.verdict(standing.chat, verdict)
    return show(desk, chat, above=Message("Решение записано: {answer}", {"answer": answer.title}))
