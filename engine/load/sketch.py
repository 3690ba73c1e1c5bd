"""Flows and lifecycles as far as they could be read: what is checked even when a part is broken.

A broken part is left out and its names are `lost`, so that nothing else is said about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.actions.base import Action
from engine.load.forms import Part, Reader, Steps
from engine.load.tree import Path, Tree
from engine.model.address import ROW_MARK, inside
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle, StateForm, TaskForm, TimerForm, Transition
from engine.steps.base import LimitedStep, Step
from engine.steps.repeat import RepeatStep

Actions = tuple[tuple[Path, Action], ...]
BLOCKS = ("before", "save", "after")


@dataclass(frozen=True)
class FlowSketch:
    """What could be read of a flow: steps and blocks of actions, each with its path in the file.

    Blocks are named as in the Program: `before`, `save`, `after`, `answer:<address>:<code>`, with
    `*` for the key of a row."""

    name: str
    tree: Tree
    parts: Steps
    blocks: Mapping[str, Actions]
    lost: frozenset[str]
    given: Mapping[str, str]

    @cached_property
    def steps(self) -> tuple[tuple[Path, Step], ...]:
        """Every step with its path, those inside others too, in order."""
        return tuple((part.path, part.step) for part in self.parts.every())

    @property
    def called(self) -> bool:
        """Tell whether other flows call it: it has a result."""
        return ("result",) in self.tree.keys

    @property
    def review_is_lost(self) -> bool:
        """Tell whether a broken step may have been the review."""
        return "review" in self.lost


@dataclass(frozen=True, slots=True)
class LifecycleSketch:
    """What could be read of a lifecycle: transitions by name with the path of each form.

    `blocks` hold the actions of transitions and timers, by the path of what they belong to."""

    name: str
    record: str
    field: str
    tree: Tree
    states: Mapping[str, StateForm]
    transitions: tuple[tuple[str, Path, Transition], ...]
    blocks: Mapping[Path, Actions]
    whole: bool


def sketch_flow(reader: Reader) -> tuple[FlowSketch | None, Flow | None]:
    """Read a flow: the sketch (None when the file is no flow at all), and the flow if whole."""
    data = reader.tree.data
    if not isinstance(data, dict):
        return None, reader.model(Flow, data)
    reader.meant(Flow, ())
    written = isinstance(data.get("steps"), list)
    parts = reader.steps(data["steps"], ("steps",)) if written else Steps()
    blocks = {block: tuple(reader.actions(data.get(block), (block,))) for block in BLOCKS}
    for address, part in addressed(parts):
        if isinstance(part.step, LimitedStep) and part.step.on_deviation is not None:
            for code in part.step.on_deviation.answers:
                where = (*part.path, "on_deviation", "answers", code, "save")
                actions = tuple(reader.actions(reader.tree.at(where), where))
                blocks[f"answer:{address}:{code}"] = actions
    lost = parts.all_lost
    for block in BLOCKS:
        lost |= _lost_results(data.get(block), len(blocks[block]))
    whole = {**data, **{block: _forms(blocks[block]) for block in BLOCKS}}
    if written and data["steps"]:
        whole["steps"] = parts.steps
    broken = bool(reader.findings)
    flow = reader.model(Flow, whole)
    name = data.get("flow")
    given = {key: text for key, text in _items(data.get("given")) if isinstance(text, str)}
    sketch = FlowSketch(
        name if isinstance(name, str) else "", reader.tree, parts, blocks, lost, given
    )
    return sketch, None if broken else flow


def addressed(parts: Steps, scope: str = "") -> Iterator[tuple[str, Part]]:
    """Give every step with the address of its answer, `*` standing for the key of a row."""
    for part in parts.parts:
        address = inside(scope, part.step.name)
        yield address, part
        inner = inside(address, ROW_MARK) if isinstance(part.step, RepeatStep) else scope
        yield from addressed(part.within, inner)


def _lost_results(data: Any, read: int) -> frozenset[str]:
    if not isinstance(data, list) or len(data) == read:
        return frozenset()
    return frozenset(
        str(item.get("as")) for item in data if isinstance(item, dict) and item.get("as")
    )


def _forms(actions: Actions) -> tuple[Action, ...]:
    return tuple(action for _, action in actions)


def sketch_lifecycle(reader: Reader) -> tuple[LifecycleSketch | None, Lifecycle | None]:
    """Read a lifecycle: the sketch, None when the file is none at all, and the whole if it is."""
    data = reader.tree.data
    if not isinstance(data, dict):
        return None, reader.model(Lifecycle, data)
    reader.meant(Lifecycle, ())
    blocks: dict[Path, Actions] = {}
    states = {
        name: _state(reader, form, ("states", name), blocks)
        for name, form in _items(data.get("states"))
    }
    transitions: list[tuple[str, Path, Transition]] = []
    for name, form in _items(data.get("transitions")):
        for path, one in _several(form, ("transitions", name)):
            reader.meant(Transition, path)
            transition = reader.model(Transition, _with_do(reader, one, path, blocks), path)
            if transition is not None:
                transitions.append((name, path, transition))
    good = {name: form for name, form in states.items() if form is not None}
    whole = dict(data)
    if isinstance(data.get("states"), dict) and data["states"]:
        whole["states"] = good or {"lost": StateForm(title="lost")}
    if isinstance(data.get("transitions"), dict) and data["transitions"]:
        whole["transitions"] = _by_name(transitions) or {"lost": (_LOST,)}
    lifecycle = reader.model(Lifecycle, whole)
    names = [data.get(key) or default for key, default in _NAMES.items()]
    name, record, field = (str(one) for one in names)
    sound = not reader.findings
    sketch = LifecycleSketch(
        name, record, field, reader.tree, good, tuple(transitions), blocks, sound
    )
    return sketch, lifecycle if sound else None


_NAMES = {"lifecycle": "", "record": "", "field": "state"}


def _state(reader: Reader, form: Any, path: Path, blocks: dict[Path, Actions]) -> StateForm | None:
    """Read a state; a broken task or timer is left out, and the rest of the state is still read."""
    if not isinstance(form, dict):
        return reader.model(StateForm, form, path)
    reader.meant(StateForm, path)
    given = dict(form)
    if isinstance(form.get("tasks"), list):
        read = (
            reader.model(TaskForm, one, (*path, "tasks", at))
            for at, one in enumerate(form["tasks"])
        )
        given["tasks"] = tuple(task for task in read if task is not None)
    if isinstance(form.get("timers"), list):
        timers = []
        for at, one in enumerate(form["timers"]):
            where: Path = (*path, "timers", at)
            reader.meant(TimerForm, where)
            timer = reader.model(TimerForm, _with_do(reader, one, where, blocks), where)
            timers += [timer] if timer is not None else []
        given["timers"] = tuple(timers)
    return reader.model(StateForm, given, path)


def _with_do(reader: Reader, data: Any, path: Path, blocks: dict[Path, Actions]) -> Any:
    """Return data whose `do:` holds actions, kept as the block of `path`.

    With every action broken, `do` is still not empty for the author."""
    if not isinstance(data, dict) or "do" not in data:
        return data
    blocks[path] = tuple(reader.actions(data["do"], (*path, "do")))
    lost = (Action(),) if data["do"] else ()
    return {**data, "do": _forms(blocks[path]) or lost}


_LOST = Transition.model_validate({"from": "lost", "to": "lost", "by": "lost"})


def _by_name(found: list[tuple[str, Path, Transition]]) -> dict[str, tuple[Transition, ...]]:
    names = dict.fromkeys(name for name, _, _ in found)
    return {name: tuple(form for other, _, form in found if other == name) for name in names}


def _items(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, dict) else []


def _several(form: Any, path: Path) -> list[tuple[Path, Any]]:
    """Return the forms of a transition, one or a list, with their paths."""
    if isinstance(form, list) and form:
        return [((*path, at), one) for at, one in enumerate(form)]
    return [(path, form)]
