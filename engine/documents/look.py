"""Styles of YAML as styles of openpyxl. Each look is made once and then copied to its cells."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from math import ceil
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from engine.schema.report import StyleForm

POINTS = 11  # size of the letters that a column's width is counted in
LINE_POINTS = 1.3  # height of a line of text, in sizes of its letters
HIGHEST = 409  # points of a row, in Excel
FONT = "Arial"  # on every machine, or one of the same widths is
BORDERED = "+"  # not a name of YAML: the lines of the table around a caption inside of it
_BENEATH = {
    "body": StyleForm(size=11, border="thin"),
    "header": StyleForm(bold=True, align="center", fill="F2F2F2"),
    "total": StyleForm(bold=True),
    "caption": StyleForm(bold=True, align="left", border="none"),
    BORDERED: StyleForm(border="thin"),
}


def height_of(text: str, characters: float, size: float) -> float:
    """Return the points that a text takes in a column so wide when it breaks; 0 of one line.

    >>> height_of("Каркас", 12, 11), height_of("Птицефабрика «Примерная»", 12, 10)
    (0, 26.0)
    """
    across = max(1, int(characters * POINTS / size))
    if len(text) <= across and "\n" not in text:
        return 0
    lines = sum(_lines(line, across) for line in text.split("\n"))
    return min(HIGHEST, lines * size * LINE_POINTS) if lines > 1 else 0


def _lines(text: str, across: int) -> int:
    """Count the lines of a text that breaks between words, and inside those that are too long.

    >>> _lines("имени Тридцатилетия", 15), _lines("Тридцатилетия", 5), _lines("", 5)
    (2, 3, 1)
    """
    lines, left = 1, across
    for word in text.split(" "):
        if len(word) > left and left < across:
            lines, left = lines + 1, across
        more = max(0, ceil(len(word) / across) - 1)
        lines, left = lines + more, left + more * across - len(word) - 1
    return lines


class Looks:
    """The looks of one workbook. A look is a list of style names, each laid over the one before;
    that of the table's body is beneath all."""

    def __init__(self, styles: Mapping[str, StyleForm], sheet: Worksheet) -> None:
        self._styles = styles
        self._pattern = Cell(sheet, 1, 1)  # in no sheet: only carries a style
        self._made: dict[tuple[tuple[str, ...], str, bool, bool], Any] = {}
        self._forms: dict[tuple[str, ...], StyleForm] = {}

    def form(self, *names: str) -> StyleForm:
        """Return several styles laid over each other."""
        if names not in self._forms:
            self._forms[names] = self._laid(names)
        return self._forms[names]

    def _laid(self, names: tuple[str, ...]) -> StyleForm:
        found: dict[str, object] = {}
        for name in ("body", *names):
            for form in (_BENEATH.get(name), self._styles.get(name)):
                if form is not None:
                    found |= form.model_dump(exclude_none=True)
        return StyleForm.model_validate(found)

    def put(
        self,
        cell: Cell,
        names: tuple[str, ...],
        number_format: str = "General",
        *,
        text: bool = False,
        quoted: bool = False,
    ) -> None:
        """Give a cell its look. `text` breaks lines, `quoted` keeps a text from ever being read as
        a formula."""
        look = (names, number_format, text, quoted)
        if look not in self._made:
            self._made[look] = self._make(*look)
        cell._style = copy(self._made[look])  # what openpyxl's own copies of cells do

    def _make(self, names: tuple[str, ...], number_format: str, text: bool, quoted: bool) -> object:
        form, cell = self.form(*names), self._pattern
        cell._style = copy(Cell(cell.parent, 1, 1)._style)
        cell.font = Font(name=FONT, size=form.size, bold=form.bold, color=form.colour)
        side = form.align or ("left" if text else "right")
        cell.alignment = Alignment(
            horizontal=side,
            vertical="center",
            indent=0 if side == "center" or form.rotation else 1,  # off the line beside it
            text_rotation=form.rotation or 0,
            wrap_text=text,
        )
        if form.fill:
            cell.fill = PatternFill("solid", start_color=form.fill)
        if form.border != "none":
            line = Side(form.border or "thin")
            cell.border = Border(left=line, right=line, top=line, bottom=line)
        cell.number_format = number_format
        cell.quotePrefix = quoted
        return copy(cell._style)
