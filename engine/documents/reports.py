"""What stands in a report: its facts are asked, its expressions computed. Start at `fill`.

`prepare` reads the types once (formats come from units); `fill` gives a Book: tables of values in
order, which `xlsx` and `csv` write. A value that cannot be computed fails the whole report: a sum
that silently misses a row is worse than no report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cmp_to_key, partial
from operator import itemgetter
from typing import Any

from engine.documents.formats import GENERAL, read_format, usual_format
from engine.documents.letters import file_name
from engine.documents.order import compare, key
from engine.documents.pivot import pivoted
from engine.documents.tables import Column, Group, Line, Table
from engine.errors import EngineError
from engine.expressions.check import Scope, infer
from engine.expressions.compile import Ask, EvaluationError, compile_expression
from engine.expressions.known import known, type_of
from engine.expressions.parse import parse
from engine.expressions.template import Hole, parse_template
from engine.expressions.types import Date, ListOf, Moment, Record, Type, bare
from engine.model.values import Row, Value, show
from engine.model.vocabulary import Vocabulary
from engine.schema.report import EACH, PERIOD, BlockForm, ColumnForm, ParamForm, ReportForm

DESC = " desc"
ROW = "it"  # the row, in expressions of a block
PERIOD_FIELDS: Mapping[str, Type] = {
    "first": Date(),
    "last": Date(),
    "begins": Moment(),
    "ends": Moment(),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a report, when, with what; and where facts are asked. `now` is in the plant's zone,
    `begins` is when its production day does."""

    params: Mapping[str, Value]
    author: str
    plant: str
    now: datetime
    begins: time
    ask: Ask


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report and the Excel formats of its columns: block, then column; the last of a block is
    that of its pivot."""

    form: ReportForm
    formats: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A report with its values: tables from above, named cells, the name of the file, and what
    header and footer say."""

    form: ReportForm
    file: str
    tables: tuple[Table, ...]
    cells: Mapping[str, Value]
    plant: str
    period: str
    author: str
    now: datetime


def report_scope(form: ReportForm, scope: Scope) -> Scope:
    """Return a scope in which the parameters of a report are known; those whose type cannot be
    read, or is a record that there is not, are left out."""
    records = {**scope.records, PERIOD: PERIOD_FIELDS}
    fields = {}
    for name, param in form.params.items():
        try:
            kind = type_of(param.type)
        except ValueError:
            continue
        plain = bare(kind)
        if not isinstance(plain, Record) or plain.kind in records:
            fields[name] = kind
    return replace(scope, records=records, fields=fields)


def each_scope(form: ReportForm, scope: Scope) -> Scope | None:
    """Return the scope of a report's blocks out of that of the report; None when what they repeat
    for is no list of records."""
    if form.each is None:
        return scope
    row = _row_of(form.each.source, scope)
    return None if row is None else replace(scope, fields={**scope.fields, EACH: row})


def block_scope(block: BlockForm, scope: Scope) -> Scope | None:
    """Return the scope of a block's rows; None when the source is no list of records."""
    row = _row_of(block.source, scope)
    return None if row is None else replace(scope, fields={**scope.fields, ROW: row})


def _row_of(source: str, scope: Scope) -> Record | None:
    try:
        found, problems = infer(parse(source), scope)
    except ValueError:
        return None
    row = bare(found.item) if isinstance(found, ListOf) else None
    if problems or not isinstance(row, Record) or row.kind not in scope.records:
        return None
    return row


def column_type(column: ColumnForm, scope: Scope, columns: Mapping[str, Type]) -> Type | None:
    """Return the type of a column; `columns` are those that a formula may name."""
    text, inner = column.value, scope
    if column.formula is not None:
        text, inner = column.formula, Scope(columns)
    try:
        found, problems = infer(parse(text or ""), inner)
    except ValueError:
        return None
    return None if problems else found


def named_types(block: BlockForm, scope: Scope) -> dict[str, Type]:
    """Return the types of the named columns that hold values; an empty cell counts as zero."""
    found = {}
    for column in block.columns:
        kind = column_type(column, scope, {}) if column.name and column.value else None
        if kind is not None:
            found[column.name] = bare(kind)
    return found


def prepare(form: ReportForm, vocabulary: Vocabulary, decimals: Mapping[str, int]) -> Prepared:
    """Find the formats of a report without findings. `decimals` are the digits of units."""
    outer = each_scope(form, report_scope(form, known(vocabulary)))
    if outer is None:
        raise EngineError(f"report {form.report}: its blocks repeat for no list of records")
    formats = []
    for block in form.blocks:
        scope = block_scope(block, outer)
        if scope is None:
            raise EngineError(f"report {form.report}: «{block.source}» is no list of records")
        names = named_types(block, scope)
        own = [
            _format(column.format, column_type(column, scope, names), decimals)
            for column in block.columns
        ]
        if block.pivot is not None:
            cell = ColumnForm(title="", value=block.pivot.cell)
            own.append(_format(block.pivot.format, column_type(cell, scope, {}), decimals))
        formats.append(tuple(own))
    return Prepared(form, tuple(formats))


def _format(written: str, kind: Type | None, decimals: Mapping[str, int]) -> str:
    found = read_format(written) if written else None
    return found.excel if found else usual_format(kind, decimals)


def fill(prepared: Prepared, asked: Asked) -> Book:
    """Ask the facts and compute everything. Raises EngineError for a parameter that is not given
    and for a value that cannot be computed."""
    form = prepared.form
    env = _params(form, asked)
    work = _Filling(form, asked, env)
    tables = tuple(work.tables(prepared.formats))
    cells = {name: work.value(text, env) for name, text in form.cells.items()}
    periods = [value for name, value in env.items() if form.params[name].type == PERIOD]
    shown = show(periods[0] if periods else asked.now.date())
    name = file_name(work.text(form.file, env))
    return Book(form, name, tables, cells, asked.plant, shown, asked.author, asked.now)


def _params(form: ReportForm, asked: Asked) -> dict[str, Value]:
    unknown = asked.params.keys() - form.params.keys()
    if unknown:
        raise EngineError(f"report {form.report} has no parameter {', '.join(sorted(unknown))}")
    env: dict[str, Value] = {}
    for name, param in form.params.items():
        value = asked.params.get(name)
        if value is None and param.default is not None:
            value = compile_expression(param.default)(env, asked.ask, asked.now)
        if param.type == PERIOD and not isinstance(value, Row):
            first, last = usual_days(param, asked.now, asked.begins)
            if isinstance(value, date):
                first = last = value
            value = period(first, last, asked.begins, asked.now.tzinfo)
        if value is None and not param.type.endswith("?"):
            raise EngineError(f"report {form.report}: parameter {name} is not given")
        env[name] = value
    return env


def usual_days(param: ParamForm, now: datetime, begins: time) -> tuple[date, date]:
    """Return the first and the last day of a period that is not given; to its `since:` too, today
    is the production day."""
    last = _present(now, begins)
    if param.since is None:
        return last, last
    first = compile_expression(param.since)({}, None, datetime.combine(last, now.timetz()))
    return (first if isinstance(first, date) else last), last


@dataclass(frozen=True, slots=True)
class _Filling:
    """One report being filled: the parameters are in `env`."""

    form: ReportForm
    asked: Asked
    env: Mapping[str, Value]

    def value(self, text: str, env: Mapping[str, Value]) -> Value:
        try:
            value: Value = compile_expression(text)(env, self.asked.ask, self.asked.now)
        except EvaluationError as error:
            row = f" в строке «{show(env[ROW])}»" if ROW in env else ""
            raise EngineError(f"отчёт {self.form.report}{row}: {error}") from error
        return value

    def text(self, text: str, env: Mapping[str, Value]) -> str:
        parts = parse_template(text).parts
        return "".join(
            part.said(self.value(part.source, env)) if isinstance(part, Hole) else part
            for part in parts
        )

    def tables(self, formats: tuple[tuple[str, ...], ...]) -> Iterator[Table]:
        """Give the tables of all blocks, once for each row that they repeat for."""
        blocks, each = tuple(zip(self.form.blocks, formats, strict=True)), self.form.each
        if each is None:
            yield from (self.table(block, own) for block, own in blocks)
            return
        sets = 0
        for sets, row in enumerate(self._listed(each.source), 1):
            work = replace(self, env={**self.env, EACH: row})
            for at, (block, own) in enumerate(blocks):
                apart = {"gap": each.gap} if at == 0 and sets > 1 else {}
                table = work.table(block.model_copy(update=apart), own)
                yield replace(table, begins_page=at == 0)
        if not sets:
            yield _nothing(each.empty)

    def _listed(self, source: str) -> Iterable[Value]:
        found = self.value(source, self.env)
        if not isinstance(found, Iterable) or isinstance(found, str):
            raise EngineError(f"report {self.form.report}: «{source}» gave no list")
        return found

    def table(self, block: BlockForm, formats: tuple[str, ...]) -> Table:
        """Return a block with its values."""
        rows: Iterable[dict[str, Value]] = self._rows(block)
        columns = tuple(
            Column(self.text(form.title, self.env), excel, form)
            for form, excel in zip(block.columns, formats, strict=False)
        )
        caption = self.text(block.caption, self.env) if block.caption else ""
        if self.form.plain and not block.order:  # row by row, in little memory
            return Table(block, columns, (Group(self._line(block, env) for env in rows),), caption)
        groups = tuple(self._groups(block, self._ordered(block, rows)))
        table = Table(block, columns, groups, caption)
        if block.pivot is None:
            return table
        return pivoted(table, block.pivot, formats[-1] or GENERAL)

    def _rows(self, block: BlockForm) -> Iterator[dict[str, Value]]:
        for row in self._listed(block.source):
            env = {**self.env, ROW: row}
            if self._wanted(block, env):
                yield env

    def _wanted(self, block: BlockForm, env: Mapping[str, Value]) -> bool:
        if block.where is not None and self.value(block.where, env) is not True:
            return False
        return all(
            self.env[name] is None or key(self.value(text, env)) == key(self.env[name])
            for name, text in block.filters.items()
        )

    def _ordered(
        self, block: BlockForm, rows: Iterable[dict[str, Value]]
    ) -> list[dict[str, Value]]:
        kept = list(rows)
        for text in reversed(block.order):  # a stable sort by the weakest first
            by = cmp_to_key(partial(compare, desc=text.endswith(DESC)))
            plain = text.removesuffix(DESC)
            ranked = [(by(self.value(plain, env)), env) for env in kept]
            kept = [env for _, env in sorted(ranked, key=itemgetter(0))]
        return kept

    def _groups(self, block: BlockForm, rows: list[dict[str, Value]]) -> Iterator[Group]:
        group = block.group
        if group is None:
            yield Group(tuple(self._line(block, env) for env in rows))
            return
        found: dict[Any, list[dict[str, Value]]] = {code: [] for code in group.titles}
        for env in rows:
            found.setdefault(key(self.value(group.by, env)), []).append(env)
        for code, members in found.items():
            caption = group.titles.get(code, "")
            if not caption and group.caption:
                caption = self.text(group.caption, members[0])
            yield Group(tuple(self._line(block, env) for env in members), caption)

    def _line(self, block: BlockForm, env: Mapping[str, Value]) -> Line:
        values = tuple(
            None if form.value is None else self.value(form.value, env) for form in block.columns
        )
        pivot = block.pivot
        if pivot is None:
            return Line(values)
        by = self.value(pivot.by, env)
        title = self.text(pivot.title, env) if pivot.title else show(by)
        heads = tuple(self.text(head.text, env) for head in pivot.heads)
        return Line(values, by, title, self.value(pivot.cell, env), heads)


def _nothing(words: str) -> Table:
    """Return a table that only says that there is nothing."""
    column = ColumnForm(title="", value="''")
    block = BlockForm(source="", header=False, empty=words, columns=(column,))
    return Table(block, (Column("", GENERAL, column),), (), "")


def period(first: date, last: date, begins: time, zone: tzinfo | None) -> Row:
    """Return days of production as a value; each lasts from `begins` to the `begins` of the next
    day in the plant's zone.

    >>> period(date(2026, 11, 1), date(2026, 11, 2), time(7), None).fields["ends"]
    datetime.datetime(2026, 11, 3, 7, 0)
    """
    title = show(first) if first == last else f"{show(first)} – {show(last)}"
    fields = {
        "first": first,
        "last": last,
        "begins": datetime.combine(first, begins, zone),
        "ends": datetime.combine(last + timedelta(days=1), begins, zone),
    }
    return Row(PERIOD, title, title, fields)


def _present(now: datetime, begins: time) -> date:
    """Return the production day of a moment."""
    return now.date() - timedelta(days=0 if now.time() >= begins else 1)
