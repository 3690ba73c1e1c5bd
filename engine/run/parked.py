"""A form that waits for a decision: the decision comes, or the worker takes the value back."""

from __future__ import annotations

from dataclasses import replace

from engine.languages.message import Message
from engine.model.conversation import Button, Input, Kind, Prompt, State, Verdict
from engine.model.effects import Carry, Effect, Turn, Withdraw
from engine.model.text import Text
from engine.run import because
from engine.run.draft import Draft
from engine.run.onward import go, onward, unwind
from engine.run.question import deviation_of, deviation_words, question
from engine.run.walk import Stop
from engine.run.ways import MENU

GO_ON = Button(Message("Продолжить"), "show")


def parked(draft: Draft, given: Input) -> Turn:
    """Take an input while a decision is awaited."""
    session = draft.session
    if given.kind is Kind.PRESS and given.act == "fix":
        return _fixed(draft, because.BEING_FIXED)
    verdict = given.verdict
    if verdict is None or verdict.deviation != session.waiting:
        system = given.kind in (Kind.JOB, Kind.FREE, Kind.CLOCK)
        return Turn(session, None if system else question(draft))
    stop = draft.located(session.step)
    answer, spec = session.answers[stop.address], deviation_of(stop).answers.get(verdict.answer)
    if spec is None:  # an answer of older flows: the question is asked again
        return _fixed(draft, because.UNFIT)
    words = {
        **deviation_words(draft, stop, answer),
        "decider": verdict.decider,
        "comment": verdict.comment,
    }
    said = draft.text(stop, spec.say, **words) if spec.say else _plain(spec.title, verdict)
    session = replace(session, waiting="", look={})
    if spec.end == "again":
        return _again(draft, said)
    if spec.end:
        session = replace(session, state=State(spec.end), result=said.message)
        carry = Carry(session, f"answer:{stop.address}:{verdict.answer}")
        return Turn(session, Prompt(said, ((MENU,),)), (carry,))
    session = replace(
        session,
        state=State.TALKING,
        answers={**session.answers, stop.address: replace(answer, approved=True)},
        redo=tuple(one for one in session.redo if one != stop.address),
    )
    turn = onward(draft.next(session), [], asked=stop.node.step.asks)
    return replace(turn, prompt=_told(said))


def _plain(title: str, verdict: Verdict) -> Text:
    """Say a decision for which the flow has no words of its own: who, what, why."""
    words = {"decider": verdict.decider, "decision": title}
    if not verdict.comment:
        return Text.of(Message("{decider}: {decision}", words))
    return Text.of(
        Message("{decider}: {decision}. {comment}", {**words, "comment": verdict.comment})
    )


def _told(said: Text) -> Prompt:
    return Prompt(said, ((GO_ON,), (MENU,)))


def _again(draft: Draft, said: Text) -> Turn:
    """Ask the question again that was decided so; the worker reads the decision first."""
    return replace(asked_afresh(draft, []), prompt=_told(said))


def _fixed(draft: Draft, why: str) -> Turn:
    """Take the request back and ask the question again."""
    return asked_afresh(draft, [Withdraw(draft.session.waiting, why)])


def asked_afresh(draft: Draft, withdraw: list[Effect]) -> Turn:
    """Ask a question without its answer; of a computed value, the last question that it is
    computed from."""
    session, stop = draft.session, draft.located(draft.session.step)
    answers = {name: one for name, one in session.answers.items() if name != session.step}
    session = replace(session, state=State.TALKING, waiting="", look={}, answers=answers)
    draft = draft.next(session)
    if stop.node.step.asks:
        return Turn(session, question(draft), tuple(withdraw))
    source = _source(draft, stop)
    if source is None:
        return onward(draft, withdraw, asked=False)
    return go(draft, source, withdraw, trail=unwind(session, source.address))


def _source(draft: Draft, stop: Stop) -> Stop | None:
    """Return the last question, of those really asked, that a computed value depends on."""
    asked = [one for name in reversed(draft.session.trail) if (one := draft.stop(name))]
    plain = [one for one in asked if one.kind not in ("review", "show", "wait")]
    return next(
        (one for one in plain if one.node.step.name in stop.node.depends),
        plain[0] if plain else None,
    )
