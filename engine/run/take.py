"""Taking a value: unique, checks, «Точно?», limit, then the answer, its job, and onward.

Start at `proceed`. It goes as far as it can and asks what is missing; what came before is kept in
the Candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid5

from engine.errors import Refusal
from engine.model.conversation import Album, Answer, Input, Session
from engine.model.effects import CancelJob, Effect, StartJob, Turn, Withdraw
from engine.model.values import Value
from engine.run import because
from engine.run.draft import Draft
from engine.run.onward import go, onward, unwind
from engine.run.outside import ask_about, outside
from engine.run.question import question
from engine.run.stages import CONFIRM, Candidate
from engine.run.walk import Stop

TAKEN = Refusal("Это уже есть в другой строке. Нужно другое")


def proceed(draft: Draft, stop: Stop, candidate: Candidate, given: Input) -> Turn:
    """Take a value as far as it goes."""
    session, step, value = draft.session, stop.node.step, candidate.value
    if value is not None:
        if draft.repeated(stop, value):
            return Turn(replace(session, look={}), question(_calm(draft), TAKEN.said))
        check = draft.broken(stop, value)
        if check is not None:
            said = draft.text(stop, check.say, **{step.name: value}).message
            first = draft.earlier(stop, check.again)
            if first is not None:
                return ask_again(draft, first, stop, [], said)
            return Turn(replace(session, look={}), question(_calm(draft), said))
        for at, confirm in enumerate(step.confirm):
            asked = at < candidate.confirmed
            if not asked and draft.holds(stop, confirm.when, **{step.name: value}):
                return ask_about(draft, stop, candidate, f"{CONFIRM}:{at}", [])
    answer = draft.measured(stop, value)
    before = session.answers.get(stop.address)
    if before and before.deviation and _decided_alike(before, answer):
        answer = before
    if not answer.approved:
        return outside(draft, stop, candidate, answer, [])
    if answer is not before and (candidate.confirmed or candidate.reason):
        answer = replace(answer, confirmed=candidate.confirmed > 0, reason=candidate.reason)
    return _store(draft, stop, answer, candidate.again, given)


def _calm(draft: Draft) -> Draft:
    return draft.next(replace(draft.session, look={}))


def _decided_alike(before: Answer, answer: Answer) -> bool:
    same = (before.value, before.bounds) == (answer.value, answer.bounds)
    return before.approved and same and before.depended == answer.depended


def ask_again(draft: Draft, first: Stop, last: Stop, effects: list[Effect], said: str = "") -> Turn:
    """Ask an earlier question and what follows it up to a later one again, with their answers."""
    session = draft.session
    redo = tuple(dict.fromkeys((*session.redo, *draft.between(first, last))))
    trail = unwind(session, first.address)
    draft = draft.next(replace(session, redo=redo, look={}))
    return go(draft, first, effects, trail=trail, trouble=said)


def _store(draft: Draft, stop: Stop, answer: Answer, again: str, given: Input) -> Turn:
    """Keep an answer and go on."""
    session, address = draft.session, stop.address
    before = session.answers.get(address)
    effects: list[Effect] = []
    if before is not None and before.deviation and before is not answer:
        effects.append(Withdraw(before.deviation, because.ANOTHER_VALUE))
    session, answer, jobs = _with_job(draft, session, stop, answer)
    answers = {**session.answers, address: answer}
    value = before.value if before is not None else stop.known
    if value != answer.value:
        for path in stop.node.groups:
            answers.pop(stop.prefix + path.rpartition(".")[2], None)
        if session.editing:
            session = replace(session, changed=tuple(dict.fromkeys((*session.changed, address))))
    session = replace(
        session,
        answers=answers,
        look={},
        album=Album(given.album, address) if given.album else session.album,
        redo=tuple(one for one in session.redo if one != address),
    )
    draft, effects = draft.next(session), [*effects, *jobs]
    first = draft.earlier(stop, again)
    if first is not None:
        return ask_again(draft, first, stop, effects)
    return onward(draft, effects)


def _with_job(
    draft: Draft, session: Session, stop: Stop, answer: Answer
) -> tuple[Session, Answer, list[Effect]]:
    """Start the job of an answer, unless the same one runs already; cancel one that nobody waits
    for any more."""
    starts, before = stop.node.step.starts, session.answers.get(stop.address)
    running = before.job if before else ""
    if starts is None or answer.value is None:
        gone: list[Effect] = [CancelJob(running)] if running else []
        has_job = answer.job or answer.arguments
        return session, replace(answer, job="", arguments={}) if has_job else answer, gone
    arguments = _arguments(draft, stop, starts.with_, answer.value)
    if before and running and before.value == answer.value and before.arguments == arguments:
        return session, replace(answer, job=running, arguments=arguments), []
    asked = session.asked + 1
    job = str(uuid5(session.id, f"{stop.address}:job:{asked}"))
    effects: list[Effect] = [CancelJob(running)] if running else []
    effects.append(StartJob(job, starts.job, arguments, str(session.id)))
    return replace(session, asked=asked), replace(answer, job=job, arguments=arguments), effects


def _arguments(
    draft: Draft, stop: Stop, given: Mapping[str, str], value: Value
) -> dict[str, Value]:
    env = {**stop.env, stop.node.step.name: value}
    return {name: draft.asking.run(stop.flow.codes[text], env) for name, text in given.items()}
