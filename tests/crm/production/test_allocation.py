"""How an order is divided over its mixes: exact to the gram whatever happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from crm.production.allocation import Component, shares
from engine.errors import EngineError

kg = Decimal
GRAMS = st.integers(min_value=1, max_value=9_999_999).map(lambda grams: Decimal(grams) / 1000)


def drawn(components: Sequence[Component], mixes: int) -> list[dict[int, Decimal]]:
    """Discharge so many mixes one after another and return what each took."""
    found, lines = [], [*components]
    for left in range(mixes, 0, -1):
        taken = shares(lines, left)
        lines = [replace(one, used=one.used + taken.get(one.line, kg(0))) for one in lines]
        found.append(taken)
    return found


@pytest.mark.parametrize(
    ("planned", "mixes", "expected"),
    [
        ("100", 3, ["33.333", "33.333", "33.334"]),
        ("1000", 7, ["142.857"] * 6 + ["142.858"]),
        ("30", 3, ["10.000"] * 3),
        ("5200", 6, ["866.666", "866.666"] + ["866.667"] * 4),
        ("1300", 6, ["216.666", "216.666"] + ["216.667"] * 4),
    ],
)
def test_a_component_is_divided_as_the_examples_say(
    planned: str, mixes: int, expected: list[str]
) -> None:
    taken = drawn([Component(1, "a", kg(planned))], mixes)
    assert [one[1] for one in taken] == [kg(each) for each in expected]


def test_more_mixes_after_the_first_share_what_it_left() -> None:
    [first, *_] = drawn([Component(1, "a", kg(100))], 3)
    rest = drawn([Component(1, "a", kg(100), first[1])], 4)
    assert [one[1] for one in rest] == [kg("16.666"), *[kg("16.667")] * 3]


def test_lots_of_one_pool_are_drawn_oldest_first_and_one_mix_may_use_two() -> None:
    pool = [Component(1, "rework", kg(30)), Component(2, "rework", kg(30))]
    assert drawn(pool, 3) == [{1: kg(20)}, {1: kg(10), 2: kg(10)}, {2: kg(20)}]


def test_an_order_without_mixes_is_our_bug() -> None:
    with pytest.raises(EngineError):
        shares([Component(1, "a", kg(1))], 0)


class AnyOrder(RuleBasedStateMachine):
    """An order of some components whose mixes are discharged, cancelled, added, taken back, while
    its plan changes: at every end its mixes have taken the plan to the gram."""

    @initialize(
        planned=st.lists(st.tuples(GRAMS, st.booleans()), min_size=1, max_size=5),
        mixes=st.integers(min_value=1, max_value=12),
    )
    def plan(self, planned: list[tuple[Decimal, bool]], mixes: int) -> None:
        self.planned = {
            at: (mass, "rework" if pooled else f"own {at}")
            for at, (mass, pooled) in enumerate(planned)
        }
        self.to_come = mixes
        self.taken: list[dict[int, Decimal]] = []

    def components(self) -> list[Component]:
        return [
            Component(at, pool, mass, self.used(at)) for at, (mass, pool) in self.planned.items()
        ]

    def used(self, at: int) -> Decimal:
        return sum((one.get(at, kg(0)) for one in self.taken), kg(0))

    @precondition(lambda self: self.to_come > 1)
    @rule()
    def discharge(self) -> None:
        self.taken.append(shares(self.components(), self.to_come))
        self.to_come -= 1

    @precondition(lambda self: self.to_come > 1)
    @rule()
    def cancel(self) -> None:
        self.to_come -= 1

    @rule(more=st.integers(min_value=1, max_value=3))
    def add(self, more: int) -> None:
        self.to_come += more

    @precondition(lambda self: self.taken)
    @rule(at=st.randoms(use_true_random=False))
    def undo(self, at: object) -> None:
        self.taken.pop(at.randrange(len(self.taken)))  # type: ignore[attr-defined]
        self.to_come += 1

    @rule(mass=GRAMS, at=st.integers(min_value=0, max_value=4))
    def change(self, mass: Decimal, at: int) -> None:
        if at in self.planned:
            self.planned[at] = (self.used(at) + mass, self.planned[at][1])

    @invariant()
    def the_mixes_to_come_take_the_rest_to_the_gram(self) -> None:
        rest = drawn(self.components(), self.to_come)
        for at, (mass, _) in self.planned.items():
            taken = self.used(at) + sum((one.get(at, kg(0)) for one in rest), kg(0))
            assert taken == mass
        for one in rest:
            assert all(part > 0 and part == part.quantize(kg("0.001")) for part in one.values())


TestAnyOrder = AnyOrder.TestCase
