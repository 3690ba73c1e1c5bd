"""Values of a table, before anybody decides how they look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.values import Value
from engine.schema.report import BlockForm, ColumnForm


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its format in Excel's notation, what YAML says of it.

    `adds` is how many columns to its left it sums in each row, of a pivot; 0 of any other. `heads`
    are the cells above it in place of its title."""

    title: str
    format: str
    form: ColumnForm
    adds: int = 0
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a value a column, None for one of a formula. `by`, its title, `cell` and `heads` are
    those of a pivot that is still to be turned into columns."""

    values: tuple[Value, ...]
    by: Value = None
    title: str = ""
    cell: Value = None
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together, under a caption if there is one. The rows of a plain list may come
    one by one and only once; all others are tuples."""

    lines: Iterable[Line]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A block with its values: columns from the left, groups of rows from above. The first of a set
    begins a page."""

    form: BlockForm
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    caption: str
    begins_page: bool = False

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(tuple(group.lines)) for group in self.groups)

    @property
    def adds_up(self) -> bool:
        """Tell whether a row of totals belongs below."""
        return any(column.form.total for column in self.columns)
