"""The buttons after a row: begin another one, take one away, end the list."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import EngineError, Refusal
from engine.model.conversation import Answer, Input, Kind
from engine.model.effects import Effect, Turn
from engine.run.draft import Draft
from engine.run.onward import go, onward, rows_at, shown, without_row
from engine.run.question import question
from engine.run.rows import Rows
from engine.run.walk import Stop
from engine.steps.repeat import RepeatStep

REMOVING = "removing"


def listed(draft: Draft, stop: Stop, given: Input) -> Turn:
    """Take a press on a button of a list; anything else is answered with what is expected."""
    step, session = stop.node.step, draft.session
    if not isinstance(step, RepeatStep):
        raise EngineError(f"{stop.address} is no list")
    rows = rows_at(draft, stop)
    if given.kind is not Kind.PRESS:
        return Turn(session, question(draft, step.wrong(given).said))
    match given.act:
        case "add" if given.arg.isascii() and given.arg.isdigit():
            return _add(draft, stop, step, rows, int(given.arg))
        case "remove" if step.remove and rows.keys:
            return shown(draft.next(replace(session, look={REMOVING: True})))
        case "list":
            return shown(draft.next(replace(session, look={})))
        case "less" if step.remove and given.arg in rows.keys:
            return _less(draft, stop, rows, given.arg)
        case "done":
            return _done(draft, stop, step, rows)
        case _:
            return Turn(session, question(draft, step.wrong(given).said))


def _refused(draft: Draft, refusal: Refusal) -> Turn:
    return Turn(draft.session, question(draft, refusal.said))


def _add(draft: Draft, stop: Stop, step: RepeatStep, rows: Rows, button: int) -> Turn:
    if button >= len(step.add) or not _offered(draft, stop, step, button):
        return _refused(draft, Refusal("Этой кнопки здесь больше нет"))
    if len(rows.keys) >= step.rows[1]:
        most = str(step.rows[1])
        return _refused(draft, Refusal("Строк бывает не больше {most}", {"most": most}))
    rows = rows.more(button)
    draft = _with_rows(draft, stop, rows)
    owner = f"{stop.address}.{rows.last}"
    first = next((one for one in draft.inside(owner) if draft.asks(one)), None)
    if first is None:
        return go(draft, draft.located(stop.address))
    return go(draft, first, trail=(*draft.session.trail, stop.address))


def _offered(draft: Draft, stop: Stop, step: RepeatStep, button: int) -> bool:
    when = step.add[button].when
    return when is None or draft.holds(stop, when)


def _less(draft: Draft, stop: Stop, rows: Rows, key: str) -> Turn:
    draft, effects = without_row(_with_rows(draft, stop, rows), stop, key)
    return go(draft, draft.located(stop.address), effects)


def _done(draft: Draft, stop: Stop, step: RepeatStep, rows: Rows) -> Turn:
    if len(rows.keys) < step.rows[0]:
        least = str(step.rows[0])
        return _refused(draft, Refusal("Нужно строк: не меньше {least}", {"least": least}))
    effects: list[Effect] = []
    answers = {**draft.session.answers, stop.address: Answer(rows.value, approved=True)}
    redo = tuple(one for one in draft.session.redo if one != stop.address)
    session = replace(draft.session, answers=answers, look={}, redo=redo)
    draft = draft.next(session)
    here = draft.located(stop.address)
    check = draft.wrong_rows(here)
    if check is not None:
        return _refused(draft, Refusal(draft.text(here, check.say).message))
    return onward(draft, effects)


def _with_rows(draft: Draft, stop: Stop, rows: Rows) -> Draft:
    """Keep rows that changed: the list is to be ended anew, and what reads it is looked at."""
    answers = {**draft.session.answers, stop.address: Answer(rows.value)}
    changed = tuple(dict.fromkeys((*draft.session.changed, stop.address)))
    session = replace(
        draft.session,
        answers=answers,
        look={},
        changed=changed if draft.session.editing else draft.session.changed,
    )
    return draft.next(session)
