"""A lifecycle's transition: who may, from where, on what condition; and the machine that keeps
the table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Refusal
from engine.model.conversation import Actor
from engine.model.values import Row
from engine.run.machine import BEFORE_BIRTH, LifecycleMachine, build_machine
from engine.run.move import Move, move
from engine.schema.lifecycle import Lifecycle
from tests.engine.rehearsal import program, shipped

NOW = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Moscow"))
MACHINE = program().lifecycles["raw_batch"]
LIFECYCLE = MACHINE.lifecycle
STATES = (BEFORE_BIRTH, *LIFECYCLE.states)
ROLES = (*shipped().project.roles, "system")
BATCH = Row("raw_batch", "1", "2211/3", {"weight_received": Decimal("900")})


def actor(role: str) -> Actor | None:
    return None if role == "system" else Actor("1", "Ветров П. А.", frozenset({role}))


@pytest.mark.parametrize("transition", LIFECYCLE.transitions)
def test_a_transition_happens_only_from_its_states_and_by_its_roles(transition: str):
    (form,) = LIFECYCLE.forms(transition)
    for state, role in product(STATES, ROLES):
        outcome = move(MACHINE, BATCH, state, transition, actor(role), NOW, "причина")
        if state in form.sources and role in form.by.roles:
            assert outcome == Move(transition, state, form.to, form.do), (state, role)
        else:
            assert isinstance(outcome, Refusal), (state, role)


def test_a_transition_from_a_wrong_state_is_refused_with_the_present_state():
    outcome = move(MACHINE, BATCH, "received", "accept", actor("receiver"), NOW)
    assert str(outcome) == "«Принять» сейчас невозможно: 2211/3 — «Принята, ждёт анализа»"


def test_an_unknown_transition_is_refused():
    assert isinstance(move(MACHINE, BATCH, "received", "fly", actor("receiver"), NOW), Refusal)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_transition_that_needs_a_reason_is_refused_without_one(reason: str):
    outcome = move(MACHINE, BATCH, "received", "cancel", actor("production_office"), NOW, reason)
    assert str(outcome) == "Для «Отменить приёмку» укажите причину"


@pytest.mark.parametrize("weight", [Decimal(0), Decimal(-1), None, "many"])
def test_a_guard_that_fails_or_cannot_be_evaluated_refuses(weight: object):
    batch = Row("raw_batch", "1", "", {"weight_received": weight})
    outcome = move(MACHINE, batch, BEFORE_BIRTH, "accept", actor("receiver"), NOW)
    assert str(outcome) == "Масса партии должна быть больше нуля"


def test_a_move_is_pure():
    moves = [move(MACHINE, BATCH, "new", "accept", actor("receiver"), NOW) for _ in range(2)]
    assert moves[0] == moves[1]


def two_ways() -> LifecycleMachine:
    way = {"from": "new", "by": "receiver"}
    return build_machine(
        Lifecycle.model_validate(
            {
                "lifecycle": "load", "record": "load", "title": "Загрузка",
                "states": {"small": {"title": "Малая"}, "large": {"title": "Большая"}},
                "transitions": {
                    "put": (
                        {**way, "to": "small", "when": "load.kg < 100"},
                        {**way, "to": "large", "when": "load.kg >= 100"},
                    )
                },
            }
        )
    )  # fmt: skip


@pytest.mark.parametrize(("kg", "to"), [(Decimal(99), "small"), (Decimal(100), "large")])
def test_forms_of_one_transition_exclude_each_other_by_their_condition(kg: Decimal, to: str):
    load = Row("load", "1", "", {"kg": kg})
    outcome = move(two_ways(), load, BEFORE_BIRTH, "put", actor("receiver"), NOW)
    assert isinstance(outcome, Move)
    assert outcome.to == to


def test_no_form_applies_when_no_condition_can_be_evaluated():
    load = Row("load", "1", "", {"kg": None})
    assert isinstance(move(two_ways(), load, BEFORE_BIRTH, "put", actor("receiver"), NOW), Refusal)


def test_the_machine_is_the_one_table_of_states():
    for state in STATES:
        leaving = {
            name for name in LIFECYCLE.transitions
            if any(state in form.sources for form in LIFECYCLE.forms(name))
        }  # fmt: skip
        assert set(MACHINE.leaving(state)) == leaving
    assert MACHINE.title("received") == "Принята, ждёт анализа"
    assert MACHINE.title(BEFORE_BIRTH) == "Новая"


def test_the_machine_makes_no_transition_that_nobody_wrote():
    assert not [name for name in MACHINE.machine.events if name.startswith("to_")]
