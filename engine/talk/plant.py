"""The rehearsal plant: every port of `engine.ports` in memory, for talks and tests.

Start at `rehearsal_plant`. The plant may be thrown away and made anew over the same Memory: that
is a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.model.values import Option, Value
from engine.model.vocabulary import Vocabulary
from engine.plant_ports import Papers, Timers
from engine.ports import Facts, Files, Ports, Reads
from engine.run.around import Unmet, unheard
from engine.run.lives import Lives, Run
from engine.run.program import Program
from engine.talk.catalogues import (
    FirstLimits,
    MemoryCatalogues,
    MemorySuggestions,
)
from engine.talk.chats import MemoryChats
from engine.talk.deviations import MemoryDeviations, MemoryTimers
from engine.talk.facts import SampleFacts
from engine.talk.jobs import MemoryJobs
from engine.talk.memory import Memory, Person
from engine.talk.operations import PretendedOperations
from engine.talk.outbox import MemoryOutbox
from engine.talk.papers import MemoryFiles, MemoryPapers
from engine.talk.people import MemoryPeople
from engine.talk.records import MemoryAlarms, MemoryFailures, MemoryRecords, MemoryResources
from engine.talk.samples import Samples
from engine.talk.tasks import MemoryTasks
from engine.talk.things import Labels

START = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 - plant time; the zone is the project's
FIRST_CHAT = 1001


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment it stands at, in the plant's zone."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Move it on."""
        self._now += by


@dataclass(frozen=True)
class Plant:
    """A plant to rehearse on."""

    program: Program
    vocabulary: Vocabulary
    samples: Samples
    memory: Memory
    clock: SetClock
    ports: Ports
    timers: Timers
    papers: Papers
    files: Files = field(default_factory=MemoryFiles)

    def chat_of(self, role: str, index: int = 0) -> int:
        """Return the chat of a holder of a role, in the order of the samples. Raises LookupError
        when there is none."""
        holders = [one for one in self.memory.people.values() if role in one.roles]
        if index >= len(holders):
            raise LookupError(role)
        return holders[index].chat


def rehearsal_plant(
    program: Program,
    vocabulary: Vocabulary,
    samples: Samples,
    memory: Memory | None = None,
    clock: SetClock | None = None,
    facts: Callable[[Facts, Memory], Facts] = lambda facts, memory: facts,
    spare: Callable[[str], Value] = lambda notation: None,
    unmet: Unmet = unheard,
) -> Plant:
    """Make a plant over a memory; a new one begins with the samples at 10:00 of 22.11.2026.
    `facts` may put something else in the place of what the samples answer, `spare` makes a value of
    a type where an operation is told nothing, `unmet` hears of conditions that do not hold."""
    memory = memory if memory is not None else _filled(samples, vocabulary)
    clock = clock or SetClock(START.replace(tzinfo=program.zone))
    people = MemoryPeople(memory)
    outbox = MemoryOutbox(memory, people, clock)
    records = MemoryRecords(program, vocabulary, memory)
    jobs = MemoryJobs(samples.jobs, memory, outbox, clock)
    reads = Reads(
        MemoryCatalogues(memory),
        FirstLimits(program),
        facts(SampleFacts(samples.facts, memory, clock), memory),
        clock,
        MemorySuggestions(memory),
        jobs,
        records,
        Labels(),
    )
    tasks, chats = MemoryTasks(memory), MemoryChats(memory)

    def lives(run: Run) -> Lives:
        return Lives(
            program, records, MemoryResources(memory), tasks, MemoryAlarms(memory), outbox,
            reads, memory.transaction, run, chats, MemoryFailures(memory), unmet,
        )  # fmt: skip

    operations = PretendedOperations(vocabulary, memory, lives, spare)
    ports = Ports(
        reads, operations, MemoryDeviations(memory), people, chats, outbox, memory.transaction,
        tasks, jobs,
    )  # fmt: skip
    timers = MemoryTimers(program, memory, outbox, jobs, lives(operations.run), ports)
    return Plant(program, vocabulary, samples, memory, clock, ports, timers, MemoryPapers(memory))


def _filled(samples: Samples, vocabulary: Vocabulary) -> Memory:
    memory = Memory()
    for number, sample in enumerate(samples.people, start=1):
        person = Person(
            str(number), sample.name, frozenset(sample.roles), sample.language, FIRST_CHAT + number
        )
        memory.people[person.id] = person
    names = {person.name: person.id for person in memory.people.values()}
    memory.invitations = {code: names[name] for code, name in samples.invitations.items()}
    for name, titles in samples.catalogues.items():
        memory.catalogues[name] = tuple(
            Option(str(number), title) for number, title in enumerate(titles, start=1)
        )
    memory.rows = {row.id: row for row in samples.rows(vocabulary)}
    memory.given = set(memory.rows)
    return memory
