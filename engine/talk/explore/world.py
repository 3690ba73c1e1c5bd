"""What a flow is gone through in: its parameters, what facts answer, how jobs end. Start at
`World`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.actions.fire import FireAction
from engine.errors import EngineError
from engine.expressions.compile import Ask, EvaluationError, compile_expression
from engine.expressions.parse import calls, parse
from engine.expressions.types import (
    Choice,
    ListOf,
    Optional,
    Record,
    Text,
    Truth,
    Type,
    read_type,
)
from engine.languages.message import filled, holes
from engine.model.values import Row, Value
from engine.ports import Facts
from engine.run.machine import BEFORE_BIRTH
from engine.run.program import FlowProgram, Program
from engine.steps.call import CallStep
from engine.steps.repeat import RepeatStep
from engine.steps.sources import RowsStep
from engine.talk.explore.made import Maker, written
from engine.talk.memory import Memory
from engine.talk.plant import START, Plant, rehearsal_plant
from engine.talk.samples import SampleJob, SamplePerson, Samples

WORKER, DECIDER = "Проверяющий Р. А.", "Решающий Р. Е."
DONE, FAILED, NEVER = "done", "failed", "never"
DONE_ENDS = (DONE, "done 2", "done 3", "done 4", "done 5")  # with another result each
JOB_S, NEVER_S = 30, 30 * 86400  # how long a job takes; one that does not end while anybody waits
MOVABLE = 3  # of them come first
RECORDS = 30  # made-up records of a kind that are looked at
TITLES = 12  # rows of a catalogue that nobody has written


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice of everything that a flow does not ask: parameters and facts by the number of
    their value, jobs by how they end; `whole`: what operations make has every field that it must
    have, not only those that they are told."""

    given: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


class Answers:
    """What facts answer: the samples where they do and nothing else is set, else made-up values.
    `dials` may be turned while a form is gone through; `asked` are the facts asked so far."""

    def __init__(self, samples: Facts, memory: Memory, world: World, setting: Setting) -> None:
        self._samples, self._memory, self._world = samples, memory, world
        self.dials: dict[str, int] = dict(setting.facts)
        self.asked: dict[str, None] = {}

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact."""
        self.asked[fact] = None
        number = self._world.made(fact, self.dials.get(fact, 0))
        if number is None:
            with suppress(EngineError):  # made-up records may lack what the samples compute of
                return self._samples.ask(fact, arguments)
        form = self._world.program.vocabulary.facts[fact]
        return self._present(self._world.maker.of(form.result, number or 0))

    def _present(self, value: Value) -> Value:
        """Return a record as it stands now; one that a flow moves becomes a record of the plant."""
        if isinstance(value, tuple):
            return tuple(self._present(item) for item in value)
        if not isinstance(value, Row):
            return value
        if value.kind in self._world.moved:
            keep(self._memory, value)
        return self._memory.rows.get(value.id, value)


def keep(memory: Memory, row: Row) -> None:
    """Let a made-up record, and those within it, be of the plant; rows of catalogues are."""
    if row.id in memory.rows or row.id.isdigit():
        return
    memory.rows[row.id] = row
    memory.given.add(row.id)
    for value in row.fields.values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Row):
                keep(memory, inner)


class World:
    """The plant that one flow is gone through on, made anew for each play."""

    def __init__(self, program: Program, samples: Samples, flow: str) -> None:
        self.program = _opened(program, flow)
        self.flow: FlowProgram = self.program.flows[flow]
        self.flows = tuple(called(self.program, flow))
        states = dict(wanted_states(self.program, self.flows))
        self.moved = frozenset(kind for kind, _ in states)
        now = START.replace(tzinfo=ZoneInfo(program.project.plant.zone))
        self.samples = _whole(self.program, samples)
        person = Row("person", "1", WORKER, {"full_name": WORKER})
        self.maker = Maker(program.vocabulary, now, states, person, _most_rows(self.flows) + 2)
        self.facts = tuple(sorted(set(_facts(self.program, self.flows))))
        self.jobs = tuple(
            dict.fromkeys(
                node.step.starts.job
                for one in self.flows
                for node in one.index.values()
                if node.step.starts
            )
        )
        self.now: datetime = now
        self.maker.allowed.update(_places(program))
        kept = self.plant(Setting()).memory.catalogues
        self.maker.rows.update(
            {kind: kept[name] for name, kind in program.vocabulary.catalogues.items()}
        )
        for kind in self.moved:
            self.maker.prefer(kind, self._movable(kind))

    def _movable(self, kind: str) -> tuple[int, ...]:
        """Return the numbers of made-up records: a few that a flow's transitions may move, then
        one in each state, then the rest."""
        plant = self.plant(Setting())
        ask, now = plant.ports.reads.facts.ask, self.now
        fired = {
            action.fire
            for flow in self.flows
            for actions in flow.blocks.values()
            for action in actions
            if isinstance(action, FireAction)
        }
        moves: dict[int, int] = {}
        for number in range(RECORDS):
            row = self.maker.numbered(kind, number)
            moves[number] = sum(self._moves(row, name, ask, now) for name in fired)
        order = sorted(moves, key=lambda number: -moves[number])
        first = {self._stands(kind, number): number for number in reversed(order[MOVABLE:])}
        apart = sorted(first.values(), key=order.index)
        return tuple(dict.fromkeys((*order[:MOVABLE], *apart, *order)))

    def _stands(self, kind: str, number: int) -> tuple[Value, ...]:
        """Return the states of a made-up record."""
        fields = self.maker.numbered(kind, number).fields
        return tuple(fields[name] for owner, name in self.maker.states if owner == kind)

    def _moves(self, row: Row, name: str, ask: Ask, now: datetime) -> bool:
        """Tell whether a transition may be done with a record as it stands."""
        return any(
            all(_holds(one.that, machine.env(row), ask, now) for one in form.require)
            for machine in self.program.lifecycles.values()
            if machine.lifecycle.record == row.kind
            for form in machine.transition(name, machine.standing(row))
            if form.when is None or _holds(form.when, machine.env(row), ask, now)
        )

    def plant(self, setting: Setting) -> Plant:
        """Return a fresh plant."""
        jobs = {
            name: self._job(name, setting.jobs.get(name, DONE))
            for name in self.program.vocabulary.jobs
        }
        samples = self.samples.model_copy(update={"jobs": jobs})
        plant = rehearsal_plant(
            self.program,
            self.program.vocabulary,
            samples,
            facts=lambda facts, memory: Answers(facts, memory, self, setting),
            spare=lambda notation: self.maker.of(notation, 0) if setting.whole else None,
        )
        for value in self.given(setting).values():
            if isinstance(value, Row):
                keep(plant.memory, value)
        return plant

    def given(self, setting: Setting) -> dict[str, Value]:
        """Return the flow's parameters."""
        made = {
            name: self.maker.of(notation, setting.given.get(name, 0))
            for name, notation in self.flow.given.items()
        }
        return {name: value for name, value in made.items() if value is not None}

    def absent(self, flow: FlowProgram) -> frozenset[str]:
        """Return the parameters of a flow that nothing here gives it."""
        if flow is self.flow:
            return frozenset()
        nodes = [node.step for one in self.flows for node in one.index.values()]
        calls = [one for one in nodes if isinstance(one, CallStep) and one.flow == flow.name]
        return frozenset(flow.given).difference(*(one.with_ for one in calls))

    def variants(self, fact: str) -> int:
        """Return how many values a fact is tried with."""
        kind = read_type(self.program.vocabulary.facts[fact].result)
        return variants(kind) + (1 if fact in self.samples.facts else 0)

    def made(self, fact: str, dial: int) -> int | None:
        """Return the number of the made-up value that a dial stands for; None: what the samples
        answer. Samples come first, but for records that the flow moves: those must fit it."""
        if fact not in self.samples.facts:
            return dial
        if self._is_moved(fact):
            return None if dial == self.variants(fact) - 1 else dial
        return None if dial == 0 else dial - 1

    def dial(self, fact: str, number: int) -> int:
        """Return the dial of a made-up value."""
        plain = fact not in self.samples.facts or self._is_moved(fact)
        return number if plain else number + 1

    def _is_moved(self, fact: str) -> bool:
        kind = read_type(self.program.vocabulary.facts[fact].result)
        item = kind.item if isinstance(kind, ListOf) else kind
        return isinstance(item, Record) and item.kind in self.moved

    def _job(self, name: str, end: str) -> tuple[SampleJob, ...]:
        row = self.job_result(name, end)
        line = SampleJob.model_construct(
            when=None,
            after=NEVER_S if end == NEVER else JOB_S,
            failed=end == FAILED,
            result=written(row) or {},
        )
        return (line,)

    def job_result(self, name: str, end: str) -> Row | None:
        """Return what a job comes to; one that ends well may do so in several ways."""
        result = self.program.vocabulary.jobs[name].result
        if end not in DONE_ENDS or not result:
            return None
        row = self.maker.of(result, DONE_ENDS.index(end))
        return row if isinstance(row, Row) else None


def _holds(text: str, env: Mapping[str, Value], ask: Ask, now: datetime) -> bool:
    try:
        return compile_expression(text)(env, ask, now) is True
    except (EvaluationError, EngineError):
        return False


def _places(program: Program) -> Iterator[tuple[tuple[str, str], tuple[Value, ...]]]:
    """Give the values of fields that name a place of a resource, `mixer_line_{line}`: only those
    of which there is one."""
    numbers = [Decimal(number) for number in range(1, 10)]
    for machine in program.lifecycles.values():
        for state in machine.lifecycle.states.values():
            for template in state.occupies:
                for name in holes(template):
                    written = {number: filled(template, {name: str(number)}) for number in numbers}
                    there = [one for one in numbers if written[one] in program.project.resources]
                    if there:
                        yield (machine.lifecycle.record, name), tuple(there)


def _most_rows(flows: tuple[FlowProgram, ...]) -> int:
    """Return the largest number of rows that a list of these flows may have."""
    steps = [node.step for flow in flows for node in flow.index.values()]
    lists = [one.rows[1] for one in steps if isinstance(one, RepeatStep) and not one.over]
    return max(lists, default=10)


def variants(kind: Type) -> int:
    """Return how many values of a type are different enough to be tried."""
    match kind:
        case Optional():
            return 4
        case Truth() | Text():
            return 2
        case ListOf():
            return 3
        case Choice(options):
            return len(options)
        case _:
            return 4


def called(program: Program, flow: str) -> Iterator[FlowProgram]:
    """Give a flow and every flow that it calls, each once."""
    todo, seen = [flow], set[str]()
    while todo:
        name = todo.pop(0)
        if name in seen or name not in program.flows:
            continue
        seen.add(name)
        yield program.flows[name]
        nodes = program.flows[name].index.values()
        todo += [node.step.flow for node in nodes if isinstance(node.step, CallStep)]


def _opened(program: Program, flow: str) -> Program:
    """Let a flow that only others call be begun by itself, and anybody do what a crew does."""
    form = program.flows[flow]
    if form.roles or form.crew:
        return program
    roles = tuple(program.project.roles)
    return replace(program, flows={**program.flows, flow: replace(form, roles=roles)})


def wanted_states(
    program: Program, flows: tuple[FlowProgram, ...]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Give the states from which a flow moves records, by kind and field."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for flow in flows:
        for actions in flow.blocks.values():
            for action in actions:
                if not isinstance(action, FireAction):
                    continue
                for machine in program.lifecycles.values():
                    life = machine.lifecycle
                    states = found.setdefault((life.record, life.field), {})
                    states |= {
                        source: None
                        for form in life.forms(action.fire)
                        for source in form.sources
                        if source != BEFORE_BIRTH
                    }
    return ((key, tuple(states)) for key, states in found.items() if states)


def _facts(program: Program, flows: tuple[FlowProgram, ...]) -> Iterator[str]:
    for flow in flows:
        texts = [*flow.codes, *(node.step.when or "" for node in flow.index.values())]
        texts += [code.text for code in flow.result.values()]
        for node in flow.index.values():
            if isinstance(node.step, RowsStep) and node.step.is_fact:
                texts.append(node.step.from_)
        for text in texts:
            if text and "(" in text:
                yield from calls(parse(text)) & set(program.vocabulary.facts)


def _whole(program: Program, samples: Samples) -> Samples:
    """Add what the samples leave out: two people with every role, catalogues."""
    roles = tuple(program.project.roles)
    people = tuple(
        SamplePerson.model_construct(name=name, roles=roles, language="ru")
        for name in (WORKER, DECIDER)
    )
    catalogues = {
        name: tuple(f"Образец {number} ({kind})" for number in range(1, TITLES + 1))
        for name, kind in program.vocabulary.catalogues.items()
    }
    return samples.model_copy(
        update={
            "people": (*people, *samples.people),
            "catalogues": {**catalogues, **samples.catalogues},
        }
    )
