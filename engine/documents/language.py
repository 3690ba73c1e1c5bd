"""What a layout may say: placeholders, conditions, loops over rows, a few filters.

Layouts are edited in the office, so they are programs of strangers: `read` refuses every other
construct of the template language by its syntax, and `environment` can do nothing else either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from jinja2 import TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from engine.documents.errors import BadLayout
from engine.documents.letters import printable
from engine.errors import say
from engine.model.values import Row, show, show_number

NOTHING = "—"
EACH = "[]"  # behind the path of a list: one of its rows
_EQUAL = frozenset({"eq", "ne"})
_LOOP = frozenset({"index", "first", "last", "length"})
_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.Getattr, nodes.Filter, nodes.If, nodes.For, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)


class Absent(Undefined):
    """A value that nobody gave: prints «—», is false in a condition."""

    __slots__ = ()

    def __str__(self) -> str:
        return NOTHING


class _Language(SandboxedEnvironment):
    """Jinja without Python: the only thing to be had from a value is a key of a mapping."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field of a row, or what a loop knows about itself."""
        fields = obj.fields if isinstance(obj, Row) else obj
        if isinstance(fields, Mapping):
            found = fields.get(attribute)
            return Absent(name=attribute) if found is None else found
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return Absent(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same as `getattr`: there is one way to a field."""
        return self.getattr(obj, str(argument))

    def call(self, *_given: Any, **_named: Any) -> NoReturn:
        """Nothing may be called."""
        raise BadLayout("вызовы в документе не разрешены")


def _printed(value: object) -> object:
    """Write a value as people read it; whatever is missing is «—»."""
    text = str(value) if isinstance(value, Undefined) else show(value)
    return printable(text) if text.strip() else NOTHING


def _number(value: object, decimals: int) -> object:
    """Fix the digits after the comma; leave anything that is no number as it is."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return show_number(value, decimals)
    return value


def _digits(value: object) -> object:
    """Write a whole number as a name is written: without spaces between thousands."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _day(value: object) -> object:
    """Write a date without its time; leave anything else as it is."""
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else value


FILTERS: Mapping[str, Callable[..., object]] = {"number": _number, "digits": _digits, "day": _day}


def environment() -> SandboxedEnvironment:
    """Return the language: every value is escaped, every missing one is «—»."""
    made = _Language(autoescape=True, undefined=Absent, finalize=_printed)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(FILTERS)
    return made


def read(language: SandboxedEnvironment, source: str) -> nodes.Template:
    """Return the syntax of one part. Raises BadLayout with the line for what is not allowed."""
    try:
        tree = language.parse(source)
    except TemplateSyntaxError as error:
        raise BadLayout(
            say("ошибка в разметке: {message}", message=error.message), error.lineno
        ) from error
    for node in _nodes(tree):
        if not isinstance(node, _ALLOWED):
            raise BadLayout(
                say("в документе нельзя: {name}", name=type(node).__name__), node.lineno
            )
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            listed = ", ".join(FILTERS)
            raise BadLayout(
                say("нет фильтра «{name}»; есть: {listed}", name=node.name, listed=listed),
                node.lineno,
            )
        if isinstance(node, nodes.Compare) and any(each.op not in _EQUAL for each in node.ops):
            # A missing value is neither more nor less; document.yaml compares, with types.
            raise BadLayout("в документе сравнивают только == и !=", node.lineno)
        if isinstance(node, nodes.For) and (node.recursive or node.test):
            raise BadLayout("в документе нельзя: for с условием", node.lineno)
    return tree


@dataclass(frozen=True, slots=True)
class Said:
    """One place where a layout asks for a value: its path, where `rows[].kg` is a field of a row of
    the list `rows`; its line; whether it is looped over or compared; the filters upon it."""

    path: str
    line: int
    looped: bool = False
    compared: bool = False
    filters: tuple[str, ...] = ()


def names(tree: nodes.Template) -> Iterator[Said]:
    """Yield each value that the layout asks for, in its order.

    A row of a loop is named by its list: `{% for row in rows %}{{ row.kg }}` asks for
    rows[].kg."""
    yield from _asked(tree, {"loop": ""})


def _asked(node: nodes.Node, rows: Mapping[str, str]) -> Iterator[Said]:
    match node:
        case nodes.For():
            for said in _asked(node.iter, rows):
                yield replace(said, looped=True)
            inner = dict(rows)
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = f"{_path(node.iter, rows)}{EACH}"
            for child in (*node.body, *node.else_):
                yield from _asked(child, inner)
        case nodes.Getattr() | nodes.Name():
            path = _path(node, rows)
            if path:
                yield Said(path, node.lineno)
        case nodes.Filter() if node.node is not None:
            for said in _asked(node.node, rows):
                yield replace(said, filters=(*said.filters, node.name))
        case nodes.Compare():
            for child in node.iter_child_nodes():
                for said in _asked(child, rows):
                    yield replace(said, compared=True)
        case _:
            for child in node.iter_child_nodes():
                yield from _asked(child, rows)


def _path(node: nodes.Node, rows: Mapping[str, str]) -> str:
    """Return the dotted path of a value; empty for what the loop itself knows."""
    if isinstance(node, nodes.Name):
        return rows.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        owner = _path(node.node, rows)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _nodes(child)
