"""The reports of a project as rules look at them: each block with its place and its types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.check.scope import base_names
from engine.documents.reports import (
    block_scope,
    column_type,
    each_scope,
    named_types,
    report_scope,
)
from engine.expressions.scope import Scope
from engine.expressions.types import Type
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.report import BlockForm, ColumnForm, ReportForm


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a report: `outer` knows the parameters, `rows` the row too; `rows` is None where
    the source gives none, `named` are the types of the columns that have a name."""

    report: ReportForm
    form: BlockForm
    tree: Tree
    path: Path
    outer: Scope
    rows: Scope | None
    named: Mapping[str, Type]

    def columns(self) -> Iterator[tuple[Path, ColumnForm, Type | None]]:
        """Give the columns with their paths and types; None for a type that cannot be told."""
        for at, column in enumerate(self.form.columns):
            kind = column_type(column, self.rows, self.named) if self.rows else None
            yield (*self.path, "columns", at), column, kind


def blocks(project: Project) -> Iterator[Block]:
    """Give every block of every report."""
    known = base_names(project).scope
    for report in project.reports.values():
        tree, scope = project.tree("report", report.report), report_scope(report, known)
        outer = each_scope(report, scope) or scope
        for at, form in enumerate(report.blocks):
            rows = block_scope(form, outer)
            named = named_types(form, rows) if rows else {}
            yield Block(report, form, tree, ("blocks", at), outer, rows, named)
