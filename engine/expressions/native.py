"""The same code as `writer.py` writes, with Python's own operators wherever the values turn out to
be what they should: exact numbers, options, records, true or false. Start at `NativeWriter`.

A *region* is a part that only computes with numbers. Its leaves are read once and their classes
looked at; when all are Decimal the bare operators are used, otherwise the helpers. Python's default
context of decimals (28 digits, half even, the same traps) is that of the helpers. Whatever fails
here is computed once more by the helpers, which say why."""

from __future__ import annotations

import ast
from decimal import Decimal

from engine.expressions.functions import CLOCKS
from engine.expressions.writer import ENV, Writer, call, load

_NOT_NUMBERS = frozenset({*CLOCKS, "is_set", "any", "all", "join", "distinct"})
_TRUTHS = frozenset({"is_set", "any", "all"})
_ROUNDINGS = {"round": "_half_up", "floor": "_down"}
_ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_EQUALITIES = (ast.Eq, ast.NotEq)
_MOST_PRODUCTS = 4  # in one region: beyond it the helpers watch how long a number grows


class NativeWriter(Writer):
    """Writes regions with bare operators; everything else as its base does."""

    def write(self, part: ast.expr) -> ast.expr:
        """Return the Python tree of a part."""
        if self._computes(part) and _products(part) <= _MOST_PRODUCTS:
            return self._region(part)
        match part:
            case ast.Attribute(value=owner, attr=name):
                return self._attribute(owner, name)
            case ast.Call(func=ast.Name(id="is_set"), args=[argument]):
                return ast.Compare(self.write(argument), [ast.IsNot()], [ast.Constant(None)])
        return super().write(part)

    def field(self, name: str) -> ast.expr:
        """Write a look-up; a field that is not there is a KeyError, and the helpers try again."""
        return ast.Subscript(load(ENV), ast.Constant(name), ast.Load())

    def option(self, part: ast.expr) -> ast.expr:
        """Write a part that may be the bare code of an option."""
        return self.write(part) if self._computes(part) else super().option(part)

    def truth(self, part: ast.expr) -> ast.expr:
        """Write a part that must be true or false; what can be nothing else is not looked at."""
        if _is_truth(part):
            return self.write(part)
        kept = self.keep()
        is_true = ast.Compare(_as(kept, self.write(part)), [ast.Is()], [ast.Constant(True)])
        not_false = ast.Compare(load(kept), [ast.IsNot()], [ast.Constant(False)])
        looked_at = ast.BoolOp(ast.And(), [not_false, call("_truth", load(kept))])
        return ast.BoolOp(ast.Or(), [is_true, looked_at])

    def compare(self, part: ast.Compare) -> ast.expr:
        """Write a comparison; with the codes of options natively where a field is an option."""
        slow = super().compare(part)
        op, right = part.ops[0], part.comparators[0]
        if len(part.ops) > 1 or not isinstance(part.left, ast.Name | ast.Attribute):
            return slow
        if isinstance(op, _EQUALITIES):
            said = self._codes([right])
        elif isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Tuple):
            said = self._codes(right.elts)
        else:
            return slow
        return self._coded(part.left, op, said, slow) if said else slow

    def _codes(self, items: list[ast.expr]) -> tuple[str, ...]:
        """Return what can only be codes of options; empty when one of the parts is none."""
        names = [one.id for one in items if isinstance(one, ast.Name)]
        length = [one for one in items if self.node.literal(one) is not None]
        return tuple(names) if len(names) == len(items) and not length else ()

    def _coded(
        self, left: ast.expr, op: ast.cmpop, said: tuple[str, ...], slow: ast.expr
    ) -> ast.expr:
        """Compare the code of an option: if it is one, and no field hides a code."""
        kept = self.keep()
        guards: list[ast.expr] = [_is(call("_type", _as(kept, self.write(left))), "_option")]
        guards += [ast.Compare(ast.Constant(one), [ast.NotIn()], [load(ENV)]) for one in said]
        sides: list[ast.expr] = [ast.Constant(one) for one in said]
        one_of = sides[0] if isinstance(op, _EQUALITIES) else ast.Tuple(sides, ast.Load())
        own = ast.Attribute(load(kept), "code", ast.Load())
        return ast.IfExp(ast.BoolOp(ast.And(), guards), ast.Compare(own, [op], [one_of]), slow)

    def _attribute(self, owner: ast.expr, name: str) -> ast.expr:
        kept = self.keep()
        guard = _is(call("_type", _as(kept, self.write(owner))), "_row")
        fields = ast.Attribute(load(kept), "fields", ast.Load())
        quick = ast.Subscript(fields, ast.Constant(name), ast.Load())
        return ast.IfExp(guard, quick, call("_attribute", load(kept), ast.Constant(name)))

    def _computes(self, part: ast.expr) -> bool:
        """Tell whether a part is a computation or a comparison of what may be numbers."""
        match part:
            case ast.BinOp(left=left, right=right):
                return self._counts(left) and self._counts(right)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._counts(operand)
            case ast.Compare(left=left, ops=ops, comparators=sides):
                parts = [left, *sides]
                if any(isinstance(op, _EQUALITIES) for op in ops):
                    sure = all(
                        any(map(self._is_number, pair))
                        for pair in zip(parts[:-1], sides, strict=True)
                    )
                    return sure and all(map(self._counts, parts))
                known = all(isinstance(op, _ORDERINGS) for op in ops)
                return known and all(map(self._counts, parts))
            case ast.Call():
                return _is_plain_call(part) and all(map(self._counts, part.args))
        return False

    def _counts(self, part: ast.expr) -> bool:
        """Tell whether a part may be a number: a leaf, a number written out, a computation."""
        match part:
            case ast.Name():
                return self.node.literal(part) is None
            case ast.Constant(value=value):
                return not isinstance(value, bool | str)
            case ast.Call(func=ast.Name(id=name)):
                # A bare call takes what it is given: Python's abs() would make a number of a truth.
                plain = _is_plain_call(part)
                return self._computes(part) if plain else name not in _NOT_NUMBERS
            case ast.BinOp(left=left, right=right):
                return self._counts(left) and self._counts(right)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._counts(operand)
        return isinstance(part, ast.Attribute | ast.IfExp)

    def _is_number(self, part: ast.expr) -> bool:
        """Tell whether a part is surely no option: a number written out, or a computation."""
        return not isinstance(part, ast.Name | ast.Attribute | ast.IfExp) and self._counts(part)

    def _region(self, part: ast.expr) -> ast.expr:
        leaves: dict[str, tuple[str, ast.expr]] = {}
        quick = self._bare(part, leaves)
        slow = Writer(self.node, self.constants, self.numbers)
        if not leaves:
            return slow.write(part)
        looks = [call("_type", value) for _, value in leaves.values()]
        guard = ast.Compare(looks[0], [ast.Is() for _ in looks], [*looks[1:], load("_decimal")])
        return ast.IfExp(guard, quick, slow.write(part))

    def _bare(self, part: ast.expr, leaves: dict[str, tuple[str, ast.expr]]) -> ast.expr:
        """Write a part with bare operators; the guard reads the leaves, each once."""
        match part:
            case ast.BinOp(left=left, op=op, right=right):
                return ast.BinOp(self._bare(left, leaves), op, self._bare(right, leaves))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as number):
                return self.hold(-Decimal(self.node.source(number)))
            case ast.UnaryOp(operand=operand):
                return ast.UnaryOp(ast.USub(), self._bare(operand, leaves))
            case ast.Compare(left=left, ops=ops, comparators=sides):
                rest = [self._bare(side, leaves) for side in sides]
                return ast.Compare(self._bare(left, leaves), ops, rest)
            case ast.Constant():
                return Writer.write(self, part)
            case ast.Call(func=ast.Name(id=name), args=arguments) if _is_plain_call(part):
                if name not in _ROUNDINGS:
                    return call(f"_{name}_of", *(self._bare(one, leaves) for one in arguments))
                places = arguments[1].value if len(arguments) > 1 else 0  # type: ignore[attr-defined]
                unit = self.hold(Decimal(1).scaleb(-places))
                value = self._bare(arguments[0], leaves)
                quantize = ast.Attribute(value, "quantize", ast.Load())
                return ast.Call(quantize, [unit, load(_ROUNDINGS[name])], [])
        source = self.node.source(part)
        if source not in leaves:
            kept = self.keep()
            leaves[source] = kept, _as(kept, self.write(part))
        return load(leaves[source][0])


def _is_plain_call(part: ast.expr) -> bool:
    """Tell whether a call has a bare form: abs, min and max of several, round, floor."""
    match part:
        case ast.Call(func=ast.Name(id="abs" | "floor"), args=[_]):
            return True
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_]):
            return True
        case ast.Call(func=ast.Name(id="round"), args=[_, *digits]):
            match digits:
                case [ast.Constant(value=int() as places)]:
                    return 0 <= places <= 9 and not isinstance(places, bool)
            return not digits
    return False


def _is_truth(part: ast.expr) -> bool:
    match part:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _TRUTHS
    return False


def _products(part: ast.expr) -> int:
    return sum(
        isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult | ast.Div)
        for one in ast.walk(part)
    )


def _as(kept: str, value: ast.expr) -> ast.expr:
    return ast.NamedExpr(ast.Name(kept, ast.Store()), value)


def _is(value: ast.expr, what: str) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [load(what)])
