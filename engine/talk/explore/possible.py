"""Which outcomes of conditions can come together in one form. Start at `together`.

Fields are given abstract values: the options of a choice, points between the numbers that a field
is compared with, set or not set; whatever cannot be told apart so is left open. Every combination
is tried, so that what does not come is proved impossible; what comes may still be out of reach."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, product
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from engine.errors import EngineError
from engine.expressions.parse import Node as Parsed
from engine.expressions.parse import parse
from engine.expressions.types import Choice, Integer, Optional, Truth, Type, read_type
from engine.model.address import inside
from engine.run.nodes import Node, expressions_of
from engine.run.program import FlowProgram, Program
from engine.steps.choice import ChoiceStep
from engine.steps.integer import IntegerStep
from engine.steps.value import ValueStep
from engine.steps.wait import WaitStep
from engine.talk.explore.conditions import Condition, made_by

MOST_RUNS = 6000  # combinations of values; with more nothing is proved
BY_WORKER = ("left", "failed", "timeout")  # ends of a wait after which the job's field is not given
COMPARES: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge,
}  # fmt: skip
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
COUNTING = frozenset({"count", "len"})


class _Unset(Exception):
    """The expression cannot be computed: a condition of it does not hold."""


class _TooMany(Exception):
    """More combinations than are tried."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A value of which only the text that it comes from is known; `counts`: it is no less than
    nothing."""

    text: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class _Else:
    """A value that is none of those which are named."""


@dataclass
class _Cases:
    """Goes through every combination of choices: the next run takes another one."""

    trail: list[tuple[object, tuple[object, ...], int]] = field(default_factory=list)
    chosen: dict[object, object] = field(default_factory=dict)
    runs: int = 0

    def choose(self, key: object, among: tuple[object, ...]) -> object:
        """Return the value of a key in this run."""
        if key not in self.chosen:
            at = len(self.chosen)
            if at == len(self.trail):
                self.trail.append((key, among, 0))
            _, values, index = self.trail[at]
            self.chosen[key] = values[index]
        return self.chosen[key]

    def next(self) -> bool:
        """Begin another run; False when there is none. Raises _TooMany."""
        self.runs += 1
        if self.runs > MOST_RUNS:
            raise _TooMany
        self.chosen.clear()
        while self.trail:
            key, values, index = self.trail.pop()
            if index + 1 < len(values):
                self.trail.append((key, values, index + 1))
                return True
        return False


def together(
    program: Program,
    flow: FlowProgram,
    conditions: tuple[Condition, ...],
    absent: frozenset[str] = frozenset(),
) -> frozenset[tuple[bool, ...]]:
    """Return which outcomes of conditions of one scope can come together in a form in which the
    steps of all of them are come to; `absent` parameters are never given."""
    cases, found = _Cases(), set[tuple[bool, ...]]()
    points = _points(flow)
    every = frozenset(product((True, False), repeat=len(conditions)))
    try:
        while True:
            thought = _Thought(program, flow, conditions[0].scope, cases, points, absent)
            if all(thought.comes_to(one) for one in conditions):
                found.add(tuple(thought.holds(one.text) for one in conditions))
            if found == every or not cases.next():
                return frozenset(found)
    except (_TooMany, EngineError):
        return every


def _points(flow: FlowProgram) -> Mapping[str, tuple[object, ...]]:
    """Return, by the text of what is compared, the values that comparisons tell apart."""
    found: dict[str, dict[object, None]] = {}
    texts = {text for node in flow.index.values() for text in expressions_of(node)}
    texts |= {action.when for some in flow.blocks.values() for action in some if action.when}
    for text in texts:
        parsed = parse(text)
        for part in ast.walk(parsed.tree):
            for left, right in _compared(part):
                for side, value in ((left, right), (right, left)):
                    known = found.setdefault(ast.unparse(side), {})
                    known |= dict.fromkeys(_named(parsed, flow, value))
    return {text: tuple(_between(values)) for text, values in found.items()}


def _compared(part: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(part, ast.Compare):
        for left, right in pairwise((part.left, *part.comparators)):
            items = right.elts if isinstance(right, ast.Tuple) else [right]
            yield from ((left, item) for item in items)


def _named(parsed: Parsed, flow: FlowProgram, part: ast.expr) -> Iterable[object]:
    """Give the value that a part names by itself: a number, a text, an option."""
    match part:
        case ast.Constant(value=bool()):
            return ()
        case ast.Constant(value=str() as said):
            return (said,)
        case ast.Constant(value=number):
            return (Decimal(str(number)),)
        case ast.Name(id=name) if name not in flow.index and parsed.literal(part) is None:
            return (name,)
    return ()


def _between(values: Iterable[object]) -> Iterator[object]:
    """Give values and another one; of numbers one below, between each two, and above."""
    numbers = sorted(one for one in values if isinstance(one, Decimal))
    yield from (one for one in values if not isinstance(one, Decimal))
    if not numbers:
        yield _Else()
    else:
        yield from (numbers[0] - 1, *numbers, numbers[-1] + 1)
        yield from ((low + high) / 2 for low, high in pairwise(numbers))


class _Thought:
    """One combination: what fields and expressions come to in it."""

    def __init__(
        self,
        program: Program,
        flow: FlowProgram,
        scope: str,
        cases: _Cases,
        points: Mapping[str, tuple[object, ...]],
        absent: frozenset[str],
    ) -> None:
        self._program, self._flow, self._scope = program, flow, scope
        self._absent = absent
        self._cases, self._points = cases, points
        self._fields: dict[str, object] = {}
        self._jobs = {
            node.step.starts.as_: node for node in flow.index.values() if node.step.starts
        }
        self._waits = {
            node.step.for_: node
            for node in flow.index.values()
            if isinstance(node.step, WaitStep) and node.step.for_
        }

    def comes_to(self, condition: Condition) -> bool:
        """Tell whether a condition is looked at: its step is come to."""
        if condition.block:
            return True
        node = self._flow.index[condition.path]
        own = [node.step.when] if condition.what != "when" else []
        return self._asked(node, own)

    def _asked(self, node: Node, own: Iterable[str | None]) -> bool:
        groups = [self._flow.index[path].step.when for path in node.groups]
        return all(self.holds(text) for text in (*groups, *own) if text)

    def holds(self, text: str) -> bool:
        """Tell whether a condition holds; one that cannot be computed does not."""
        parsed = parse(text)
        try:
            return self._truth(self._value(parsed, parsed.tree))
        except _Unset:
            return False

    def _truth(self, value: object) -> bool:
        if isinstance(value, _Open):
            value = self._cases.choose(("truth", value.text), (True, False, None))
        if value is None:
            raise _Unset
        return value is True

    def _value(self, parsed: Parsed, part: ast.expr) -> object:
        match part:
            case ast.BoolOp(op=joint, values=values):
                stops = isinstance(joint, ast.Or)
                found = (self._truth(self._value(parsed, one)) is stops for one in values)
                return stops if any(found) else not stops
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._truth(self._value(parsed, operand))
            case ast.Compare(left=left, ops=ops, comparators=sides):
                pairs = zip((left, *sides), ops, sides, strict=False)
                return all(self._compare(parsed, *pair) for pair in pairs)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                holds = self._truth(self._value(parsed, test))
                return self._value(parsed, body if holds else orelse)
            case ast.Call(func=ast.Name(id="is_set"), args=[argument]):
                return self._is_set(parsed, argument)
            case ast.Call():
                return self._called(parsed, part)
            case ast.Attribute(value=owner):
                if self._value(parsed, owner) is None:
                    raise _Unset
                return self._perhaps(ast.unparse(part))
            case ast.Constant(value=value):
                plain = isinstance(value, bool | str)
                return value if plain else Decimal(str(value))
            case ast.Name(id=name) if parsed.literal(part) is None:
                return self._field(name)
        return _Open(ast.unparse(part))

    def _is_set(self, parsed: Parsed, argument: ast.expr) -> bool:
        try:
            return self._value(parsed, argument) is not None
        except _Unset:
            return False

    def _called(self, parsed: Parsed, part: ast.Call) -> object:
        """Return what a function or a fact answers; nothing is asked about what is not given."""
        name = part.func.id if isinstance(part.func, ast.Name) else ""
        text = ast.unparse(part)
        if name in COUNTING:
            return _Open(text, counts=True)
        form = self._program.vocabulary.facts.get(name)
        if form is None:
            return self._perhaps(text)
        for argument, notation in zip(part.args, form.params, strict=False):
            if self._value(parsed, argument) is None and not notation.endswith("?"):
                raise _Unset
        return self._of_type(text, read_type(form.result))

    def _perhaps(self, text: str) -> object:
        """Return what may be not given."""
        there = self._cases.choose(("set", text), (True, False))
        return _Open(text) if there else None

    def _compare(self, parsed: Parsed, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
        if isinstance(op, ast.In | ast.NotIn):
            return self._within(parsed, left, right) is isinstance(op, ast.In)
        one, two = self._value(parsed, left), self._value(parsed, right)
        if isinstance(op, ORDERED) and (one is None or two is None):
            raise _Unset
        settled = self._settled(one, two), self._settled(two, one)
        if any(isinstance(value, _Open) for value in settled):
            text = f"{ast.unparse(left)} {type(op).__name__} {ast.unparse(right)}"
            return self._truth(_Open(text))
        try:
            return COMPARES[type(op)](*settled)
        except TypeError:  # a value that is none of the named ones has no order
            return self._truth(_Open(f"{settled[0]} {type(op).__name__} {settled[1]}"))

    def _within(self, parsed: Parsed, left: ast.expr, right: ast.expr) -> bool:
        if not isinstance(right, ast.Tuple):
            return self._truth(_Open(f"{ast.unparse(left)} in {ast.unparse(right)}"))
        one = self._value(parsed, left)
        if one is None:
            return self._truth(self._cases.choose(("within", ast.unparse(left)), (False, None)))
        items = [self._value(parsed, item) for item in right.elts]
        value = self._settled(one, items[0])
        if isinstance(value, _Open):
            return self._truth(_Open(f"{ast.unparse(left)} in {ast.unparse(right)}"))
        return value in items

    def _settled(self, value: object, beside: object) -> object:
        """Choose a value for what is open, when it stands beside something known."""
        if not isinstance(value, _Open) or isinstance(beside, _Open):
            return value
        points = self._points.get(value.text, (_Else(),))
        if value.counts:
            points = tuple(one for one in points if not isinstance(one, Decimal) or one >= 0)
        return self._cases.choose(("value", value.text), points)

    def _field(self, name: str) -> object:
        if name not in self._fields:
            # In the condition of its own step a name can only be the code of a choice.
            self._fields[name] = name
            self._fields[name] = self._fresh(name)
        return self._fields[name]

    def _fresh(self, name: str) -> object:
        flow = self._flow
        node = flow.index.get(inside(self._scope, name)) or flow.index.get(name)
        if node is not None:
            return self._of_step(name, node)
        if name in self._absent:
            return None
        if name in self._jobs:
            return self._of_job(name)
        if name in flow.given:
            return self._of_type(name, read_type(flow.given[name]))
        return _Open(name) if name in made_by(flow) or name in ("it", "row", "actor") else name

    def _of_step(self, name: str, node: Node) -> object:
        step = node.step
        if not self._asked(node, [step.when]):
            if not step.otherwise:
                return None
            parsed = parse(step.otherwise)
            return self._computed(parsed)
        if step.skip and self._cases.choose(("skip", name), (False, True)):
            return None
        match step:
            case ValueStep():
                return self._computed(parse(step.is_), name)
            case ChoiceStep():
                typed = (_Else(),) if step.other is not None else ()
                return self._cases.choose(("option", name), (*step.options, *typed))
            case WaitStep():
                return self._cases.choose(("end", name), ("finished", *BY_WORKER))
        return _Open(name, counts=_is_count(step))

    def _computed(self, parsed: Parsed, name: str = "") -> object:
        """Return what an expression comes to: not given where it cannot be computed."""
        try:
            value = self._value(parsed, parsed.tree)
        except _Unset:
            return None
        if name and isinstance(value, _Open):
            whole = isinstance(parsed.tree, ast.Call | ast.Name | ast.Attribute)
            return _Open(name, value.counts) if whole else self._perhaps(name)
        return value

    def _of_job(self, name: str) -> object:
        """Return the result of a job: there is none when it was not started, or not waited for."""
        if self._field(self._jobs[name].step.name) is None:
            return None
        wait = self._waits.get(name)
        if wait is not None and self._field(wait.step.name) in BY_WORKER:
            return None
        return self._perhaps(name)

    def _of_type(self, text: str, kind: Type) -> object:
        match kind:
            case Optional(item):
                there = self._cases.choose(("set", text), (True, False))
                return self._of_type(text, item) if there else None
            case Choice(options) if options:
                return self._cases.choose(("option", text), options)
            case Truth():
                return self._cases.choose(("truth", text), (True, False))
        return _Open(text, counts=isinstance(kind, Integer))


def _is_count(step: object) -> bool:
    """Tell whether an integer that is asked cannot be below nothing."""
    least = step.range[0] if isinstance(step, IntegerStep) and step.range else ""
    return str(least).replace(".", "").isdigit()
