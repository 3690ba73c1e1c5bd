"""Running expressions: exact values, what is not given, what cannot be computed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.functions import HELPERS
from engine.expressions.parse import ExpressionError, parse
from engine.model.values import Option
from engine.model.zone import plant_zone
from tests.bench import expressions
from tests.engine.expressions.fields import BATCH, ENV, NOW


def run(text: str, **more: object) -> object:
    return compile_expression(text)({**ENV, **more}, ask, NOW)


def ask(name: str, arguments: tuple[object, ...]) -> object:
    return {"available": Decimal(100), "usable": arguments[1:] == ("process",), "late": False}[name]


VALUES = [
    ("0.1 + 0.2", Decimal("0.3")),
    ("0.3 - 0.1 - 0.2", Decimal("0.0")),
    ("1 / 3", Decimal(1) / Decimal(3)),
    ("places / 2", Decimal("3.5")),
    ("2 + 3 * 4 - 6 / 3", Decimal(12)),
    ("-(2 + 3)", Decimal(-5)),
    ("weight * share / 100", Decimal("2.3125")),
    ("abs(weight - gross) / gross * 100 > 0.5", True),
    ("-10 <= body_temp < -8", True),
    ("-8 <= body_temp < 4", False),
    ("condition == frozen", True),
    ("frozen != condition", False),
    ("condition == 'frozen'", True),
    ("condition == batch.condition", True),
    ("condition in (chilled, frozen)", True),
    ("condition not in (chilled, frozen)", False),
    ("comment in marks", False),
    ("docs == 5", False),
    ("docs != 5", True),
    ("was == frozen", False),
    ("is_set(docs)", False),
    ("is_set(docs) and docs > 5", False),
    ("not is_set(docs) or docs > 5", True),
    ("docs if is_set(docs) else 0", Decimal(0)),
    ("washed and not (weight > 100)", True),
    ("batch.raw_material.name", "Каркас"),
    ("batch.company.name", None),
    ("expected.kg", None),
    ("is_set(expected.raw_material.name)", False),
    ("items.kg", (Decimal(1), Decimal(2), Decimal(3))),
    ("sum(items.kg)", Decimal(6)),
    ("batch in rows.batch", True),
    ("expected in rows.batch", False),
    ("hour < 09:45 and hour >= 9:30", True),
    ("max(hour, 07:00)", time(9, 30)),
    ("cart.typed", Decimal("12.5")),
    ("was == one or cart.typed > 12", True),
    ("condition.typed", None),
    ("sum(items.lost)", Decimal(0)),
    ("count(items.kg)", Decimal(3)),
    ("count(items.lost)", Decimal(0)),
    ("first(items.name)", "место 1"),
    ("last(items.kg)", Decimal(3)),
    ("first(items.lost)", None),
    ("all(items.done)", False),
    ("any(items.done)", True),
    ("any(items.lost)", False),
    ("join(items.kg, '; ')", "1; 2; 3"),
    ("join(marks)", "а, б"),
    ("len(comment)", Decimal(12)),
    ("len(photos)", Decimal(1)),
    ("min(weight, 5, docs)", Decimal(5)),
    ("max(items.kg)", Decimal(3)),
    ("max(made, today())", date(2026, 11, 24)),
    ("round(2.5)", Decimal(3)),
    ("round(-2.5)", Decimal(-3)),
    ("round(0.125, 2)", Decimal("0.13")),
    ("floor(-0.5)", Decimal(-1)),
    ("distinct(3, 1, 3)", (Decimal(3), Decimal(1))),
    ("len(distinct(items.done))", Decimal(2)),
    ("abs(-5)", Decimal(5)),
    ("today() - 14d", date(2026, 11, 10)),
    ("14d + made", date(2026, 12, 4)),
    ("now() - at", timedelta()),
    ("production_day()", date(2026, 11, 23)),
    ("days(today() - made)", Decimal(4)),
    ("hours(90m)", Decimal("1.5")),
    ("hours(1.5)", timedelta(minutes=90)),
    ("days(3) == 3d", True),
    ("kept > 1d", True),
    ("30s * 2.5", timedelta(seconds=75)),
    ("1d / 4", timedelta(hours=6)),
    ("1d / 2h", Decimal(12)),
    ("-2h < 15m", True),
    ("available(batch) > weight", True),
    ("usable(batch, process)", True),
    ("usable(batch, ship)", False),
    ("washed == True", True),
    ("washed == False", False),
    ("frozen", "frozen"),
    ("chilled if washed else frozen", "chilled"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_an_expression_has_its_exact_value(text, value):
    found = run(text)
    assert found == value
    assert type(found) is type(value)


FAILING = [
    *("docs > 5", "docs + 1", "abs(docs)", "-docs", "docs and washed", "not checked", "len(docs)"),
    *("weight / 0", "weight / (gross - 20)", "1d / 0", "1d / 0d", "min(items.lost)", "washed > 1"),
    *("comment > 'a'", "comment + 'a'", "comment * 3", "washed + 1", "condition + 1", "items + 1"),
    *("made + made", "made > at", "made - 999999999d", "weight in gross", "comment in comment"),
    *(
        "weight and washed",
        "1 if weight else 2",
        "round(weight, 10)",
        "round(weight, 0.5)",
        "today(1)",
    ),
    *("abs()", "sum(items.name)", "days(1" + "0" * 29 + ")", "unknown_fact(weight)", "nothing + 1"),
    *("9999999999999999999999999999 * 1d", "round(9" + "9" * 28 + " * 99999, 9)", "join(weight)"),
    *(
        "(weight < 1) == 0",
        "0 == (weight < 1)",
        "washed != 1",
        "washed in (0, 1)",
        "places == washed",
    ),
    *("weight + abs(weight < gross)", "min(weight, 1 < gross)", "floor(weight, gross == 1) + 1"),
]


@pytest.mark.parametrize("text", FAILING)
def test_what_cannot_be_computed_is_an_evaluation_error(text):
    with pytest.raises(EvaluationError):
        run(text)


def test_a_float_never_slips_in():
    with pytest.raises(EvaluationError):
        run("weight + 1", weight=0.5)


def test_a_fact_and_the_time_cannot_be_asked_where_there_are_none():
    for text in ("late()", "today() > made", "now() > at", "production_day() > made"):
        with pytest.raises(EvaluationError):
            compile_expression(text)(ENV)


def test_an_error_of_our_own_in_a_fact_is_not_taken_for_a_mistake_of_the_author():
    def broken(name: str, arguments: tuple[object, ...]) -> object:
        raise RuntimeError(name)

    with pytest.raises(RuntimeError, match="late"):
        compile_expression("late()")(ENV, broken)


def test_a_fact_in_the_middle_of_a_chain_is_asked_once():
    asked: list[str] = []

    def count(name: str, arguments: tuple[object, ...]) -> object:
        asked.append(name)
        return Decimal(5)

    assert compile_expression("1 < available(batch) < 9")(ENV, count) is True
    assert asked == ["available"]


def test_a_chain_stops_at_the_first_part_that_does_not_hold():
    assert compile_expression("9 < weight < docs")({"weight": Decimal(1), "docs": None}) is False


def test_chains_inside_chains_do_not_multiply_the_code():
    text = "1"
    for _ in range(17):
        text = f"0 == ({text}) == 1"
    assert len(compile_expression(text).__code__.co_code) < 5_000  # type: ignore[attr-defined]


def test_a_field_hides_an_option_of_its_name_and_none_is_no_option():
    assert run("condition == frozen", frozen=Option("chilled", "")) is False
    assert run("condition == frozen", condition=None) is False


def test_typed_options_without_a_code_are_equal_by_their_words_only():
    one, other = Option("", "Шея"), Option("", "Крыло")
    assert run("condition == was", condition=one, was=other) is False
    assert run("condition == was", condition=one, was=Option("", "Шея")) is True


def test_records_are_mappings_or_have_fields():
    assert run("batch.kg", batch={"kg": Decimal(1)}) == Decimal(1)
    assert run("batch == expected", expected=BATCH) is True
    assert run("batch.nothing") is None
    assert run("comment.__class__") is None


def test_nothing_of_python_is_in_reach():
    for text in ("__import__('os')", "open('x')", "eval('1')"):
        with pytest.raises(EvaluationError):
            compile_expression(text)({}, None)
    assert compile_expression("is_set(_env)")({}) is False
    assert compile_expression("is_set(__builtins__)")({}) is False


@pytest.mark.parametrize(
    ("begins", "day"), [(time(7), 23), (time(6, 59), 24), (time(6), 24), (time(), 24)]
)
def test_the_production_day_changes_when_the_plant_says(begins: time, day: int):
    now = datetime(2026, 11, 24, 6, 59, tzinfo=plant_zone("Europe/Moscow", begins))
    assert compile_expression("production_day()")({}, None, now) == date(2026, 11, day)


def test_the_production_day_of_nobodys_time_is_not_known():
    with pytest.raises(EvaluationError, match="неизвестно"):
        compile_expression("production_day()")({}, None, datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_a_compiled_expression_tells_its_text_and_its_names():
    compiled = compile_expression(parse("weight > 5 and condition == frozen"))
    assert compiled.text == "weight > 5 and condition == frozen"
    assert compiled.names == {"weight", "condition", "frozen"}
    assert compile_expression("weight > 5") is compile_expression("weight > 5")


@pytest.mark.parametrize(("text", "peer"), expressions.PAIRS)
def test_what_is_measured_computes_the_same_as_its_peer(text, peer):
    assert compile_expression(text)(expressions.ENV) == peer(expressions.ENV)


def test_what_is_measured_runs_without_the_helpers(monkeypatch):
    called: list[str] = []
    for name in ("_add", "_sub", "_mul", "_div", "_eq", "_lt", "_gt", "_le", "_in", "_truth"):
        monkeypatch.setitem(HELPERS, name, lambda *_, name=name: called.append(name))
    for text, _ in expressions.PAIRS:
        compile_expression(text)(expressions.ENV)
    assert called == []


def test_what_cannot_be_read_cannot_be_compiled():
    with pytest.raises(ExpressionError):
        compile_expression("weight = 5")
