"""Answers to what is asked about a value that waits: «Точно?», a reason, a picture, a request for
a decision."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Refusal
from engine.languages.catalogue import Say
from engine.model.conversation import Answer, Input, Kind
from engine.model.effects import Turn
from engine.run.draft import Draft
from engine.run.onward import onward
from engine.run.outside import ask_about, outside
from engine.run.parked import asked_afresh
from engine.run.question import question
from engine.run.stages import GROUP, OUTSIDE, PHOTO, WHY, Candidate, candidate, stage
from engine.run.take import ask_again, proceed
from engine.run.walk import Closing, Stop
from engine.steps.base import is_title, written
from engine.steps.yes_no import NO, YES

REASON_LENGTH = (3, 300)  # characters of a reason
BUTTON = Refusal("Ответьте кнопкой")
PICTURE = Refusal("Здесь нужно фото")
WORDS = Refusal("Здесь нужна причина текстом")


def retyped(draft: Draft, stop: Stop, given: Input) -> bool:
    """Tell whether an input is a new answer to the question itself, or leaves what was asked."""
    if given.kind is Kind.PRESS and given.act == "back":
        return True
    at, _ = stage(draft.session.look)
    asked = at == OUTSIDE and stop.outside is None
    return asked and not (given.kind is Kind.PRESS and given.act == "request")


def answered(draft: Draft, stop: Stop, given: Input) -> Turn:
    """Take what was said about the value that waits."""
    at, number = stage(draft.session.look)
    if GROUP in draft.session.look:
        return _about_group(draft, stop, given, at, number)
    waiting = candidate(draft.session.look)
    match at:
        case "confirm":
            return _confirmed(draft, stop, waiting, number, given)
        case "outside" if given.kind is Kind.PRESS and given.act == "request":
            return _go_on(draft, stop, replace(waiting, requested=True), given)
        case "outside" if given.kind is Kind.PRESS and given.act == "fix":
            return asked_afresh(draft, [])
        case "why" | "reason":
            refusal = _reason(given)
            if refusal is not None:
                return _said(draft, refusal)
            given_reason = replace(waiting, reason=given.said.strip())
            if at == WHY:
                given_reason = replace(given_reason, confirmed=number + 1)
            return _go_on(draft, stop, given_reason, given)
        case "photo" if given.kind is Kind.FILES and all(one.is_picture for one in given.sent):
            return _go_on(draft, stop, replace(waiting, evidence=given.sent), given)
        case _:
            return _said(draft, PICTURE if at == PHOTO else BUTTON)


def _go_on(draft: Draft, stop: Stop, waiting: Candidate, given: Input) -> Turn:
    if stop.outside is not None:
        value, bounds = stop.outside
        return outside(draft, stop, waiting, Answer(value, bounds), [])
    return proceed(draft, stop, waiting, given)


def _said(draft: Draft, refusal: Refusal) -> Turn:
    return Turn(draft.session, question(draft, refusal.said))


def _yes(given: Input, say: Say) -> bool | None:
    """Return the answer to «Точно?»; None when it is none."""
    if given.kind is Kind.PRESS and given.act in ("yes", "no"):
        return given.act == "yes"
    if given.kind is Kind.TEXT and is_title(YES, given.said, say):
        return True
    return False if given.kind is Kind.TEXT and is_title(NO, given.said, say) else None


def _reason(given: Input) -> Refusal | None:
    return written(given, *REASON_LENGTH, WORDS)


def _confirmed(draft: Draft, stop: Stop, waiting: Candidate, number: int, given: Input) -> Turn:
    yes = _yes(given, draft.say)
    if yes is None:
        return _said(draft, BUTTON)
    if not yes:
        calm = draft.next(replace(draft.session, look={}))
        return Turn(calm.session, question(calm))
    if stop.node.step.confirm[number].reason:
        return ask_about(draft, stop, waiting, f"{WHY}:{number}", [])
    return proceed(draft, stop, replace(waiting, confirmed=number + 1), given)


def _about_group(draft: Draft, stop: Stop, given: Input, at: str, number: int) -> Turn:
    """Take the answer to a group's «Точно?»: yes keeps its answers, no asks all of it again."""
    address = draft.session.look[GROUP]
    closing = next((one for one in draft.walk.closings if one.address == address), None)
    if closing is None or number >= len(closing.node.step.confirm):
        return onward(draft.next(replace(draft.session, look={})), [], asked=False)
    if at == WHY:
        refusal = _reason(given)
        return _said(draft, refusal) if refusal else _kept(draft, closing, given.said.strip())
    yes = _yes(given, draft.say)
    if yes is None:
        return _said(draft, BUTTON)
    if not yes:
        return ask_again(draft, draft.walk.stops[closing.first], stop, [])
    if closing.node.step.confirm[number].reason:
        look = {**draft.session.look, "~at": f"{WHY}:{number}"}
        session = replace(draft.session, look=look)
        return Turn(session, question(draft.next(session)))
    return _kept(draft, closing, "")


def _kept(draft: Draft, closing: Closing, reason: str) -> Turn:
    answer = Answer(True, approved=True, confirmed=True, reason=reason)
    answers = {**draft.session.answers, closing.address: answer}
    session = replace(draft.session, answers=answers, look={})
    return onward(draft.next(session), [])
