"""A flow as a picture: questions in order, conditions, rows, deviations with who decides, what is
saved."""

from __future__ import annotations

from collections.abc import Iterable

from engine.actions.base import Action
from engine.drawing.mermaid import Chart
from engine.schema.flow import Flow
from engine.schema.project import ProjectFile
from engine.steps.base import OnDeviation, Step
from engine.steps.call import CallStep
from engine.steps.group import GroupStep
from engine.steps.repeat import RepeatStep
from engine.steps.wait import WaitStep

START, SAVED = "start", "saved"


def draw_flow(flow: Flow, project: ProjectFile) -> str:
    """Return the Mermaid text of a flow."""
    chart = Chart()
    who = f"бригада {flow.crew}" if flow.crew else ", ".join(
        project.roles.get(role, role) for role in flow.roles
    )  # fmt: skip
    chart.node(START, f"{flow.title}\n{who}" if who else flow.title, "who", "who")
    last = _steps(chart, project, flow.steps, [(START, "")], "")
    done = [*_said(flow.save, "сохранить"), *_said(flow.after, "потом")]
    chart.node(SAVED, "\n".join(done) or "Готово", "end", "done")
    _join(chart, last, SAVED)
    return str(chart)


Ends = list[tuple[str, str]]  # where the next thing is entered from, with the word on the edge


def _steps(
    chart: Chart, project: ProjectFile, steps: Iterable[Step], ends: Ends, inside: str
) -> Ends:
    for step in steps:
        name = f"{inside}{step.name}"
        if step.when is not None:
            chart.node(f"if {name}", step.when, "choice")
            _join(chart, ends, f"if {name}")
            ends = _step(chart, project, step, name, [(f"if {name}", "да")])
            ends = [*ends, (f"if {name}", "нет")]
        else:
            ends = _step(chart, project, step, name, ends)
    return ends


def _step(chart: Chart, project: ProjectFile, step: Step, name: str, ends: Ends) -> Ends:
    if isinstance(step, GroupStep | RepeatStep):
        return _block(chart, project, step, name, ends)
    shape = "flow" if isinstance(step, CallStep) else "step"
    chart.node(name, _title(step), shape)
    _join(chart, ends, name)
    ways: Ends = [(name, "")]
    deviation = getattr(step, "on_deviation", None)
    if isinstance(deviation, OnDeviation):
        ways += _deviation(chart, project, deviation, name)
    return ways


def _block(
    chart: Chart, project: ProjectFile, step: GroupStep | RepeatStep, name: str, ends: Ends
) -> Ends:
    again = isinstance(step, RepeatStep)
    title = step.label or step.name
    chart.begin(f"block {name}", f"{title}: строки" if again else title)
    first = f"in {name} "
    chart.node(first, "ещё строка?" if again else "вопросы", "choice" if again else "step")
    inner = _steps(chart, project, step.steps, [(first, "да" if again else "")], first)
    if again:
        _join(chart, inner, first)
    chart.end()
    _join(chart, ends, first)
    return [(first, "готово")] if again else inner


def _deviation(chart: Chart, project: ProjectFile, deviation: OnDeviation, name: str) -> Ends:
    decide = deviation.decide
    roles = (decide,) if isinstance(decide, str) else decide
    who = ", ".join(project.roles.get(role, role) for role in roles)
    card = f"out {name}"
    chart.node(card, f"{deviation.title}\nрешает: {who}", "choice", "refused")
    chart.edge(name, card, "вне предела", dotted=True)
    ways: Ends = []
    for code, answer in deviation.answers.items():
        if answer.end == "refused":
            refused = f"out {name} {code}"
            chart.node(refused, "Отказ: форма кончается", "end", "refused")
            chart.edge(card, refused, answer.title)
        elif answer.end == "again":
            chart.edge(card, name, answer.title)
        else:
            ways.append((card, answer.title))
    return ways


def _title(step: Step) -> str:
    prompt = getattr(step, "prompt", "")
    said = prompt if isinstance(prompt, str) else ""
    if isinstance(step, WaitStep):
        said = said or step.until or step.for_
    if isinstance(step, CallStep):
        said = step.flow
    skip = " (можно пропустить)" if step.skip else ""
    return f"{step.kind}: {step.label or step.name}{skip}" + (f"\n{said}" if said else "")


def _said(actions: Iterable[Action], first: str) -> list[str]:
    words = []
    for action in actions:
        what = getattr(action, action.kind, "")
        plain = what if isinstance(what, str) and action.kind not in ("reply",) else ""
        words.append(f"{action.kind} {plain}".strip())
    return [f"{first}: {', '.join(words)}"] if words else []


def _join(chart: Chart, ends: Ends, to: str) -> None:
    for name, word in ends:
        chart.edge(name, to, word)
