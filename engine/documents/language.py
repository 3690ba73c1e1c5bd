"""What a layout may say: placeholders, conditions, loops over rows, a few filters.

Layouts are edited in the office, so they are programs of strangers: `read` refuses every other
construct of the template language by its syntax, and `environment` can do nothing else either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from jinja2 import Template, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from engine.documents.errors import BadLayout
from engine.documents.letters import printable
from engine.errors import say
from engine.model.values import Row, show, show_number

NOTHING = "—"
MOST_DIGITS = 9  # after the comma
EACH = "[]"  # behind the path of a list: one of its rows
_EQUAL = frozenset({"eq", "ne"})
_LOOP = frozenset({"index", "first", "last", "length"})
_OWN = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs"})  # words of Jinja
DEEPEST, DEEPEST_LOOPS, MOST_ROWS = 40, 3, 20_000  # levels of syntax; loops in loops; rows in all
ROWS = "_rows"  # the filter that each loop's list goes through
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
    if isinstance(value, LoopContext):
        return NOTHING
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


class Rows(tuple[object, ...]):
    """A list that a loop may go over; all lists of one document share the count of rows left."""

    left: Iterator[int]

    def __iter__(self) -> Iterator[object]:
        for row in super().__iter__():
            if next(self.left, None) is None:
                raise BadLayout(say("в документе больше {most} строк", most=MOST_ROWS))
            yield row


def counted(rows: Iterable[object], left: Iterator[int]) -> Rows:
    """Return a list for a loop; `left` gives a number for each row that may still be printed."""
    made = Rows(rows)
    made.left = left
    return made


def _rows(value: object) -> object:
    """Return what a loop goes over: a list, nothing where nothing is given, never the letters of
    a text."""
    if isinstance(value, Rows):
        return value
    if isinstance(value, Undefined):
        return ()
    raise BadLayout("цикл for идёт только по списку")


def environment() -> SandboxedEnvironment:
    """Return the language: every value is escaped, every missing one is «—»."""
    made = _Language(autoescape=True, undefined=Absent, finalize=_printed)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(FILTERS, **{ROWS: _rows})
    return made


def read(language: SandboxedEnvironment, source: str) -> nodes.Template:
    """Return the syntax of one part. Raises BadLayout with the line for what is not allowed."""
    try:
        tree = language.parse(source)
    except TemplateSyntaxError as error:
        raise BadLayout(
            say("ошибка в разметке: {message}", message=error.message), error.lineno
        ) from error
    except (RecursionError, ValueError) as error:  # thousands of brackets; of digits
        raise BadLayout("разметка слишком запутана") from error
    _check(tree, 1, 0)
    return tree


def program(language: SandboxedEnvironment, tree: nodes.Template) -> Template:
    """Compile the syntax of one part. Only here each loop is set to count its rows."""
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, ROWS, [], [], None, None, lineno=loop.lineno)
    try:
        return language.from_string(tree)
    except TemplateSyntaxError as error:
        raise BadLayout(
            say("ошибка в разметке: {message}", message=error.message), error.lineno
        ) from error


def _check(node: nodes.Node, depth: int, loops: int, line: int = 0) -> None:
    """Refuse what is not of this language. Raises BadLayout."""
    line = node.lineno or line
    if isinstance(node, nodes.For):
        loops += 1
        _loop(node)
    if depth > DEEPEST or loops > DEEPEST_LOOPS:
        raise BadLayout("слишком глубокая вложенность", line)
    if not isinstance(node, _ALLOWED):
        raise BadLayout(say("в документе нельзя: {name}", name=type(node).__name__), line)
    if isinstance(node, nodes.Filter):
        _filter(node)
    if isinstance(node, nodes.Compare) and any(each.op not in _EQUAL for each in node.ops):
        # A missing value is neither more nor less; document.yaml compares, with types.
        raise BadLayout("в документе сравнивают только == и !=", line)
    if isinstance(node, nodes.Name) and node.name in _OWN:
        raise BadLayout(say("в документе нельзя: {name}", name=node.name), line)
    if isinstance(node, nodes.Getattr) and _is_loop(node.node):
        if node.attr in _LOOP and isinstance(node.node, nodes.Name):
            return
        raise BadLayout(say("в документе нельзя: {name}", name=f"loop.{node.attr}"), line)
    for child in node.iter_child_nodes():
        _check(child, depth + 1, loops, line)


def _is_loop(node: nodes.Node) -> bool:
    """Tell whether a part is `loop`, or what a loop knows: a number has no fields."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name) and node.name == "loop"


def _filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        listed = ", ".join(FILTERS)
        raise BadLayout(
            say("нет фильтра «{name}»; есть: {listed}", name=node.name, listed=listed),
            node.lineno,
        )
    digits = [one.value if isinstance(one, nodes.Const) else None for one in node.args]
    good = [type(one) is int and 0 <= one <= MOST_DIGITS for one in digits]
    if node.kwargs or node.dyn_args or node.dyn_kwargs or good != [True] * (node.name == "number"):
        message = say(
            "фильтры пишут так: number(2) (от 0 до {most}), digits, day", most=MOST_DIGITS
        )
        raise BadLayout(message, node.lineno)


def _loop(node: nodes.For) -> None:
    if node.recursive or node.test:
        raise BadLayout("в документе нельзя: for с условием", node.lineno)
    if not isinstance(node.iter, nodes.Name | nodes.Getattr):
        raise BadLayout("цикл for идёт только по полю", node.lineno)
    if isinstance(node.target, nodes.Name) and node.target.name in _OWN:
        message = say("строку цикла нельзя назвать «{name}»", name=node.target.name)
        raise BadLayout(message, node.lineno)


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
