"""F403: a flow that saves or tells others without showing the answers first. One that only shows
something to whoever opened it keeps no answers, so it has none to look through."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.document import DocumentAction
from engine.actions.open import OpenAction
from engine.actions.reply import ReplyAction
from engine.actions.report import ReportAction
from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding
from engine.load.sketch import FlowSketch

FOR_ONESELF = (ReplyAction, ReportAction, DocumentAction, OpenAction)


def find(subject: Subject) -> Iterator[Finding]:
    """Look for the review at the end of every flow that is not called by others."""
    for sketch in subject.project.sketches.values():
        if not sketch.called:
            yield from _of(sketch)


def _of(sketch: FlowSketch) -> Iterator[Finding]:
    reviews = [path for path, step in sketch.steps if step.kind == "review"]
    is_wanted = not (reviews or sketch.review_is_lost or _only_shows(sketch))
    if is_wanted and sketch.tree.at(("steps",)):
        if ("save",) in sketch.tree.keys:
            place, message = sketch.tree.key(("save",)), "перед сохранением нет проверки ответов"
        else:
            place, message = sketch.tree.key(("steps",)), "у формы нет последнего шага «review»"
        remedy = "добавьте последним шагом «- review: {save: Сохранить}»"
        yield Finding(place, "F403", message, remedy)
    for path in reviews:
        if path != ("steps", len(sketch.tree.at(("steps",))) - 1):
            remedy = "переставьте «review» в конец: шаги после неё не попали бы в проверку"
            message = "проверка ответов стоит не последней"
            yield Finding(sketch.tree.key((*path, "review")), "F403", message, remedy)


def _only_shows(sketch: FlowSketch) -> bool:
    """Tell whether a flow asks what it shows: it saves nothing, and its end is for the one who
    asked. A flow with no end at all has lost one."""
    ends = [action for _, action in sketch.blocks.get("after", ())]
    saves = ("save",) in sketch.tree.keys
    return bool(ends) and not saves and all(isinstance(action, FOR_ONESELF) for action in ends)


RULE = Rule(
    "F403",
    "форма сохраняется без проверки ответов",
    find,
    (
        Example(
            FLOW,
            "  - review: {save: Сохранить}\nsave:\n",
            "save:\n",
            "  - review: {save: Готово}\nsave:\n",
            "save:",
            "review",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - review: {save: Готово}\n  - integer: tags\n",
            "  - integer: labels\n",
            "review",
            "в конец",
        ),
    ),
    "Рабочий не увидел бы своих ответов перед сохранением и не смог бы их исправить.",
)
