"""A draft: which answers stand, which questions must be asked before saving."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.conversation import Answer, Bounds
from engine.model.values import Option
from engine.run.draft import Draft
from engine.run.limits import inside
from tests.engine.rehearsal import Talker, at_review, plant
from tests.engine.run.inline import inline

FROZEN = Bounds("receiving_temperature", most=Decimal("-8.0"), unit="°C", version=1)

BOXES = """
flow: boxes
title: Коробки
roles: [receiver]
steps:
  - integer: box_count
    label: коробки
    prompt: Сколько коробок?
  - number: gross
    label: брутто
    unit: kg
    depends_on: [box_count]
    prompt: Вес {box_count} коробок, кг
  - text: note
    label: заметка
    prompt: Заметка
  - review: {save: Сохранить}
"""


def draft(talker: Talker, **answers: Answer | None) -> Draft:
    """Return the draft of a talker with some answers changed; None takes one away."""
    kept = {**talker.session.answers, **answers}
    session = replace(talker.session, answers={k: v for k, v in kept.items() if v is not None})
    return Draft(talker.plant.program, session, talker.plant.ports.reads)


def test_a_form_that_is_answered_to_the_end_is_settled():
    assert draft(at_review(plant())).unsettled() is None


def test_the_first_question_without_an_answer_is_unsettled():
    found = draft(at_review(plant()), weight=None, supplier=None).unsettled()
    assert found is not None
    assert found.stop.address == "supplier"


def test_a_skipped_answer_stands_only_where_it_may_be_skipped():
    talker = at_review(plant())
    assert draft(talker, ttn_number=Answer(None, approved=True)).unsettled() is None
    found = draft(talker, weight=Answer(None, approved=True)).unsettled()
    assert found is not None
    assert found.stop.address == "weight"


def test_a_value_outside_its_limit_stands_only_when_it_was_approved():
    talker = at_review(plant())
    bounds = talker.session.answers["body_temp"].bounds
    warm = Answer(Decimal("-5"), bounds, "some id")
    found = draft(talker, body_temp=warm).unsettled()
    assert found is not None
    assert found.stop.address == "body_temp"
    assert draft(talker, body_temp=replace(warm, approved=True)).unsettled() is None


def test_an_answer_whose_limit_changed_stands_while_it_meets_both():
    talker = at_review(plant())
    older = replace(FROZEN, most=Decimal("-10.0"), version=7)
    assert draft(talker, body_temp=Answer(Decimal(-18), older, approved=True)).unsettled() is None
    between = draft(talker, body_temp=Answer(Decimal(-9), older, "id", approved=True)).unsettled()
    assert between is not None
    assert between.stop.address == "body_temp"


def test_an_approval_does_not_outlive_the_limit_it_was_given_under():
    talker = at_review(plant())
    chilled = Answer(Option("chilled", "Охлаждённое"), approved=True)
    approved = replace(talker.session.answers["body_temp"], deviation="id", approved=True)
    found = draft(talker, condition=chilled, body_temp=approved).unsettled()
    assert found is not None
    assert found.stop.address == "body_temp"


def test_measured_is_approved_within_the_limit_and_not_outside():
    subject = draft(at_review(plant()))
    step = subject.located("body_temp")
    assert subject.measured(step, Decimal("-8.0")).approved
    assert not subject.measured(step, Decimal("-7.9")).approved
    assert subject.measured(step, None) == Answer(None, approved=True)


@pytest.mark.parametrize(("days", "within"), [(180, True), (1, True), (0, False), (True, False)])
def test_a_whole_number_of_a_job_is_measured_like_any_other(days, within):
    assert inside(days, Bounds("shelf_life_left", least=Decimal(1), version=1)) is within


def test_every_field_has_a_value_or_is_not_given():
    fields = draft(at_review(plant())).fields
    assert fields["weight"] == Decimal(900)
    assert fields["ttn_number"] is None


def test_an_answer_is_asked_again_when_what_it_was_given_for_has_changed(tmp_path):
    form = inline(tmp_path, BOXES).say("10", "200", "раз").press("✏ Коробки")
    form.say("10")
    assert form.at == "review"
    form.press("✏ Коробки").say("15")
    assert form.at == "gross"
    assert form.say("300").at == "review"
    assert form.session.answers["gross"].value == 300
