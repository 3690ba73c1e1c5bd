"""A lifecycle as a picture: states with their owners, transitions, who does them."""

from __future__ import annotations

from engine.drawing.mermaid import Chart
from engine.run.around import crew_named
from engine.run.machine import BEFORE_BIRTH, LifecycleMachine
from engine.schema.lifecycle import SAME, SYSTEM, Transition
from engine.schema.project import ProjectFile

MANY = 3  # states from which a transition is drawn as one arrow from a box of them


def draw_lifecycle(machine: LifecycleMachine, project: ProjectFile) -> str:
    """Return the Mermaid text of a lifecycle, read from its machine. What leaves many states in
    the same way is drawn once, from a box that says how many."""
    life, chart = machine.lifecycle, Chart()
    if BEFORE_BIRTH not in life.states:
        chart.node(BEFORE_BIRTH, " ", "birth")
    for name, form in life.states.items():
        owner = f"\nждёт: {_who((form.owner,), project)}" if form.owner else ""
        shape, kind = ("end", "done") if form.final else ("step", "")
        chart.node(name, form.title + owner, shape, kind)
    for state in dict.fromkeys((BEFORE_BIRTH, *life.states)):
        for name in machine.leaving(state):
            for way in machine.transition(name, state):
                if len(way.sources) <= MANY:
                    to = state if way.to == SAME else way.to
                    _edge(chart, project, state, to, name, way)
    for name, ways in life.transitions.items():
        for at, way in enumerate(ways):
            if len(way.sources) > MANY:
                box = f"{name} {at}"
                first, last = (machine.title(one) for one in (way.sources[0], way.sources[-1]))
                chart.node(box, f"{len(way.sources)} состояний:\n{first} … {last}", "end", "system")
                _edge(chart, project, box, box if way.to == SAME else way.to, name, way)
    return str(chart)


def _edge(
    chart: Chart, project: ProjectFile, state: str, to: str, name: str, form: Transition
) -> None:
    words = [form.title or name]
    if form.when:
        words.append(f"если {form.when}")
    people = tuple(role for role in form.by.roles if role != SYSTEM)
    words.append(_who(people, project) if people else "система")
    if form.sign is not None:
        words.append(f"подпись: {_who(form.sign.by, project)}")
    chart.edge(state, to, "\n".join(words), dotted=not people)


def _who(words: tuple[str, ...], project: ProjectFile) -> str:
    crews = ((word, crew_named(word)) for word in words)
    return ", ".join(f"бригада {crew}" if crew else project.roles.get(word, word)
                     for word, crew in crews)  # fmt: skip
