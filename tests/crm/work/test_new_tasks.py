"""A version of the forms that adds a task to a state: records that stand in it already get it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.jobs import DjangoJobs
from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.bridge.timers import PresentTimers
from crm.people.models import AccessRequest
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import Blank
from crm.work.models import Task
from tests.crm.production.stock import batch_in_stock
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def talker(db: None) -> Iterator[Talker]:
    seed()
    with PlantClock(START) as clock:
        yield Talker(clock)


@pytest.fixture
def blank(talker: Talker) -> Blank:
    """A blank that waits to be weighed."""
    batch_in_stock("carcass", Decimal(1000))
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.deliver()
    return Blank.objects.get()


def sweep() -> None:
    """Sweep as a bot that has just started under a version of the forms."""
    PresentTimers(program, DjangoJobs()).sweep(timezone.localtime())


def states_of(kind: str) -> list[str]:
    return list(Task.objects.filter(kind=kind).order_by("pk").values_list("state", flat=True))


def test_a_record_that_stands_in_a_state_gets_the_task_that_a_version_adds(
    talker: Talker, blank: Blank
) -> None:
    Task.objects.filter(kind="weigh_blank").delete()
    talker.after(minutes=20)
    sweep()
    task = Task.objects.get(kind="weigh_blank")
    assert (task.state, task.created_at) == ("open", timezone.now())
    talker.say("storekeeper", "/start", "[Мои задачи…]", "[…Взвесить заготовку…]")
    talker.say("storekeeper", "[Как в плане]", "[Сохранить]")
    blank.refresh_from_db()
    assert blank.state == "unpacking"


def test_a_task_that_was_asked_for_since_the_state_was_entered_does_not_come_again(
    talker: Talker, blank: Blank
) -> None:
    sweep()
    assert states_of("weigh_blank") == ["open"]
    Task.objects.filter(kind="weigh_blank").update(state="cancelled", ended_at=timezone.now())
    sweep()
    assert states_of("weigh_blank") == ["cancelled"]


def test_a_task_of_an_earlier_stay_in_the_state_does_not_count(
    talker: Talker, blank: Blank
) -> None:
    before = timezone.now() - timedelta(hours=1)
    Task.objects.filter(kind="weigh_blank").update(
        state="cancelled", ended_at=before, created_at=before
    )
    sweep()
    assert states_of("weigh_blank") == ["cancelled", "open"]


def test_a_request_for_access_from_before_it_was_a_task_becomes_one(talker: Talker) -> None:
    AccessRequest.objects.create(
        telegram_id=777, said="Зимин, склад", asked_at=timezone.now(), state="open"
    )
    (lost,) = [one for one in verify_work(program()) if one.count]
    assert "нет задачи access_request" in lost.examples[0]
    for _ in range(2):
        sweep()
    assert states_of("access_request") == ["open"]
    assert [one for one in verify_work(program()) if one.count] == []
    talker.deliver()
    talker.say("administrator", "[Запрос доступа]", "[Отклонить]", "[Сохранить]")
    assert states_of("access_request") == ["done"]
