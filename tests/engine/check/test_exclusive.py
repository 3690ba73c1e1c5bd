"""Whether two conditions can hold together, held against trying many values."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.check.exclusive import together
from engine.expressions.compile import compile_expression

ATOMS = [
    "kg > 5", "kg <= 5", "kg == 5", "kg != 7", "kg < 7", "route == plate", "route != plate",
    "route == shock", "usable", "not usable",
]  # fmt: skip
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} and {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
        inner.map(lambda one: f"(not {one})"),
    ),
    max_leaves=5,
)
CASES = [
    {"kg": Decimal(kg), "route": route, "usable": usable}
    for kg in ("4", "5", "6", "7", "8")
    for route in ("plate", "shock", "pallet")
    for usable in (True, False)
]


@given(CONDITIONS, CONDITIONS)
def test_two_conditions_hold_together_exactly_when_some_values_meet_both(one: str, other: str):
    codes = [compile_expression(text) for text in (one, other)]
    met = any(all(code(case) is True for code in codes) for case in CASES)
    assert together(one, other) is met


def test_more_cases_than_can_be_tried_are_given_the_benefit_of_the_doubt():
    many = " and ".join(f"f{at} == {at}" for at in range(20))
    assert not together(many, many)
