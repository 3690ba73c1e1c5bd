"""Tree → type, with everything that is wrong on the way. Start at `infer`.

Units are types: kilograms do not compare with degrees. A value that may be not given must be asked about with
`is_set(…)` before it is used."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from engine.expressions.functions import FUNCTIONS
from engine.expressions.parse import Node
from engine.expressions.suggest import hint
from engine.expressions.types import (
    Choice,
    Date,
    Duration,
    Integer,
    ListOf,
    Moment,
    Number,
    Optional,
    Record,
    Text,
    Truth,
    Type,
    bare,
    title,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters and the result of a fact."""

    params: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: fields, the fields of records, facts; `known_set` are fields that are surely given,
    `positive` those that are surely above zero."""

    fields: Mapping[str, Type]
    records: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    facts: Mapping[str, Signature] = field(default_factory=dict)
    known_set: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in an expression: column from 0 and width in its text, code, message, remedy."""

    offset: int
    width: int
    code: str
    message: str
    hint: str = ""


def infer(node: Node, scope: Scope) -> tuple[Type | None, tuple[Problem, ...]]:
    """Return the type of an expression and its problems; None when the type cannot be told because of one."""
    checker = _Checker(node)
    found = checker.infer(node.tree, scope)
    return found, tuple(checker.problems)


def expect(node: Node, wanted: Type, scope: Scope) -> tuple[Problem, ...]:
    """Return the problems of an expression, and F310 when its type is not the wanted one."""
    found, problems = infer(node, scope)
    if found is None or problems or fits(found, wanted):
        return problems
    text = f"здесь нужно: {title(wanted)}, а это: {title(found)}"
    return (Problem(0, len(node.text), "F310", text, _wanted_hint(found, wanted)),)


def _wanted_hint(found: Type, wanted: Type) -> str:
    if isinstance(found, Optional) and fits(found.item, wanted):
        return "проверьте is_set(…) или дайте значение otherwise"
    return "напишите условие, например weight > 0" if isinstance(wanted, Truth) else "дайте значение нужного вида"


def fits(found: Type, wanted: Type) -> bool:
    """Tell whether a value of one type may stand where another is wanted."""
    if isinstance(wanted, Optional):
        return fits(bare(found), wanted.item)
    if isinstance(found, Optional):
        return False
    if isinstance(wanted, Number) and isinstance(found, Number):
        whole = not isinstance(wanted, Integer) or isinstance(found, Integer)
        return whole and (found.unit == wanted.unit or "" in (found.unit, wanted.unit))
    if isinstance(wanted, Choice) and isinstance(found, Choice):
        return set(found.options) <= set(wanted.options)
    if isinstance(wanted, Text):
        return isinstance(found, Text | Choice)
    return found == wanted


def set_by(part: ast.expr) -> frozenset[str]:
    """Return the fields that are surely given where this condition holds: `is_set(x)`, joined by `and`."""
    match part:
        case ast.Call(func=ast.Name(id="is_set"), args=[ast.Name(id=name)]):
            return frozenset({name})
        case ast.BoolOp(op=ast.And(), values=values):
            return frozenset().union(*(set_by(value) for value in values))
        case _:
            return frozenset()


def _positive_by(part: ast.expr) -> frozenset[str]:
    match part:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt() | ast.NotEq()], comparators=[ast.Constant(value=0)]):
            return frozenset({name})
        case ast.BoolOp(op=ast.And(), values=values):
            return frozenset().union(*(_positive_by(value) for value in values))
        case _:
            return frozenset()


class _Checker:
    """Walks one expression and collects problems; one cause gives one problem."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.problems: list[Problem] = []

    def _problem(self, part: ast.expr, code: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.node.offset(part), self.node.width(part), code, message, remedy))

    def infer(self, part: ast.expr, scope: Scope) -> Type | None:
        match part:
            case ast.Name(id=name):
                return Duration() if self.node.offset(part) in self.node.durations else self._field(part, name, scope)
            case ast.Constant(value=value):
                if isinstance(value, bool):
                    return Truth()
                return Text() if isinstance(value, str) else Integer() if isinstance(value, int) else Number()
            case ast.Attribute():
                return self._attribute(part, scope)
            case ast.BoolOp(op=op, values=values):
                return self._both(op, values, scope)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._truth(operand, scope)
            case ast.UnaryOp(operand=operand):
                return self._given(operand, self.infer(operand, scope))
            case ast.BinOp():
                return self._arithmetic(part, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse, scope)
            case ast.Compare():
                return self._compare(part, scope)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(part, name, scope)
            case ast.Tuple(elts=items):
                kinds = [self.infer(item, scope) for item in items]
                return ListOf(kinds[0]) if kinds and kinds[0] is not None else None
        return None

    def _field(self, part: ast.expr, name: str, scope: Scope) -> Type | None:
        if name not in scope.fields:
            self._problem(part, "F303", f"нет поля «{name}»", hint(name, scope.fields, "здесь известны"))
            return None
        found = scope.fields[name]
        return bare(found) if name in scope.known_set else found

    def _given(self, part: ast.expr, found: Type | None) -> Type | None:
        """Refuse a value that may be not given where it is used."""
        if isinstance(found, Optional):
            source = self.node.source(part)
            self._problem(part, "F306", f"«{source}» может быть не задано",
                          f"проверьте сначала: is_set({source}) and …, или дайте шагу otherwise")
            return None
        return found

    def _truth(self, part: ast.expr, scope: Scope) -> Type | None:
        found = self._given(part, self.infer(part, scope))
        if found is not None and not isinstance(found, Truth):
            self._problem(part, "F302", f"здесь нужно да или нет, а это {title(found)}", "сравните с чем-нибудь")
            return None
        return found

    def _both(self, op: ast.boolop, values: list[ast.expr], scope: Scope) -> Type | None:
        kinds = []
        for value in values:
            kinds.append(self._truth(value, scope))
            if isinstance(op, ast.And):
                scope = replace(scope, known_set=scope.known_set | set_by(value),
                                positive=scope.positive | _positive_by(value))
        return Truth() if all(kinds) else None

    def _either(self, test: ast.expr, body: ast.expr, orelse: ast.expr, scope: Scope) -> Type | None:
        self._truth(test, scope)
        held = replace(scope, known_set=scope.known_set | set_by(test), positive=scope.positive | _positive_by(test))
        one, other = self.infer(body, held), self.infer(orelse, scope)
        if one is None or other is None:
            return None
        if not fits(bare(other), bare(one)) and not fits(bare(one), bare(other)):
            self._problem(orelse, "F302", f"по «if» это {title(one)}, а по «else» {title(other)}", "дайте одно и то же")
            return None
        wider = one if fits(bare(other), bare(one)) else other
        optional = isinstance(one, Optional) or isinstance(other, Optional)
        return Optional(bare(wider)) if optional else wider

    def _attribute(self, part: ast.Attribute, scope: Scope) -> Type | None:
        owner = self.infer(part.value, scope)
        if owner is None:
            return None
        plain = bare(owner)
        record = plain.item if isinstance(plain, ListOf) else plain
        fields = scope.records.get(record.kind) if isinstance(record, Record) else None
        if fields is None:
            self._problem(part, "F303", f"у «{self.node.source(part.value)}» нет полей", "поля есть только у записей")
            return None
        if part.attr not in fields:
            end = self.node.offset(part) + self.node.width(part) - len(part.attr)
            self.problems.append(Problem(end, len(part.attr), "F303", f"у записи нет поля «{part.attr}»",
                                         hint(part.attr, fields, "есть")))
            return None
        found = fields[part.attr]
        if isinstance(plain, ListOf):
            return ListOf(bare(found))
        return Optional(bare(found)) if isinstance(owner, Optional) else found

    def _compare(self, part: ast.Compare, scope: Scope) -> Type | None:
        sides = [part.left, *part.comparators]
        sound = True
        for at, op in enumerate(part.ops):
            sound = self._pair(sides[at], op, sides[at + 1], scope) and sound
        if sound and all(isinstance(side, ast.Constant) for side in sides):
            self._problem(part, "F307", "условие всегда одно и то же", "сравните с полем")
            return None
        return Truth() if sound else None

    def _pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> bool:
        for option, other in ((right, left), (left, right)):
            choice = self._choice(other, scope)
            if choice is not None and self._names_options(option, scope):
                return self._options(option, other, choice)
        one, two = self.infer(left, scope), self.infer(right, scope)
        if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            one, two = self._given(left, one), self._given(right, two)
        if one is None or two is None:
            return False
        two = two.item if isinstance(op, ast.In | ast.NotIn) and isinstance(two, ListOf) else two
        if fits(bare(one), bare(two)) or fits(bare(two), bare(one)):
            return True
        self._problem(right, "F302", f"{title(bare(one))} и {title(bare(two))} не сравнить",
                      "сравнивают величины одной единицы")
        return False

    def _choice(self, part: ast.expr, scope: Scope) -> Choice | None:
        if isinstance(part, ast.Name) and isinstance(found := bare(scope.fields.get(part.id, Type())), Choice):
            return found
        if isinstance(part, ast.Attribute):
            quiet = _Checker(self.node)
            kind = quiet.infer(part, scope)
            return bare(kind) if kind is not None and isinstance(bare(kind), Choice) else None  # type: ignore[return-value]
        return None

    def _names_options(self, part: ast.expr, scope: Scope) -> bool:
        items = part.elts if isinstance(part, ast.Tuple) else [part]
        return all(isinstance(item, ast.Name) and item.id not in scope.fields or isinstance(item, ast.Constant)
                   for item in items)

    def _options(self, part: ast.expr, other: ast.expr, choice: Choice) -> bool:
        items = part.elts if isinstance(part, ast.Tuple) else [part]
        sound = True
        for item in items:
            code = item.id if isinstance(item, ast.Name) else getattr(item, "value", "")
            if code not in choice.options:
                self._problem(item, "F305", f"у поля {self.node.source(other)} нет варианта «{code}»",
                              hint(str(code), choice.options))
                sound = False
        if sound and isinstance(part, ast.Tuple) and len({getattr(i, "id", None) for i in items}) == len(choice.options):
            self._problem(part, "F307", "условие выполняется всегда: названы все варианты", "уберите его")
            return False
        return sound

    def _arithmetic(self, part: ast.BinOp, scope: Scope) -> Type | None:
        left = self._given(part.left, self.infer(part.left, scope))
        right = self._given(part.right, self.infer(part.right, scope))
        if left is None or right is None:
            return None
        if isinstance(part.op, ast.Div) and not self._is_positive(part.right, scope):
            self._problem(part.right, "F308", f"«{self.node.source(part.right)}» может быть нулём",
                          "проверьте: … if x > 0 else …, или дайте полю range от числа больше нуля")
            return None
        result = _computed(left, part.op, right)
        if result is None:
            self._problem(part, "F302", f"{title(left)} и {title(right)} так не считают",
                          "складывают и вычитают величины одной единицы")
        return result

    def _is_positive(self, part: ast.expr, scope: Scope) -> bool:
        match part:
            case ast.Constant(value=int() | float() as value):
                return Decimal(str(value)) != 0
            case ast.Name(id=name):
                return name in scope.positive
            case _:
                return False

    def _call(self, part: ast.Call, name: str, scope: Scope) -> Type | None:
        if name not in FUNCTIONS and name not in scope.facts:
            self._problem(part.func, "F304", f"нет функции «{name}»", hint(name, [*FUNCTIONS, *scope.facts], "есть"))
            return None
        kinds = [self.infer(argument, scope) for argument in part.args]
        if name in scope.facts:
            return self._fact(part, scope.facts[name], kinds)
        if name == "is_set":
            return Truth() if self._count(part, 1, 1) else None
        if any(kind is None for kind in kinds):
            return None
        return self._function(part, name, [kind for kind in kinds if kind is not None])

    def _fact(self, part: ast.Call, fact: Signature, kinds: list[Type | None]) -> Type | None:
        if not self._count(part, len(fact.params), len(fact.params)):
            return None
        for argument, found, wanted in zip(part.args, kinds, fact.params, strict=True):
            if found is not None and not fits(found, wanted):
                self._problem(argument, "F309", f"здесь нужно: {title(wanted)}, а это: {title(found)}")
                return None
        return fact.result

    def _count(self, part: ast.Call, least: int, most: int) -> bool:
        if least <= len(part.args) <= most:
            return True
        self._problem(part, "F309", f"не столько значений в скобках: {len(part.args)}",
                      f"нужно {least}" if least == most else f"нужно от {least} до {most}")
        return False

    def _function(self, part: ast.Call, name: str, kinds: list[Type]) -> Type | None:
        least, most = {"today": (0, 0), "now": (0, 0), "production_day": (0, 0), "round": (1, 2), "join": (1, 2),
                       "min": (1, 9), "max": (1, 9), "first": (1, 9), "last": (1, 9), "sum": (1, 9), "count": (1, 9),
                       "any": (1, 9), "all": (1, 9)}.get(name, (1, 1))
        if not self._count(part, least, most):
            return None
        if not kinds:
            return Moment() if name == "now" else Date()
        if name in ("count", "any", "all", "join", "len"):
            return {"join": Text(), "any": Truth(), "all": Truth()}.get(name, Integer())
        if name in ("days", "hours"):
            return Number() if isinstance(bare(kinds[0]), Duration) else Duration()
        if name in ("abs", "round", "floor") and self._given(part.args[0], kinds[0]) is None:
            return None
        item = bare(kinds[0])
        item = item.item if isinstance(item, ListOf) else item
        if name in ("abs", "round", "floor", "sum") and not isinstance(item, Number):
            self._problem(part.args[0], "F309", f"здесь нужно число, а это {title(kinds[0])}")
            return None
        return Optional(item) if name in ("first", "last") else item


def _computed(left: Type, op: ast.operator, right: Type) -> Type | None:
    """Return the type of a computation, or None when it makes no sense."""
    if isinstance(left, Number) and isinstance(right, Number):
        return _numbers(left, op, right)
    plus_minus = isinstance(op, ast.Add | ast.Sub)
    if plus_minus and isinstance(left, Date | Moment | Duration) and isinstance(right, Duration):
        return left
    if isinstance(op, ast.Sub) and type(left) is type(right) and isinstance(left, Date | Moment):
        return Duration()
    if isinstance(op, ast.Mult) and isinstance(left, Duration) and isinstance(right, Number):
        return left
    return None


def _numbers(left: Number, op: ast.operator, right: Number) -> Type | None:
    if isinstance(op, ast.Mult):
        if left.unit and right.unit and "%" not in (left.unit, right.unit):
            return None
        return left if left.unit else right if right.unit else _whole(left, right)
    if isinstance(op, ast.Div):
        return Number("" if left.unit == right.unit else left.unit) if right.unit in ("", left.unit) else None
    if left.unit != right.unit and "" not in (left.unit, right.unit):
        return None
    return left if left.unit else right if right.unit else _whole(left, right)


def _whole(left: Number, right: Number) -> Number:
    return Integer() if isinstance(left, Integer) and isinstance(right, Integer) else Number()
