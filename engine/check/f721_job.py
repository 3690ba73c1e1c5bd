"""F721: a job that is not there, or a parameter that does not fit it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, JOB, TAGS
from engine.check.rule import Example, Rule
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.words import Starts

_of_types = of_expressions("F721")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every job that a question starts, and its parameters; the types of what is given are
    found with the expressions."""
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if step.starts is not None:
                yield from _job(subject.project, sketch.tree, (*path, "starts"), step.starts)
    yield from _of_types(subject)


def _job(project: Project, tree: Tree, path: Path, starts: Starts) -> Iterator[Finding]:
    jobs = project.vocabulary.jobs
    place, form = tree.place((*path, "job")), jobs.get(starts.job)
    if form is None:
        message = say("нет задания «{job}»", job=starts.job)
        yield Finding(place, "F721", message, hint(starts.job, jobs, "задания") or "уберите его")
        return
    unknown = [name for name in starts.with_ if name not in form.params]
    for name in unknown:
        message = say("у задания «{job}» нет параметра «{name}»", job=starts.job, name=name)
        remedy = hint(name, form.params, "параметры") or "уберите его"
        yield Finding(tree.key((*path, "with", name)), "F721", message, remedy)
    needed = [name for name, kind in form.params.items() if not kind.endswith("?")]
    missing = [name for name in needed if name not in starts.with_]
    if len(missing) > len(unknown):  # a mistyped one is the missing one
        message = say("заданию не хватает параметров: {names}", names=", ".join(missing))
        remedy = say("добавьте в «with:» ключ «{key}»", key=missing[0])
        yield Finding(place, "F721", message, remedy)


_GOOD = JOB + TAGS

RULE = Rule(
    "F721",
    "задание или его параметр не подходят",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("search", "serach"),
            _GOOD,
            "serach",
            "search",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("{number:", "{nubmer:"),
            _GOOD,
            "nubmer",
            "number",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace("number: slip", "number: weight"),
            _GOOD,
            "weight}}",
            "text",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            _GOOD.replace(", with: {number: slip}", ""),
            _GOOD,
            "search",
            "number",
        ),
    ),
    "Поиск не начался бы, и форма ждала бы ответа, которого не будет.",
)
