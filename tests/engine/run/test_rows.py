"""Rows of a repeat: begun by buttons, taken away, gone back into, edited from the review."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.values import Row
from tests.engine.rehearsal import Talker, small
from tests.engine.run.inline import Inline, inline

ITEMS = """
flow: blank
title: Заготовка
roles: [receiver]
steps:
  - text: name
    label: имя
    prompt: Имя
  - repeat: items
    label: состав
    add: Добавить сырьё
    remove: Убрать строку
    done: Подтвердить
    summary: "Строк {count(items.kg)}, итого {sum(items.kg)} кг"
    steps:
      - text: batch
        label: партия
        unique: true
        prompt: Партия
      - number: kg
        label: масса
        unit: kg
        range: [0.001, 100]
        prompt: Сколько взять
  - value: total
    is: sum(items.kg)
    unit: kg
  - text: note
    label: примечание
    when: total > 50
    prompt: Зачем так много
  - review: {save: Сохранить}
"""
SOURCES = """
flow: order
title: Фарш
roles: [receiver]
steps:
  - repeat: items
    label: состав
    rows: [0, 3]
    add:
      - {title: Добавить заготовку, set: {source: blank}}
      - {title: Добавить сырьё, set: {source: raw}, when: wanted_raw}
    steps:
      - choice: source
        label: что
        options: {blank: Заготовка, raw: Сырьё}
        prompt: Что добавить
      - text: batch
        when: source == raw
        prompt: Партия
      - number: kg
        prompt: Сколько
  - review: {save: Сохранить}
given: {wanted_raw: bool}
"""
WEIGH = """
flow: weigh
title: Взвешивание
roles: [receiver]
given: {blank: blank}
steps:
  - repeat: actual
    label: факт
    over: blank.items
    steps:
      - number: kg
        label: масса
        buttons: {Как в плане: row.kg}
        prompt: "{index} из {count}. {row.number}, план {row.kg}"
  - value: total
    is: sum(actual.kg)
  - review: {save: Сохранить}
"""
BLANK = Row("blank", "7", "З1", {"items": (
    Row("item", "11", "", {"number": "2211/3", "kg": Decimal(40)}),
    Row("item", "12", "", {"number": "2211/4", "kg": Decimal(60)}),
)})  # fmt: skip


@pytest.fixture
def items(tmp_path: Path) -> Inline:
    return inline(tmp_path, ITEMS).say("З1")


def test_the_only_button_of_a_list_that_needs_a_row_is_not_asked_for(items: Inline):
    assert items.at == "items.1.batch"


def test_after_each_row_the_summary_is_shown_with_the_buttons(items: Inline):
    items.say("А", "10,5")
    assert items.at == "items"
    assert "Строк 1, итого 10,500 кг" in items.text
    assert items.titles[:3] == ["Подтвердить", "Добавить сырьё", "Убрать строку"]


def test_a_list_is_a_column_for_later_expressions(items: Inline):
    items.say("А", "10").press("Добавить сырьё").say("Б", "20").press("Подтвердить")
    assert items.at == "review"
    assert items.field("total") == "30"
    assert "1. Партия: А" in items.text
    assert "2. Масса: 20,000" in items.text


def test_a_value_that_another_row_has_is_refused(items: Inline):
    items.say("А", "10").press("Добавить сырьё").say("А")
    assert items.at == "items.2.batch"
    assert "уже есть в другой строке" in items.text


def test_a_row_that_was_taken_away_never_lends_its_key(items: Inline):
    items.say("А", "10").press("Добавить сырьё").say("Б", "20")
    items.press("Убрать строку", "✖ 2. Б, 20,000")
    assert "Строк 1" in items.text
    items.press("Добавить сырьё")
    assert items.at == "items.3.batch"
    assert not [name for name in items.session.answers if name.startswith("items.2")]


def test_back_goes_into_the_row_before(items: Inline):
    items.say("А", "10").press("⬅ Назад")
    assert items.at == "items.1.kg"
    assert "Оставить: 10,000" in items.titles


def test_a_row_left_half_answered_disappears(items: Inline):
    items.say("А", "10").press("Добавить сырьё").say("Б").press("⬅ Назад", "⬅ Назад")
    assert items.at == "items"
    assert "Строк 1" in items.text
    assert [row.id for row in items.draft.walk.tables["items"]] == ["1"]


def test_a_list_cannot_end_with_too_few_rows(items: Inline):
    items.say("А", "10").press("Убрать строку", "✖ 1. А, 10,000")
    assert "Подтвердить" not in items.titles
    assert items.press("Добавить сырьё").at == "items.2.batch"


def test_an_edit_of_a_row_asks_only_what_the_total_makes_necessary(items: Inline):
    items.say("А", "10").press("Подтвердить", "✏ 1. Масса").say("60")
    assert items.at == "note"
    assert "изменилось «масса»" in items.text
    items.say("праздник")
    assert items.at == "review"


def test_a_row_added_from_the_review_is_asked_whole_and_returns_there(items: Inline):
    items.say("А", "10").press("Подтвердить", "✏ Состав", "Добавить сырьё").say("Б", "5")
    assert items.at == "items"
    items.press("Подтвердить")
    assert items.at == "review"
    assert "2. Партия: Б" in items.text


def test_a_button_presets_a_field_which_can_be_edited(tmp_path: Path):
    order = inline(tmp_path, SOURCES, given={"wanted_raw": True})
    assert order.at == "items"
    order.press("Добавить сырьё")
    assert order.at == "items.1.batch"
    order.say("2211/3", "40").press("Готово")
    assert "1. Что: Сырьё" in order.text
    order.press("✏ 1. Что", "Заготовка")
    assert order.at == "review"
    assert "Партия" not in order.text


def test_a_button_of_a_list_is_shown_under_its_condition(tmp_path: Path):
    order = inline(tmp_path, SOURCES, given={"wanted_raw": False})
    assert order.titles[:2] == ["Готово", "Добавить заготовку"]


def test_no_more_rows_than_allowed(tmp_path: Path):
    order = inline(tmp_path, SOURCES, given={"wanted_raw": False})
    for _ in range(3):
        order.press("Добавить заготовку").say("1")
    assert "Добавить заготовку" not in order.titles
    order.press("Готово")
    assert order.at == "review"


def test_given_rows_are_asked_once_each_with_their_number(tmp_path: Path):
    weigh = inline(tmp_path, WEIGH, given={"blank": BLANK})
    assert "1 из 2. 2211/3, план 40" in weigh.text
    weigh.press("Как в плане")
    assert weigh.at == "actual.12.kg"
    weigh.say("61")
    assert weigh.at == "review"
    assert weigh.field("total") == "101"
    assert weigh.press("✏ 1. Масса").say("39").field("total") == "100"


def test_answers_of_given_rows_stay_with_their_records(tmp_path: Path):
    weigh = inline(tmp_path, WEIGH, given={"blank": BLANK}).press("Как в плане")
    assert set(weigh.session.answers) == {"actual.11.kg"}


def test_a_list_of_nothing_given_asks_nothing(tmp_path: Path):
    weigh = inline(tmp_path, WEIGH, given={"blank": Row("blank", "7", "", {"items": ()})})
    assert weigh.at == "review"


CHECKED = """
flow: small
title: Отгрузка
roles: [receiver]
steps:
  - integer: most
    prompt: Сколько всего
  - repeat: items
    add: Ещё
    remove: Убрать
    check: [{that: sum(items.kg) <= most, say: "Всего больше {most}"}]
    steps:
      - integer: kg
        prompt: Сколько
  - review: {save: Готово}
"""


@pytest.mark.parametrize(("edit", "value"), [("items.1.kg", "50"), ("most", "9")])
def test_a_list_whose_check_no_longer_holds_after_an_edit_is_asked_again_with_the_reason(
    tmp_path: Path, edit: str, value: str
):
    talker = Talker(small(tmp_path, CHECKED), "small")
    talker.say("10", "5")
    talker.press("add:0")
    talker.say("5")
    talker.press("done")
    assert talker.session.step == "review"
    talker.press(f"edit:{edit}")
    talker.say(value)
    assert talker.session.step == "items"
    assert "Всего больше" in talker.text
    talker.press("done")
    assert talker.session.step == "items"
    talker.press("remove", "less:1", "done")
    assert talker.session.step == "review"
