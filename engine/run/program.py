"""The Project compiled: immutable, looked up by dictionary, identified by a digest of its sources.

Start at `compile_program`. Compiling expects a project without findings; a broken one raises
EngineError."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.actions.base import Action
from engine.actions.fire import FireAction
from engine.errors import EngineError
from engine.expressions.compile import Compiled, compile_expression
from engine.expressions.parse import names, parse
from engine.expressions.types import Number, Optional, read_type
from engine.languages.catalogue import Languages
from engine.model.vocabulary import Vocabulary
from engine.model.work import TaskWanted
from engine.run.limits import LimitCall, read_call
from engine.run.machine import LifecycleMachine, build_machine
from engine.run.texts import CompiledText, compile_text
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow, answer_actions
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.project import ProjectFile
from engine.schema.report import ReportForm
from engine.steps.base import Step, UnitForm
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep


@dataclass(frozen=True, slots=True)
class FlowProgram:
    """One flow compiled. `limits` and `depends` are by the name of a step."""

    name: str
    title: str
    roles: tuple[str, ...]
    keep_s: int
    steps: tuple[Step, ...]
    index: Mapping[str, int]
    codes: Mapping[str, Compiled]
    texts: Mapping[str, CompiledText]
    limits: Mapping[str, LimitCall]
    units: Mapping[str, UnitForm]
    blocks: Mapping[str, tuple[Action, ...]]

    def step(self, name: str) -> Step:
        """Return a step by its name. Raises KeyError."""
        return self.steps[self.index[name]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a Program is compiled from: the schema objects of one project and the digest of their
    texts."""

    project: ProjectFile
    flows: Mapping[str, Flow]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, Lifecycle]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    reports: Mapping[str, ReportForm]
    vocabulary: Vocabulary
    digest: str


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that runs, by name."""

    digest: str
    flows: Mapping[str, FlowProgram]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, LifecycleMachine]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    reports: Mapping[str, ReportForm]
    project: ProjectFile
    zone: ZoneInfo
    languages: Languages = field(default_factory=Languages)

    def may_start(self, flow: str, roles: frozenset[str]) -> bool:
        """Tell whether these roles may run a flow."""
        return flow in self.flows and not roles.isdisjoint(self.flows[flow].roles)

    def machine_for(self, record: str, transition: str) -> LifecycleMachine:
        """Return the machine of a record kind that has a transition, else its first one. Raises
        EngineError for a record without a lifecycle."""
        machines = [one for one in self.lifecycles.values() if one.lifecycle.record == record]
        if not machines:
            raise EngineError(f"{record} has no lifecycle")
        fitting = (one for one in machines if one.lifecycle.forms(transition))
        return next(fitting, machines[0])

    def does(self, task: TaskWanted, transition: str) -> bool:
        """Tell whether a transition is what a task is about: one of its buttons, fired by its
        flow, or the one that is to be signed."""
        if task.signature is not None:
            return task.signature.transition == transition
        if task.flow not in self.flows:
            return transition in dict(task.buttons)
        blocks = self.flows[task.flow].blocks.values()
        return any(
            isinstance(action, FireAction) and action.fire == transition
            for block in blocks
            for action in block
        )


def compile_program(sources: Sources, languages: Languages | None = None) -> Program:
    """Compile a project without findings; without `languages` everybody reads Russian."""
    units = {
        name: UnitForm(name, unit.decimals, *(unit.range or (None, None)))
        for name, unit in sources.project.units.items()
    }
    flows = {name: _flow(flow, units, sources) for name, flow in sources.flows.items()}
    machines = {
        name: build_machine(lifecycle, _life_decimals(lifecycle, units, sources.vocabulary))
        for name, lifecycle in sources.lifecycles.items()
    }
    return Program(
        sources.digest,
        MappingProxyType(flows),
        MappingProxyType(dict(sources.limits)),
        MappingProxyType(machines),
        sources.menu,
        MappingProxyType(dict(sources.documents)),
        MappingProxyType(dict(sources.reports)),
        sources.project,
        ZoneInfo(sources.project.plant.zone),
        languages=languages or Languages(),
    )


def _flow(flow: Flow, units: Mapping[str, UnitForm], sources: Sources) -> FlowProgram:
    blocks = {"save": tuple(flow.save), "after": tuple(flow.after)}
    for step in flow.steps:
        if isinstance(step, NumberStep) and step.on_deviation:
            for code, answer in step.on_deviation.answers.items():
                blocks[f"answer:{step.name}:{code}"] = answer_actions(answer)
    actions = [action for block in blocks.values() for action in block]
    step_units = {
        step.name: units[step.unit]
        for step in flow.steps
        if isinstance(step, NumberStep | ValueStep) and step.unit in units
    }
    kinds = _result_kinds(actions, sources.vocabulary)

    def decimals(source: str) -> int | None:
        root, *path = source.strip().split(".")
        if not path:
            return step_units[root].decimals if root in step_units else None
        return _record_decimals(kinds.get(root, ""), path, units, sources.vocabulary)

    texts = {text: compile_text(text, decimals) for text in _texts(flow, actions)}
    limits = {
        step.name: read_call(step.limit, sources.limits)
        for step in flow.steps
        if isinstance(step, NumberStep) and step.limit
    }
    codes = {
        text: compile_expression(text) for text in _expressions(flow, actions, limits.values())
    }
    return FlowProgram(
        flow.flow,
        flow.title,
        tuple(flow.roles),
        flow.draft.keep,
        tuple(flow.steps),
        MappingProxyType({step.name: at for at, step in enumerate(flow.steps)}),
        MappingProxyType(codes),
        MappingProxyType(texts),
        MappingProxyType(limits),
        MappingProxyType(step_units),
        MappingProxyType(blocks),
    )


def _life_decimals(
    lifecycle: Lifecycle, units: Mapping[str, UnitForm], vocabulary: Vocabulary
) -> Callable[[str], int | None]:
    """Return how many digits a field of the record is shown with, by its expression."""

    def decimals(source: str) -> int | None:
        path = source.strip().split(".")
        path = path[1:] if path[0] == lifecycle.record else path
        return _record_decimals(lifecycle.record, path, units, vocabulary) if path else None

    return decimals


def _texts(flow: Flow, actions: Iterable[Action]) -> set[str]:
    texts = {text for action in actions for text in action.templates()}
    for step in flow.steps:
        texts |= {*(one.text for one in step.prompts), step.hint}
        deviation = step.on_deviation if isinstance(step, NumberStep) else None
        if deviation:
            texts |= {deviation.waiting, *(answer.say for answer in deviation.answers.values())}
    return texts


def _expressions(flow: Flow, actions: Iterable[Action], limits: Iterable[LimitCall]) -> set[str]:
    found = {text for action in actions for text in (*action.expressions(), action.when) if text}
    for step in flow.steps:
        found |= {text for text in (*step.expressions(), step.when, step.otherwise) if text}
    return found | {argument for call in limits for argument in call.arguments.values()}


def _result_kinds(actions: Iterable[Action], vocabulary: Vocabulary) -> Mapping[str, str]:
    kinds = {}
    for action in actions:
        operation, name = getattr(action, "run", ""), getattr(action, "as_", "")
        if name and operation in vocabulary.operations:
            kinds[name] = vocabulary.operations[operation].result or ""
    return kinds


def _record_decimals(
    kind: str, path: list[str], units: Mapping[str, UnitForm], vocabulary: Vocabulary
) -> int | None:
    for at, name in enumerate(path):
        notation = vocabulary.records.get(kind, {}).get(name)
        if notation is None:
            return None
        found = read_type(notation)
        bare = found.item if isinstance(found, Optional) else found
        if at == len(path) - 1:
            return (
                units[bare.unit].decimals
                if isinstance(bare, Number) and bare.unit in units
                else None
            )
        kind = notation.rstrip("?")
    return None


def reads_of(text: str) -> frozenset[str]:
    """Return the names of fields that an expression reads."""
    try:
        return names(parse(text))
    except ValueError as error:
        raise EngineError(f"broken expression «{text}»: {error}") from error
