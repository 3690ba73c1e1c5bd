"""A lifecycle's transition: who may, from where, on what condition, with which places; and the
machine that keeps the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError, Refusal
from engine.model.conversation import Actor
from engine.model.fields import Fields
from engine.model.values import Option, Row
from engine.model.work import Holder
from engine.run.around import Around
from engine.run.machine import BEFORE_BIRTH, LifecycleMachine, build_machine
from engine.run.move import Command, Move, SignatureWanted, move
from engine.schema.lifecycle import Lifecycle
from engine.schema.project import ProjectFile

NOW = datetime(2026, 11, 22, 10, 32, tzinfo=ZoneInfo("Europe/Moscow"))
PROJECT = ProjectFile.model_validate(
    {
        "plant": {"name": "Завод", "zone": "Europe/Moscow", "production_day": "07:00"},
        "languages": {"ru": "Русский"},
        "roles": {"presser": "П", "presser_2": "П2", "technologist": "Т", "quality": "К"},
        "crews": {"press": [{"when": "mix.line == 1", "role": "presser"}, {"role": "presser_2"}]},
        "resources": {
            "press_line_1": {"title": "Пресс линии 1"},
            "press_line_2": {"title": "Пресс линии 2"},
            "plates": {"title": "Плиточник", "places": "plate_freezers"},
        },
    }
)
MIX: dict[str, Any] = {
    "lifecycle": "mix",
    "record": "mix",
    "title": "Замес",
    "states": {
        "queued": {"title": "В очереди", "owner": "technologist"},
        "pressing": {
            "title": "Сепарирование",
            "owner": "crew(press)",
            "occupies": ["press_line_{line}"],
        },
        "frozen": {"title": "В плиточнике", "final": True, "occupies": ["plates/{plate}"]},
    },
    "transitions": {
        "plan": ({"from": "new", "to": "queued", "by": "technologist", "title": "Создать"},),
        "start": ({"from": "queued", "to": "pressing", "by": "system"},),
        "press": (
            {
                "title": "Отжать",
                "from": "pressing",
                "to": "frozen",
                "by": "crew(press)",
                "require": [{"that": "kg > 0", "say": "В замесе {kg} кг"}],
                "set": {"quality": "passed", "remake": "kg > 100"},
            },
        ),
        "note": ({"from": "pressing", "to": "same", "by": "technologist", "reason": "optional"},),
        "reject": (
            {
                "title": "Забраковать",
                "from": ["queued", "pressing"],
                "to": "frozen",
                "by": {"roles": ["technologist"], "not": "made_by"},
                "reason": "true",
                "sign": {"by": "quality", "when": "kg > 500", "not": "tested_by"},
            },
        ),
    },
}
MACHINE = build_machine(Lifecycle.model_validate(MIX))
ROW = Row(
    "mix", "7", "Ф1/7",
    {
        "state": "pressing", "line": Decimal(1), "kg": Decimal(90), "plate": Decimal(3),
        "made_by": None, "tested_by": None,
    },
)  # fmt: skip


def person(role: str, identity: str = "1") -> Actor:
    return Actor(identity, f"Человек {identity}", frozenset({role}))


def holder(identity: str) -> Holder:
    return Holder("mix", identity, f"Ф1/{identity}", NOW)


def asked(transition: str, actor: Actor | None, around: Around | None = None, **more: object):
    row = replace(ROW, fields={**ROW.fields, **more})
    return move(MACHINE, row, Command(transition, actor), around or Around(PROJECT, NOW))


def decided(command: Command, **more: object):
    row = replace(ROW, fields={**ROW.fields, **more})
    return move(MACHINE, row, command, Around(PROJECT, NOW))


def test_a_transition_happens_only_from_its_states_and_by_those_who_may():
    may = {"plan": "technologist", "press": "presser", "note": "technologist"}
    states = (BEFORE_BIRTH, *MACHINE.lifecycle.states)
    for name, state, role in product(may, states, PROJECT.roles):
        (form,) = MACHINE.lifecycle.forms(name)
        outcome = asked(name, person(role), state=state)
        right = state in form.sources and role == may[name]
        assert isinstance(outcome, Move if right else Refusal), (name, state, role)


def test_a_transition_from_a_wrong_state_is_refused_with_the_present_state():
    assert str(asked("plan", person("technologist"))) == (
        "«Создать» сейчас невозможно: Ф1/7 — «Сепарирование»"
    )


def test_an_unknown_transition_is_refused():
    assert isinstance(asked("fly", person("technologist")), Refusal)


def test_the_system_does_only_what_is_the_systems():
    assert isinstance(asked("start", None, state="queued"), Move)
    assert isinstance(asked("press", None), Refusal)
    assert isinstance(asked("start", person("technologist"), state="queued"), Refusal)


def test_a_crew_is_that_of_the_line_the_record_is_on():
    assert isinstance(asked("press", person("presser_2")), Refusal)
    assert isinstance(asked("press", person("presser_2"), line=Decimal(2)), Move)


def test_a_crew_whose_condition_breaks_is_nobody():
    first, second = PROJECT.crews["press"]
    broken = first.model_copy(update={"when": "mix.kg / 0 > 1"})
    project = PROJECT.model_copy(update={"crews": {"press": (broken, second)}})
    outcome = move(MACHINE, ROW, Command("press", person("presser_2")), Around(project, NOW))
    assert str(outcome) == "Для «Отжать» нужна другая роль"


def test_who_is_excluded_may_not_and_another_may():
    made = Row("person", "1", "Человек 1")
    assert str(decided(Command("reject", person("technologist"), "брак"), made_by=made)) == (
        "«Забраковать» делает другой человек, не вы"
    )
    another = Command("reject", person("technologist", "2"), "брак")
    assert isinstance(decided(another, made_by=made), Move)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_transition_that_needs_a_reason_is_refused_without_one(reason: str):
    outcome = decided(Command("reject", person("technologist"), reason))
    assert str(outcome) == "Для «Забраковать» укажите причину"


@pytest.mark.parametrize(("letters", "taken"), [(4, False), (5, True), (500, True), (501, False)])
def test_a_reason_is_as_long_as_its_transition_says_whoever_does_it(letters: int, taken: bool):
    (note,) = MIX["transitions"]["note"]
    transitions = {**MIX["transitions"], "note": ({**note, "length": [5, 500]},)}
    machine = build_machine(Lifecycle.model_validate({**MIX, "transitions": transitions}))
    command = Command("note", person("technologist"), f" {'ж' * letters} ")
    outcome = move(machine, ROW, command, Around(PROJECT, NOW))
    assert isinstance(outcome, Move if taken else Refusal)


@pytest.mark.parametrize("kg", [Decimal(0), Decimal(-1), None, "many"])
def test_a_guard_that_fails_or_cannot_be_evaluated_refuses(kg: object):
    assert isinstance(asked("press", person("presser"), kg=kg), Refusal)


def test_a_guard_says_why_with_the_values_of_the_record():
    assert str(asked("press", person("presser"), kg=Decimal(0))) == "В замесе 0 кг"


def test_a_guard_whose_fact_breaks_refuses():
    def ask(name: str, arguments: tuple[object, ...]) -> object:
        raise EngineError(f"no fact {name}{arguments}")

    life = {
        **MIX,
        "transitions": {
            "press": (
                {
                    "from": "pressing", "to": "frozen", "by": "presser",
                    "require": [{"that": "usable(mix)", "say": "Нельзя"}],
                },
            )
        },
    }  # fmt: skip
    machine = build_machine(Lifecycle.model_validate(life))
    outcome = move(machine, ROW, Command("press", person("presser")), Around(PROJECT, NOW, ask))
    assert str(outcome) == "Нельзя"


def test_a_place_is_named_by_the_code_of_a_choice_and_not_by_its_title():
    outcome = asked("press", person("presser"), plate=Option("3", "Плиточник № 3"))
    assert isinstance(outcome, Move)
    assert outcome.takes == ("plates/3",)


def test_a_move_frees_what_is_left_takes_what_is_entered_and_sets_fields():
    outcome = asked("press", person("presser"))
    assert isinstance(outcome, Move)
    assert (outcome.source, outcome.to) == ("pressing", "frozen")
    assert (outcome.frees, outcome.takes) == (("press_line_1",), ("plates/3",))
    assert outcome.sets == {"quality": "passed", "remake": False}


def test_a_move_reads_nothing_that_the_record_leads_to_unless_it_is_named():
    read: list[str] = []

    def order() -> str:
        read.append("order")
        return "№ 7"

    fields = Fields(ROW.fields, {"order": order})
    outcome = move(
        MACHINE,
        replace(ROW, fields=fields),
        Command("press", person("presser")),
        Around(PROJECT, NOW),
    )
    assert isinstance(outcome, Move)
    assert read == []
    env = MACHINE.env(replace(ROW, fields=fields))
    assert Around(PROJECT, NOW).value("mix.order == order", env) is True
    assert read == ["order"]


def test_a_field_may_be_set_to_the_one_who_does_it():
    life = Lifecycle.model_validate(MIX)
    press = life.transitions["press"][0].model_copy(update={"set": {"made_by": "actor"}})
    forms = {"press": (press,)}
    machine = build_machine(life.model_copy(update={"transitions": {**life.transitions, **forms}}))
    outcome = move(machine, ROW, Command("press", person("presser", "4")), Around(PROJECT, NOW))
    assert isinstance(outcome, Move)
    made_by = outcome.sets["made_by"]
    assert isinstance(made_by, Row)
    assert (made_by.kind, made_by.id) == ("person", "4")


def test_a_place_that_another_holds_refuses_and_says_who_and_since_when():
    around = Around(PROJECT, NOW, holders=lambda name: (holder("9"),) if name == "plates/3" else ())
    assert str(asked("press", person("presser"), around)) == (
        "ждёт: Плиточник 3 — занято: Ф1/9 с 10:32"
    )


def test_a_place_that_the_record_holds_itself_is_free_for_it():
    around = Around(PROJECT, NOW, holders=lambda name: (holder("7"),))
    assert isinstance(asked("press", person("presser"), around), Move)


def test_no_new_work_enters_what_is_stopped():
    around = Around(PROJECT, NOW, stopped=lambda name: "поломка")
    assert str(asked("press", person("presser"), around)) == (
        "ждёт: Плиточник 3 остановлен: поломка"
    )


def test_a_place_without_a_name_or_that_is_not_there_refuses():
    assert isinstance(asked("press", person("presser"), plate=None), Refusal)
    assert isinstance(asked("start", None, state="queued", line=Decimal(7)), Refusal)


def test_a_transition_that_stays_moves_nothing_and_needs_no_place():
    outcome = asked("note", person("technologist"))
    assert isinstance(outcome, Move)
    assert outcome.stays
    assert (outcome.to, outcome.frees, outcome.takes) == ("pressing", (), ())


def test_a_first_signature_leaves_the_record_and_asks_a_second():
    outcome = decided(Command("reject", person("technologist"), "брак"), kg=Decimal(900))
    assert isinstance(outcome, SignatureWanted)
    assert outcome.to.roles == ("quality",)
    assert (outcome.signature.first, outcome.signature.reason) == ("1", "брак")
    assert isinstance(decided(Command("reject", person("technologist"), "брак")), Move)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (person("quality", "2"), Move),
        (person("quality", "1"), Refusal),
        (person("quality", "3"), Refusal),
        (person("presser", "2"), Refusal),
    ],
    ids=["another", "the first himself", "who tested", "another role"],
)
def test_the_second_is_of_the_role_and_neither_the_first_nor_who_is_excluded(
    second: Actor, kind: type[object]
):
    command = Command("reject", person("technologist"), "брак", second=second)
    tested = Row("person", "3", "Человек 3")
    assert isinstance(decided(command, kg=Decimal(900), tested_by=tested), kind)


def test_who_may_be_the_first_person_by_another_account_is_no_second_one():
    asked_of = []

    def alike(one: str, other: str, now: datetime) -> Refusal | None:
        asked_of.append((one, other, now))
        return Refusal("Нужен другой человек") if {one, other} == {"1", "2"} else None

    around = Around(PROJECT, NOW, alike=alike)
    command = Command("reject", person("technologist"), "брак")
    row = replace(ROW, fields={**ROW.fields, "kg": Decimal(900)})
    refused = move(MACHINE, row, replace(command, second=person("quality", "2")), around)
    assert str(refused) == "Нужен другой человек"
    assert isinstance(
        move(MACHINE, row, replace(command, second=person("quality", "4")), around), Move
    )
    assert asked_of == [("1", "2", NOW), ("1", "4", NOW)]
    made = Row("person", "2", "Человек 2")
    assert str(asked("reject", person("technologist"), around, made_by=made)) == str(refused)


def test_a_signature_is_needed_also_when_that_cannot_be_told():
    outcome = decided(Command("reject", person("technologist"), "брак"), kg=None)
    assert isinstance(outcome, SignatureWanted)


@given(st.sampled_from(sorted(MIX["transitions"])), st.sampled_from(sorted(PROJECT.roles)),
       st.sampled_from([BEFORE_BIRTH, *MIX["states"], "nowhere"]),
       st.one_of(st.none(), st.decimals(-1000, 1000), st.text(max_size=3)),
       st.one_of(st.none(), st.decimals(1, 2, places=0)), st.text(max_size=5))  # fmt: skip
def test_whatever_is_asked_a_move_is_decided_without_an_error_and_the_same_each_time(
    name: str, role: str, state: str, kg: object, line: object, reason: str
):
    command = Command(name, person(role), reason)
    outcomes = [decided(command, state=state, kg=kg, line=line) for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    if isinstance(outcomes[0], Move):
        (form,) = MACHINE.lifecycle.forms(name)
        assert state in form.sources
        assert outcomes[0].to in (form.to, state)
        assert not set(outcomes[0].frees) & set(outcomes[0].takes)


def two_ways() -> LifecycleMachine:
    way = {"from": "new", "by": "technologist"}
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


def put(kg: object):
    load = Row("load", "1", "", {"kg": kg})
    return move(two_ways(), load, Command("put", person("technologist")), Around(PROJECT, NOW))


@pytest.mark.parametrize(("kg", "to"), [(Decimal(99), "small"), (Decimal(100), "large")])
def test_forms_of_one_transition_exclude_each_other_by_their_condition(kg: Decimal, to: str):
    outcome = put(kg)
    assert isinstance(outcome, Move)
    assert outcome.to == to


def test_no_form_applies_when_no_condition_can_be_evaluated():
    assert isinstance(put(None), Refusal)


def test_the_machine_is_the_one_table_of_states():
    life = MACHINE.lifecycle
    for state in (BEFORE_BIRTH, *life.states):
        leaving = {
            name for name in life.transitions
            if any(state in form.sources for form in life.forms(name))
        }  # fmt: skip
        assert set(MACHINE.leaving(state)) == leaving
    assert MACHINE.title("queued") == "В очереди"
    assert MACHINE.title(BEFORE_BIRTH) == "Новая"


def test_the_machine_makes_no_transition_that_nobody_wrote():
    assert not [name for name in MACHINE.machine.events if name.startswith("to_")]
