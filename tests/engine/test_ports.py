"""The rehearsal plant in memory satisfies the ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.rehearsal import plant
from tests.ports_suite import (
    House,
    TestCatalogues,
    TestChats,
    TestDeviations,
    TestEdits,
    TestFacts,
    TestLimits,
    TestOperations,
    TestOutbox,
    TestPeople,
    TestTasks,
    TestTimers,
    TestTransaction,
)

__all__ = [
    "TestCatalogues",
    "TestChats",
    "TestDeviations",
    "TestEdits",
    "TestFacts",
    "TestLimits",
    "TestOperations",
    "TestOutbox",
    "TestPeople",
    "TestTasks",
    "TestTimers",
    "TestTransaction",
]


@pytest.fixture
def house() -> Iterator[House]:
    on = plant()
    with on.ports.transaction():
        yield House(on.ports, on.timers, on.chat_of)
