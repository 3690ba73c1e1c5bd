"""The bridge to Django satisfies the ports, on whatever database the run is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from crm.bridge.jobs import DjangoJobs
from crm.bridge.ports import make_ports
from crm.bridge.timers import DjangoTimers
from crm.jobs.function import Function
from crm.people.models import Person
from crm.work.models import Timer
from engine.model.values import Row, Value
from engine.run.program import Program
from tests.offered import program
from tests.ports_suite import (
    House,
    TestCatalogues,
    TestChats,
    TestClock,
    TestDeviations,
    TestEdits,
    TestFacts,
    TestJobs,
    TestLimits,
    TestOperations,
    TestOutbox,
    TestPeople,
    TestRecords,
    TestSuggestions,
    TestSystem,
    TestTasks,
    TestTimers,
    TestTransaction,
)
from tests.seeded import seed

__all__ = [
    "TestCatalogues",
    "TestChats",
    "TestClock",
    "TestDeviations",
    "TestEdits",
    "TestFacts",
    "TestJobs",
    "TestLimits",
    "TestOperations",
    "TestOutbox",
    "TestPeople",
    "TestRecords",
    "TestSuggestions",
    "TestSystem",
    "TestTasks",
    "TestTimers",
    "TestTransaction",
]


START = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Moscow"))


def found(arguments: Mapping[str, Value], at: datetime) -> Row:
    del at
    if arguments["number"] == "wrong":
        raise OSError("no answer")
    return Row("vet_documents", "1", "", {"number": arguments["number"]})


WORK = {"find_documents": Function({"number": "text"}, "vet_documents", found)}


def chat_of(role: str, index: int = 0) -> int:
    people = Person.objects.active().filter(roles__role=role).order_by("pk")
    chat = people[index].telegram_id
    assert chat is not None
    return chat


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with time_machine.travel(START) as travel:
        seed()
        Timer.objects.all().delete()  # those of the plant itself: its digests would come between
        jobs = DjangoJobs(WORK)

        def to(moment: datetime) -> None:
            travel.move_to(moment)

        def under(other: Program) -> House:
            return House(
                make_ports(other, jobs=jobs), DjangoTimers(other, jobs), chat_of, under, to
            )

        yield under(program())
