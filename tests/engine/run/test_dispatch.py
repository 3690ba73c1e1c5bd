"""Which record may go next: the order of a queue, the choice of a place, who waits and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine.model.values import Row
from engine.model.work import Holder
from engine.run.around import Around
from engine.run.dispatch import Next, following, ordered
from engine.run.machine import build_machine
from engine.schema.lifecycle import Lifecycle
from engine.schema.project import ProjectFile

NOW = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Moscow"))
PROJECT = ProjectFile.model_validate(
    {
        "plant": {"name": "Завод", "zone": "Europe/Moscow", "production_day": "07:00"},
        "languages": {"ru": "Русский"},
        "roles": {"technologist": "Т"},
        "resources": {
            f"unpack_line_{line}": {"title": f"Растарка линии {line}"} for line in (1, 2)
        },
    }
)
MACHINE = build_machine(
    Lifecycle.model_validate(
        {
            "lifecycle": "mix",
            "record": "mix",
            "title": "Замес",
            "states": {
                "queued": {"title": "В очереди", "owner": "technologist"},
                "unpacking": {
                    "title": "Растарка",
                    "owner": "technologist",
                    "occupies": ["unpack_line_{line}"],
                },
            },
            "transitions": {
                "issue": (
                    {
                        "from": "queued",
                        "to": "unpacking",
                        "by": "system",
                        "queue": ["remake desc", "priority", "index"],
                        "choose": {"line": "lines_for(mix)"},
                        "require": [{"that": "usable", "say": "ждёт сырьё"}],
                    },
                )
            },
        }
    )
)


def mix(
    index: int,
    *,
    remake: bool = False,
    priority: int | None = 5,
    usable: bool = True,
    lines: tuple[int, ...] = (1, 2),
) -> Row:
    fields = {
        "state": "queued",
        "index": Decimal(index),
        "remake": remake,
        "usable": usable,
        "priority": None if priority is None else Decimal(priority),
        "lines": tuple(Decimal(line) for line in lines),
    }
    return Row("mix", str(index), f"Ф/{index}", fields)


def ask(name: str, arguments: tuple[object, ...]) -> object:
    (record,) = arguments
    assert name == "lines_for"
    assert isinstance(record, Row)
    return record.fields["lines"]


def around(*busy: int) -> Around:
    def holders(name: str) -> tuple[Holder, ...]:
        taken = name in {f"unpack_line_{line}" for line in busy}
        return (Holder("mix", "99", "Ф/99", NOW),) if taken else ()

    return Around(PROJECT, NOW, ask, holders)


def found(rows: Iterable[Row], at: Around | None = None) -> Next:
    return following(MACHINE, "issue", rows, at or around())


def order(rows: Iterable[Row]) -> list[str]:
    return [row.id for row in ordered(MACHINE, "issue", rows, around())]


def test_the_keys_of_a_queue_count_in_turn_and_may_descend():
    assert order([mix(3), mix(2, priority=1), mix(1), mix(4, remake=True)]) == ["4", "2", "1", "3"]


def test_what_is_not_given_comes_last_in_either_direction():
    assert order([mix(1, priority=None), mix(2, priority=9)]) == ["2", "1"]


def test_the_first_of_the_queue_goes_to_the_first_line_that_is_free():
    one = found([mix(2), mix(1)])
    assert one.record is not None
    assert one.move is not None
    assert (one.record.id, one.move.takes, one.move.sets) == (
        "1", ("unpack_line_1",), {"line": Decimal(1)},
    )  # fmt: skip
    other = found([mix(1)], around(1))
    assert other.move is not None
    assert other.move.takes == ("unpack_line_2",)


def test_one_that_cannot_start_says_why_and_does_not_hold_up_those_behind_it():
    one = found([mix(1, usable=False), mix(2, lines=(1,)), mix(3)], around(1))
    assert one.record is not None
    assert one.record.id == "3"
    assert [(wait.record.id, wait.why) for wait in one.waits] == [
        ("1", "ждёт сырьё"),
        ("2", "ждёт: Растарка линии 1 — занято: Ф/99 с 10:00"),
    ]


def test_one_without_a_line_to_choose_waits_for_its_conditions_first_then_for_a_place():
    assert [
        wait.why for wait in found([mix(1, usable=False, lines=()), mix(2, lines=())]).waits
    ] == [
        "ждёт сырьё",
        "ждёт: свободного места нет",
    ]


def test_a_choice_whose_fact_breaks_starts_nobody():
    def broken(name: str, arguments: tuple[object, ...]) -> object:
        raise ValueError(name, arguments)

    assert found([mix(1)], Around(PROJECT, NOW, broken)).record is None


Rows = st.lists(
    st.builds(
        mix,
        st.integers(1, 50),
        remake=st.booleans(),
        priority=st.one_of(st.none(), st.integers(1, 9)),
        usable=st.booleans(),
        lines=st.sampled_from([(), (1,), (2,), (1, 2), (2, 1)]),
    ),
    unique_by=lambda row: row.id,
    max_size=12,
)


@given(Rows, st.randoms(use_true_random=False), st.sets(st.sampled_from([1, 2])))
def test_the_order_of_arrival_changes_nothing(rows: list[Row], chance: object, busy: set[int]):
    shuffle: Callable[[list[Row]], None] = chance.shuffle  # type: ignore[attr-defined]
    mixed = list(rows)
    shuffle(mixed)
    one, other = (found(many, around(*busy)) for many in (rows, mixed))
    assert (one.record, one.move) == (other.record, other.move)


@given(Rows, st.sets(st.sampled_from([1, 2])))
def test_who_goes_may_go_and_everyone_before_him_could_not(rows: list[Row], busy: set[int]):
    one = found(rows, around(*busy))
    queue = order(rows)
    waited = [wait.record.id for wait in one.waits]
    if one.record is None:
        assert waited == queue
        return
    assert waited == queue[: queue.index(one.record.id)]
    assert one.record.fields["usable"] is True
    line = one.move.sets["line"] if one.move else None
    assert line in one.record.fields["lines"]  # type: ignore[operator]
    assert line not in busy
