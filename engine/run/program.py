"""The Project compiled: immutable, looked up by dictionary, identified by a digest of its sources.

Start at `compile_program`. Compiling expects a project without findings; a broken one raises
EngineError."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType

from engine.actions.base import Action
from engine.actions.fire import FireAction
from engine.errors import EngineError
from engine.expressions.compile import Compiled, compile_expression
from engine.languages.catalogue import Languages
from engine.model.address import path_of
from engine.model.vocabulary import Vocabulary
from engine.model.work import TaskWanted
from engine.model.zone import PlantZone, plant_zone
from engine.plant_ports import Queue
from engine.run.digits import FlowDigits, record_digits
from engine.run.leads import at_once, kept, leads, queues
from engine.run.machine import LifecycleMachine, build_machine
from engine.run.nodes import Node, every, expressions_of, nodes_of, texts_of
from engine.run.texts import CompiledText, Texts
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow, answer_actions
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.project import ProjectFile
from engine.schema.report import ReportForm
from engine.steps.base import Step, UnitForm
from engine.steps.call import CallStep
from engine.steps.review import ReviewStep


@dataclass(frozen=True, slots=True)
class FlowProgram:
    """One flow compiled. `index` holds every step by its path (`items.*.kg`); `codes` and `texts`
    are by their source; `blocks` are actions by name: before, save, after, answer:<path>:<code>."""

    name: str
    title: str
    roles: tuple[str, ...]
    crew: str
    anywhere: bool
    keep_s: int
    given: Mapping[str, str]
    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    index: Mapping[str, Node]
    codes: Mapping[str, Compiled]
    texts: Mapping[str, CompiledText]
    blocks: Mapping[str, tuple[Action, ...]]
    result: Mapping[str, Compiled]

    def step(self, path: str) -> Step:
        """Return a step by its path. Raises KeyError."""
        return self.index[path].step

    @property
    def review(self) -> ReviewStep | None:
        """The review that the flow ends with, if it has one."""
        last = self.steps[-1]
        return last if isinstance(last, ReviewStep) else None

    @property
    def places(self) -> tuple[Place, ...]:
        """Every question with its path as its name, in order."""
        return tuple(Place(path) for path, node in self.index.items() if node.step.asks)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session may stand in a flow; `name` is a path."""

    name: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What a Program is compiled from: the schema objects of one project, the digest of their
    texts, the layouts that are printed on by ("document" or "report", name)."""

    project: ProjectFile
    flows: Mapping[str, Flow]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, Lifecycle]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    reports: Mapping[str, ReportForm]
    vocabulary: Vocabulary
    digest: str
    layouts: Mapping[tuple[str, str], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that runs, by name. `leads` are the fields of a kind that lead to records which
    the system may move when this one is touched, `at_once` the kinds of these; `queues` are those
    that it looks at after every commit, by the names of lifecycles, `kept` the states whose tasks
    it opens and closes then. `versions` gives an earlier Program by its digest, with the flows of
    it that can still run; None of one that is not kept or cannot."""

    digest: str
    flows: Mapping[str, FlowProgram]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, LifecycleMachine]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    reports: Mapping[str, ReportForm]
    project: ProjectFile
    zone: PlantZone
    vocabulary: Vocabulary
    anywhere: tuple[FlowProgram, ...] = ()
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_once: frozenset[str] = frozenset()
    queues: Mapping[str, Queue] = field(default_factory=dict)
    kept: tuple[Queue, ...] = ()
    layouts: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    languages: Languages = field(default_factory=Languages)
    versions: Callable[[str], Program | None] = field(default=lambda digest: None, compare=False)

    def under(self, digest: str, flow: str) -> Program:
        """Return the Program that a session of a flow goes on under: the one that it began with
        while that can run, else this one."""
        if digest in ("", self.digest):
            return self
        own = self.versions(digest)
        return own if own is not None and flow in own.flows else self

    def printing(self, digest: str, kind: str, name: str) -> Program:
        """Return the Program whose form and layout a document or a report is printed with: that of
        a version while it is kept with both, else this one."""
        own = None if digest in ("", self.digest) else self.versions(digest)
        return own if own is not None and own.prints(kind, name) else self

    def prints(self, kind: str, name: str) -> bool:
        """Tell whether there is a "document" or a "report" of a name, with its layout if it needs
        one."""
        if kind == "report":
            form = self.reports.get(name)
            return form is not None and (not form.is_form or (kind, name) in self.layouts)
        return name in self.documents and (kind, name) in self.layouts

    def node(self, flow: str, address: str) -> Found | None:
        """Return the step that an address of a session of a flow belongs to; None when the flows
        have it no longer."""
        form, rest = self.flows.get(flow), path_of(address)
        while form is not None:
            if rest in form.index:
                return Found(form, form.index[rest])
            call = next(
                (
                    node
                    for node in form.index.values()
                    if isinstance(node.step, CallStep) and rest.startswith(node.path + ".")
                ),
                None,
            )
            if call is None or not isinstance(call.step, CallStep):
                return None
            form, rest = self.flows.get(call.step.flow), rest[len(call.path) + 1 :]
        return None

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
        if transition in dict(task.buttons):
            return True
        if task.flow not in self.flows:
            return False
        blocks = self.flows[task.flow].blocks.values()
        return any(
            isinstance(action, FireAction) and action.fire == transition
            for block in blocks
            for action in block
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A step with the flow that it is written in: another one than the session's inside a call."""

    flow: FlowProgram
    node: Node


def compile_program(sources: Sources, languages: Languages | None = None) -> Program:
    """Compile a project without findings; without `languages` everybody reads Russian."""
    units = {
        name: UnitForm(name, unit.decimals, *(unit.range or (None, None)))
        for name, unit in sources.project.units.items()
    }
    flows = {name: _flow(flow, units, sources) for name, flow in sources.flows.items()}
    machines = {
        name: build_machine(lifecycle, record_digits(lifecycle.record, units, sources.vocabulary))
        for name, lifecycle in sources.lifecycles.items()
    }
    plant = sources.project.plant
    return Program(
        sources.digest,
        MappingProxyType(flows),
        MappingProxyType(dict(sources.limits)),
        MappingProxyType(machines),
        sources.menu,
        MappingProxyType(dict(sources.documents)),
        MappingProxyType(dict(sources.reports)),
        sources.project,
        plant_zone(plant.zone, time.fromisoformat(plant.production_day)),
        sources.vocabulary,
        tuple(flow for flow in flows.values() if flow.anywhere),
        MappingProxyType(leads(machines.values(), sources.vocabulary)),
        at_once(machines.values()),
        MappingProxyType(dict(queues(machines.values()))),
        tuple(kept(machines.values())),
        MappingProxyType(dict(sources.layouts)),
        languages or Languages(),
    )


def _flow(flow: Flow, units: Mapping[str, UnitForm], sources: Sources) -> FlowProgram:
    nodes = nodes_of(flow.steps, units, sources.limits)
    index = {node.path: node for node in every(nodes)}
    blocks = {"before": flow.before, "save": flow.save, "after": flow.after}
    for node in index.values():
        for code, answer in node.deviation.answers.items() if node.deviation else ():
            blocks[f"answer:{node.path}:{code}"] = answer_actions(answer)
    actions = [action for block in blocks.values() for action in block]
    decimals = FlowDigits(flow, tuple(index.values()), units, sources.vocabulary, sources.flows)
    texts = {text for action in actions for text in action.templates()}
    texts |= {text for node in index.values() for text in texts_of(node)}
    codes = {text for action in actions for text in _of_action(action)}
    codes |= {text for node in index.values() for text in expressions_of(node)}
    return FlowProgram(
        flow.flow,
        flow.title,
        tuple(flow.roles),
        flow.crew,
        flow.anywhere,
        flow.draft.keep,
        MappingProxyType(dict(flow.given)),
        tuple(flow.steps),
        nodes,
        MappingProxyType(index),
        MappingProxyType({text: compile_expression(text) for text in codes}),
        Texts(texts, decimals),
        MappingProxyType(blocks),
        MappingProxyType({name: compile_expression(text) for name, text in flow.result.items()}),
    )


def _of_action(action: Action) -> Iterator[str]:
    yield from action.expressions()
    yield from action.each.values()
    if action.when:
        yield action.when
