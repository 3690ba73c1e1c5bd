"""F106, F403, F404: names used twice, a flow without its review, a deviation without a way on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Example, Rule
from engine.errors import Finding
from engine.load.project import Project
from engine.load.tree import Tree
from engine.schema.flow import Flow
from engine.steps.number import NumberStep

FLOW = "flows/area/delivery.yaml"


def find(project: Project) -> Iterator[Finding]:
    """Look at the order of every flow."""
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        yield from _names(flow, tree)
        yield from _review(flow, tree)
        yield from _deviations(flow, tree)


def _names(flow: Flow, tree: Tree) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for at, step in enumerate(flow.steps):
        if step.name in first:
            line = tree.place(("steps", first[step.name])).line
            yield Finding(tree.place(("steps", at, step.kind)), "F106", f"поле «{step.name}» уже есть в строке {line}",
                          "дайте другое имя")
        first.setdefault(step.name, at)


def _review(flow: Flow, tree: Tree) -> Iterator[Finding]:
    reviews = [at for at, step in enumerate(flow.steps) if step.kind == "review"]
    if flow.save and not reviews:
        yield Finding(tree.key(("save",)), "F403", "перед сохранением нет проверки ответов",
                      "добавьте последним шагом «- review: {save: Сохранить}»")
    for at in reviews:
        if at != len(flow.steps) - 1:
            yield Finding(tree.key(("steps", at, "review")), "F403", "проверка ответов стоит не последней",
                          "переставьте «review» в конец: шаги после неё не попали бы в проверку")


def _deviations(flow: Flow, tree: Tree) -> Iterator[Finding]:
    for at, step in enumerate(flow.steps):
        if not isinstance(step, NumberStep):
            continue
        if step.limit and step.on_deviation is None:
            yield Finding(tree.key(("steps", at, "limit")), "F404", "не сказано, что делать за пределом",
                          "добавьте «on_deviation:» с тем, кто решает, и ответами")
        if step.on_deviation and not step.limit:
            yield Finding(tree.key(("steps", at, "on_deviation")), "F404", "отклонение без предела не наступит никогда",
                          "добавьте «limit:» или уберите «on_deviation:»")
        if step.on_deviation and all(answer.end for answer in step.on_deviation.answers.values()):
            yield Finding(tree.key(("steps", at, "on_deviation", "answers")), "F404",
                          "ни один ответ не ведёт дальше", "добавьте ответ без «end:»")


RULE = Rule(
    {"F403": "форма сохраняется без проверки", "F404": "у отклонения нет пути дальше"},
    find,
    (
        Example("F106", FLOW, "  - integer: tags\n", "  - integer: weight\n", "  - integer: labels\n", "weight\n    range: [0",
                "другое имя"),
        Example("F403", FLOW, "  - review: {save: Сохранить}\n", "", "  - review: {save: Готово}\n", "save:", "review"),
        Example("F404", FLOW, "    limit: temperature(condition)\n", "", "    limit: temperature(condition)\n",
                "on_deviation", "limit"),
    ),
)
