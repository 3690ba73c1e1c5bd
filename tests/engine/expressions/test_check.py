"""What is wrong in an expression: its code, its exact place, its remedy; and what is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.expressions.check import Scope, Signature, expect, infer, positive_by, set_by
from engine.expressions.parse import parse
from engine.expressions.types import Integer, Number, Optional, Text, Truth, notation, read_type
from tests.engine.expressions.fields import SCOPE

RIGHT = [
    ("weight > 5", "bool"),
    ("-8 <= body_temp <= 4.5", "bool"),
    ("condition == frozen", "bool"),
    ("frozen == condition", "bool"),
    ("condition == 'frozen'", "bool"),
    ("condition != batch.condition", "bool"),
    ("condition in (frozen, was)", "bool"),
    ("comment == condition", "bool"),
    ("note == comment", "bool"),
    ("was == frozen", "bool"),
    ("comment in marks", "bool"),
    ("weight + 1", "number kg"),
    ("1 - weight", "number kg"),
    ("weight * places", "number kg"),
    ("weight * share", "number kg"),
    ("share * weight", "number kg"),
    ("weight / gross", "number"),
    ("weight / 2", "number kg"),
    ("abs(weight - gross) / gross * 100 > 0.5", "bool"),
    ("ratio > share", "bool"),
    ("places + 1", "integer"),
    ("places * 2", "integer"),
    ("places / 2", "number"),
    ("-weight", "number kg"),
    ("weight if washed else 0", "number kg"),
    ("0 if washed else weight", "number kg"),
    ("docs if washed else 0", "number kg?"),
    ("condition if washed else was", "choice(chilled, frozen)?"),
    ("batch.raw_material.name", "text"),
    ("batch.company.name", "text?"),
    ("expected.kg", "number kg?"),
    ("items.kg", "list of number kg"),
    ("today() - 14d", "date"),
    ("now() - at", "duration"),
    ("14d + made", "date"),
    ("kept * 2", "duration"),
    ("kept / 2h", "number"),
    ("days(today() - made) > 3", "bool"),
    ("made + days(places) > today()", "bool"),
    ("hours(kept)", "number"),
    ("round(weight)", "number kg"),
    ("round(ratio)", "integer"),
    ("round(ratio, 2)", "number"),
    ("floor(weight / gross)", "integer"),
    ("min(weight, 100)", "number kg"),
    ("max(0, docs, weight)", "number kg"),
    ("min(made, today())", "date"),
    ("sum(items.kg)", "number kg"),
    ("sum(items.lost)", "number kg"),
    ("count(items.kg)", "integer"),
    ("len(photos) + len(comment) + len(items)", "integer"),
    ("first(items.kg)", "number kg?"),
    ("is_set(first(items.kg)) and first(items.kg) > 5", "bool"),
    ("all(items.done) or any(washed, checked)", "bool"),
    ("join(items.name, '; ')", "text"),
    ("available(batch) > weight", "bool"),
    ("available(batch) > 0 and weight / available(batch) > 1", "bool"),
    ("count(items.kg) > 0 and weight / count(items.kg) > 1", "bool"),
    ("hour >= 07:00 and hour < 19:30", "bool"),
    ("max(hour, 7:05)", "time"),
    ("cart == one or (is_set(cart.typed) and cart.typed > weight)", "bool"),
    ("cart.typed", "number kg?"),
    (
        "first(frozen_batches()).kg if is_set(first(frozen_batches()).kg) else sum(rows.kg)",
        "number kg",
    ),
    ("batch in rows.batch or batch not in frozen_batches()", "bool"),
    ("batch == expected", "bool"),
    ("blend(rows) > 5", "bool"),
    ("count(frozen_batches()) == 0", "bool"),
    ("places / 2", "number"),
    ("usable(batch, process) and late()", "bool"),
    ("is_set(docs) and docs > 5", "bool"),
    ("not is_set(docs) or docs > 5", "bool"),
    ("docs if is_set(docs) else 0", "number kg"),
    ("0 if not is_set(docs) else docs", "number kg"),
    ("not (not is_set(docs) or washed) and docs > 5", "bool"),
    ("docs == 5 and docs < 6", "bool"),
    ("is_set(expected.kg) and expected.kg > 5", "bool"),
    ("is_set(expected.company) and available(expected) > 5", "bool"),
    ("ratio > 0 and weight / ratio > 1", "bool"),
    ("ratio != 0 and weight / ratio > 1", "bool"),
    ("ratio == 0 or weight / ratio > 1", "bool"),
    ("0 < ratio and weight / (ratio * 2) > 1", "bool"),
    ("weight / ratio if ratio >= 0.1 else 0", "number kg"),
    ("ratio < 0 and weight / -ratio > 1", "bool"),
    ("batch.kg > 0 and weight / batch.kg > 1", "bool"),
    ("weight / (gross + 1)", "number"),
    ("condition == frozen or condition == chilled and washed", "bool"),
]


@pytest.mark.parametrize(("text", "kind"), RIGHT)
def test_a_right_expression_has_its_type(text, kind):
    found, problems = infer(parse(text), SCOPE)
    assert problems == ()
    assert found is not None
    assert notation(found) == kind


WRONG = [
    # text, code, the part that is pointed at, a word of the message, a word of the remedy
    ("weight > body_temp", "F302", "body_temp", "°C", "одной единицы"),
    ("weight + body_temp", "F302", "weight + body_temp", "°C", "одной единицы"),
    ("weight - ratio", "F302", "weight - ratio", "число", "одной единицы"),
    ("places > weight", "F302", "weight", "kg", "одной единицы"),
    ("weight * gross", "F302", "weight * gross", "kg", "делят"),
    ("ratio / gross", "F302", "ratio / gross", "kg", "делят"),
    ("(weight < 1) == 0", "F302", "0", "да или нет", "not"),
    ("washed != 1", "F302", "1", "да или нет", "not"),
    ("places == washed", "F302", "washed", "да или нет", "not"),
    ("(weight < 1) in (0, washed)", "F302", "0", "да или нет", "not"),
    ("comment + 'a'", "F302", "comment + 'a'", "текст", "одной единицы"),
    ("comment > 'a'", "F302", "comment", "текст", "=="),
    ("condition < frozen", "F302", "condition", "выбор", "=="),
    ("washed > True", "F302", "washed", "да или нет", "=="),
    ("-condition", "F302", "condition", "минус", "чисел"),
    ("made == at", "F302", "at", "дата", "одной"),
    ("made + made", "F302", "made + made", "дата", "одной"),
    ("condition == route", "F302", "route", "выбор", ""),
    ("condition in frozen", "F302", "frozen", "список", "=="),
    ("weight in gross", "F302", "gross", "список", "in"),
    ("weight in (1, body_temp)", "F302", "body_temp", "°C", ""),
    ("weight in marks", "F302", "marks", "текст", ""),
    ("weight if washed else made", "F302", "made", "дата", "одно и то же"),
    ("not weight", "F302", "weight", "да или нет", "сравните"),
    ("washed and comment", "F302", "comment", "да или нет", "сравните"),
    ("wieght > 5", "F303", "wieght", "wieght", "«weight»"),
    ("Weight > 5", "F303", "Weight", "Weight", "«weight»"),
    ("wеight > 5", "F303", "wеight", "wеight", "«weight»"),
    ("washed == true", "F303", "true", "true", "True"),
    ("washed and (note == null)", "F303", "null", "null", "is_set"),
    ("wieght == frozen", "F303", "wieght", "wieght", "«weight»"),
    ("batch.raw_materal.name", "F303", "raw_materal", "raw_materal", "«raw_material»"),
    ("comment.name", "F303", "comment.name", "нет полей", "записей"),
    ("absolute(weight)", "F304", "absolute", "absolute", "«abs»"),
    ("availble(batch) > 5", "F304", "availble", "availble", "«available»"),
    ("condition == frozn", "F305", "frozn", "у поля condition нет варианта «frozn»", "«frozen»"),
    ("condition in (chilled, frozn)", "F305", "frozn", "«frozn»", "chilled, frozen"),
    ("batch.condition != 'frozn'", "F305", "'frozn'", "у поля batch.condition", "«frozen»"),
    ("usable(batch, proces)", "F305", "proces", "у факта usable", "«process»"),
    ("docs > 5", "F306", "docs", "docs", "is_set(docs)"),
    ("hour > 12", "F302", "12", "время дня", "одной единицы"),
    ("hour + 1h", "F302", "hour + 1h", "время дня", "одной единицы"),
    ("cart.typed > weight", "F306", "cart.typed", "cart.typed", "is_set(cart.typed)"),
    ("condition.typed == 'a'", "F303", "condition.typed", "нет полей", "записей"),
    ("blend(items) > 5", "F309", "items", "список", "нужного вида"),
    ("usable(batch, cart)", "F309", "cart", "свой ответ", "нужного вида"),
    ("washed in frozen_batches()", "F302", "frozen_batches()", "запись", "not"),
    ("docs + 1", "F306", "docs", "docs", "is_set(docs)"),
    ("abs(docs)", "F306", "docs", "docs", "is_set(docs)"),
    ("checked and washed", "F306", "checked", "checked", "is_set"),
    ("expected.kg > 5", "F306", "expected.kg", "expected.kg", "is_set(expected.kg)"),
    ("available(expected) > 5", "F306", "expected", "expected", "is_set"),
    ("is_set(docs) or docs > 5", "F306", "docs", "docs", "is_set(docs)"),
    ("0 if is_set(docs) else docs + 1", "F306", "docs", "docs", "is_set(docs)"),
    ("first(items.kg) > 5", "F306", "first(items.kg)", "first", "is_set"),
    ("1 > 2", "F307", "1 > 2", "всегда", "полем"),
    ("14d > 2h", "F307", "14d > 2h", "всегда", "полем"),
    ("washed and True", "F307", "True", "всегда", "уберите"),
    ("condition in (frozen, chilled)", "F307", "(frozen, chilled)", "выполняется всегда", "не все"),
    ("condition not in (frozen, chilled)", "F307", "(frozen, chilled)", "выполняется никогда", ""),
    (
        "condition == frozen and condition == chilled",
        "F307",
        "condition == chilled",
        "никогда",
        "or",
    ),
    (
        "condition != frozen or condition != chilled",
        "F307",
        "condition != chilled",
        "всегда",
        "and",
    ),
    ("weight / ratio", "F308", "ratio", "нулём", "x > 0"),
    ("weight / 0", "F308", "0", "нулём", "x > 0"),
    ("weight / (gross - 1)", "F308", "gross - 1", "нулём", "range"),
    ("ratio > 0 or weight / ratio > 1", "F308", "ratio", "нулём", "x > 0"),
    ("weight / count(items.kg)", "F308", "count(items.kg)", "нулём", "x > 0"),
    ("round()", "F309", "round()", "0", "нужно от 1 до 2"),
    ("abs(weight, 1)", "F309", "abs(weight, 1)", "2", "нужно 1"),
    ("today(1)", "F309", "today(1)", "1", "нужно 0"),
    ("abs(comment)", "F309", "comment", "число", "abs(weight"),
    ("round(weight, 10)", "F309", "10", "от 0 до 9", "round(weight, 1)"),
    ("round(weight, places)", "F309", "places", "от 0 до 9", "round(weight, 1)"),
    ("len(weight)", "F309", "weight", "текст", "len(comment)"),
    ("min(weight, body_temp)", "F309", "body_temp", "kg", "одной единицы"),
    ("max(comment, 'a')", "F309", "comment", "число", "sum"),
    ("sum(items.name)", "F309", "items.name", "число", "sum"),
    ("any(items.kg)", "F309", "items.kg", "да или нет", "all"),
    ("join(comment)", "F309", "comment", "список", "join"),
    ("join(marks, 5)", "F309", "5", "текст", "join"),
    ("days(weight)", "F309", "weight", "длительность", "days(3)"),
    ("available(weight)", "F309", "weight", "запись raw_batch", "нужного вида"),
    ("available()", "F309", "available()", "0", "нужно 1"),
]


@pytest.mark.parametrize(("text", "code", "part", "said", "remedy"), WRONG)
def test_a_wrong_expression_has_one_problem_at_its_place(text, code, part, said, remedy):
    _, problems = infer(parse(text), SCOPE)
    assert [problem.code for problem in problems] == [code]
    problem = problems[0]
    assert text[problem.offset : problem.offset + problem.width] == part
    place = text.rindex(part) if code in ("F306", "F308") else text.index(part)
    assert problem.offset == place
    assert said in problem.message
    assert remedy in problem.hint


def test_an_unknown_option_is_told_as_the_manual_shows_it():
    _, (problem,) = infer(parse("condition == frozn"), SCOPE)
    assert problem.message == "у поля condition нет варианта «frozn»"
    assert problem.hint == "возможно, «frozen»? варианты: chilled, frozen"
    assert (problem.offset, problem.width) == (13, 5)


def test_two_mistakes_are_two_problems_in_order_of_place():
    _, problems = infer(parse("wieght > 5 and condition == frozn"), SCOPE)
    assert [(problem.code, problem.offset) for problem in problems] == [("F303", 0), ("F305", 28)]


def test_a_field_that_the_step_is_asked_for_counts_as_given():
    scope = replace(SCOPE, known_set=frozenset({"docs"}))
    assert infer(parse("docs > 5"), scope) == (Truth(), ())


def test_a_wrong_part_is_silent_about_what_is_around_it():
    _, problems = infer(parse("abs(wieght - gross) / gross * 100 > 0.5"), SCOPE)
    assert [problem.code for problem in problems] == ["F303"]


def test_the_fields_of_a_record_that_nobody_knows_are_not_reported():
    scope = Scope({"batch": read_type("unknown_kind")})
    assert [problem.code for problem in infer(parse("batch.kg > 5"), scope)[1]] == ["F303"]


def test_a_role_that_is_written_out_is_looked_up_where_roles_are_known():
    facts = {"held": Signature((read_type("role"),), Truth())}
    scope = Scope({"reason": Text()}, facts=facts, roles=("lab", "packer"))
    (problem,) = infer(parse("held('lba')"), scope)[1]
    assert (problem.code, problem.offset, problem.width) == ("F501", 5, 5)
    assert infer(parse("held('lab') and held(reason)"), scope) == (Truth(), ())
    assert infer(parse("held('lba')"), replace(scope, roles=None)) == (Truth(), ())


@pytest.mark.parametrize(
    ("text", "wanted", "remedy"),
    [
        ("weight + 1", Truth(), "weight > 0"),
        ("docs", Number("kg"), "is_set"),
        ("weight", Number("°C"), "нужного вида"),
        ("ratio", Integer(), "нужного вида"),
        ("weight", Text(), "нужного вида"),
    ],
)
def test_a_result_of_another_kind_than_wanted_is_a_problem_of_the_whole(text, wanted, remedy):
    (problem,) = expect(parse(text), wanted, SCOPE)
    assert (problem.code, problem.offset, problem.width) == ("F310", 0, len(text))
    assert remedy in problem.hint


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("weight > 5", Truth()),
        ("docs", Optional(Number("kg"))),
        ("weight", Optional(Number("kg"))),
        ("0", Number("kg")),
        ("condition", Text()),
        ("condition", read_type("choice(chilled, frozen, fresh)")),
        ("places", Number()),
    ],
)
def test_a_result_of_the_wanted_kind_has_no_problem(text, wanted):
    assert expect(parse(text), wanted, SCOPE) == ()


def test_a_condition_tells_what_it_proves():
    assert set_by(parse("is_set(docs) and is_set(batch.company)").tree) == {
        "docs",
        "batch",
        "batch.company",
    }
    assert set_by(parse("is_set(docs) or is_set(note)").tree) == frozenset()
    assert set_by(parse("not (not is_set(docs) or washed)").tree) == {"docs"}
    assert positive_by(parse("ratio > 0 and places != 0 and weight >= 0").tree) == {
        "ratio",
        "places",
    }
