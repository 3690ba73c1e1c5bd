"""Tree → type, with everything that is wrong on the way. Start at `infer`.

Units are types: kilograms do not compare with degrees. A value that may be not given must be asked
about with `is_set(…)` before it is used. One cause gives one problem: a part whose type cannot be
told is silent from there on."""

from __future__ import annotations

import ast
from datetime import time, timedelta

from engine.errors import say
from engine.expressions.comparisons import Comparisons
from engine.expressions.constant import clashing, is_written
from engine.expressions.fitting import computed, fits, joined
from engine.expressions.functions import CLOCKS, FUNCTIONS
from engine.expressions.guards import is_nonzero, path, positive_by, set_by
from engine.expressions.implied import held, is_implied
from engine.expressions.parse import Node
from engine.expressions.results import LENIENT, Argument, Mistake, arity, result_of
from engine.expressions.scope import Problem, Scope, Signature
from engine.expressions.suggest import hint
from engine.expressions.types import (
    TYPED,
    Choice,
    DayTime,
    Duration,
    Integer,
    ListOf,
    Number,
    Optional,
    Record,
    Role,
    Text,
    Truth,
    Type,
    bare,
    title,
)

__all__ = [
    "Problem",
    "Scope",
    "Signature",
    "expect",
    "fits",
    "held",
    "infer",
    "positive_by",
    "set_by",
]


def infer(node: Node, scope: Scope) -> tuple[Type | None, tuple[Problem, ...]]:
    """Return the type of an expression and its problems in order of place; None when the type
    cannot be told because of one."""
    checker = _Checker(node)
    found = checker.infer(node.tree, scope)
    return found, tuple(sorted(checker.problems, key=lambda problem: problem.offset))


def expect(node: Node, wanted: Type, scope: Scope) -> tuple[Problem, ...]:
    """Return the problems of an expression, and F310 when its type is not the wanted one."""
    found, problems = infer(node, scope)
    if found is None or problems or fits(found, wanted, scope.records):
        return problems
    text = say("здесь нужно: {wanted}, а это: {found}", wanted=title(wanted), found=title(found))
    return (Problem(0, len(node.text), "F310", text, _wanted_hint(found, wanted)),)


def _wanted_hint(found: Type, wanted: Type) -> str:
    if isinstance(found, Optional) and fits(found.item, wanted):
        return "проверьте is_set(…) или дайте значение otherwise"
    if isinstance(wanted, Truth):
        return "напишите условие, например weight > 0"
    return "дайте значение нужного вида"


class _Checker(Comparisons):
    """Walks one expression and collects problems."""

    def infer(self, part: ast.expr, scope: Scope) -> Type | None:
        match part:
            case ast.Name(id=name):
                return self._literal(part) or self._field(part, name, scope)
            case ast.Constant(value=bool()):
                return Truth()
            case ast.Constant(value=str()):
                return Text()
            case ast.Constant(value=value):
                return Integer() if isinstance(value, int) else Number()
            case ast.Attribute():
                return self._attribute(part, scope)
            case ast.BoolOp(op=op, values=values):
                return self._both(op, values, scope)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._truth(operand, scope)
            case ast.UnaryOp(operand=operand):
                return self._negative(operand, scope)
            case ast.BinOp():
                return self._arithmetic(part, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse, scope)
            case ast.Compare():
                return self._compare(part, scope)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(part, name, scope)
        return None

    def _literal(self, part: ast.expr) -> Type | None:
        found = self.node.literal(part)
        if found is None:
            return None
        return DayTime() if isinstance(found, time) else Duration()

    def _field(self, part: ast.expr, name: str, scope: Scope) -> Type | None:
        if name not in scope.fields:
            remedy = hint(name, scope.fields, "здесь известны")
            if name.lower() in ("true", "false"):
                remedy = say("пишите {capitalize}", capitalize=name.capitalize())
            elif name.lower() in ("none", "null"):
                remedy = "проверьте is_set(…)"
            self._problem(part, "F303", say("нет поля «{name}»", name=name), remedy)
            return None
        return self._known(part, scope.fields[name], scope)

    def _known(self, part: ast.expr, found: Type, scope: Scope) -> Type | None:
        """Return the type of a field where its conditions hold; None of a type nobody knows."""
        if type(bare(found)) is Type:
            return None
        if not isinstance(found, Optional):
            return found
        given_if = scope.given_if.get(part.id) if isinstance(part, ast.Name) else None
        if path(part) in scope.known_set or (given_if and is_implied(scope, given_if)):
            return found.item
        return found

    def _truth(self, part: ast.expr, scope: Scope) -> Type | None:
        found = self._used(part, scope)
        if found is None:
            return None
        if not isinstance(found, Truth):
            message = say("здесь нужно да или нет, а это {found}", found=title(found))
            self._problem(part, "F302", message, "сравните с чем-нибудь")
            return None
        if isinstance(part, ast.Constant):
            self._problem(part, "F307", "условие всегда одно и то же", "уберите его")
            return None
        return found

    def _both(self, op: ast.boolop, values: list[ast.expr], scope: Scope) -> Type | None:
        sound, outer = True, scope
        every = isinstance(op, ast.And)
        for value in values:
            sound = self._truth(value, scope) is not None and sound
            scope = held(scope, value, holds=every)
        sound = sound and self._agrees(values, every, outer)
        return Truth() if sound else None

    def _agrees(self, values: list[ast.expr], every: bool, scope: Scope) -> bool:
        """Refuse `a == x and a == y`, which never holds, and `a != x or a != y`, which always
        does."""
        clash = clashing(values, every, scope.fields)
        if clash is not None:
            how = "не выполняется никогда" if every else "выполняется всегда"
            message = say(
                "условие {how}: это «{left}» с двумя значениями",
                how=how,
                left=self.node.source(clash.left),
            )
            remedy = say("нужно, наверное, «{word}», или «in (…)»", word="or" if every else "and")
            self._problem(clash, "F307", message, remedy)
        return clash is None

    def _negative(self, operand: ast.expr, scope: Scope) -> Type | None:
        found = self._used(operand, scope)
        if found is None or isinstance(found, Number | Duration):
            return found
        self._problem(
            operand,
            "F302",
            say("у этого нет минуса: {found}", found=title(found)),
            "минус бывает у чисел",
        )
        return None

    def _either(
        self, test: ast.expr, body: ast.expr, orelse: ast.expr, scope: Scope
    ) -> Type | None:
        self._truth(test, scope)
        one = self.infer(body, held(scope, test))
        other = self.infer(orelse, held(scope, test, holds=False))
        if one is None or other is None:
            return None
        found = joined(one, other, written=(is_written(body), is_written(orelse)))
        if found is None:
            message = say(
                "по «if» это {one}, а по «else» {other}", one=title(one), other=title(other)
            )
            self._problem(orelse, "F302", message, "дайте одно и то же")
        return found

    def _attribute(self, part: ast.Attribute, scope: Scope) -> Type | None:
        owner = self.infer(part.value, scope)
        if owner is None:
            return None
        plain = bare(owner)
        if isinstance(plain, Choice) and plain.typed is not None and part.attr == TYPED:
            return self._known(part, Optional(plain.typed), scope)
        record = bare(plain.item) if isinstance(plain, ListOf) else plain
        if isinstance(record, Record) and record.kind == "?":
            return None
        fields = scope.records.get(record.kind) if isinstance(record, Record) else None
        if fields is None:
            message = say("у «{value}» нет полей", value=self.node.source(part.value))
            self._problem(part, "F303", message, "поля есть только у записей")
            return None
        if part.attr not in fields:
            end = self.node.offset(part) + self.node.width(part) - len(part.attr)
            message, remedy = (
                say("у записи нет поля «{attr}»", attr=part.attr),
                hint(part.attr, fields, "есть"),
            )
            self.problems.append(Problem(end, len(part.attr), "F303", message, remedy))
            return None
        found = fields[part.attr]
        if isinstance(plain, ListOf):
            return ListOf(bare(found))
        return self._known(
            part, Optional(bare(found)) if isinstance(owner, Optional) else found, scope
        )

    def _arithmetic(self, part: ast.BinOp, scope: Scope) -> Type | None:
        left, right = self._used(part.left, scope), self._used(part.right, scope)
        if left is None or right is None:
            return None
        written = is_written(part.left), is_written(part.right)
        result = computed(left, part.op, right, written=written)
        if result is None:
            message = say("{left} и {right} так не считают", left=title(left), right=title(right))
            remedy = "складывают и вычитают величины одной единицы"
            if isinstance(part.op, ast.Mult | ast.Div):
                remedy = "умножают и делят на число, делят величины одной единицы"
            self._problem(part, "F302", message, remedy)
        elif isinstance(part.op, ast.Div) and not self._nonzero(part.right, scope):
            message = say("«{right}» может быть нулём", right=self.node.source(part.right))
            remedy = "проверьте: … if x > 0 else …, или дайте полю range от числа больше нуля"
            self._problem(part.right, "F308", message, remedy)
        return result

    def _nonzero(self, part: ast.expr, scope: Scope) -> bool:
        length = self.node.literal(part)
        return bool(length) if isinstance(length, timedelta) else is_nonzero(part, scope)

    def _call(self, part: ast.Call, name: str, scope: Scope) -> Type | None:
        if name in scope.facts:
            return self._fact(part, name, scope)
        if name not in FUNCTIONS and name not in CLOCKS:
            known = [*FUNCTIONS, *CLOCKS, *scope.facts]
            self._problem(
                part.func, "F304", say("нет функции «{name}»", name=name), hint(name, known, "есть")
            )
            return None
        if not self._count(part, *arity(name)):
            return None
        kinds = [self.infer(argument, scope) for argument in part.args]
        if name not in LENIENT and name != "is_set":
            pairs = zip(part.args, kinds, strict=True)
            kinds = [self._given(argument, kind) for argument, kind in pairs]
        elif len(kinds) == 1 and isinstance(kinds[0], Optional):
            # A list that is not given has no values to leave out.
            kinds = kinds if name == "is_set" else [self._given(part.args[0], kinds[0])]
        arguments = [
            Argument(argument, kind, is_written(argument))
            for argument, kind in zip(part.args, kinds, strict=True)
            if kind is not None
        ]
        if len(arguments) < len(kinds):
            return None
        found = result_of(name, arguments)
        if isinstance(found, Optional):
            return self._known(part, found, scope)
        if isinstance(found, Mistake):
            self._problem(found.part or part, "F309", found.message, found.hint)
            return None
        return found

    def _count(self, part: ast.Call, least: int, most: int) -> bool:
        if least <= len(part.args) <= most:
            return True
        remedy = (
            say("нужно {least}", least=least)
            if least == most
            else say("нужно от {least} до {most}", least=least, most=most)
        )
        message = say("не столько значений в скобках: {count}", count=len(part.args))
        self._problem(part, "F309", message, remedy)
        return False

    def _fact(self, part: ast.Call, name: str, scope: Scope) -> Type | None:
        fact = scope.facts[name]
        if not self._count(part, len(fact.params), len(fact.params)):
            return None
        sound = True
        for argument, wanted in zip(part.args, fact.params, strict=True):
            sound = self._argument(name, argument, wanted, scope) and sound
        return self._known(part, fact.result, scope) if sound else None

    def _argument(self, name: str, part: ast.expr, wanted: Type, scope: Scope) -> bool:
        plain = bare(wanted)
        if isinstance(plain, Choice) and self._names_option(part, scope):
            return self._option(part, say("у факта {name}", name=name), plain)
        if isinstance(plain, Role) and isinstance(part, ast.Constant) and type(part.value) is str:
            return self._role(part, part.value, scope)
        found = self.infer(part, scope)
        if found is None or fits(found, wanted, scope.records):
            return found is not None
        if isinstance(found, Optional) and fits(found.item, wanted, scope.records):
            return self._given(part, found) is not None
        message = say(
            "здесь нужно: {wanted}, а это: {found}", wanted=title(wanted), found=title(found)
        )
        self._problem(part, "F309", message, "дайте поле нужного вида")
        return False

    def _role(self, part: ast.expr, role: str, scope: Scope) -> bool:
        if scope.roles is None or role in scope.roles:
            return True
        message = say("нет роли «{role}»", role=role)
        self._problem(part, "F501", message, hint(role, scope.roles, "роли"))
        return False
