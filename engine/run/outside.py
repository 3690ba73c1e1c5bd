"""A value outside its limit: refused first where the flow says so, explained, then decided by a
role while the form waits."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid5

from engine.errors import EngineError
from engine.languages.message import Message, listed
from engine.model.conversation import Answer, State
from engine.model.effects import Effect, Request, Turn, Withdraw
from engine.model.text import Text, bold, lines
from engine.model.values import show
from engine.run import because
from engine.run.draft import Draft
from engine.run.question import compared, deviation_of, deviation_words, question
from engine.run.stages import OUTSIDE, PHOTO, REASON, Candidate
from engine.run.walk import Stop
from engine.steps.photos import PICTURES, so_far


def ask_about(
    draft: Draft, stop: Stop, candidate: Candidate, at: str, effects: list[Effect]
) -> Turn:
    """Ask something about a value before it is taken."""
    session = replace(draft.session, look=candidate.look(at))
    return Turn(session, question(draft.next(session)), tuple(effects))


def meet(draft: Draft, stop: Stop, effects: list[Effect]) -> Turn:
    """Come to a computed value that is outside its limit."""
    if stop.outside is None:
        raise EngineError(f"{stop.address} is not outside its limit")
    value, bounds = stop.outside
    return outside(draft, stop, Candidate(value), Answer(value, bounds), effects)


def outside(
    draft: Draft, stop: Stop, candidate: Candidate, answer: Answer, effects: list[Effect]
) -> Turn:
    """Take a value outside its limit as far as it goes: to its button, its reason, its picture, or
    to the request."""
    deviation = deviation_of(stop)
    if deviation.ask_again and not candidate.requested:
        return ask_about(draft, stop, candidate, OUTSIDE, effects)
    if deviation.reason and not candidate.reason:
        return ask_about(draft, stop, candidate, REASON, effects)
    if deviation.photo and not candidate.evidence:
        return ask_about(draft, stop, candidate, PHOTO, effects)
    given = replace(answer, reason=candidate.reason, evidence=candidate.evidence)
    return _park(draft, stop, given, effects)


def _park(draft: Draft, stop: Stop, answer: Answer, effects: list[Effect]) -> Turn:
    """Stop at a value outside its limit and ask the role for a decision."""
    deviation, asked = deviation_of(stop), draft.session.asked + 1
    identity = str(uuid5(draft.session.id, f"{stop.address}:{asked}"))
    before = draft.session.answers.get(stop.address)
    if before is not None and before.deviation:
        effects = [*effects, Withdraw(before.deviation, because.ANOTHER_VALUE)]
    answer = replace(answer, deviation=identity, approved=False)
    session = replace(
        draft.session,
        step=stop.address,
        state=State.PARKED,
        waiting=identity,
        asked=asked,
        look={},
        answers={**draft.session.answers, stop.address: answer},
    )
    draft = draft.next(session)
    stop = draft.located(stop.address)
    assert answer.bounds is not None
    request = Request(
        identity,
        deviation.kind or stop.node.step.name,
        session,
        stop.address,
        stop.node.step.shown_label,
        answer.value,
        answer.bounds,
        deviation.roles,
        _card(draft, stop, answer),
        (*_pictures(stop, deviation.show), *(one.key for one in answer.evidence)),
        deviation.warn,
        deviation.breach,
    )
    return Turn(session, question(draft), (*effects, request))


def _card(draft: Draft, stop: Stop, answer: Answer) -> Text:
    deviation, words = deviation_of(stop), deviation_words(draft, stop, answer)
    found = [stop.env.get(name) for name in deviation.show]
    shown = [show(one) for one in found if one is not None and not isinstance(one, tuple)]
    head = bold(deviation.title) + ((Text.of(": ") + listed(shown)) if shown else "")
    by = Message("Принимает {who}", {"who": draft.session.actor.name})
    return lines(
        head + ". " + compared(stop.node.step.shown_label, words) + ". " + by,
        Message("Причина: {reason}", {"reason": answer.reason}) if answer.reason else "",
    )


def _pictures(stop: Stop, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        ref.key
        for name in names
        for ref in so_far({PICTURES: stop.env.get(name)})
        if ref.is_picture
    )
