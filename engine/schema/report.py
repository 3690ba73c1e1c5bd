"""An Excel report: rows of facts in blocks of columns, written by `engine.documents`.

`flows/reports/<report>.yaml`, or `flows/reports/<report>/report.yaml` with a `layout.xlsx` beside
it when the look is a form. What every report has without being told: the first header frozen and,
where it is true of all rows, repeated on each page, else that of the last table on the pages after
it, landscape A4, thin borders, columns as wide as their longest text up to 60 characters (less
where a page would be too small to read), plant, period, author, time and page in header and
footer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from engine.expressions.written import Expression, Naming, Template, Title, Written

NAME = r"^[a-z][a-z0-9_]{0,40}$"
COLOUR = r"^[0-9A-Fa-f]{6}$"
PERIOD = "period"  # type of a parameter: days of production, from the first to the last
OWN_STYLES = ("header", "body", "total", "caption")  # those that every report has
SUM, COUNT = "sum", "count"
EACH = "each"  # in blocks, the row that they repeat for


class StyleForm(Written):
    """The look of cells; what is not given stays as it is in the style beneath.

    `lead: {colour: FF0000, bold: true}`. The names header, body, total and caption are those of
    the table itself and may be given another look; any other is laid over them where it is named.
    """

    size: int | None = Field(default=None, ge=6, le=72, description="Size of the letters, points.")
    bold: bool | None = Field(default=None, description="Bold letters.")
    colour: str | None = Field(
        default=None, pattern=COLOUR, description="Colour of the letters: FF0000 is red."
    )
    fill: str | None = Field(default=None, pattern=COLOUR, description="Colour of the ground.")
    align: Literal["left", "center", "right"] | None = Field(
        default=None,
        description="left, center or right; by itself texts stand left and numbers right.",
    )
    rotation: int | None = Field(
        default=None, ge=0, le=90, description="Degrees by which the text is turned up."
    )
    border: Literal["none", "thin", "medium"] | None = Field(
        default=None, description="Lines around each cell: none, thin, medium."
    )


class ParamForm(Written):
    """What is asked of whoever wants the report.

    `period: {title: Период, type: period}` is the present production day unless given."""

    title: Title = Field(min_length=1, description="Name for people.")
    type: str = Field(
        description="A type of the Vocabulary, `?` for one that may be left out; or `period`: "
        "days of production, known as period.first, period.last (dates), period.begins, "
        "period.ends (moments)."
    )
    default: Expression | None = Field(
        default=None, description="The value when it is not given; a period has its own."
    )
    since: Expression | None = Field(
        default=None,
        description="Of a period: its first day when it is not given; the last is the present one.",
    )
    options: dict[str, Title] = Field(
        default={}, description="What people read for the codes of a choice; the codes if empty."
    )


class ColumnForm(Written):
    """One column: what stands under its title in each row.

    `- {title: "Масса, кг", value: it.kg, total: sum}`."""

    title: Template = Field(description="Text of the header; knows the parameters.")
    name: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_]{0,40})?$",
        description="Name for formulas and `first:`.",
    )
    value: Expression | None = Field(
        default=None, description="The value; knows `it`, the row, and the parameters."
    )
    formula: Expression | None = Field(
        default=None,
        description="Instead of a value, a living Excel formula over the columns of the same row, "
        "by their names; an empty cell counts as zero.",
    )
    format: str = Field(
        default="",
        description="Digits as `0.000` or `# ##0.00`, with a unit behind them if wanted (`0.0 %`); "
        "dates as `dd.mm.yyyy`, `dd.mm.yyyy hh:mm`, `dd.mm`, `hh:mm`; durations as `[h]:mm`. By "
        "itself a number has the digits of its unit.",
    )
    width: int | None = Field(
        default=None, ge=3, le=100, description="Characters; by itself as the longest text."
    )
    total: str = Field(
        default="",
        description="`sum`, `count`, or an expression over totals of columns by their names; an "
        "Excel formula in the row of totals.",
    )
    style: str = Field(default="", description="A style laid over that of the table.")
    head: str = Field(default="", description="A style laid over that of its header alone.")

    @model_validator(mode="after")
    def _is_filled(self) -> ColumnForm:
        if (self.value is None) == (self.formula is None):
            raise ValueError("столбцу нужно одно из двух: value или formula")
        return self


class GroupForm(Written):
    """Rows with the same value stand together, in the order of their first rows.

    `group: {by: it.material, first: lead, columns: [id, material]}`."""

    by: Expression = Field(description="What rows of one group have in common; knows `it`.")
    titles: dict[str, str] = Field(
        default={},
        description="Code of a choice to the caption of its group: these groups are all there, in "
        "this order, also without rows.",
    )
    caption: Template = Field(
        default="", description="A line above each group; knows `it`, its first row."
    )
    first: str = Field(default="", description="A style laid over the first row of each group.")
    columns: tuple[str, ...] = Field(
        default=(), description="Names of the columns that have it; all when empty."
    )
    total: str = Field(default="", description="Words of a row of totals below each group.")


class HeadForm(Written):
    """One cell of several that stand above each column of a pivot."""

    text: Template = Field(description="What stands there; knows `it`.")
    rows: int = Field(default=1, ge=1, le=5, description="How many rows it takes.")
    style: str = Field(default="", description="A style laid over that of the header.")


class PivotForm(Written):
    """Columns out of rows: one for each value of a field, to the right of the others.

    Rows that are equal in all other columns become one; numbers that meet in a cell are added."""

    by: Expression = Field(description="The value that makes a column; knows `it`.")
    title: Template = Field(
        default="", description="Header of such a column; knows `it`. The value itself if empty."
    )
    heads: tuple[HeadForm, ...] = Field(
        default=(), description="Cells above such a column, in place of its title."
    )
    cell: Expression = Field(description="The number in the cell; knows `it`.")
    format: str = Field(default="", description="As for a column.")
    width: int | None = Field(default=None, ge=3, le=100, description="As for a column.")
    style: str = Field(default="", description="A style laid over that of the table.")
    total: Literal["", "sum"] = Field(default="", description="`sum`: totals below.")
    across: str = Field(default="", description="Title of a last column that sums each row.")


SHEET = r"^[^\[\]:*?/\\]*$"  # letters of a name of a sheet


class BlockForm(Written):
    """A table: the rows of a fact, in columns. Blocks stand one below another."""

    sheet: str = Field(
        default="",
        max_length=31,
        pattern=SHEET,
        description="Name of a sheet that begins with it: its printed pages repeat its own titles.",
    )
    source: Expression = Field(description="A fact that returns a list of records.")
    row: str = Field(
        default="",
        description="In a form: the named row of layout.xlsx, copied for each row; what its cells "
        "hold there stays where there is no value.",
    )
    where: Expression | None = Field(
        default=None, description="Only rows for which this holds; knows `it`."
    )
    filters: dict[str, Expression] = Field(
        default={},
        description="Parameter to expression over `it`: only rows where they are equal; a "
        "parameter that is not given filters nothing.",
    )
    order: tuple[str, ...] = Field(
        default=(), description="Expressions over `it`, the strongest first; ` desc` turns one."
    )
    caption: Template = Field(default="", description="A line above; knows the parameters.")
    header: bool = Field(default=True, description="`false`: no row of titles.")
    gap: int = Field(default=1, ge=0, le=20, description="Empty rows above; none above the first.")
    group: GroupForm | None = Field(default=None, description="Rows that stand together.")
    pivot: PivotForm | None = Field(default=None, description="Columns made of values.")
    zebra: str = Field(default="", description="A style laid over every second row of a group.")
    empty: str = Field(default="", description="What stands there when there are no rows.")
    total: str = Field(default="Итого", description="Words of the row of totals.")
    columns: tuple[ColumnForm, ...] = Field(min_length=1, description="Columns from the left.")


class EachForm(Written):
    """What the blocks of a report repeat for: they stand once for each row, one set below another.

    `each: {source: traced_orders(period)}`; the blocks know the row as `each`."""

    source: Expression = Field(description="A fact that returns a list of records.")
    gap: int = Field(default=4, ge=1, le=20, description="Empty rows between the sets.")
    empty: str = Field(default="", description="What stands there when there are no rows.")


class SheetForm(Written):
    """The sheet itself; where there are several, how all of them lie."""

    title: str = Field(
        default="", max_length=31, pattern=SHEET, description="Name of the first sheet."
    )
    orientation: Literal["landscape", "portrait"] = Field(
        default="landscape", description="landscape or portrait."
    )


class ReportForm(Written):
    """`flows/reports/<report>.yaml`: one workbook, with one sheet unless blocks ask for more."""

    report: str = Field(pattern=NAME, description="Name of the report: its file or folder.")
    title: Title = Field(min_length=1, description="Title for people.")
    file: Naming = Field(description="Name of the file; knows the parameters.")
    section: Title = Field(
        default="", description="Heading that the office lists it under; among others if empty."
    )
    roles: tuple[str, ...] = Field(min_length=1, description="Who may have it.")
    params: dict[str, ParamForm] = Field(default={}, description="What it is asked with.")
    sheet: SheetForm = Field(default=SheetForm(), description="The sheet.")
    styles: dict[str, StyleForm] = Field(default={}, description="Looks by name.")
    plain: bool = Field(
        default=False,
        description="Rows alone, without a look: for lists of a hundred thousand rows.",
    )
    cells: dict[str, Expression] = Field(
        default={}, description="In a form: named cell of layout.xlsx to expression."
    )
    each: EachForm | None = Field(default=None, description="Rows that the blocks repeat for.")
    blocks: tuple[BlockForm, ...] = Field(min_length=1, description="Tables from above.")

    @model_validator(mode="after")
    def _repeats(self) -> ReportForm:
        if self.each is not None and self.is_form:
            raise ValueError("бланк не повторяется: each только у таблиц")
        if (self.is_form or self.plain) and any(block.sheet for block in self.blocks):
            raise ValueError("у бланка и у списка без вида один лист: sheet только у таблиц")
        return self

    @property
    def is_form(self) -> bool:
        """Tell whether its look is a layout of its own."""
        return bool(self.cells) or any(block.row for block in self.blocks)
