"""«Почему меня спрашивают?»: the rule of a question in words, with the source of its limit."""

from __future__ import annotations

import ast

from engine.expressions.parse import parse
from engine.model.text import Text, lines
from engine.model.values import show
from engine.run.draft import Draft
from engine.run.rows import option_of
from engine.run.texts import show_limit
from engine.run.walk import Stop
from engine.steps.choice import ChoiceStep

_COMPARES: dict[type[ast.cmpop], str] = {
    ast.Eq: "—",
    ast.NotEq: "не",
    ast.Lt: "меньше",
    ast.LtE: "не больше",
    ast.Gt: "больше",
    ast.GtE: "не меньше",
    ast.In: "одно из:",
    ast.NotIn: "ни одно из:",
}
_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


def rule(draft: Draft, stop: Stop) -> Text:
    """Return why a question is asked and what holds for its answer."""
    step, found = stop.node.step, []
    if step.when:
        found.append(f"Спрашиваю, потому что: {in_words(draft, stop, step.when)}")
    bounds = draft.bounds(stop)
    if bounds is not None:
        limit = show_limit(bounds, draft.decimals(stop))
        found.append(f"Норма: {limit}" + (f" ({bounds.source})" if bounds.source else ""))
    return lines(*(Text.of(f"ℹ {line}", "italic") for line in found))


def in_words(draft: Draft, stop: Stop, text: str) -> str:
    """Write a condition in the words of the plant: labels of fields, titles of options."""
    return _Words(draft, stop).of(parse(text).tree)


class _Words:
    """Writes parts of an expression in words."""

    def __init__(self, draft: Draft, stop: Stop) -> None:
        self._draft, self._stop = draft, stop

    def of(self, part: ast.expr) -> str:
        """Return one part in words."""
        match part:
            case ast.BoolOp(op=joint, values=values):
                return (" и " if isinstance(joint, ast.And) else " или ").join(map(self.of, values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"не верно, что {self.of(operand)}"
            case ast.UnaryOp(operand=operand):
                return f"−{self.of(operand)}"
            case ast.Compare(left=left, ops=ops, comparators=sides):
                words = [self.of(left)]
                for compare, side in zip(ops, sides, strict=True):
                    words += [_COMPARES[type(compare)], self._option(left, side)]
                return " ".join(words)
            case ast.BinOp(left=left, op=operator, right=right):
                return f"{self.of(left)} {_BINARY[type(operator)]} {self.of(right)}"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"{self.of(body)}, если {self.of(test)}, иначе {self.of(orelse)}"
            case ast.Call(func=ast.Name(id="is_set"), args=[argument]):
                return f"есть «{self.of(argument)}»"
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return f"{name}({', '.join(map(self.of, arguments))})"
            case ast.Attribute(value=value, attr=name):
                return f"{self.of(value)}: {name}"
            case ast.Tuple(elts=items):
                return ", ".join(map(self.of, items))
            case ast.Name(id=name):
                return self._draft.label(name, self._stop)
            case ast.Constant(value=value):
                return str(value).replace(".", ",")
        return ast.unparse(part)

    def _option(self, field: ast.expr, side: ast.expr) -> str:
        """Write what a field is compared with: the title of an option where it is one."""
        if isinstance(side, ast.Tuple):
            return ", ".join(self._option(field, one) for one in side.elts)
        if isinstance(side, ast.Name) and isinstance(field, ast.Name):
            for path in (f"{self._stop.prefix}{field.id}", field.id):
                stop = self._draft.stop(path)
                if stop is not None and isinstance(stop.node.step, ChoiceStep):
                    option = option_of(stop.node.step, side.id)
                    return f"«{show(option)}»" if option else self.of(side)
        return self.of(side)
