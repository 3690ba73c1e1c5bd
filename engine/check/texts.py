"""F201, F202: texts that Telegram would refuse, and holes that cannot be filled."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Example, Rule
from engine.check.uses import Use, templates
from engine.errors import Finding
from engine.expressions.check import infer
from engine.expressions.parse import ExpressionError
from engine.expressions.template import parse_template
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.choice import ChoiceStep
from engine.steps.number import NumberStep

LONGEST_TEXT, LONGEST_BUTTON = 3500, 40  # of 4096 some is left for the heading and for what fills the holes
FLOW = "flows/area/delivery.yaml"


def find(project: Project) -> Iterator[Finding]:
    """Give texts that are too long and holes that are broken or name nothing."""
    for use in templates(project):
        if len(use.text) > LONGEST_TEXT:
            yield Finding(use.tree.place(use.path), "F201", f"текст длиннее {LONGEST_TEXT} знаков: {len(use.text)}",
                          "Telegram не покажет его одним сообщением: сократите")
        yield from _holes(use)
    yield from _buttons(project)


def _holes(use: Use) -> Iterator[Finding]:
    try:
        holes = parse_template(use.text).holes
    except ExpressionError as error:
        yield Finding(use.tree.inside(use.path, error.offset, error.width), "F202", error.message, error.hint)
        return
    for hole in holes:
        for problem in infer(hole.node, use.scope)[1]:
            place = use.tree.inside(use.path, hole.offset + problem.offset, problem.width)
            code = "F202" if problem.code == "F303" else problem.code
            yield Finding(place, code, problem.message, problem.hint)


def _buttons(project: Project) -> Iterator[Finding]:
    for flow in project.flows.values():
        tree = project.tree("flow", flow.flow)
        for at, step in enumerate(flow.steps):
            path: Path = ("steps", at)
            if isinstance(step, ChoiceStep):
                yield from _long(tree, {(*path, "options", code): title for code, title in step.options.items()})
            if isinstance(step, NumberStep):
                yield from _long(tree, {(*path, "buttons", title): title for title in step.buttons})
                answers = step.on_deviation.answers if step.on_deviation else {}
                yield from _long(tree, {(*path, "on_deviation", "answers", code, "title"): answer.title
                                        for code, answer in answers.items()})


def _long(tree: Tree, titles: dict[Path, str]) -> Iterator[Finding]:
    for path, title in titles.items():
        if len(title) > LONGEST_BUTTON:
            yield Finding(tree.place(path), "F201", f"на кнопке не больше {LONGEST_BUTTON} знаков, а здесь {len(title)}",
                          "сократите название")


RULE = Rule(
    {"F201": "текст длиннее, чем покажет Telegram", "F202": "в тексте нечем заполнить скобки"},
    find,
    (
        Example("F201", FLOW, "chilled: Охлаждённое,", "chilled: Охлаждённое и привезённое в машине с работающим холодом,",
                "chilled: Холодное,", "Охлаждённое и", "сократите"),
        Example("F202", FLOW, '"Почему {weight}?"', '"Почему {wieght}?"', '"Почему {weight} кг?"', "wieght", "weight"),
    ),
)
