"""F404: a deviation that nobody can end, or that would never begin."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.tree import Path, Tree
from engine.steps.base import LimitedStep, OnDeviation

PARKED = "форма стояла бы, и никто не мог бы её отпустить"


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every limit and what follows outside it."""
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if not isinstance(step, LimitedStep):
                continue
            if step.limit and step.on_deviation is None:
                place, message = (
                    sketch.tree.key((*path, "limit")),
                    "не сказано, что делать вне лимита",
                )
                remedy = "добавьте «on_deviation:» с тем, кто решает, и ответами"
                yield Finding(place, "F404", message, remedy, PARKED)
            if step.on_deviation is not None and not step.limit:
                place = sketch.tree.key((*path, "on_deviation"))
                message = "отклонение без лимита не наступит никогда"
                yield Finding(
                    place, "F404", message, "добавьте «limit:» или уберите «on_deviation:»"
                )
            if step.on_deviation is not None:
                yield from _answers(sketch.tree, (*path, "on_deviation"), step.on_deviation)


def _answers(tree: Tree, path: Path, deviation: OnDeviation) -> Iterator[Finding]:
    answers = deviation.answers
    if all(answer.end for answer in answers.values()):
        message = "ни один ответ не ведёт дальше"
        yield Finding(tree.key((*path, "answers")), "F404", message, "добавьте ответ без «end:»")
    if not any(answer.end for answer in answers.values()):
        message, remedy = "ни один ответ не отказывает", "дайте ответу отказа «end: refused»"
        yield Finding(tree.key((*path, "answers")), "F404", message, remedy)
    for code, answer in answers.items():
        if answer.save and not answer.end and any(one.end for one in answers.values()):
            message = say(
                "«save» ответа «{code}» не выполнится: форма на нём не кончается", code=code
            )
            remedy = "добавьте «end: refused» или перенесите действия в «save:» формы"
            yield Finding(tree.key((*path, "answers", code, "save")), "F404", message, remedy)


RULE = Rule(
    "F404",
    "у отклонения нет пути дальше",
    find,
    (
        Example(
            FLOW,
            "    limit: temperature(condition)\n",
            "",
            "    limit: temperature( condition )\n",
            "on_deviation",
            "limit",
        ),
        Example(FLOW, "end: refused, ", "", "end: refused , ", "answers:", "end: refused"),
    ),
    "Форма остановилась бы на отклонении, и никто не мог бы её отпустить — или отклонение "
    "не наступило бы никогда.",
)
