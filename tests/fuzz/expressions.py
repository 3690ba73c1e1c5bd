"""Expressions as nobody should write them, and values as nobody should give them. Start at
`EXPRESSIONS` and `ENVIRONMENTS`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.expressions.check import infer
from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.parse import ExpressionError, parse
from engine.model.files import FileRef
from engine.model.values import Option, Row, show
from tests.engine.expressions.fields import BATCH, ENV, FIELDS, ITEMS, NOW, SCOPE
from tests.engine.expressions.test_any_expression import PROGRAMS, TEXTS
from tests.fuzz.bounded import Bounded

LONGEST = 20_000  # characters of what an expression may make of values that are not that long
PIECES = st.sampled_from([
    *FIELDS, "frozen", "raw_material", "name", "(", ")", "(((", ")))", ".", ",", " ", "not ", "-",
    "+", "*", "/", "**", "//", "%", "<", "==", " in ", " and ", " or ", " if ", " else ",
    "lambda x: ",
    "[", "]", "{", "}", ":", ":=", "=", "'", '"', "\\", "#", "\n", "\t", "\r", "\x00", "\ufeff",
    "@",
    "`", "$", "!", "?", ";", "~", "^", "&", "|", "...", "0", "1", "9" * 29, "9" * 31, "0x1", "1e9",
    "1_000", "1j", "14d", "999999999d", "7:05", "24:00", "__class__", "__import__", "ａttr", "ｉf",
    "е", "\u0430", "\u200b", "\u2028", "\ud800", "𝓮", "f'{weight}'", "b'a'", "join(", "first(",
    "sum(", "days(", "items.", "rows.", "round(", "max(", "is_set(", "available(", "None", "True",
])  # fmt: skip
EXPRESSIONS = st.one_of(
    PROGRAMS, PROGRAMS, TEXTS, st.lists(PIECES, max_size=60).map("".join).map(lambda one: one[:600])
)
ODD: list[Any] = [
    None, True, False, 0, -1, 10**30, 10**400, Decimal("NaN"), Decimal("sNaN"),
    Decimal("Infinity"), Decimal("-0"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal(10**40),
    "", "x" * 5_000, "\ud800", "{weight}", date.max, date.min, NOW,
    datetime.max.replace(tzinfo=UTC), NOW.replace(tzinfo=None), time.max, timedelta.max,
    timedelta.min, timedelta(0),
    Option("", ""), Option("frozen", "F"), Option("", "1", number=Decimal(1)), BATCH, Row("", "",
    ""),
    Row("r", "1", "", {"kg": None, "items": ITEMS}), (), (None,), ITEMS, (ITEMS, ITEMS), (1, "a"),
    (Decimal(1),) * 3_000, ("abc",) * 3_000, ((BATCH,),) * 50, (FileRef("f", "0", 1, "image/png"),),
    {}, {"a": 1}, b"bytes", 1.5, object, print,
]  # fmt: skip
ENVIRONMENTS = st.dictionaries(st.sampled_from([*FIELDS]), st.sampled_from(ODD), max_size=6)


def ask(name: str, arguments: tuple[Any, ...]) -> Any:
    """Answer a fact with something of another kind."""
    return ODD[(len(name) * 7 + len(arguments)) % len(ODD)]


def refusal(read: Callable[[str], object], text: str) -> ExpressionError | None:
    """Return why a text cannot be read; None where it can."""
    try:
        read(text)
    except ExpressionError as error:
        return error
    return None


def evaluate(text: str, changed: dict[str, Any], bounded: Bounded) -> None:
    """Read, check and run an expression over fields of which some have odd values."""
    refused = refusal(parse, text)
    if refused is not None:
        bounded.saw("unread")
        assert 0 <= refused.offset <= refused.offset + refused.width <= max(1, len(text))
        return
    node = parse(text)
    _, problems = infer(node, SCOPE)
    bounded.saw("refused" if problems else "right")
    for problem in problems:
        assert 0 <= problem.offset < problem.offset + problem.width <= len(text)
    for env in ({**ENV, **changed}, changed):
        with suppress(EvaluationError):
            value = compile_expression(node)(env, ask, NOW)
            given = any(value is one for one in (*ODD, *env.values()))
            assert given or not isinstance(value, str) or len(value) <= LONGEST
            if given or isinstance(value, Decimal):
                continue
            assert len(show(value)) <= 10 * LONGEST
