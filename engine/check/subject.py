"""What the rules look at: a project, and what is wrong in its expressions, found once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from engine.check.flow_names import Scopes
from engine.check.report_uses import of_report
from engine.check.use import Use
from engine.check.uses import uses_of, uses_of_flow
from engine.errors import Finding, Place, say
from engine.expressions.check import Problem, Scope, fits, infer
from engine.expressions.parse import ExpressionError, Node, names, parse, readings
from engine.expressions.suggest import hint
from engine.expressions.template import parse_template
from engine.expressions.types import Choice, Number, Optional, Type, bare, title
from engine.load.project import Project
from engine.load.sketch import FlowSketch
from engine.load.texts import file_of
from engine.schema.texts import PlantText


@dataclass(frozen=True)
class Subject:
    """A project with the problems of its expressions and texts."""

    project: Project

    @cached_property
    def scopes(self) -> Scopes:
        """The names at each place of every flow."""
        return Scopes(self.project)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every expression and text with holes."""
        reports = self.project.reports.values()
        of_reports = (use for form in reports for use in of_report(self.project, form))
        return (*uses_of(self.project, self.scopes), *of_reports)

    @cached_property
    def texts(self) -> tuple[tuple[PlantText, Place], ...]:
        """Every text that people read, with its place."""
        project = self.project
        return tuple(
            (text, project.trees[file_of(project, text)].place(text.path))
            for text in (project.texts() if project.translations else ())
        )

    @cached_property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong in expressions and texts."""
        return tuple(finding for use in self.uses for finding in _of(use))


def problems_of_flow(project: Project, sketch: FlowSketch) -> Iterator[Finding]:
    """Give what is wrong in the expressions and texts of one flow, as it stands in a sketch."""
    return (found for use in uses_of_flow(project, Scopes(project), sketch) for found in _of(use))


def of_expressions(code: str) -> Callable[[Subject], Iterator[Finding]]:
    """Return a rule's function: the problems of expressions that have its code."""

    def find(subject: Subject) -> Iterator[Finding]:
        return (finding for finding in subject.problems if finding.code == code)

    return find


def _of(use: Use) -> Iterator[Finding]:
    try:
        if use.holes:
            for hole in parse_template(use.text).holes:
                part = replace(use, text=hole.source, offset=use.offset + hole.offset)
                if hole.forms:
                    part = replace(part, wanted=Number(), code="F206", what="счёту")
                yield from _problems(part, hole.node)
        else:
            yield from _problems(use, parse(use.text))
    except ExpressionError as error:
        place = use.tree.inside(use.path, use.offset + error.offset, error.width)
        yield Finding(place, error.code, error.message, error.hint)


def _problems(use: Use, node: Node) -> Iterator[Finding]:
    if not use.names.unknown.isdisjoint(names(node)):
        return
    scope = use.names.scope
    option = _option(use, node, scope)
    if option is not None:
        yield from (_finding(use, problem) for problem in option)
        return
    found, problems = infer(node, scope)
    problems = problems or tuple(_namesakes(use, node))
    yield from (_finding(use, problem) for problem in problems)
    if found is None or problems or use.wanted is None or fits(found, use.wanted, scope.records):
        return
    yield _finding(use, _mismatch(use, found, use.wanted, scope))


def _namesakes(use: Use, node: Node) -> Iterator[Problem]:
    """Give the options that a question further on is called like: once it has been asked, the same
    word is its answer. What was read without a problem and is no field yet is an option."""
    later = use.later or {}
    for part in readings(node):
        word = node.source(part)
        if word in later and word not in (use.inner or {}):
            message = say(
                "«{word}» здесь вариант, а в строке {line} так зовётся вопрос",
                word=word,
                line=later[word],
            )
            remedy = say("переименуйте вариант «{word}» или вопрос", word=word)
            yield Problem(node.offset(part), node.width(part), "F311", message, remedy)


def _option(use: Use, node: Node, scope: Scope) -> tuple[Problem, ...] | None:
    """Return what is wrong with a bare code where one of some options is wanted; None elsewhere."""
    choice = bare(use.wanted) if use.wanted else None
    word = use.text.strip()
    if not isinstance(choice, Choice) or not word.isidentifier() or word in scope.fields:
        return None
    if word in choice.options or word in (use.later or {}):
        return () if word in choice.options else None
    message = say("{what} не подходит «{word}»: такого варианта нет", what=use.what, word=word)
    offset = len(use.text) - len(use.text.lstrip())
    return (Problem(offset, len(word), "F305", message, hint(word, choice.options)),)


def _mismatch(use: Use, found: Type, wanted: Type, scope: Scope) -> Problem:
    width = len(use.text)
    if isinstance(found, Optional) and fits(found.item, wanted, scope.records):
        message = say(
            "«{text}» может быть не задано, а {what} нужно значение", text=use.text, what=use.what
        )
        remedy = "спросите его обязательно (без skip) или дайте шагу «otherwise:»"
        return Problem(0, width, "F402", message, remedy)
    message = say(
        "{what} нужно: {wanted}, а это: {found}",
        what=use.what,
        wanted=title(wanted),
        found=title(found),
    )
    remedy = say("дайте значение нужного вида: {wanted}", wanted=_example(wanted))
    return Problem(0, width, use.code, message, remedy)


def _example(wanted: Type) -> str:
    examples = {
        "Truth": "условие, например weight > 0",
        "Date": "дату, например today()",
        "Integer": "целое число, например 10",
        "Record": "запись: поле шага pick или результат «as:»",
        "Files": "поле шага photos",
        "Text": "поле шага text или текст в кавычках",
    }
    return examples.get(type(bare(wanted)).__name__, title(wanted))


def _finding(use: Use, problem: Problem) -> Finding:
    place = use.tree.inside(use.path, use.offset + problem.offset, problem.width)
    word = use.text[problem.offset : problem.offset + problem.width]
    if problem.code == "F303" and use.inner and word in use.inner:
        message = say("«{word}» — поле строки, а здесь весь список", word=word)
        remedy = say("столбец списка: {list}.{word}", list=use.inner[word], word=word)
        return Finding(place, "F303", message, remedy, use.consequence)
    if problem.code == "F303" and use.later and word in use.later:
        message = say(
            "поле «{word}» здесь ещё не задано: его спрашивают в строке {later}",
            word=word,
            later=use.later[word],
        )
        remedy = "переставьте шаги или читайте поле, которое уже есть"
        return Finding(place, "F401", message, remedy, use.consequence)
    code = "F202" if use.holes and problem.code == "F303" else problem.code
    return Finding(place, code, problem.message, problem.hint, use.consequence)
