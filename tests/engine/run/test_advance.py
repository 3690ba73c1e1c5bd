"""A conversation's turn: pure, and a refused input changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.model.conversation import Album, Input, State, Verdict
from engine.model.effects import Carry, Request, Withdraw
from engine.model.files import DOCX
from engine.run.advance import advance, refused
from tests.engine.rehearsal import Talker, at_body_temp, at_review, picture, plant, small

SMALL = """
flow: small
title: Мойка
roles: [receiver]
steps:
  - yes_no: washed
    label: мойка сделана
    prompt: Мойка сделана?
  - number: chlorine
    label: хлор
    unit: kg
    when: washed
    otherwise: 0
    buttons: {Как обычно: 1.5}
    prompt: Сколько хлора, кг
  - value: double
    is: chlorine * 2
    unit: kg
  - integer: share
    label: доля
    range: [0, double]
    prompt: "Доля, не больше {double}"
  - photos: proof
    label: фото
    skip: true
    prompt: Фото
  - review: {save: Готово}
"""


@pytest.fixture
def wash(tmp_path: Path) -> Talker:
    return Talker(small(tmp_path, SMALL), "small")


def test_the_same_input_on_the_same_session_gives_an_equal_turn():
    talker = at_body_temp(plant())
    given = Input.text("-5,5")
    turns = [
        advance(talker.plant.program, talker.session, given, talker.plant.ports.reads)
        for _ in range(2)
    ]
    assert turns[0] == turns[1]
    assert isinstance(turns[0].effects[0], Request)


@pytest.mark.parametrize(
    "given",
    [
        Input.text("тепло"),
        Input.text("9" * 400),
        Input.text("9" * 29),
        Input.text("-18,55"),
        Input.text("185"),
        Input.text(""),
        Input.other("стикер"),
        Input.unfit("Файл больше 20 МБ"),
        Input.files(picture("a")),
        Input.press("option", "1"),
        Input.press("save"),
        Input.press("fix"),
        Input.press("keep"),
        Input.decided(Verdict("x", "approve", "", "Орлова М. С.")),
    ],
)
def test_a_refused_input_leaves_the_session_equal(given: Input):
    talker = at_body_temp(plant())
    before = talker.session
    turn = talker.take(given)
    assert turn.session == before
    assert turn.effects == ()


def test_a_value_outside_its_limit_parks_the_form_and_asks_for_a_decision():
    talker = at_body_temp(plant())
    turn = talker.say("-5,5")
    (request,) = turn.effects
    assert isinstance(request, Request)
    assert turn.session.state is State.PARKED
    assert turn.session.waiting == request.id
    assert request.roles == ("technologist",)
    assert str(request.card) == (
        "Отклонение при приёмке: Каркас, Замороженное. "
        "Температура кузова: −5,5 при норме ≤ −8,0. Принимает Ветров П. А."
    )


def test_a_parked_form_answers_anything_with_why_it_waits():
    talker = at_body_temp(plant())
    talker.say("-5,5")
    before = talker.session
    for given in (Input.text("-18"), Input.press("skip"), Input.other("стикер"), Input.show()):
        turn = talker.take(given)
        assert turn.session == before
        assert "Приёмка временно запрещена" in talker.text


def test_a_decision_of_another_request_does_not_free_the_form():
    talker = at_body_temp(plant())
    talker.say("-5,5")
    turn = talker.take(Input.decided(Verdict("other", "approve", "", "Орлова М. С.")))
    assert turn.session.state is State.PARKED


def test_an_unchanged_value_keeps_its_approval_and_a_changed_one_withdraws_it():
    talker = at_body_temp(plant())
    talker.say("-5,5")
    first = talker.session.waiting
    talker.take(Input.decided(Verdict(first, "approve", "", "Орлова М. С.")))
    assert talker.session.step == "manufacture_date"
    talker.press("back", "keep")
    assert talker.session.step == "manufacture_date"
    assert talker.session.answers["body_temp"].approved
    talker.press("back")
    turn = talker.say("-5,6")
    assert [type(effect) for effect in turn.effects] == [Withdraw, Request]
    assert turn.session.waiting != first


def test_a_limit_that_cannot_be_evaluated_is_met_by_nothing():
    talker = at_body_temp(plant())
    answers = {name: one for name, one in talker.session.answers.items() if name != "condition"}
    from dataclasses import replace

    session = replace(talker.session, answers=answers)
    turn = advance(talker.plant.program, session, Input.text("-18"), talker.plant.ports.reads)
    assert turn.session.state is State.PARKED
    assert turn.prompt is not None
    assert "норма не определена" in str(turn.prompt.text)


def test_back_returns_to_the_questions_that_were_really_asked(wash: Talker):
    wash.press("option:no")
    assert wash.session.step == "share"
    wash.press("back")
    assert wash.session.step == "washed"
    assert wash.session.trail == ()


def test_back_at_the_first_question_stays_and_says_so(wash: Talker):
    before = wash.session
    wash.press("back")
    assert wash.session == before
    assert "Это первый вопрос" in wash.text


def test_back_loses_no_photo_that_was_sent():
    talker = at_body_temp(plant())
    talker.say("-18")
    talker.press("skip", "skip")
    talker.take(Input.files(picture("a"), picture("b")))
    talker.press("back")
    assert talker.session.step == "ttn_number"
    talker.press("skip")
    assert talker.session.step == "upd_photo"
    assert "Фото: 2" in talker.text
    talker.press("done")
    assert talker.session.answers["upd_photo"].value == (picture("a"), picture("b"))


def test_a_question_can_still_be_skipped_after_its_photos_were_taken_back():
    talker = at_body_temp(plant())
    talker.say("-18")
    talker.press("skip", "skip")
    talker.take(Input.files(picture("a")))
    talker.press("less")
    assert "skip" in talker.acts
    talker.press("skip")
    assert talker.session.answers["upd_photo"].value is None


def test_a_new_picture_replaces_the_only_one_of_a_question():
    talker = Talker(plant(), "raw_intake")
    talker.say("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное")
    talker.take(Input.files(picture("a")))
    talker.press("back")
    talker.take(Input.files(picture("b")))
    assert talker.session.answers["truck_unit_photo"].value == (picture("b"),)


def test_later_pictures_of_an_album_join_the_answer_and_leave_it_settled():
    talker = Talker(plant(), "raw_intake")
    talker.say("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное")
    for name in ("a", "b", "c"):
        talker.take(Input.files(picture(name), album="g"))
    assert talker.session.step == "body_temp_photo"
    answer = talker.session.answers["truck_unit_photo"]
    assert answer.value == (picture("a"), picture("b"), picture("c"))
    assert answer.approved


LABELLED = """
flow: small
title: Приёмка паллеты
roles: [receiver]
steps:
  - scan: label
    prompt: Этикетка
  - photos: proofs
    count: [1, 2]
    prompt: Фото паллеты
  - number: weight
    unit: kg
    prompt: Масса
  - review: {save: Готово}
"""


@pytest.mark.parametrize(
    "act", ["why", "yes", "done", "option:x", "fix", "refresh", "edit:", "add:0"]
)
def test_at_the_review_nothing_but_its_button_saves(act: str):
    talker = at_review(plant())
    turn = talker.press(act)
    assert turn.session.state is State.TALKING
    assert turn.session.step == "review"
    assert not [one for one in turn.effects if isinstance(one, Carry)]


def test_the_rest_of_an_album_never_replaces_an_answer_that_is_no_picture(tmp_path: Path):
    talker = Talker(small(tmp_path, LABELLED), "small")
    talker.turn = replace(talker.turn, session=replace(talker.session, album=Album("g", "label")))
    talker.say("2411/1")
    before = talker.session.answers["label"]
    talker.take(Input.files(picture("b"), album="g"))
    assert talker.session.answers["label"] == before
    assert talker.session.step == "proofs"


def test_the_rest_of_an_album_is_held_to_the_question_that_its_first_picture_answered(
    tmp_path: Path,
):
    talker = Talker(small(tmp_path, LABELLED), "small")
    talker.say("2411/1")
    talker.take(Input.files(picture("a"), album="g"))
    talker.press("done")
    paper = replace(picture("d"), mime=DOCX)
    for sent in (paper, picture("b"), picture("c")):
        talker.take(Input.files(sent, album="g"))
    assert talker.session.answers["proofs"].value == (picture("a"), picture("b"))


def test_an_edit_asks_again_only_what_depends_on_it():
    talker = at_review(plant(), "охлаждённое", "2")
    talker.press("edit:condition")
    turn = talker.say("замороженное")
    assert turn.session.step == "body_temp"
    assert turn.session.editing
    talker.say("-20")
    assert talker.session.step == "review"
    assert not talker.session.editing


def test_an_edit_that_keeps_every_limit_returns_to_the_review():
    talker = at_review(plant())
    talker.press("edit:tags_number")
    assert talker.say("13").session.step == "review"


def test_an_edit_asks_again_what_its_range_no_longer_holds(wash: Talker):
    wash.press("option:yes")
    wash.press("ready:Как обычно")
    wash.say("3")
    wash.press("skip")
    assert wash.session.step == "review"
    wash.press("edit:chlorine")
    wash.say("1")
    assert wash.session.step == "share"
    assert wash.session.editing


def test_an_edit_asks_a_question_that_it_made_necessary(wash: Talker):
    wash.press("option:no")
    wash.say("0")
    wash.press("skip", "edit:washed", "option:yes")
    assert wash.session.step == "chlorine"
    wash.press("ready:Как обычно")
    assert wash.session.step == "review"


def test_a_text_shows_a_number_with_the_digits_of_its_unit(wash: Talker):
    wash.press("option:yes")
    wash.say("1,5")
    assert "Доля, не больше 3,000" in wash.text


def test_saving_ends_the_session_and_carries_out_both_blocks():
    talker = at_review(plant())
    turn = talker.press("save")
    assert turn.session.state is State.SAVED
    assert turn.effects == (Carry(turn.session, "save"), Carry(turn.session, "after"))


def test_a_refusal_that_names_a_parameter_takes_to_the_question_that_filled_it(tmp_path: Path):
    flow = SMALL + "save:\n  - {run: record_ash, with: {ash: share}}\n"
    wash = Talker(small(tmp_path, flow), "small")
    wash.press("option:yes")
    wash.say("2", "3")
    wash.press("skip")
    reads = wash.plant.ports.reads
    turn = refused(wash.plant.program, wash.session, Refusal("Много", again="ash"), reads)
    assert (wash.session.step, turn.session.step) == ("review", "share")


def test_a_refusal_of_saving_takes_to_the_question_it_names():
    talker = at_review(plant())
    turn = refused(
        talker.plant.program,
        talker.session,
        Refusal("Осталось {kg} кг", {"kg": "81,000"}, again="weight"),
        talker.plant.ports.reads,
    )
    assert turn.session.step == "weight"
    assert turn.session.editing
    assert turn.prompt is not None
    assert "Осталось 81,000 кг" in str(turn.prompt.text)
    assert turn.session.answers == talker.session.answers
