"""What is known of a place because conditions hold there: which options a choice may still be,
which conditions are true, and so which fields were asked. Start at `held` and `implies`.

A question asked only `when: source == blank` is given wherever `source == blank` is known to hold,
and, where a choice has two options, wherever it is known not to be the other one."""

from __future__ import annotations

import ast
from dataclasses import replace

from engine.expressions.guards import path, prefixes, proved
from engine.expressions.scope import Condition, Scope
from engine.expressions.types import Choice, Optional, Record, Type, bare

_OPPOSITE: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: ">=",
    ast.GtE: "<",
    ast.Gt: "<=",
    ast.LtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
}
_SIGN: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def held(scope: Scope, part: ast.expr, *, holds: bool = True) -> Scope:
    """Return the scope of what is computed only where a condition holds, or does not hold."""
    proof = proved(part, holds=holds)
    proven = replace(
        scope,
        known_set=scope.known_set | proof.given,
        positive=scope.positive | proof.positive,
        nonzero=scope.nonzero | proof.nonzero,
    )
    return learnt(proven, part, holds=holds)


def learnt(scope: Scope, part: ast.expr, *, holds: bool = True) -> Scope:
    """Return a scope that knows that a condition holds, or that it does not."""
    match part:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return learnt(scope, operand, holds=not holds)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is holds:
            for value in values:
                scope = learnt(scope, value, holds=holds)
            return scope
        case ast.BoolOp(values=values):
            return _one_of(scope, values, holds)
    narrowed = _narrowed(scope, part, holds)
    if narrowed is not None:
        name, codes, given = narrowed
        known = frozenset(prefixes(name)) if given else frozenset[str]()
        options = {**scope.options, name: codes}
        return replace(scope, options=options, known_set=scope.known_set | known)
    said = _said(part, holds)
    return replace(scope, true=scope.true | {said}) if said else scope


def _one_of(scope: Scope, values: list[ast.expr], holds: bool) -> Scope:
    """Learn that at least one of some conditions holds: all that tell of one choice together."""
    each = [_narrowed(scope, value, holds) for value in values]
    found = [one for one in each if one is not None]
    if len(found) == len(each) and len({name for name, _, _ in found}) == 1:
        name = found[0][0]
        codes = frozenset[str]().union(*(codes for _, codes, _ in found))
        given = all(given for _, _, given in found)
        known = frozenset(prefixes(name)) if given else frozenset[str]()
        options = {**scope.options, name: codes}
        return replace(scope, options=options, known_set=scope.known_set | known)
    return scope


def implies(scope: Scope, part: ast.expr, *, holds: bool = True) -> bool:
    """Tell whether a condition surely holds, or surely does not, by what is known."""
    match part:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return implies(scope, operand, holds=not holds)
        case ast.BoolOp(op=op, values=values):
            each = [implies(scope, value, holds=holds) for value in values]
            if isinstance(op, ast.And) is holds:
                return all(each)
            return any(each) or _covered(scope, values, holds)
        case ast.Call(func=ast.Name(id="is_set"), args=[argument]) if holds:
            return _is_given(scope, argument)
    narrowed = _narrowed(scope, part, holds)
    if narrowed is not None:
        name, codes, given = narrowed
        possible = scope.options.get(name)
        if possible is not None and possible <= codes:
            return not given or _is_given(scope, _choice_part(part))
    said = _said(part, holds)
    return bool(said) and said in scope.true


def _covered(scope: Scope, values: list[ast.expr], holds: bool) -> bool:
    each = [_narrowed(scope, value, holds) for value in values]
    found = [one for one in each if one is not None]
    if not found or len({name for name, _, _ in found}) > 1:
        return False
    possible = scope.options.get(found[0][0])
    codes = frozenset[str]().union(*(codes for _, codes, _ in found))
    given = any(given for _, _, given in found)
    first = next(value for value, one in zip(values, each, strict=True) if one is not None)
    return (
        possible is not None
        and possible <= codes
        and (not given or _is_given(scope, _choice_part(first)))
    )


def is_implied(scope: Scope, conditions: tuple[Condition, ...]) -> bool:
    """Tell whether all of some conditions surely stand as they are wanted."""
    return all(implies(scope, one.part, holds=one.holds) for one in conditions)


def _narrowed(scope: Scope, part: ast.expr, holds: bool) -> tuple[str, frozenset[str], bool] | None:
    """Return what a comparison with codes leaves of a choice: its path, the options that it may
    still be, whether it is surely given; None of any other condition."""
    choice = _choice_part(part)
    name = path(choice)
    kind = _type_of(scope, choice) if name else None
    plain = bare(kind) if kind is not None else None
    if not isinstance(plain, Choice) or not isinstance(part, ast.Compare) or not plain.options:
        return None
    codes = _codes(scope, part, choice)
    if codes is None:
        return None
    before = scope.options.get(name, frozenset(plain.options))
    same = isinstance(part.ops[0], ast.Eq | ast.In) is holds
    # What was typed instead of chosen is no option: it only differs from codes.
    typed = frozenset({""}) if plain.typed is not None else frozenset[str]()
    left = before & codes if same else (before | typed) - codes
    return name, left, same


def _choice_part(part: ast.expr) -> ast.expr:
    match part:
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
            return left
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Name() | ast.Constant()]
        ):
            return left
    return part


def _codes(scope: Scope, part: ast.Compare, choice: ast.expr) -> frozenset[str] | None:
    side = part.comparators[0]
    items = side.elts if isinstance(side, ast.Tuple) else [side]
    if part.left is not choice or len(part.ops) > 1:
        return None
    codes = set()
    for item in items:
        match item:
            case ast.Name(id=code) if code not in scope.fields:
                codes.add(code)
            case ast.Constant(value=str() as code):
                codes.add(code)
            case _:
                return None
    return frozenset(codes)


def _type_of(scope: Scope, part: ast.expr) -> Type | None:
    """Return the type of a field or of a field of a record; None of anything else."""
    match part:
        case ast.Name(id=name):
            return scope.fields.get(name)
        case ast.Attribute(value=value, attr=attribute):
            owner = _type_of(scope, value)
            record = bare(owner) if owner is not None else None
            if isinstance(record, Record):
                return scope.records.get(record.kind, {}).get(attribute)
    return None


def _is_given(scope: Scope, part: ast.expr) -> bool:
    name, kind = path(part), _type_of(scope, part)
    if name in scope.known_set:
        return True
    if isinstance(part, ast.Name) and part.id in scope.given_if:
        if not scope.given:
            _find_given(scope)
        return scope.given[part.id]
    optional = kind is None or isinstance(kind, Optional)
    if isinstance(part, ast.Attribute):
        return not optional and _is_given(scope, part.value)
    return not optional


def _said(part: ast.expr, holds: bool) -> str:
    """Write a condition as a text that is the same for the same condition; empty for one with a
    duration or a time of day, whose tree does not tell its length."""
    if any(isinstance(one, ast.Name) and not one.id.strip("_") for one in ast.walk(part)):
        return ""
    if isinstance(part, ast.Compare) and len(part.ops) == 1:
        sign = (_SIGN if holds else _OPPOSITE)[type(part.ops[0])]
        return f"{ast.unparse(part.left)} {sign} {ast.unparse(part.comparators[0])}"
    return ast.unparse(part) if holds else f"not {ast.unparse(part)}"


def _find_given(scope: Scope) -> None:
    """Find which fields of `given_if` are surely given: none at first, then each whose conditions
    stand by those found before. What a slip makes wait for itself is not given by that."""
    scope.given.update(dict.fromkeys(scope.given_if, False))
    left, found = list(scope.given_if), [""]
    while found:
        found = [name for name in left if is_implied(scope, scope.given_if[name])]
        scope.given.update(dict.fromkeys(found, True))
        left = [name for name in left if not scope.given[name]]
