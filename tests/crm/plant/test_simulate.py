"""Days of the simulated plant: the same seed makes the same books; nobody is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from typer.testing import CliRunner

from crm.ledger.models import Event, Lot, Posting
from crm.ledger.verify import verify
from crm.office.seed import seed
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant import slips
from crm.plant.base import NotSimulated, _only_simulated
from crm.plant.clock import PlantClock
from crm.plant.crew import crew, hire
from crm.plant.simulate import simulate
from crm.quality.models import Deviation, Hold
from crm.work.models import Session

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)  # 07:00 of the plant


@pytest.fixture
def clock(db: None) -> Iterator[PlantClock]:
    seed()
    with PlantClock(START) as clock:
        yield clock


def books() -> str:
    """Return a digest of everything that was written into the books."""
    rows: tuple[Any, ...] = (
        *Event.objects.values_list("kind", "occurred_at"),
        *Posting.objects.values_list("account", "kg"),
        *Lot.objects.values_list("kind", "created_at"),
    )
    lines = sorted(map(str, rows))
    return sha256("\n".join(lines).encode()).hexdigest()


def test_forty_people_work_in_two_shifts_and_every_role_is_held_day_and_night(db: None) -> None:
    seed()
    hire()
    hire()
    workers = crew()
    assert len(workers) == 40
    for role in {role for worker in workers for role in worker.roles}:
        held = [worker for worker in workers if role in worker.roles]
        for hour in (3, 10, 22):
            at = START.replace(hour=hour)
            assert any(worker.at_work(at) for worker in held), (role, hour)


def test_a_morning_of_the_plant_leaves_batches_and_no_form_that_lies_open(
    clock: PlantClock,
) -> None:
    done = simulate(clock, 0.15, seed=1)
    saved = Session.objects.filter(state="saved").count()
    print(f"{done.turns} turns, {done.rate:.0f} a second, {saved} forms saved, {done.slips}")
    assert saved >= 3
    assert done.given_up <= saved / 5
    assert Event.objects.count() >= 3


OFTEN = {
    **{"warm truck": 300, "positive antibiotic": 120, "grams": 500, "missing photo": 300},
    **{"offline": 10, "double tap": 60},
}


def test_every_fault_of_the_demo_plant_comes_about_and_the_books_are_true(
    clock: PlantClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domain 13.10, in one morning by chances that are greater than a plant's; that of the full
    shocker is shown in test_office.py, which needs no afternoon."""
    monkeypatch.setattr(slips, "CHANCES", {**slips.CHANCES, **OFTEN})
    done = simulate(clock, 0.2, seed=7)
    print(done.turns, done.slips)
    assert {*OFTEN} <= {*done.slips}
    warm = Deviation.objects.filter(kind__in=["body_temp", "product_temp"])
    assert warm.filter(value_text__regex="^(6,5|[-−]5,5)").exists()  # chilled or frozen meat
    assert Hold.objects.filter(kind="antibiotic").exists()
    assert [one for one in verify() if one.count] == []


def test_the_same_seed_makes_the_same_books_and_another_one_others(clock: PlantClock) -> None:
    from django.db import transaction

    made = []
    for number in (5, 5, 8):
        try:
            with transaction.atomic(), PlantClock(START) as again:
                simulate(again, 0.15, number, slips=3)
                made.append(books())
                raise _Undone
        except _Undone:
            pass
    assert made[0] == made[1]
    assert made[1] != made[2]


class _Undone(Exception):
    """Rolls a run back."""


def test_a_database_with_real_people_is_left_alone(db: None) -> None:
    save_person(None, person=None, full_name="Настоящий Н. Н.", roles=[], telegram_id=101)
    with pytest.raises(NotSimulated, match="настоящие люди"):
        _only_simulated()
    assert Person.objects.count() == 1


def test_the_command_says_what_it_takes() -> None:
    from cli import app

    said = CliRunner().invoke(app, ["simulate", "--help"])
    assert said.exit_code == 0
    assert "--days" in said.output


def test_who_goes_home_at_the_end_of_his_shift_comes_back_with_the_next(db: None) -> None:
    seed()
    with PlantClock(START.replace(hour=15, minute=50)) as clock:  # ten minutes to seven
        done = simulate(clock, 0.014, seed=1)
    assert done.turns >= 20  # it ended: nobody woke up again and again at one moment
