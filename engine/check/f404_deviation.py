"""F404: a deviation that nobody can end, or whose refusal is refused, or that would never
begin."""

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
        if answer.end and answer.comment != "required":
            yield _silent(tree, (*path, "answers", code), code)
        if answer.save and not answer.end and any(one.end for one in answers.values()):
            message = say(
                "«save» ответа «{code}» не выполнится: форма на нём не кончается", code=code
            )
            remedy = "добавьте «end: refused» или перенесите действия в «save:» формы"
            yield Finding(tree.key((*path, "answers", code, "save")), "F404", message, remedy)


def _silent(tree: Tree, path: Path, code: str) -> Finding:
    """An answer that refuses what was asked is kept with its reason; without one it is refused
    itself."""
    message = say("ответ «{code}» отказывает, а причина у него не обязательна", code=code)
    remedy = "отказ без причины не примут: поставьте ответу «comment: required»"
    written = (*path, "comment")
    place = tree.place(written) if written in tree.values else tree.key((*path, "end"))
    return Finding(place, "F404", message, remedy)


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
        Example(
            FLOW,
            "comment: required, ",
            "comment: optional, ",
            "comment: required , ",
            "optional",
            "comment: required",
        ),
    ),
    "Форма остановилась бы на отклонении, и никто не мог бы её отпустить: некому, или отказ "
    "без причины не примут. Или отклонение не наступило бы никогда.",
)
