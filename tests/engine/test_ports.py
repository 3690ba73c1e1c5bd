"""The rehearsal plant in memory satisfies the ports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from engine.run.program import Program
from engine.talk.plant import rehearsal_plant
from engine.talk.samples import SampleJob
from tests.engine.rehearsal import program, samples, shipped
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


LINES = [
    {"when": "number == 'wrong'", "after": "0s", "failed": True},
    {"after": "0s", "result": {"kind": "vet_documents", "id": "1", "number": "=4471"}},
]


@pytest.fixture
def house() -> Iterator[House]:
    jobs = {"find_documents": tuple(SampleJob.model_validate(line) for line in LINES)}
    on = rehearsal_plant(
        program(), shipped().vocabulary, samples().model_copy(update={"jobs": jobs})
    )

    def to(moment: datetime) -> None:
        on.clock.move(moment - on.clock.now())

    def under(other: Program) -> House:
        anew = rehearsal_plant(other, on.vocabulary, on.samples, on.memory, on.clock)
        return House(anew.ports, anew.timers, anew.chat_of, under, to)

    with on.ports.transaction():
        yield House(on.ports, on.timers, on.chat_of, under, to)
