"""«Почему меня спрашивают?»: the rule of a question in words, with the source of its limit."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce

from engine.expressions.parse import parse
from engine.languages.message import Message, listed
from engine.model.text import Text, lines
from engine.model.values import show
from engine.run.draft import Draft
from engine.run.rows import option_of
from engine.run.texts import show_limit
from engine.run.walk import Stop
from engine.steps.choice import ChoiceStep

_COMPARES: dict[type[ast.cmpop], str] = {
    ast.Eq: "—",
    ast.NotEq: Message("не"),
    ast.Lt: Message("меньше"),
    ast.LtE: Message("не больше"),
    ast.Gt: Message("больше"),
    ast.GtE: Message("не меньше"),
    ast.In: Message("одно из:"),
    ast.NotIn: Message("ни одно из:"),
}
_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


def rule(draft: Draft, stop: Stop) -> Text:
    """Return why a question is asked and what holds for its answer."""
    step, found = stop.node.step, list[Message]()
    if step.when:
        because = {"rule": in_words(draft, stop, step.when)}
        found.append(Message("Спрашиваю, потому что: {rule}", because))
    bounds = draft.bounds(stop)
    if bounds is not None:
        limit = {"limit": show_limit(bounds, draft.decimals(stop)), "source": bounds.source}
        found.append(
            Message("Норма: {limit} ({source})" if bounds.source else "Норма: {limit}", limit)
        )
    return lines(*(Text.of("ℹ ", "italic") + Text.of(line, "italic") for line in found))


def in_words(draft: Draft, stop: Stop, text: str) -> str:
    """Write a condition in the words of the plant: labels of fields, titles of options."""
    return _Words(draft, stop).of(parse(text).tree)


def _pair(template: str) -> Callable[[str, str], str]:
    return lambda one, other: Message(template, {"one": one, "other": other})


class _Words:
    """Writes parts of an expression in words."""

    def __init__(self, draft: Draft, stop: Stop) -> None:
        self._draft, self._stop = draft, stop

    def of(self, part: ast.expr) -> str:
        """Return one part in words."""
        match part:
            case ast.BoolOp(op=joint, values=values):
                both = "{one} и {other}" if isinstance(joint, ast.And) else "{one} или {other}"
                return reduce(_pair(both), map(self.of, values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Message("не верно, что {what}", {"what": self.of(operand)})
            case ast.UnaryOp(operand=operand):
                return listed(("−", self.of(operand)), "")
            case ast.Compare(left=left, ops=ops, comparators=sides):
                words = [self.of(left)]
                for compare, side in zip(ops, sides, strict=True):
                    words += [_COMPARES[type(compare)], self._option(left, side)]
                return listed(words, " ")
            case ast.BinOp(left=left, op=operator, right=right):
                return listed((self.of(left), _BINARY[type(operator)], self.of(right)), " ")
            case ast.IfExp(test=test, body=body, orelse=orelse):
                parts = {"one": self.of(body), "test": self.of(test), "other": self.of(orelse)}
                return Message("{one}, если {test}, иначе {other}", parts)
            case ast.Call(func=ast.Name(id="is_set"), args=[argument]):
                return Message("есть «{what}»", {"what": self.of(argument)})
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return listed((f"{name}(", listed(map(self.of, arguments)), ")"), "")
            case ast.Attribute(value=value, attr=name):
                return listed((self.of(value), name), ": ")
            case ast.Tuple(elts=items):
                return listed(map(self.of, items))
            case ast.Name(id=name):
                return self._draft.label(name, self._stop)
            case ast.Constant(value=value):
                return str(value).replace(".", ",")
        return ast.unparse(part)

    def _option(self, field: ast.expr, side: ast.expr) -> str:
        """Write what a field is compared with: the title of an option where it is one."""
        if isinstance(side, ast.Tuple):
            return listed(self._option(field, one) for one in side.elts)
        if isinstance(side, ast.Name) and isinstance(field, ast.Name):
            for path in (f"{self._stop.prefix}{field.id}", field.id):
                stop = self._draft.stop(path)
                if stop is not None and isinstance(stop.node.step, ChoiceStep):
                    option = option_of(stop.node.step, side.id)
                    return listed(("«", show(option), "»"), "") if option else self.of(side)
        return self.of(side)
