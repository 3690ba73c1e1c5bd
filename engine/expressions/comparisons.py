"""What may be compared with what: one half of the checker. Start at `check.infer`."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from engine.errors import say
from engine.expressions.constant import is_constant, is_written
from engine.expressions.fitting import ORDERED, comparable
from engine.expressions.parse import Node
from engine.expressions.scope import Problem, Scope
from engine.expressions.suggest import hint
from engine.expressions.types import Choice, ListOf, Optional, Truth, Type, bare, title

_ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_TRUTH = "условие само отвечает да или нет: пишите его без сравнения, «не» — это not"
_SAME_UNIT = "сравнивают величины одной единицы"


class Comparisons(ABC):
    """Types of comparisons; knows the options of choices, and collects problems."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.problems: list[Problem] = []

    @abstractmethod
    def infer(self, part: ast.expr, scope: Scope) -> Type | None:
        """Return the type of a part, and collect what is wrong with it."""

    def _problem(self, part: ast.expr, code: str, message: str, remedy: str = "") -> None:
        place = self.node.offset(part), self.node.width(part)
        self.problems.append(Problem(*place, code, message, remedy))

    def _given(self, part: ast.expr, found: Type | None) -> Type | None:
        """Refuse a value that may be not given where it is used."""
        if isinstance(found, Optional):
            source = self.node.source(part)
            remedy = say(
                "проверьте сначала: is_set({source}) and …, или дайте шагу otherwise", source=source
            )
            self._problem(
                part, "F306", say("«{source}» может быть не задано", source=source), remedy
            )
            return None
        return found

    def _used(self, part: ast.expr, scope: Scope) -> Type | None:
        return self._given(part, self.infer(part, scope))

    def _compare(self, part: ast.Compare, scope: Scope) -> Type | None:
        sides = [part.left, *part.comparators]
        if all(is_constant(self.node, side) for side in sides):
            self._problem(part, "F307", "условие всегда одно и то же", "сравните с полем")
            return None
        sound = True
        for one, op, two in zip(sides[:-1], part.ops, sides[1:], strict=True):
            sound = self._pair(one, op, two, scope) and sound
        return Truth() if sound else None

    def _pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> bool:
        if isinstance(op, _ORDERINGS):
            return self._ordered(left, right, scope)
        if isinstance(op, ast.In | ast.NotIn):
            return self._within(left, op, right, scope)
        for option, other in ((right, left), (left, right)):
            choice = self._choice(other, scope)
            if choice is not None and self._hides(option, choice, scope):
                return False
            if choice is not None and self._names_option(option, scope):
                return self._option(
                    option, say("у поля {other}", other=self.node.source(other)), choice
                )
        one = self.infer(left, scope)
        if one is None and self._names_option(right, scope):
            return False  # a mistyped field leaves the option beside it without a type
        return self._same(left, one, right, self.infer(right, scope))

    def _ordered(self, left: ast.expr, right: ast.expr, scope: Scope) -> bool:
        for side, other in ((left, right), (right, left)):
            choice = self._choice(side, scope)
            if choice is not None and self._names_option(other, scope):
                self._unordered(side, choice)
                return False
        one, two = self._used(left, scope), self._used(right, scope)
        for side, kind in ((left, one), (right, two)):
            if kind is not None and not isinstance(kind, ORDERED):
                self._unordered(side, kind)
                return False
        return self._same(left, one, right, two)

    def _unordered(self, part: ast.expr, kind: Type) -> None:
        message = say("больше и меньше бывают числа и время, а это {kind}", kind=title(kind))
        self._problem(part, "F302", message, "сравните так: == или in (…)")

    def _same(self, left: ast.expr, one: Type | None, right: ast.expr, two: Type | None) -> bool:
        if one is None or two is None:
            return False
        if comparable(one, two, written=(is_written(left), is_written(right))):
            return True
        message = say("{one} и {two} не сравнить", one=title(bare(one)), two=title(bare(two)))
        truth = isinstance(bare(one), Truth) or isinstance(bare(two), Truth)
        self._problem(right, "F302", message, _TRUTH if truth else _SAME_UNIT)
        return False

    def _within(self, left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> bool:
        if not isinstance(right, ast.Tuple):
            return self._in_list(left, right, scope)
        choice = self._choice(left, scope)
        one = self.infer(left, scope)
        sound, owner = one is not None, say("у поля {left}", left=self.node.source(left))
        for item in right.elts:
            if choice is not None and self._hides(item, choice, scope):
                sound = False
            elif choice is not None and self._names_option(item, scope):
                sound = self._option(item, owner, choice) and sound
            elif one is None and self._names_option(item, scope):
                sound = False  # a mistyped field leaves the options beside it without a type
            else:
                sound = self._same(left, one, item, self.infer(item, scope)) and sound
        named = {self._said(item) for item in right.elts if self._names_option(item, scope)}
        if sound and choice is not None and choice.options and named >= set(choice.options):
            how = "всегда" if isinstance(op, ast.In) else "никогда"
            message = say("условие выполняется {how}: названы все варианты", how=how)
            self._problem(right, "F307", message, "уберите его или назовите не все")
            return False
        return sound

    def _in_list(self, left: ast.expr, right: ast.expr, scope: Scope) -> bool:
        one = self.infer(left, scope)
        if self._choice(left, scope) is not None and self._names_option(right, scope):
            message, remedy = "после «in» нужен список в скобках", "для одного варианта есть «==»"
            self._problem(right, "F302", message, remedy)
            return False
        two = self._used(right, scope)
        if isinstance(two, ListOf):
            return self._same(left, one, right, two.item)
        if two is not None:
            message = say("после «in» нужен список, а это {two}", two=title(two))
            self._problem(right, "F302", message, "пример: condition in (chilled, frozen)")
        return False

    def _choice(self, part: ast.expr, scope: Scope) -> Choice | None:
        """Return the options of a field or an attribute, quietly."""
        if not isinstance(part, ast.Name | ast.Attribute):
            return None
        if isinstance(part, ast.Name) and part.id not in scope.fields:
            return None
        found = type(self)(self.node).infer(part, scope)
        plain = found if found is None else bare(found)
        return plain if isinstance(plain, Choice) else None

    def _names_option(self, part: ast.expr, scope: Scope) -> bool:
        """Tell whether a part can only be the code of an option: a bare name that is no field, or
        a text."""
        if isinstance(part, ast.Name):
            return part.id not in scope.fields and self.node.literal(part) is None
        return isinstance(part, ast.Constant)

    def _hides(self, part: ast.expr, choice: Choice, scope: Scope) -> bool:
        """Refuse a field where the option of its name may be meant: the field would win."""
        word = part.id if isinstance(part, ast.Name) else ""
        if word not in choice.options or word not in scope.fields or self.node.literal(part):
            return False
        message = say("«{word}» здесь — поле, а не вариант: их зовут одинаково", word=word)
        self._problem(part, "F311", message, say("переименуйте вариант «{word}»", word=word))
        return True

    def _said(self, part: ast.expr) -> str:
        return part.id if isinstance(part, ast.Name) else str(getattr(part, "value", ""))

    def _option(self, part: ast.expr, owner: str, choice: Choice) -> bool:
        code = self._said(part)
        if code in choice.options or not choice.options:
            return True
        message = say("{owner} нет варианта «{code}»", owner=owner, code=code)
        self._problem(part, "F305", message, hint(code, choice.options))
        return False
