"""A version of the forms that adds a timer to a state: records that stand in it already get it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from crm.bridge.jobs import DjangoJobs
from crm.bridge.program import program
from crm.bridge.timers import PresentTimers
from crm.plant.clock import PlantClock
from crm.work.models import Timer
from tests.seeded import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def open_plant(db: None) -> Iterator[None]:
    with PlantClock(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)):
        seed()
        yield


def sweep() -> None:
    """Sweep as a bot that has just started under a version of the forms."""
    PresentTimers(program, DjangoJobs()).sweep(timezone.localtime())


def of_plant() -> dict[str, datetime | None]:
    return dict(Timer.objects.filter(subject="plant").values_list("kind", "fired_at"))


def test_a_plant_that_is_open_gets_the_timer_that_a_version_adds() -> None:
    before = of_plant()
    Timer.objects.filter(subject="plant", kind="drill_due").delete()
    sweep()
    assert of_plant() == before


def test_a_timer_that_has_rung_does_not_come_back() -> None:
    rung = timezone.localtime()
    Timer.objects.filter(subject="plant", kind="drill_due").update(fired_at=rung)
    sweep()
    assert of_plant()["drill_due"] == rung
