"""Words of a question: known, default, suggest, check, confirm, warn, skip under a condition,
prompts under conditions, groups."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.conversation import State
from engine.model.values import Row
from tests.engine.run.inline import Inline, inline

HEAD = "flow: test\ntitle: Проба\nroles: [receiver]\n"
END = "  - review: {save: Сохранить}\n"
KNOWN = f"""{HEAD}
given: {{expected: "raw_batch?"}}
steps:
  - text: manufacturer
    label: производитель
    known: expected.manufacturer
    prompt: Кто произвёл
  - text: note
    label: примечание
    prompt: Что ещё
{END}"""
ANALYSIS = f"""{HEAD}
steps:
  - group: analysis
    check:
      - that: fat + protein + moisture <= 105
        say: "Сумма {{fat + protein + moisture}} %"
        again: analysis
    confirm:
      - when: fat + protein + moisture < 92
        say: "Сумма {{fat + protein + moisture}} %. Верно?"
        reason: true
    steps:
      - number: fat
        label: жир
        prompt: Жир
      - number: protein
        label: белок
        prompt: Белок
      - number: moisture
        label: влага
        prompt: Влага
{END}"""


def test_a_known_value_is_not_asked_shown_in_the_review_and_edited_there(tmp_path: Path):
    batch = Row("raw_batch", "1", "", {"manufacturer": "Ферма"})
    form = inline(tmp_path, KNOWN, given={"expected": batch})
    assert form.at == "note"
    form.say("нет")
    assert "Производитель: Ферма" in form.text
    form.press("✏ Производитель")
    assert form.text.startswith("Проба · 1 из 3\n")
    assert "Оставить: Ферма" in form.titles
    form.say("Другая ферма")
    assert form.at == "review"
    assert form.field("manufacturer") == "Другая ферма"


def test_a_known_code_is_the_option_of_its_question(tmp_path: Path):
    flow = f"""{HEAD}given: {{asked: "choice(whole, cut)?"}}
steps:
  - choice: form
    label: вид
    known: asked
    options: {{whole: Целая, cut: Разделанная}}
    prompt: Какая
  - text: note
    prompt: Что ещё
{END}"""
    form = inline(tmp_path, flow, given={"asked": "cut"})
    assert form.at == "note"
    assert "Вид: Разделанная" in form.say("нет").text
    assert inline(tmp_path, flow, given={"asked": "ground"}).say("нет").at == "form"


def test_a_value_that_is_not_known_is_asked(tmp_path: Path):
    form = inline(tmp_path, KNOWN, given={"expected": None})
    assert form.at == "manufacturer"
    assert "1 из 3" in form.text


def test_a_known_value_that_does_not_fit_is_asked(tmp_path: Path):
    flow = KNOWN.replace("    prompt: Кто", "    length: [6, 20]\n    prompt: Кто")
    batch = Row("raw_batch", "1", "", {"manufacturer": "Яма"})
    form = inline(tmp_path, flow, given={"expected": batch}).say("нет")
    assert form.at == "manufacturer"
    assert form.say("Новая ферма").at == "review"


def test_a_default_is_the_first_button(tmp_path: Path):
    flow = f"{HEAD}steps:\n  - number: kg\n    prompt: Масса\n    default: 2 * 3\n{END}"
    form = inline(tmp_path, flow)
    assert form.titles[0] == "Оставить: 6"
    assert form.press("Оставить: 6").field("kg") == "6"


def test_last_values_of_this_person_are_offered(tmp_path: Path):
    flow = f"{HEAD}steps:\n  - text: who\n    prompt: Кто\n    suggest: 2\n{END}"
    form = inline(tmp_path, flow).say("Иванова")
    memory = form.plant.memory
    import json
    from dataclasses import replace
    from uuid import UUID

    from engine.run.stored import pack_session

    for at in range(3):
        answers = {"who": replace(form.session.answers["who"], value=f"Врач {at}")}
        saved = replace(form.session, id=UUID(int=at + 5), state=State.SAVED, answers=answers)
        memory.sessions[str(saved.id)] = json.dumps(pack_session(saved))
    fresh = Inline(form.plant, "test", None, form.actor)
    assert fresh.titles[:2] == ["Врач 2", "Врач 1"]
    assert fresh.press("Врач 1").field("who") == "Врач 1"


def test_a_check_refuses_with_its_text(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: kg
    prompt: Масса
    check: [{{that: kg < 10, say: "Не {{kg}}, а меньше 10"}}]
{END}"""
    form = inline(tmp_path, flow).say("12")
    assert form.at == "kg"
    assert "Не 12, а меньше 10" in form.text
    assert form.say("9").at == "review"


def test_a_check_may_ask_an_earlier_question_again_with_its_answer(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: gross
    label: брутто
    prompt: Брутто
  - number: tare
    prompt: Тара
    check: [{{that: tare < gross, say: Тара больше брутто, again: gross}}]
{END}"""
    form = inline(tmp_path, flow).say("10", "12")
    assert form.at == "gross"
    assert "Тара больше брутто" in form.text
    assert "Оставить: 10" in form.titles
    form.say("20")
    assert form.at == "tare"
    assert form.say("12").at == "review"


def test_an_edit_that_breaks_a_check_asks_that_answer_again_and_says_why(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: gross
    label: брутто
    prompt: Брутто
  - number: tare
    label: тара
    prompt: Тара
    check: [{{that: tare < gross, say: Тара больше брутто}}]
  - text: other
    label: другое
    prompt: Другое
{END}"""
    form = inline(tmp_path, flow).say("10", "5", "да").press("✏ Брутто").say("4")
    assert form.at == "tare"
    assert "Спрашиваю снова: изменилось «брутто»" in form.text
    assert form.say("1").at == "review"
    assert form.field("other") == "да"


@pytest.mark.parametrize(("answer", "at"), [("Верно", "review"), ("Исправить", "kg")])
def test_an_unlikely_answer_is_kept_only_after_a_yes(tmp_path: Path, answer: str, at: str):
    flow = f"""{HEAD}steps:
  - number: kg
    prompt: Масса
    confirm: [{{when: kg > 10, say: "Точно {{kg}} кг?"}}]
{END}"""
    form = inline(tmp_path, flow).say("12")
    assert "Точно 12 кг?" in form.text
    assert "kg" not in form.session.answers
    form.say("Хм")
    assert "Ответьте кнопкой" in form.text
    assert form.press(answer).at == at


def test_a_confirmed_answer_is_not_asked_about_again_and_a_changed_one_is(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: kg
    label: масса
    prompt: Масса
    confirm: [{{when: kg > 10, say: "Точно {{kg}} кг?"}}]
{END}"""
    form = inline(tmp_path, flow).say("12").press("Верно")
    form.press("Сохранить")
    assert form.session.state is State.SAVED
    form = inline(tmp_path, flow).say("12").press("Верно", "✏ Масса").say("13")
    assert "Точно 13 кг?" in form.text


def test_back_from_the_question_about_an_answer_is_the_question_before(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - text: name
    prompt: Имя
  - number: kg
    prompt: Масса
    confirm: [{{when: kg > 10, say: "Точно?"}}]
{END}"""
    assert inline(tmp_path, flow).say("я", "12").press("⬅ Назад").at == "name"


def test_a_remark_stops_nothing_and_is_shown_then_and_in_the_review(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: kg
    prompt: Масса
    warn: [{{when: kg > 10, say: "{{kg}} кг тяжело поднять"}}]
  - text: name
    prompt: Имя
{END}"""
    form = inline(tmp_path, flow).say("12")
    assert "⚠ 12 кг тяжело поднять" in form.text
    assert "⚠ 12 кг тяжело поднять" in form.say("я").text


def test_a_remark_about_a_group_is_shown_after_its_last_answer_and_in_the_review(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - group: weights
    steps:
      - number: gross
        prompt: Брутто
      - number: tare
        prompt: Тара
    warn: [{{when: tare > gross / 2, say: "Тара {{tare}} кг велика"}}]
  - text: name
    prompt: Имя
{END}"""
    form = inline(tmp_path, flow).say("10")
    assert "велика" not in form.text
    assert "⚠ Тара 6 кг велика" in form.say("6").text
    assert "⚠ Тара 6 кг велика" in form.say("я").text


def test_a_group_that_does_not_add_up_is_asked_again_whole(tmp_path: Path):
    form = inline(tmp_path, ANALYSIS).say("50", "40", "30")
    assert form.at == "fat"
    assert "Сумма 120 %" in form.text
    assert "Оставить: 50" in form.titles
    form.say("20", "20", "60")
    assert form.at == "review"


def test_back_from_a_group_that_is_asked_again_leads_to_before_it(tmp_path: Path):
    """However often it did not add up: the questions of before are on the way back once."""
    note = "  - text: before\n    prompt: До\n  - group"
    flow = ANALYSIS.replace("  - group", note, 1)
    form = inline(tmp_path, flow).say("раньше", "50", "40", "30", "50", "40", "30")
    assert form.at == "fat"
    assert form.session.trail == ("before",)
    assert form.press("⬅ Назад").at == "before"


def test_a_group_is_asked_about_after_its_last_question(tmp_path: Path):
    form = inline(tmp_path, ANALYSIS).say("10", "10", "60")
    assert "Сумма 80 %. Верно?" in form.text
    form.press("Верно").say("сухая проба")
    assert form.at == "review"
    form.press("Сохранить")
    assert form.session.state is State.SAVED


def test_a_group_asked_about_and_denied_is_asked_again(tmp_path: Path):
    form = inline(tmp_path, ANALYSIS).say("10", "10", "60").press("Исправить")
    assert form.at == "fat"


def test_an_edit_of_a_member_looks_at_its_group_again(tmp_path: Path):
    form = inline(tmp_path, ANALYSIS).say("20", "20", "60").press("✏ Жир").say("3")
    assert "Сумма 83 %. Верно?" in form.text
    form.press("Верно").say("сухая проба")
    assert form.at == "review"
    form.press("✏ Жир").say("90")
    assert form.at == "fat"
    assert "Сумма 170 %" in form.text


def test_a_question_may_be_skipped_under_a_condition(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - yes_no: easy
    prompt: Легко?
  - text: name
    prompt: Имя
    skip: easy
{END}"""
    assert "Пропустить" in inline(tmp_path, flow).press("Да").titles
    assert "Пропустить" not in inline(tmp_path, flow).press("Нет").titles


def test_the_first_text_whose_condition_holds_is_the_question(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - number: kg
    prompt: Масса
  - text: name
    prompt:
      - {{when: kg > 10, text: "Кто поднял {{kg}} кг?"}}
      - text: Кто?
{END}"""
    assert "Кто поднял 12 кг?" in inline(tmp_path, flow).say("12").text
    assert "Кто?" in inline(tmp_path, flow).say("2").text


def test_a_question_tells_why_it_is_asked(tmp_path: Path):
    flow = f"""{HEAD}steps:
  - choice: condition
    label: кондиция
    options: {{chilled: Охлаждённое, frozen: Замороженное}}
    prompt: Кондиция
  - number: temp
    label: температура
    unit: °C
    when: condition == frozen
    limit: receiving_temperature(condition)
    prompt: Температура
    on_deviation:
      title: Тепло
      decide: technologist
      waiting: Ждём
      answers: {{yes: {{title: Да}}, no: {{title: Нет, comment: required, end: refused}}}}
      warn: 15m
      breach: 45m
{END}"""
    form = inline(tmp_path, flow).press("Замороженное", "❓")
    assert "Спрашиваю, потому что: кондиция — «Замороженное»" in form.text
    assert "Норма: ≤ −8,0 (план ХАССП, ККТ-1)" in form.text
    assert form.say("-10").field("temp") == str(Decimal(-10)).replace("-", "−")
