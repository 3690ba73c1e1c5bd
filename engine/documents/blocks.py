"""Tables on a sheet, one below another. Start at `BlockWriter.write`.

Totals are living formulas: a row of a group is `SUBTOTAL`, so that the last row may add the whole
column without counting a group twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.cells import cellable, is_formula_like
from engine.documents.formats import GENERAL
from engine.documents.formula import formula
from engine.documents.look import BORDERED, HIGHEST, LINE_POINTS, POINTS, Looks, height_of
from engine.documents.paged import Wide, narrowed, pages_across
from engine.documents.tables import Column, Group, Line, Table
from engine.expressions.parse import parse
from engine.model.values import Value, show
from engine.schema.report import COUNT, SUM, HeadForm

NARROWEST, WIDEST, WIDEST_WORD = 5, 60, 18  # characters of a column
SHORT = 8  # characters that never break
COMPUTED = 10  # characters of what a formula gives: it is not known here
TURNED_POINTS = 0.75  # height that a letter of a turned text takes, in sizes of the letters
LONGER = 2  # the fewest digits of a total beyond those of its rows
RANGES = 200  # of one function; Excel takes 255
SUM_OF, COUNT_OF = 9, 3  # functions of SUBTOTAL


@dataclass
class BlockWriter:
    """Writes tables into a sheet and remembers how far it got."""

    sheet: Worksheet
    looks: Looks
    row: int = 0  # the last one written
    frozen: int = 0  # rows above what scrolls
    latest: tuple[int, int] = (0, 0)  # first and last row of the header written last
    headers: list[object] = field(default_factory=list)  # texts of each
    widths: dict[int, float] = field(default_factory=dict)
    stiff: dict[int, float] = field(default_factory=dict)  # widths of what breaks in no lines
    asked: dict[int, int] = field(default_factory=dict)  # widths that YAML asks for
    # texts by column that may have to break: row, text, size
    texts: dict[int, list[tuple[int, str, int]]] = field(default_factory=dict)
    # by how many digits the totals of a column may be longer than its rows
    summed: dict[int, int] = field(default_factory=dict)
    lead: int = 0  # columns that stand before those of a pivot

    def write(self, table: Table) -> None:
        """Write a table below what is there."""
        if self.row:
            self.row += table.form.gap
            if table.begins_page:
                self.sheet.row_breaks.append(Break(self.row))
        if table.caption:
            self._caption(table, table.caption)
        if table.form.header:
            self._header(table)
        begin = self.row + 1
        spans = [self._group(table, group) for group in table.groups]
        if not table.count and table.form.empty:
            self._caption(table, table.form.empty, bordered=True)
        if table.adds_up:
            self._totals(table, table.form.total, [span for span in spans if span], begin)

    def finish(self) -> None:
        """Set the widths of the columns, and the heights of the texts that break in them. Pages
        repeat a header only where it is true of all their rows: a sheet has one that they repeat,
        from where it stands. What is too wide to be read on one page breaks more, then takes
        several pages across."""
        if self.frozen:
            same = all(one == self.headers[0] for one in self.headers)
            first, last = (1, self.frozen) if same else self.latest
            self.sheet.print_title_rows = f"{first}:{last}"
        size, lies = self.looks.form().size or POINTS, self.sheet.page_setup.orientation
        columns = {at: self._wide(at) for at in self.widths.keys() | self.asked.keys()}
        widths = narrowed(columns, size, lies)
        for at, width in widths.items():
            self.sheet.column_dimensions[get_column_letter(at)].width = width
            for row, text, points in self.texts.get(at, ()):
                self._heighten(row, text, int(width), points)
        across = pages_across(widths, self.lead, size, lies)
        if across > 1:
            self.sheet.page_setup.fitToWidth = across
            self.sheet.page_setup.pageOrder = "overThenDown"
            self.sheet.print_title_cols = f"A:{get_column_letter(self.lead)}"

    def _wide(self, at: int) -> Wide:
        """Say how wide a column wants to be and how narrow it may."""
        longer = self.summed.get(at, 0)
        if at in self.asked:
            return Wide(self.asked[at], self.asked[at])
        usual = min(WIDEST, max(NARROWEST, self.widths[at] + longer))
        stiff = max(NARROWEST, self.stiff.get(at, 0) + longer)
        words = (
            min(WIDEST_WORD, max(map(len, text.split()), default=0)) * size / POINTS
            for _, text, size in self.texts.get(at, ())
        )
        return Wide(usual, min(usual, max(stiff, *words, 0)))

    def _header(self, table: Table) -> None:
        self.row += 1
        top, heads = self.row, table.form.pivot.heads if table.form.pivot else ()
        if table.form.pivot:
            self.lead = max(self.lead, len(table.form.columns))
        self.row += max(0, sum(head.rows for head in heads) - 1)
        for at, column in enumerate(table.columns, 1):
            names = tuple(filter(None, ("header", column.form.style, column.form.head)))
            if column.heads:
                self._heads(at, top, heads, column.heads)
                continue
            self._spread(at, top, self.row, column.title, names)
            turned = self.looks.form(*names).rotation
            words = max((len(word) for word in column.title.split()), default=0)
            self._widen(at, 1 if turned else max(words, min(len(column.title), WIDEST_WORD)), names)
            if column.form.width:
                self.asked[at] = column.form.width
        self.headers.append(tuple((column.title, column.heads) for column in table.columns))
        self.latest = (top, self.row)
        if len(self.headers) == 1:
            self.sheet.freeze_panes, self.frozen = f"A{self.row + 1}", self.row

    def _heads(
        self, at: int, top: int, heads: tuple[HeadForm, ...], texts: tuple[str, ...]
    ) -> None:
        """Write the cells above a column of a pivot."""
        for head, text in zip(heads, texts, strict=True):
            names = ("header", head.style) if head.style else ("header",)
            self._spread(at, top, top + head.rows - 1, text, names)
            turned = self.looks.form(*names).rotation
            self._widen(at, 1 if turned else min(len(text), WIDEST_WORD), names)
            top += head.rows

    def _spread(self, at: int, top: int, bottom: int, text: str, names: tuple[str, ...]) -> None:
        """Write a cell of a header that takes several rows."""
        last, self.row = self.row, top
        self._put(at, text, names, widen=False)
        form = self.looks.form(*names)
        size = form.size or POINTS
        if form.rotation:
            self._raise(bottom, len(text) * size * TURNED_POINTS - (bottom - top) * size)
        elif bottom == top:
            self.texts.setdefault(at, []).append((top, text, size))
        for self.row in range(top, bottom + 1):
            if self.row > top:
                self._put(at, None, names, widen=False)
            if size > POINTS and not form.rotation:
                self._raise(self.row, size * LINE_POINTS)
        if bottom > top:
            self.sheet.merge_cells(start_row=top, end_row=bottom, start_column=at, end_column=at)
        self.row = last

    def _caption(self, table: Table, text: str, *, bordered: bool = False) -> None:
        self.row += 1
        for at in range(1, len(table.columns) + 1):
            names = ("caption", BORDERED) if bordered else ("caption",)
            self._put(at, text if at == 1 else None, names, widen=False)
        if len(table.columns) > 1:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=1, end_column=len(table.columns)
            )

    def _group(self, table: Table, group: Group) -> tuple[int, int] | None:
        """Write the rows of a group; return the first and the last one, None without rows."""
        if group.caption:
            self._caption(table, group.caption, bordered=True)
        begin, form = self.row + 1, table.form.group
        marked: frozenset[int] = frozenset()
        if form is not None and form.first:
            marked = frozenset(
                at
                for at, column in enumerate(table.columns)
                if not form.columns or column.form.name in form.columns
            )
        for number, line in enumerate(group.lines, 1):
            self._line(table, line, marked if number == 1 else frozenset(), number)
        span = (begin, self.row) if self.row >= begin else None
        if form is not None and form.total:
            self._totals(table, form.total, [span] if span else [], begin, nested=True)
        return span

    def _line(self, table: Table, line: Line, marked: frozenset[int], number: int) -> None:
        self.row += 1
        beneath = (table.form.zebra,) if table.form.zebra and number % 2 == 0 else ()
        for at, (column, value) in enumerate(zip(table.columns, line.values, strict=True)):
            names = (*beneath, column.form.style) if column.form.style else beneath
            if at in marked and table.form.group is not None:
                names = (*names, table.form.group.first)
            if column.adds:
                first, last = get_column_letter(at + 1 - column.adds), get_column_letter(at)
                written = f"=SUM({first}{self.row}:{last}{self.row})" if column.adds else None
                self._formula(at + 1, written, names, column.format)
            elif column.form.formula is not None:
                written = formula(parse(column.form.formula), self._address(table, self.row))
                self._formula(at + 1, written, names, column.format)
            else:
                self._put(at + 1, value, names, column.format)

    def _totals(
        self,
        table: Table,
        words: str,
        spans: list[tuple[int, int]],
        begin: int,
        *,
        nested: bool = False,
    ) -> None:
        """Write a row of totals over rows of a table; `nested` is that of a group."""
        self.row += 1
        end = self.row - 1
        label = next((at for at, one in enumerate(table.columns, 1) if not one.form.total), 0)
        for at, column in enumerate(table.columns, 1):
            names = (column.form.style, "total") if column.form.style else ("total",)
            if column.form.total:
                digits = max(LONGER, len(str(end - begin + 1)))
                self.summed[at] = max(self.summed.get(at, 0), digits)
                over = _Over(get_column_letter(at), spans, begin, end)
                written = self._total(table, column, over, nested)
                shown = "0" if column.form.total == COUNT else column.format
                self._formula(at, written, names, shown, totals=True)
            else:
                self._put(at, words if at == label else None, names)

    def _total(self, table: Table, column: Column, over: _Over, nested: bool) -> str | int:
        if column.form.total not in (SUM, COUNT):
            return formula(parse(column.form.total), self._address(table, self.row))
        if not over.spans:
            return 0
        grouped = table.form.group is not None and table.form.group.total
        if nested:
            first, last = over.spans[0]
            code = SUM_OF if column.form.total == SUM else COUNT_OF
            return f"=SUBTOTAL({code},{over.letter}{first}:{over.letter}{last})"
        if column.form.total == SUM and grouped:
            return f"=SUBTOTAL({SUM_OF},{over.letter}{over.begin}:{over.letter}{over.end})"
        return "=" + over.added("SUM" if column.form.total == SUM else "COUNTA")

    def _address(self, table: Table, row: int) -> Callable[[str], str]:
        letters = {
            column.form.name: get_column_letter(at) for at, column in enumerate(table.columns, 1)
        }
        return lambda name: f"{letters[name]}{row}"

    def _formula(
        self,
        at: int,
        written: str | int | None,
        names: tuple[str, ...],
        number_format: str,
        *,
        totals: bool = False,
    ) -> None:
        cell: Any = self.sheet.cell(self.row, at, written)
        self.looks.put(cell, names, number_format)
        taken = self._widen(at, COMPUTED, names)
        if not totals:  # a total is a little longer than its rows, whose width is known
            self.stiff[at] = max(self.stiff.get(at, 0), taken)

    def _put(
        self,
        at: int,
        value: Value,
        names: tuple[str, ...],
        number_format: str = GENERAL,
        *,
        widen: bool = True,
    ) -> None:
        held = cellable(value)
        cell: Any = self.sheet.cell(self.row, at, held)
        if isinstance(held, str):
            cell.data_type = "s"  # never a formula, whatever it begins with
            quoted = is_formula_like(held)
            self.looks.put(cell, names, GENERAL, text=True, quoted=quoted)
        else:
            self.looks.put(cell, names, number_format)
        if widen and held is not None:
            taken = self._widen(at, _length(value, held, number_format), names)
            size = self.looks.form(*names).size or POINTS
            if isinstance(held, str):
                if len(held) > SHORT:
                    self.texts.setdefault(at, []).append((self.row, held, size))
            else:
                self.stiff[at] = max(self.stiff.get(at, 0), taken)
            if size > POINTS:
                self._raise(self.row, size * LINE_POINTS)

    def _heighten(self, row: int, text: str, width: int, size: int) -> None:
        """Make a row as high as a text that breaks: not every program does by itself."""
        points = height_of(text, width, size)
        if points:
            self._raise(row, points)

    def _raise(self, row: int, points: float) -> None:
        height = self.sheet.row_dimensions[row].height or 0
        self.sheet.row_dimensions[row].height = max(height, min(HIGHEST, points))

    def _widen(self, at: int, characters: int, names: tuple[str, ...]) -> float:
        """Let a column have room for something; return how much that takes."""
        taken = characters * (self.looks.form(*names).size or POINTS) / POINTS
        self.widths[at] = max(self.widths.get(at, 0), taken)
        return taken


@dataclass(frozen=True, slots=True)
class _Over:
    """The rows that a total adds: in one column, in spans without captions between them."""

    letter: str
    spans: list[tuple[int, int]]
    begin: int
    end: int

    def added(self, function: str) -> str:
        """Return a function over the spans; several when there are too many for one."""
        joined: list[tuple[int, int]] = []
        for first, last in self.spans:
            if joined and joined[-1][1] + 1 == first:
                joined[-1] = (joined[-1][0], last)
            else:
                joined.append((first, last))
        ranges = [f"{self.letter}{first}:{self.letter}{last}" for first, last in joined]
        parts = [ranges[at : at + RANGES] for at in range(0, len(ranges), RANGES)]
        return "+".join(f"{function}({','.join(part)})" for part in parts)


def _length(value: Value, held: object, number_format: str) -> int:
    """Return how many characters a value takes on screen."""
    if isinstance(held, str):
        return max(len(line) for line in held.split("\n"))
    if isinstance(held, Decimal | int):
        digits = number_format.partition(".")[2].partition('"')[0]
        return len(show(value, len(digits))) + len(number_format.partition('"')[2])
    return len(number_format) if number_format != GENERAL else len(str(held))
