"""How a played form begins: who may run it, the records and values that it needs. Start at
`opening`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.expressions.suggest import hint
from engine.expressions.types import (
    Choice,
    Integer,
    Number,
    Optional,
    Record,
    Truth,
    Type,
    read_type,
)
from engine.languages.message import Message
from engine.model.values import Row, Value
from engine.run.program import FlowProgram, Program
from engine.run.rights import roles_of
from engine.steps.call import CallStep
from engine.talk.explore.world import wanted_states
from engine.talk.memory import Memory
from engine.talk.parse import Happens, Line, Says
from engine.talk.plant import Plant
from engine.talk.scripted import value_of


class Unplayable(Exception):
    """The form cannot be played so; the message says why and what there is."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


@dataclass(frozen=True, slots=True)
class Opening:
    """Who talks, and the lines that bring him to the first question."""

    role: str
    lines: tuple[Line, ...]


def opening(
    plant: Plant, flow: str, role: str, given: Mapping[str, str], language: str = ""
) -> Opening:
    """Return how a role (empty: the first that may) begins a flow; `given` are parameters as a
    talk writes them, what is left out is taken from the samples. Raises Unplayable."""
    program = plant.program
    if flow not in program.flows:
        said = {"flow": flow, "hint": hint(flow, program.flows)}
        raise Unplayable(Message("Формы {flow} нет: {hint}", said))
    form = program.flows[flow]
    if not (form.roles or form.crew):
        callers = [one.name for one in program.flows.values() if _calls(one, flow)]
        said = {"flow": flow, "callers": ", ".join(callers)}
        raise Unplayable(Message("{flow} сама не открывается, её вызывают: {callers}", said))
    for name in given:
        if name not in form.given:
            said = {"name": name, "hint": hint(name, form.given)}
            raise Unplayable(Message("У формы нет параметра {name}: {hint}", said))
    settled = dict(given)
    lines = list(_settled(plant, form, settled))
    who = _role(plant, form, role, settled)
    lines += _spoken(program, who, language)
    words = tuple(f"{name}={value}" for name, value in settled.items())
    return Opening(who, (*lines, Happens(0, ("open", flow, who, *words))))


def _calls(form: FlowProgram, flow: str) -> bool:
    steps = (node.step for node in form.index.values())
    return any(isinstance(step, CallStep) and step.flow == flow for step in steps)


def _role(plant: Plant, form: FlowProgram, role: str, given: Mapping[str, str]) -> str:
    """Return who talks: the role that is named, when it may, else the first that may."""
    rows = plant.memory.rows
    values: dict[str, Value] = {
        name: rows[value] if value in rows else value_of(value) for name, value in given.items()
    }
    may = roles_of(plant.program, form, values)
    people = plant.memory.people.values()
    known = [one for one in may if any(one in person.roles for person in people)]
    if role.rstrip("0123456789") in known:
        return role
    if role:
        words = {"role": role, "hint": hint(role, known, Message("заполняют"))}
        raise Unplayable(Message("{role} эту форму не заполняет: {hint}", words))
    if not known:
        words = {"roles": ", ".join(may)}
        raise Unplayable(Message("В flows/samples.yaml нет человека с ролью {roles}", words))
    return known[0]


def _settled(plant: Plant, form: FlowProgram, given: dict[str, str]) -> Iterator[Line]:
    """Settle the parameters that must be given, and say what has to be so before."""
    for name, notation in form.given.items():
        kind = read_type(notation)
        if name in given or isinstance(kind, Optional):
            continue
        if isinstance(kind, Record):
            states = dict(wanted_states(plant.program, (form,)))
            row = _record(plant.memory, kind.kind, states)
            given[name] = row.id
            yield from _standing(row, states)
        else:
            given[name] = _plain(name, kind)


States = Mapping[tuple[str, str], tuple[str, ...]]  # of a kind and field, which a form moves


def _record(memory: Memory, kind: str, states: States) -> Row:
    """Return a record of the samples, one that the form may move where there is one."""
    found = [row for row in memory.rows.values() if row.kind == kind]
    if not found:
        raise Unplayable(Message("В flows/samples.yaml нет записи {kind}", {"kind": kind}))
    return next((row for row in found if not list(_standing(row, states))), found[0])


def _standing(row: Row, states: States) -> Iterator[Line]:
    """Bring a record to a state from which the form moves it."""
    for (kind, field), wanted in states.items():
        if kind == row.kind and row.fields.get(field) not in wanted:
            yield Happens(0, ("record", row.id, field, wanted[0]))


def _plain(name: str, kind: Type) -> str:
    match kind:
        case Choice(options):
            return options[0]
        case Integer() | Number():
            return "1"
        case Truth():
            return "true"
        case _:
            raise Unplayable(Message("Задайте параметр: --with {name}=…", {"name": name}))


def _spoken(program: Program, who: str, language: str) -> Iterator[Line]:
    """Let who talks choose the language that he reads."""
    languages = program.project.languages
    if language and language not in languages:
        words = {"language": language, "hint": hint(language, languages)}
        raise Unplayable(Message("Языка {language} нет: {hint}", words))
    if language and language != next(iter(languages)):
        yield Says(0, who, "command", "lang")
        yield Says(0, who, "button", languages[language])
