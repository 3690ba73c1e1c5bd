"""Which record may go next: the dispatcher's decision. Pure. Start at `following`.

A record that cannot start says why and does not hold up those behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import EngineError, Refusal
from engine.expressions.compile import EvaluationError
from engine.languages.message import Message
from engine.model.values import Row, Value
from engine.run.around import Around
from engine.run.machine import LifecycleMachine
from engine.run.move import Command, Move, guarded, move

NO_CHOICE = Message("ждёт: свободного места нет")
MOST = 20  # system transitions after one commit; the sweep goes on with the rest


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that cannot go, and why, in words."""

    record: Row
    why: str


@dataclass(frozen=True, slots=True)
class Next:
    """What the dispatcher found: the record that goes with its move (None: nobody), and those
    before it that wait."""

    record: Row | None
    move: Move | None
    waits: tuple[Waiting, ...]


def following(machine: LifecycleMachine, name: str, records: Iterable[Row], around: Around) -> Next:
    """Return the first record of a queue that a system transition permits to go."""
    waits: list[Waiting] = []
    for record in ordered(machine, name, records, around):
        outcome = _tried(machine, name, record, around)
        if isinstance(outcome, Move):
            return Next(record, outcome, tuple(waits))
        if isinstance(outcome, Refusal):
            waits.append(Waiting(record, str(outcome)))
    return Next(None, None, tuple(waits))


def _tried(
    machine: LifecycleMachine, name: str, record: Row, around: Around
) -> Move | Refusal | None:
    """Try a record with each value that may be chosen, the best first; None when the transition
    is not about it at all."""
    env = machine.env(record)
    form = next(
        (
            one
            for one in machine.transition(name, machine.standing(record))
            if one.automatic and around.holds(one.when, env)
        ),
        None,
    )
    if form is None:
        return None
    if not form.choose:
        return _asked(machine, name, record, around)
    ((field, fact),) = form.choose.items()
    refusals = []
    for value in _choices(fact, machine, record, around):
        outcome = _asked(machine, name, record, around, {field: value})
        if isinstance(outcome, Move):
            return outcome
        refusals.append(outcome)
    if refusals:
        return refusals[0]
    return guarded(machine, form, env, around) or Refusal(NO_CHOICE)


def _asked(
    machine: LifecycleMachine,
    name: str,
    record: Row,
    around: Around,
    chosen: dict[str, Value] | None = None,
) -> Move | Refusal:
    outcome = move(machine, record, Command(name, None, chosen=chosen or {}), around)
    if isinstance(outcome, Move | Refusal):
        return outcome
    raise EngineError(f"{name}: the system cannot be asked for a signature")


def _choices(
    fact: str, machine: LifecycleMachine, record: Row, around: Around
) -> tuple[Value, ...]:
    try:
        found = around.value(fact, machine.env(record))
    except (EvaluationError, EngineError):
        return ()
    if found is None:
        return ()
    return tuple(found) if isinstance(found, tuple | list) else (found,)


def ordered(
    machine: LifecycleMachine, name: str, records: Iterable[Row], around: Around
) -> list[Row]:
    """Return records in the order of a queue; equal ones stay as they came."""
    rows = list(records)
    forms = machine.lifecycle.forms(name)
    for key in reversed(forms[0].queue if forms else ()):
        text, descending = queue_key(key)
        last = -1 if descending else 9
        ranks = {row.id: _rank(text, machine, row, around, last) for row in rows}
        rows.sort(key=lambda row: ranks[row.id], reverse=descending)
    return rows


def queue_key(key: str) -> tuple[str, bool]:
    """Return the expression of a queue's key, and whether the greatest goes first.

    >>> queue_key("remake desc"), queue_key("order.priority")
    (('remake', True), ('order.priority', False))
    """
    text, _, word = key.strip().rpartition(" ")
    return (text, word == "desc") if text and word in ("asc", "desc") else (key.strip(), False)


def _rank(
    text: str, machine: LifecycleMachine, row: Row, around: Around, last: int
) -> tuple[int, Any]:
    """Return what a record is sorted by: values of one kind together, those not given last."""
    try:
        value = around.value(text, machine.env(row))
    except (EvaluationError, EngineError):
        value = None
    match value:
        case bool() | int() | Decimal():
            return 0, Decimal(value)
        case date():
            return 1, value.isoformat()
        case timedelta():
            return 2, value
        case None:
            return last, 0
        case _:
            return 3, str(getattr(value, "code", None) or value)
