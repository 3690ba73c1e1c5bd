"""`SCALE` and `SEED` mean the same wherever they are read."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.sizes import FULL_TIMES, Sizes, sizes


def test_a_run_is_of_scale_one_unless_told() -> None:
    assert (sizes({}).times, sizes({}).full) == (1, False)


def test_a_scale_multiplies_what_is_drawn() -> None:
    assert sizes({"SCALE": "3"}).examples(50) == 150


def test_two_thousand_inputs_are_fuzzed_of_each_kind_and_a_hundred_thousand_at_the_full_scale():
    assert [sizes({"SCALE": scale}).inputs for scale in ("1", "2", "full")] == [
        2_000,
        4_000,
        100_000,
    ]


def test_eight_processes_fight_forty_rounds_or_as_many_as_are_asked_for() -> None:
    assert [sizes({"SCALE": scale}).rounds for scale in ("1", "3", "full")] == [40, 120, 1000]
    asked = sizes({"SCALE": "full", "SEED": "7", "ROUNDS": "50"})
    assert (asked.rounds, str(asked)) == (50, "SCALE=full SEED=7 ROUNDS=50")


def test_eight_hundred_operations_are_soaked_and_two_hundred_thousand_at_the_full_scale() -> None:
    assert [sizes({"SCALE": scale}).acts for scale in ("1", "2", "full")] == [800, 1_600, 200_000]


def test_the_browser_sees_one_day_up_to_three_by_scale_thirty_at_the_full_one_or_as_asked() -> None:
    assert [sizes({"SCALE": scale}).days for scale in ("1", "2", "9", "full")] == [1, 2, 3, 30]
    asked = sizes({"DAYS": "5", "SEED": "7"})
    assert (asked.days, str(asked)) == (5, "SCALE=1 SEED=7 DAYS=5")


def test_the_full_scale_kills_at_every_statement() -> None:
    full = sizes({"SCALE": "full", "SEED": "7"})
    assert full == Sizes(FULL_TIMES, full=True, seed=7)
    assert full.statement_step == 1
    assert str(full) == "SCALE=full SEED=7"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCALE", "0"),
        ("SCALE", "all"),
        ("SCALE", ""),
        ("SEED", "x"),
        ("SEED", "-1"),
        ("ROUNDS", "0"),
        ("DAYS", "0"),
    ],
)
def test_a_wrong_size_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        sizes({name: value})


def test_what_is_drawn_by_hypothesis_has_the_size_of_the_run_and_no_deadline() -> None:
    assert settings.default is not None
    assert settings.default.max_examples == sizes().examples(100)
    assert settings.default.deadline is None
