"""Whatever is written: it is read or refused in words; what is right has a value of its type."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.expressions.check import infer
from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.parse import ExpressionError, parse
from engine.expressions.template import parse_template
from engine.expressions.types import (
    Choice,
    Date,
    DayTime,
    Duration,
    ListOf,
    Moment,
    Number,
    Optional,
    Text,
    Truth,
    Type,
)
from engine.model.values import Option
from tests.engine.expressions.fields import ENV, FIELDS, NOW, SCOPE
from tests.sizes import sizes

WORDS = st.sampled_from([
    *FIELDS, "frozen", "chilled", "kg", "raw_material", "name", "company", "abs", "round", "min",
    "sum", "is_set", "today", "available", "first", "join", "days", "and", "or", "not", "in", "if",
    "else", "True", "None", "lambda", "==", "!=", "<", ">=", "+", "-", "*", "/", "**", "%", "=",
    "(", ")", ",", ".", "[", "{", "}", ":", "'", '"', "'a'", "0", "5", "0.5", "012", "1e9", "14d",
    "2h", "7:05", "25:00", " ", "\n", "ё", "٣", "\\", "#", "f'", ":=", "\x00", "\ud800",
])  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(WORDS, max_size=40).map(" ".join).map(lambda text: text[:200]),
    st.lists(WORDS, max_size=60).map("".join).map(lambda text: text[:200]),
)


def _refusal(read: Callable[[str], object], text: str) -> ExpressionError | None:
    try:
        read(text)
    except ExpressionError as error:
        return error
    return None


@settings(max_examples=sizes().examples(400))
@example("-" * 200)
@example("(" * 200)
@example("not " * 50)
@example("a." * 100 + "a")
@example("1" * 200)
@given(TEXTS)
def test_any_text_is_read_or_refused_at_a_place_inside_it(text):
    error = _refusal(parse, text)
    if error is not None:
        assert 0 <= error.offset <= max(0, len(text) - 1)
        assert error.width >= 1
        assert error.offset + error.width <= max(1, len(text))
        assert error.message
        assert error.code == "F301"
        return
    node = parse(text)
    _, problems = infer(node, SCOPE)
    for problem in problems:
        assert 0 <= problem.offset < problem.offset + problem.width <= len(text)
        assert problem.hint
    with suppress(EvaluationError):
        compile_expression(node)(ENV, _ask, NOW)


@settings(max_examples=sizes().examples(200))
@given(st.lists(st.one_of(WORDS, st.just("{weight}")), max_size=30).map("".join))
def test_any_text_with_holes_is_read_or_refused_at_a_place_inside_it(text):
    error = _refusal(parse_template, text)
    if error is not None:
        assert 0 <= error.offset < len(text)
        assert error.code == "F202"
        return
    for hole in parse_template(text).holes:
        assert text[hole.offset : hole.offset + len(hole.source)] == hole.source


REFERENCE = Context(28, ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation])
NUMBERS = st.decimals(0, 10**6, places=3).map(lambda number: f"{number:f}")
SUMS = st.recursive(
    NUMBERS.map(lambda text: (text, Decimal(text))),
    lambda parts: st.tuples(parts, st.sampled_from("+-*/"), parts).map(lambda three: _sum(*three)),
    max_leaves=8,
)


def _sum(
    left: tuple[str, Decimal], operator: str, right: tuple[str, Decimal]
) -> tuple[str, Decimal]:
    """Join two sums with their values; a division by zero has no number for its value."""
    text = f"({left[0]} {operator} {right[0]})"
    one, two = left[1], right[1]
    if one.is_nan() or two.is_nan() or (operator == "/" and not two):
        return text, Decimal("NaN")
    compute = {
        "+": REFERENCE.add,
        "-": REFERENCE.subtract,
        "*": REFERENCE.multiply,
        "/": REFERENCE.divide,
    }[operator]
    return text, compute(one, two)


@settings(max_examples=sizes().examples(300))
@given(SUMS)
def test_arithmetic_agrees_with_decimal(written):
    text, value = written
    assume(len(text) <= 500)
    try:
        assert compile_expression(text)({}) == value
    except EvaluationError:
        assert value.is_nan()


def _ask(name: str, arguments: tuple[object, ...]) -> object:
    answers = {"available": Decimal(100), "usable": True, "late": False, "blend": Decimal("9.5")}
    return (ENV["batch"],) if name == "frozen_batches" else answers.get(name)


NUMERIC = ["weight", "gross", "docs", "body_temp", "share", "ratio", "places", "batch.kg"]
NUMERIC += ["expected.kg", "0", "5", "0.5"]
TIMES = ["made", "due", "at", "kept", "14d", "today()", "now()", "hour", "07:00"]
OTHERS = ["condition", "was", "comment", "note", "washed", "checked", "frozen", "'a'", "items.kg"]
OTHERS += ["cart", "cart.typed", "rows", "rows.kg", "rows.batch", "frozen_batches()", "one"]
OTHERS += ["items.name", "items.done", "marks", "photos", "batch", "expected", "batch.company"]
LEAVES = st.sampled_from(NUMERIC) | st.sampled_from(NUMERIC + TIMES + OTHERS)
FORMS = st.sampled_from([
    "({} + {})", "({} - {})", "({} * {})", "({} / {})", "({} < {})", "({} == {})", "({} != {})",
    "({} >= {})", "({} and {})", "({} or {})", "({} in ({}, frozen))", "min({}, {})",
    "max({}, {})", "first({}, {})", "({} < {} < 5)", "(is_set({}) and {} > 1)",
    "(0 if not is_set({}) else {})", "abs({})", "round({}, 1)", "floor({})", "sum({})",
    "count({})", "any({})", "all({})", "last({})", "len({})", "join({})", "days({})", "hours({})",
    "({} not in {})", "blend({})",
    "(not {})", "(-{})", "is_set({})", "available({})", "usable({}, process)",
])  # fmt: skip


def _filled(form: str, parts: tuple[str, str]) -> str:
    return form.format(*parts[: form.count("{}")])


PROGRAMS = st.recursive(
    LEAVES,
    lambda parts: st.tuples(FORMS, st.tuples(parts, parts)).map(lambda two: _filled(*two)),
    max_leaves=6,
)
KINDS: dict[type[Type], type | tuple[type, ...]] = {
    Number: (Decimal, int),
    Text: (str, Option),
    Truth: bool,
    Date: date,
    Moment: datetime,
    DayTime: time,
    Duration: timedelta,
    Choice: (Option, str),
    ListOf: (tuple, list),
}
GIVEN = {
    "docs": Decimal("19.5"),
    "was": Option("chilled", "Охлаждённое"),
    "note": "заметка",
    "checked": False,
    "due": date(2026, 12, 1),
    "expected": ENV["batch"],
}
ENVIRONMENTS = st.fixed_dictionaries(
    {name: st.sampled_from([None, value]) for name, value in GIVEN.items()}
    | {
        "weight": st.decimals(0, 10**6, places=3),
        "gross": st.decimals("0.001", 10**6, places=3),
        "ratio": st.decimals(-10, 10, places=2),
        "places": st.integers(0, 99),
    }
)


def _outcome(run: Callable[..., object], env: object) -> object:
    try:
        return run(env, _ask, NOW)
    except EvaluationError as error:
        return str(error)


@settings(max_examples=sizes().examples(600))
@given(PROGRAMS, ENVIRONMENTS, st.sets(st.sampled_from([*FIELDS])))
@example("(weight + abs((weight < weight)))", {}, set())
@example("min(gross, abs((weight < weight)), 1)", {}, set())
def test_bare_operators_and_helpers_give_the_same_value_or_the_same_reason(text, answers, missing):
    if _refusal(parse, text) is not None:
        return
    env = {name: value for name, value in {**ENV, **answers}.items() if name not in missing}
    compiled = compile_expression(text)
    quick, exact = _outcome(compiled, env), _outcome(compiled.exact, env)
    assert quick == exact
    assert type(quick) is type(exact)


@settings(max_examples=sizes().examples(600))
@given(PROGRAMS, ENVIRONMENTS)
def test_a_right_program_has_a_value_of_its_type_and_a_wrong_one_only_an_evaluation_error(
    text, answers
):
    error = _refusal(parse, text)
    if error is not None:
        assert "глубокая" in error.message or "длиннее" in error.message
        return
    node = parse(text)
    found, problems = infer(node, SCOPE)
    try:
        value = compile_expression(node)({**ENV, **answers}, _ask, NOW)
    except EvaluationError as error:
        # A right program fails only by what types do not tell: a list without values, a date out
        # of the calendar, a number of too many digits. Never by a value of a wrong kind.
        kind = str(error)
        wrong_kind = "не задано" in kind or "не да" in kind or "не считают" in kind
        assert problems or found is None or not wrong_kind
        assert problems or "деление на ноль" not in kind
        return
    if found is None or problems:
        return
    if isinstance(found, Optional):
        found = found.item
        if value is None:
            return
    wanted = KINDS.get(Number if isinstance(found, Number) else type(found), object)
    assert isinstance(value, wanted)
    assert not (isinstance(value, Decimal) and not math.isfinite(value))
