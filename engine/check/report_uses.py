"""Every expression and every text of the reports: where it stands, what it may name, what is
wanted of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.scope import Names, base_names
from engine.check.use import Use
from engine.documents.reports import DESC, block_scope, each_scope, named_types, report_scope
from engine.expressions.scope import Scope
from engine.expressions.types import Date, Number, Optional, Truth
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.report import COUNT, EACH, PERIOD, SUM, BlockForm, PivotForm, ReportForm


def of_report(project: Project, form: ReportForm) -> Iterator[Use]:
    """Give the expressions and texts of a report."""
    tree = project.tree("report", form.report)
    outer = base_names(project)
    scope = report_scope(form, outer.scope)
    lost = frozenset(form.params) - scope.fields.keys()
    names = Names(scope, lost)
    for name, param in form.params.items():
        if param.default is not None:
            wanted = Date() if param.type == PERIOD else scope.fields.get(name)
            path: Path = ("params", name, "default")
            earlier = Names(replace(scope, fields={}), frozenset())
            yield Use(tree, path, param.default, earlier, Optional(wanted) if wanted else None)
        if param.since is not None:
            bare_names = Names(replace(scope, fields={}), frozenset())
            yield Use(tree, ("params", name, "since"), param.since, bare_names, Date())
    yield Use(tree, ("file",), form.file, names, holes=True)
    for name, text in form.cells.items():
        yield Use(tree, ("cells", name), text, names)
    if form.each is not None:
        yield Use(tree, ("each", "source"), form.each.source, names)
        inside = each_scope(form, scope)
        names = Names(inside, lost) if inside else names.without_type(EACH)
    for at, block in enumerate(form.blocks):
        yield from _of_block(tree, ("blocks", at), block, names)


def _of_block(tree: Tree, path: Path, block: BlockForm, names: Names) -> Iterator[Use]:
    yield Use(tree, (*path, "source"), block.source, names)
    yield Use(tree, (*path, "caption"), block.caption, names, holes=True)
    found = block_scope(block, names.scope)
    rows = Names(found, names.unknown) if found else names.without_type("it")
    if block.where is not None:
        yield Use(tree, (*path, "where"), block.where, rows, Truth())
    for param, text in block.filters.items():
        wanted = names.scope.fields.get(param)
        what = "отбору"
        inner: Path = (*path, "filters", param)
        yield Use(
            tree, inner, text, rows, Optional(wanted) if wanted else None, code="F715", what=what
        )
    for at, text in enumerate(block.order):
        yield Use(tree, (*path, "order", at), text.removesuffix(DESC), rows)
    columns = Names(Scope(named_types(block, found) if found else {}), frozenset())
    if found is None:
        columns = replace(columns, unknown=frozenset(one.name for one in block.columns))
    yield from _of_columns(tree, path, block, names, rows, columns)
    if block.group is not None:
        yield Use(tree, (*path, "group", "by"), block.group.by, rows)
        yield Use(tree, (*path, "group", "caption"), block.group.caption, rows, holes=True)
    if block.pivot is not None:
        yield from _of_pivot(tree, (*path, "pivot"), block.pivot, rows)


def _of_columns(
    tree: Tree, path: Path, block: BlockForm, names: Names, rows: Names, columns: Names
) -> Iterator[Use]:
    added = {column.name for column in block.columns if column.total}
    totals = {name: kind for name, kind in columns.scope.fields.items() if name in added}
    for at, column in enumerate(block.columns):
        where: Path = (*path, "columns", at)
        yield Use(tree, (*where, "title"), column.title, names, holes=True)
        if column.value is not None:
            yield Use(tree, (*where, "value"), column.value, rows)
        if column.formula is not None:
            yield Use(tree, (*where, "formula"), column.formula, columns, Number(), code="F714")
        if column.total not in ("", SUM, COUNT):
            known = replace(columns, scope=Scope(totals))
            yield Use(tree, (*where, "total"), column.total, known, Number(), code="F714")


def _of_pivot(tree: Tree, path: Path, pivot: PivotForm, rows: Names) -> Iterator[Use]:
    yield Use(tree, (*path, "by"), pivot.by, rows)
    yield Use(tree, (*path, "title"), pivot.title, rows, holes=True)
    for at, head in enumerate(pivot.heads):
        yield Use(tree, (*path, "heads", at, "text"), head.text, rows, holes=True)
    what = "ячейке сводки"
    yield Use(tree, (*path, "cell"), pivot.cell, rows, Optional(Number()), code="F714", what=what)
