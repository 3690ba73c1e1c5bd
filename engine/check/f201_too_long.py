"""F201: texts and buttons longer than Telegram shows (4096 characters, 1024 beside a picture)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, Place, say
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.model.labels import LONGEST
from engine.steps.base import Step
from engine.steps.bounds import BoundedStep
from engine.steps.number import NumberStep
from engine.steps.options import OptionsStep
from engine.steps.review import ReviewStep

TEXT = 3500  # of 4096: some is left for the heading and for what fills the holes
CAPTION = 300  # of 1024: beside the pictures of a decision stand the answers too
BUTTON = LONGEST


def find(subject: Subject) -> Iterator[Finding]:
    """Measure texts with holes, titles of buttons, heads of decision cards."""
    for tree in subject.project.trees.values():
        for path in tree.values:
            text = tree.at(path)
            if isinstance(text, str) and len(text) > TEXT:
                yield finding(tree.place(path), "F201", "текст", TEXT, text)
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            for where, title in _buttons(path, step):
                if len(title) > BUTTON:
                    at = _place(sketch.tree, where)
                    yield finding(at, "F201", "название кнопки", BUTTON, title)
            deviation = step.on_deviation if isinstance(step, NumberStep) else None
            if deviation is not None and len(deviation.title) > CAPTION:
                place = sketch.tree.place((*path, "on_deviation", "title"))
                yield finding(place, "F201", "подпись к фото", CAPTION, deviation.title)


def _place(tree: Tree, path: Path) -> Place:
    """Return the place of a title: of the key where the key is the title."""
    return tree.key(path) if path[-2:-1] == ("buttons",) else tree.place(path)


def titles(project: Project) -> tuple[set[str], set[str]]:
    """Return the titles of buttons of all flows, and the texts that stand beside pictures."""
    buttons, captions = set[str](), set[str]()
    for sketch in project.sketches.values():
        for path, step in sketch.steps:
            buttons |= {title for _, title in _buttons(path, step)}
            if isinstance(step, NumberStep) and step.on_deviation is not None:
                captions.add(step.on_deviation.title)
    return buttons, captions


def finding(place: Place, code: str, what: str, most: int, text: str) -> Finding:
    """Say that a text is too long."""
    message = say("{what} длиннее {most} знаков: {count}", what=what, most=most, count=len(text))
    return Finding(place, code, message, "сократите: иначе Telegram не покажет его целиком")


def _buttons(path: Path, step: Step) -> Iterator[tuple[Path, str]]:
    yield (*path, "label"), step.label
    if isinstance(step, OptionsStep):
        for code, form in step.options.items():
            yield (*path, "options", code, "title"), form.title
    if isinstance(step, BoundedStep):
        yield from (((*path, "buttons", title), title) for title in step.buttons)
    if isinstance(step, ReviewStep):
        yield (*path, "review", "save"), step.save
    if isinstance(step, NumberStep) and step.on_deviation is not None:
        inner: Path = (*path, "on_deviation")
        yield (*inner, "leave"), step.on_deviation.leave
        for code, answer in step.on_deviation.answers.items():
            yield (*inner, "answers", code, "title"), answer.title


RULE = Rule(
    "F201",
    "текст длиннее, чем покажет Telegram",
    find,
    (
        Example(
            FLOW,
            "chilled: Охлаждённое,",
            "chilled: Охлаждённое и привезённое в машине с холодом,",
            "chilled: Холодное,",
            "Охлаждённое и",
            "сократите",
        ),
    ),
    "Telegram не принимает сообщение длиннее 4096 знаков, а длинную кнопку обрезает: "
    "рабочий не увидит её конца.",
)
