"""Flows and lifecycles as far as they could be read: what is checked even when a part is broken.

A broken part is left out and its names are `lost`, so that nothing else is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.actions.base import Action
from engine.load.forms import Reader
from engine.load.tree import Path, Tree
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle, StateForm, TaskForm, TimerForm, Transition
from engine.steps.base import Step
from engine.steps.number import NumberStep

Actions = tuple[tuple[Path, Action], ...]
BLOCKS = ("before", "save", "after")


@dataclass(frozen=True, slots=True)
class FlowSketch:
    """What could be read of a flow: steps and blocks of actions, each with its path in the file.

    Blocks are named as in the Program: `before`, `save`, `after`, `answer:<step>:<code>`."""

    name: str
    tree: Tree
    steps: tuple[tuple[Path, Step], ...]
    blocks: Mapping[str, Actions]
    lost: frozenset[str]

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
    steps, lost = _steps(reader, data.get("steps"))
    blocks = {block: tuple(reader.actions(data.get(block), (block,))) for block in BLOCKS}
    for path, step in steps:
        if isinstance(step, NumberStep) and step.on_deviation is not None:
            for code, answer in step.on_deviation.answers.items():
                where = (*path, "on_deviation", "answers", code, "save")
                actions = tuple(reader.actions(list(answer.save), where))
                blocks[f"answer:{step.name}:{code}"] = actions
    for block in BLOCKS:
        lost |= _lost_results(data.get(block), len(blocks[block]))
    whole = {**data, **{block: _forms(blocks[block]) for block in BLOCKS}}
    if isinstance(data.get("steps"), list) and data["steps"]:
        # With every step broken, the list is not empty for the author.
        whole["steps"] = tuple(step for _, step in steps) or (Step(name="lost"),)
    broken = bool(reader.findings)
    flow = reader.model(Flow, whole)
    name = data.get("flow")
    sketch = FlowSketch(name if isinstance(name, str) else "", reader.tree, steps, blocks, lost)
    return sketch, None if broken else flow


def _steps(reader: Reader, data: Any) -> tuple[tuple[tuple[Path, Step], ...], frozenset[str]]:
    if not isinstance(data, list):
        return (), frozenset()
    found: list[tuple[Path, Step]] = []
    lost: set[str] = set()
    for at, item in enumerate(data):
        step = reader.step(item, ("steps", at))
        if step is not None:
            found.append((("steps", at), step))
        elif isinstance(item, dict):
            # Any of its first words may be the field that others read, or the review.
            lost |= {value for value in item.values() if isinstance(value, str)} | {"review"} & {
                *item
            }
    return tuple(found), frozenset(lost)


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
    blocks: dict[Path, Actions] = {}
    states = {
        name: _state(reader, form, ("states", name), blocks)
        for name, form in _items(data.get("states"))
    }
    transitions: list[tuple[str, Path, Transition]] = []
    for name, form in _items(data.get("transitions")):
        for path, one in _several(form, ("transitions", name)):
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
