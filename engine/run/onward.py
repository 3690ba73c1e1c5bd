"""Where a conversation goes next: to the next question, back, to the review, to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.languages.message import Message
from engine.model.address import within
from engine.model.conversation import Answer, Session, State
from engine.model.effects import CancelJob, Carry, Effect, Turn, WakeAt, Withdraw
from engine.model.values import Value
from engine.run import because
from engine.run.draft import Draft, Unsettled
from engine.run.outside import meet
from engine.run.question import question
from engine.run.rows import Rows, rows_of
from engine.run.stages import AT, GROUP, SINCE, VALUE
from engine.run.walk import JOB, Stop
from engine.steps.photos import PICTURES, PhotosStep
from engine.steps.repeat import RepeatStep
from engine.steps.wait import WaitStep, ended

FIRST = Message("Это первый вопрос")
AGAIN = Message("Этот ответ надо дать заново: условия изменились")


def shown(draft: Draft, *effects: Effect, trouble: str = "") -> Turn:
    """Show where the session stands."""
    return Turn(draft.session, question(draft, trouble), effects)


def go(
    draft: Draft,
    stop: Stop,
    effects: list[Effect] | None = None,
    *,
    editing: bool | None = None,
    trail: tuple[str, ...] | None = None,
    trouble: str = "",
) -> Turn:
    """Come to a stop: ask it, or, where nothing is to be asked, do what it is there for."""
    session, effects = draft.session, effects or []
    session = replace(
        session,
        step=stop.address,
        editing=session.editing if editing is None else editing,
        trail=session.trail if trail is None else trail,
        look=looked(draft, stop),
    )
    draft = draft.next(session)
    if stop.ended:
        answers = {**session.answers, stop.address: Answer(ended(stop.ended), approved=True)}
        return onward(draft.next(replace(session, answers=answers)), effects, asked=False)
    if stop.outside is not None:
        return meet(draft, stop, effects)
    if isinstance(stop.node.step, WaitStep):
        effects = [*effects, *_wake(draft, stop, stop.node.step)]
    return shown(draft, *effects, trouble=trouble)


def _wake(draft: Draft, stop: Stop, step: WaitStep) -> list[Effect]:
    if not step.at_most:
        return []
    job = stop.env.get(JOB + step.for_) if step.for_ else None
    state = draft.asking.job(job) if isinstance(job, str) and job else None
    since = state.started_at if state else draft.session.look.get(SINCE)
    if not isinstance(since, datetime):
        return []
    at = since + timedelta(seconds=step.at_most)
    return [WakeAt(str(draft.session.id), stop.address, at)]


def looked(draft: Draft, stop: Stop) -> Mapping[str, Value]:
    """Return what a question begins with: one for several pictures goes on from those that it
    has; a wait remembers since when."""
    if isinstance(stop.node.step, WaitStep):
        here = draft.session.step == stop.address
        return {SINCE: (draft.session.look.get(SINCE) if here else None) or draft.asking.now}
    answer, step = draft.session.answers.get(stop.address), stop.node.step
    if answer and answer.value and isinstance(step, PhotosStep) and step.several:
        return {PICTURES: answer.value}
    return {}


def onward(draft: Draft, effects: list[Effect], *, asked: bool = True) -> Turn:
    """Go to the next question: in order, or, while editing, to what the edit made necessary, then
    to the review. `asked` tells whether the present stop was really asked."""
    session = draft.session
    trail = (*session.trail, session.step) if asked else session.trail
    if not session.editing:
        for closing in draft.closings(session.step):
            if (found := draft.closed(closing)) is not None:
                return settle(draft, found, effects, trail)
        following = draft.after(session.step)
        if following is not None and following.kind != "review":
            return go(draft, following, effects, trail=trail)
    return to_the_end(draft, effects, trail)


def to_the_end(draft: Draft, effects: list[Effect], trail: tuple[str, ...]) -> Turn:
    """Ask what is still open, then show the review; a flow without one ends."""
    found = draft.unsettled()
    if found is not None:
        draft = draft.next(replace(draft.session, editing=True))
        return settle(draft, found, effects, trail)
    review = draft.walk.stops[-1] if draft.walk.stops else None
    if review is None or review.kind != "review":
        return finish(draft, effects)
    trail = tuple(
        one.address
        for one in draft.questions()
        if one.address in draft.session.answers and one is not review and one.kind != "wait"
    )
    session = replace(draft.session, changed=(), redo=())
    return go(draft.next(session), review, effects, editing=False, trail=trail)


def settle(
    draft: Draft, found: Unsettled, effects: list[Effect], trail: tuple[str, ...] | None = None
) -> Turn:
    """Ask what is not settled: a question, a whole group again, or a group's «Точно?»."""
    session = draft.session
    if found.closing is not None:
        session = replace(session, step=found.stop.address, trail=trail or session.trail)
        look = {AT: f"confirm:{found.confirm}", GROUP: found.closing.address, VALUE: True}
        return shown(draft.next(replace(session, look=look)), *effects)
    redo = tuple(dict.fromkeys((*session.redo, *found.redo)))
    if found.redo and trail is not None and not session.editing:
        trail = unwind(replace(session, trail=trail), found.stop.address)
    draft = draft.next(replace(session, redo=redo))
    return go(draft, found.stop, effects, trail=trail, trouble=found.why)


def finish(draft: Draft, effects: list[Effect]) -> Turn:
    """End the form as saved; what is still open is asked first."""
    found = draft.unsettled()
    if found is not None:
        trail = (*draft.session.trail, draft.session.step) if draft.session.step else ()
        draft = draft.next(replace(draft.session, editing=draft.flow.review is not None))
        why = replace(found, why=found.why or AGAIN)
        return settle(draft, why, effects, trail)
    done = replace(draft.session, state=State.SAVED, look={})
    carries = [replace(one, session=done) if isinstance(one, Carry) else one for one in effects]
    return Turn(done, None, (*carries, Carry(done, "save"), Carry(done, "after")))


def back(draft: Draft) -> Turn:
    """Go back to the last question that was really asked; a new row that is left so disappears."""
    session = draft.session
    *trail, last = session.trail or ("",)
    while last and draft.stop(last) is None and trail:
        *trail, last = trail
    stop = draft.stop(last) if last else None
    if stop is None:
        return Turn(session, question(draft, FIRST))
    draft, effects = _without_open_rows(draft, stop)
    stop = draft.stop(stop.address)
    if stop is None:
        raise EngineError(f"the question {last} went with a row that it does not stand in")
    editing = session.editing and stop.kind != "review"
    return go(draft, stop, effects, editing=editing, trail=tuple(trail))


def _without_open_rows(draft: Draft, target: Stop) -> tuple[Draft, list[Effect]]:
    """Take away the rows that stand between: those left before their last answer."""
    present = draft.stop(draft.session.step)
    table = present.table if present else ""
    effects: list[Effect] = []
    while table:
        key = draft.session.step[len(table) + 1 :].partition(".")[0]
        owner = f"{table}.{key}"
        stop = draft.stop(table)
        leaves = not within(target.address, owner)
        if (
            leaves
            and stop is not None
            and any(not draft.settled(one) for one in draft.inside(owner))
        ):
            draft, more = without_row(draft, stop, key)
            effects += more
        table = stop.table if stop else ""
    return draft, effects


def without_row(draft: Draft, table: Stop, key: str) -> tuple[Draft, list[Effect]]:
    """Take a row away with its answers: requests are withdrawn, jobs cancelled."""
    session, owner = draft.session, f"{table.address}.{key}"
    gone = {name for name in session.answers if within(name, owner)}
    effects = dropped({name: session.answers[name] for name in gone}, because.NO_ROW)
    answers = {name: one for name, one in session.answers.items() if name not in gone}
    before = session.answers.get(table.address)
    rows = rows_of(before)
    if rows is not None:
        answers[table.address] = Answer(rows.less(key).value)
    session = replace(
        session,
        answers=answers,
        trail=tuple(one for one in session.trail if not within(one, owner)),
        redo=tuple(one for one in session.redo if not within(one, owner)),
    )
    return draft.next(session), effects


def dropped(answers: Mapping[str, Answer], why: str) -> list[Effect]:
    """Return what is to be done about answers that go away."""
    effects: list[Effect] = [
        Withdraw(one.deviation, why) for one in answers.values() if one.deviation
    ]
    return effects + [CancelJob(one.job) for one in answers.values() if one.job]


def rows_at(draft: Draft, stop: Stop) -> Rows:
    """Return the rows that a repeat has now, stored or begun by itself."""
    rows = rows_of(draft.session.answers.get(stop.address))
    if rows is not None:
        return rows
    keys = [row.id for row in draft.walk.tables.get(stop.address, ())]
    step = stop.node.step
    assert isinstance(step, RepeatStep)
    return Rows(len(keys), dict.fromkeys(keys, 0))


def unwind(session: Session, address: str) -> tuple[str, ...]:
    """Return the trail up to an address, without it; the whole trail when it is not on it."""
    if address in session.trail:
        return session.trail[: session.trail.index(address)]
    return session.trail
