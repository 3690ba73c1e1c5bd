"""Decisions on values outside their limit: refused first, explained, computed, in rows."""

from __future__ import annotations

from pathlib import Path

from engine.model.conversation import Input, State, Verdict
from engine.model.effects import Request, Withdraw
from tests.engine.rehearsal import picture
from tests.engine.run.inline import Inline, inline

LIMITS = """
weighing:
  given: {plan: number kg}
  unit: kg
  source: план взвешивания
  values: [{min: 10, max: 20}]
"""
DEVIATION = """
      title: Вес вне плана
      decide: technologist
      waiting: "Ждём решения: {value}, норма {limit}"
      answers:
        approve: {title: Да}
        reject: {title: Нет, comment: required, end: refused, say: "Нет: {comment}"}
      warn: 15m
      breach: 45m"""
HEAD = "flow: weigh\ntitle: Взвешивание\nroles: [receiver]\nsteps:\n"
END = "  - review: {save: Сохранить}\n"
PLAIN = f"""{HEAD}
  - number: kg
    label: вес
    unit: kg
    limit: weighing(1)
    prompt: Вес
    on_deviation:{DEVIATION}
"""


def approve(form: Inline, comment: str = "") -> None:
    verdict = Verdict(form.session.waiting, "approve", comment, "Орлова М. С.")
    form.take(Input.decided(verdict))


def test_a_value_is_refused_first_and_the_request_is_made_on_its_button(tmp_path: Path):
    flow = PLAIN + "      ask_again: Запросить технолога\n" + END
    form = inline(tmp_path, flow, limits=LIMITS).say("25")
    assert form.session.state is State.TALKING
    assert "Вес: 25,000 при норме 10,000…20,000" in form.text
    form.say("26")
    assert form.session.state is State.TALKING
    form.say("15")
    assert form.at == "review"
    form.press("✏ Вес").say("25").press("Запросить технолога")
    (request,) = form.turn.effects
    assert isinstance(request, Request)
    approve(form)
    assert form.at == "review"


def test_a_decision_without_words_of_its_own_is_told_by_who_what_and_why(tmp_path: Path):
    form = inline(tmp_path, PLAIN + END, limits=LIMITS).say("25")
    approve(form, "взвесили ещё раз")
    assert form.text == "Орлова М. С.: Да. взвесили ещё раз"


def test_a_reason_and_a_picture_are_asked_before_the_request(tmp_path: Path):
    flow = PLAIN + "      reason: true\n      photo: Покажите весы\n" + END
    form = inline(tmp_path, flow, limits=LIMITS).say("25")
    assert "Укажите причину" in form.text
    form.say("тара мокрая")
    assert "Покажите весы" in form.text
    form.say("нет фото")
    assert "Здесь нужно фото" in form.text
    form.take(Input.files(picture("a")))
    (request,) = form.turn.effects
    assert isinstance(request, Request)
    assert request.pictures == (picture("a").key,)
    assert "Причина: тара мокрая" in str(request.card)
    assert form.session.answers["kg"].reason == "тара мокрая"


COMPUTED = f"""{HEAD}
  - number: gross
    label: брутто
    prompt: Брутто
  - text: name
    label: имя
    prompt: Имя
  - value: net
    label: нетто
    is: gross - 1
    unit: kg
    limit: weighing(1)
    on_deviation:{DEVIATION}
  - text: note
    label: примечание
    prompt: Примечание
{END}"""


def test_a_computed_value_outside_its_limit_parks_the_form_when_it_is_come_to(tmp_path: Path):
    form = inline(tmp_path, COMPUTED, limits=LIMITS).say("31", "я")
    assert form.session.state is State.PARKED
    assert form.at == "net"
    assert "30,000, норма 10,000…20,000" in form.text
    approve(form)
    assert form.at == "note"
    form.say("нет")
    assert "Нетто: 30,000 ⚠ согласовано" in form.text
    assert form.press("Сохранить").session.state is State.SAVED


def test_what_is_typed_where_a_computed_value_is_refused_is_no_answer(tmp_path: Path):
    flow = COMPUTED.replace(DEVIATION, DEVIATION + "\n      ask_again: Запросить технолога")
    form = inline(tmp_path, flow, limits=LIMITS).say("31", "я")
    before = form.session.answers
    form.say("15")
    assert form.session.answers == before
    assert "Ответьте кнопкой" in form.text
    form.press("Запросить технолога")
    assert form.session.state is State.PARKED


def test_a_computed_value_is_corrected_where_it_comes_from(tmp_path: Path):
    form = inline(tmp_path, COMPUTED, limits=LIMITS).say("31", "я").press("Исправить значение")
    (withdrawn,) = form.turn.effects
    assert isinstance(withdrawn, Withdraw)
    assert form.at == "gross"
    form.say("16").press("Оставить: я")
    assert form.at == "note"


def test_an_edit_that_changes_an_approved_computed_value_asks_anew(tmp_path: Path):
    form = inline(tmp_path, COMPUTED, limits=LIMITS).say("31", "я")
    first = form.session.waiting
    approve(form)
    form.say("нет").press("✏ Брутто").say("41")
    assert form.session.state is State.PARKED
    assert form.session.waiting != first
    assert [type(one) for one in form.turn.effects] == [Withdraw, Request]
    approve(form)
    assert form.at == "review"


ROWS = f"""{HEAD}
  - repeat: items
    label: строки
    remove: Убрать
    steps:
      - number: kg
        label: вес
        unit: kg
        limit: weighing(1)
        prompt: Вес
        on_deviation:{DEVIATION.replace(chr(10), chr(10) + "    ")}
{END}"""


def test_a_decision_in_a_row_is_about_that_row(tmp_path: Path):
    form = inline(tmp_path, ROWS, limits=LIMITS).say("15").press("Добавить").say("25")
    (request,) = form.turn.effects
    assert isinstance(request, Request)
    assert request.step == "items.2.kg"
    approve(form)
    assert form.at == "items"
    form.press("Продолжить", "Убрать", "✖ 2. 25,000 ⚠ согласовано")
    assert [type(one) for one in form.turn.effects] == [Withdraw]
    assert form.press("Готово").at == "review"
