"""A share of the slips that `tests/bench/mutants.py` makes by the hundred, so that a rule that is
lost is missed here."""

from __future__ import annotations

import random

import pytest

from engine.check.example import FILES, FLOW
from tests.bench.mutants import run
from tests.bench.slips import OPERATORS, slip

TEXT = FILES[FLOW].replace("weight > 10", "condition == frozen")


def test_nine_of_ten_slips_are_found() -> None:
    outcomes, _ = run(5, 60)
    missed = [f"{one.slip.name} {one.path}: {one.slip.after}" for one in outcomes if not one.found]
    assert len(missed) <= 0.1 * len(outcomes), missed


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_changes_one_place_and_knows_its_lines(name: str) -> None:
    made = slip(name, TEXT, "flow", random.Random(1))
    assert made is not None
    assert made.text != TEXT
    assert all(0 < line <= TEXT.count("\n") + 1 for line in made.lines)
    again = slip(name, TEXT, "flow", random.Random(1))
    assert again == made
