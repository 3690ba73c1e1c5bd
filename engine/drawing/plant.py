"""The whole plant as a picture: who starts which form, what it does with which records, which work
their states bring to whom."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.fire import FireAction
from engine.actions.run import RunAction
from engine.drawing.mermaid import Chart
from engine.run.around import crew_named
from engine.run.program import Sources
from engine.schema.flow import Flow
from engine.schema.lifecycle import SYSTEM, Lifecycle
from engine.schema.project import ProjectFile
from engine.steps.pick import PickStep


def draw_plant(sources: Sources) -> str:
    """Return the Mermaid text of the plant."""
    chart, project = Chart("LR"), sources.project
    edges = _Edges()
    for name, flow in sources.flows.items():
        roles = flow.roles or _crew(project, flow.crew)
        for role in () if flow.anywhere else roles:  # from any question, whoever is asked it
            edges.add(f"role:{role}", f"flow:{name}", "")
        for reached, transition in _fired(flow, sources):
            edges.add(f"flow:{name}", f"life:{reached}", transition)
    for name, life in sources.lifecycles.items():
        for kind, flow_name, role in _tasks(life, project):
            edges.add(f"life:{name}", f"flow:{flow_name}" if flow_name else f"role:{role}", kind)
        for role, title in _pressed(life, project):
            edges.add(f"role:{role}", f"life:{name}", title)
    used = edges.names()
    for role, words in project.roles.items():
        if f"role:{role}" in used:
            chart.node(f"role:{role}", words, "who", "who")
    for name, flow in sources.flows.items():
        chart.node(f"flow:{name}", flow.title)
    for name, life in sources.lifecycles.items():
        chart.node(f"life:{name}", life.title, "life", "life")
    for one, other, said in edges.joined():
        chart.edge(one, other, said, dotted=one.startswith("life:"))
    return str(chart)


class _Edges:
    """Edges between nodes, the words of those between the same two put together."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, one: str, other: str, word: str) -> None:
        self._words.setdefault((one, other), {})[word] = None

    def names(self) -> set[str]:
        return {name for pair in self._words for name in pair}

    def joined(self) -> Iterator[tuple[str, str, str]]:
        for (one, other), words in self._words.items():
            said = [word for word in words if word]
            many = f"{', '.join(said[:2])} и ещё {len(said) - 2}" if len(said) > 3 else ""
            yield one, other, many or ", ".join(said)


def _fired(flow: Flow, sources: Sources) -> Iterator[tuple[str, str]]:
    """Give the lifecycles whose transitions a flow fires, with their titles."""
    kinds = _kinds(flow, sources)
    for action in (*flow.save, *flow.after):
        if isinstance(action, FireAction):
            kind = _kind(action.on, kinds, sources)
            for name, life in sources.lifecycles.items():
                forms = life.forms(action.fire)
                if forms and kind in ("", life.record):
                    yield name, forms[0].title or action.fire


def _kinds(flow: Flow, sources: Sources) -> dict[str, str]:
    """Return the kinds of the records that a flow knows, by name."""
    vocabulary = sources.vocabulary
    kinds = {name: notation.rstrip("?") for name, notation in flow.given.items()}
    for step in flow.steps:
        if isinstance(step, PickStep):
            kinds[step.name] = vocabulary.sources.get(step.from_.partition("(")[0], "")
    for action in (*flow.save, *flow.after):
        if isinstance(action, RunAction) and action.run in vocabulary.operations:
            kinds[action.as_] = vocabulary.operations[action.run].result or ""
        for name, listed in action.each.items():
            kinds[name] = vocabulary.sources.get(listed.partition("(")[0], "")
    return kinds


def _kind(text: str, kinds: dict[str, str], sources: Sources) -> str:
    """Return the kind of a record named by a path; empty when it cannot be told."""
    first, *path = text.strip().split(".")
    kind = kinds.get(first, "")
    for name in path:
        kind = sources.vocabulary.records.get(kind, {}).get(name, "").rstrip("?")
    return kind


def _tasks(life: Lifecycle, project: ProjectFile) -> Iterator[tuple[str, str, str]]:
    for state in life.states.values():
        for task in state.tasks:
            for word in task.for_:
                for role in _roles(word, project):
                    yield state.title, task.flow, role


def _pressed(life: Lifecycle, project: ProjectFile) -> Iterator[tuple[str, str]]:
    """Give the buttons of tasks with the roles that press them."""
    buttons = {name for state in life.states.values() for task in state.tasks
               for name in task.buttons}  # fmt: skip
    for name, forms in life.transitions.items():
        for form in forms:
            for word in form.by.roles:
                if name in buttons and word != SYSTEM:
                    yield from ((role, form.title or name) for role in _roles(word, project))


def _roles(word: str, project: ProjectFile) -> tuple[str, ...]:
    crew = crew_named(word)
    if crew is not None:
        return _crew(project, crew)
    return (word,) if word in project.roles else ()


def _crew(project: ProjectFile, crew: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.role for line in project.crews.get(crew, ())))
