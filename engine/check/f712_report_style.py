"""F712: a style that a report does not have, or has and never uses."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import REPORT
from engine.check.reports import blocks
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint, nearest
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.report import OWN_STYLES


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the styles that are named with those that there are."""
    project = subject.project
    used: dict[str, set[str]] = {name: set(OWN_STYLES) for name in project.reports}
    strange: dict[str, set[str]] = {name: set() for name in project.reports}
    for report, tree, path, style in _named(project):
        used[report].add(style)
        known = (*project.reports[report].styles, *OWN_STYLES)
        if style not in known:
            strange[report].add(style)
            message = say("нет стиля «{style}»", style=style)
            yield Finding(tree.place(path), "F712", message, hint(style, known, "стили"))
    for name, form in project.reports.items():
        tree = project.tree("report", name)
        for style in form.styles.keys() - used[name]:
            if nearest(style, strange[name]):
                continue  # it is the one that was mistyped
            message = say("стиль «{style}» ничему не дан", style=style)
            remedy = "назовите его у столбца («style:») или уберите"
            yield Finding(tree.key(("styles", style)), "F712", message, remedy)


def _named(project: Project) -> Iterator[tuple[str, Tree, Path, str]]:
    """Give every style that is named, with its place."""
    for one in blocks(project):
        for own, column, _ in one.columns():
            for name, style in (("style", column.style), ("head", column.head)):
                if style:
                    yield one.report.report, one.tree, (*own, name), style
        if one.form.zebra:
            yield one.report.report, one.tree, (*one.path, "zebra"), one.form.zebra
        pivot, group = one.form.pivot, one.form.group
        if pivot is not None and pivot.style:
            yield one.report.report, one.tree, (*one.path, "pivot", "style"), pivot.style
        for at, head in enumerate(pivot.heads if pivot else ()):
            if head.style:
                path: Path = (*one.path, "pivot", "heads", at, "style")
                yield one.report.report, one.tree, path, head.style
        if group is not None and group.first:
            yield one.report.report, one.tree, (*one.path, "group", "first"), group.first


RULE = Rule(
    "F712",
    "стиль отчёта не подходит",
    find,
    (
        Example(REPORT, "first: lead", "first: leed", "first:  lead", "leed", "lead"),
        Example(
            REPORT,
            "styles: {lead: {colour: FF0000}}",
            "styles: {lead: {colour: FF0000}, wide: {size: 20}}",
            "styles: {lead: {colour: FF0000}, body: {size: 12}}",
            "wide",
            "style:",
        ),
    ),
    "Таблица вышла бы не такой, какой её задумали.",
)
