"""A field asked only under a condition is given wherever that condition is known to hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.expressions.check import held, infer
from engine.expressions.implied import implies
from engine.expressions.parse import parse
from engine.expressions.scope import Condition
from engine.expressions.types import Choice, Number, Optional
from tests.engine.expressions.fields import SCOPE


def scoped(*conditions: str):
    """Return a scope where `extra` is given when all of some conditions hold."""
    fields = {
        **SCOPE.fields,
        "extra": Optional(Number("kg")),
        "source": Choice(("blank", "rework", "raw")),
        "rest": Optional(Choice(("create", "later"))),
    }
    given_if = {"extra": tuple(Condition(parse(text).tree) for text in conditions)}
    return replace(SCOPE, fields=fields, given_if=given_if)


GIVEN = [
    ("condition == frozen", "condition == frozen and extra > 5"),
    ("condition == frozen", "condition != chilled and extra > 5"),
    ("condition == frozen", "not (condition == chilled) and extra > 5"),
    ("condition == frozen", "extra > 5 if condition == frozen else washed"),
    ("condition == frozen", "washed if condition == chilled else extra > 5"),
    ("condition == frozen", "condition == chilled or extra > 5"),
    ("condition != chilled", "condition == frozen and extra > 5"),
    ("source in (blank, raw)", "source == raw and extra > 5"),
    ("source in (blank, raw)", "source != rework and extra > 5"),
    ("source == blank or source == raw", "source == raw and extra > 5"),
    ("source == blank or source == raw", "source != rework and extra > 5"),
    ("source == blank or source == raw", "source in (blank, raw) and extra > 5"),
    ("source != rework and washed", "source == raw and washed and extra > 5"),
    ("places == 0", "places == 0 and extra > 5"),
    ("places != 0", "places == 0 or extra > 5"),
    ("places > 0", "places > 0 and extra > 5"),
    ("not washed", "washed or extra > 5"),
    ("is_set(docs)", "is_set(docs) and extra > 5"),
    ("rest == later", "rest == later and extra > 5"),
    ("is_set(rest)", "rest == later and extra > 5"),
    ("cart == one", "cart == one and extra > 5"),
    ("batch.condition == frozen", "batch.condition != chilled and extra > 5"),
]
NOT_GIVEN = [
    ("condition == frozen", "extra > 5"),
    ("condition == frozen", "condition == chilled and extra > 5"),
    ("condition == frozen", "condition == frozen or extra > 5"),
    ("source in (blank, raw)", "source != blank and extra > 5"),
    ("source == blank or source == raw", "source != raw and extra > 5"),
    ("source != rework and washed", "source == raw and extra > 5"),
    ("places > 0", "places != 0 and extra > 5"),
    ("kept > 14d", "kept > 15d and extra > 5"),
    ("rest == later", "rest != create and extra > 5"),
    ("cart == one", "cart != two and extra > 5"),
]


@pytest.mark.parametrize(("condition", "text"), GIVEN)
def test_a_field_is_given_where_its_condition_is_known_to_hold(condition, text):
    assert infer(parse(text), scoped(condition))[1] == ()


@pytest.mark.parametrize(("condition", "text"), NOT_GIVEN)
def test_a_field_is_not_given_where_its_condition_may_not_hold(condition, text):
    problems = infer(parse(text), scoped(condition))[1]
    assert [problem.code for problem in problems] == ["F306"]


def test_what_a_step_is_asked_under_is_known_for_all_of_it():
    scope = held(scoped("condition == frozen"), parse("condition == frozen").tree)
    assert infer(parse("extra > 5"), scope)[1] == ()


def test_every_condition_must_hold():
    scope = held(scoped("washed", "places > 0"), parse("washed").tree)
    assert [one.code for one in infer(parse("extra > 5"), scope)[1]] == ["F306"]
    scope = held(scope, parse("places > 0").tree)
    assert infer(parse("extra > 5"), scope)[1] == ()


def test_what_holds_is_told_both_ways():
    scope = held(scoped(), parse("source == blank and places > 0").tree)
    assert implies(scope, parse("source != raw").tree)
    assert implies(scope, parse("source == raw").tree, holds=False)
    assert implies(scope, parse("places <= 0").tree, holds=False)
    assert not implies(scope, parse("places > 1").tree)
    assert not implies(scope, parse("washed").tree)
