"""Rows of a catalogue and of a fact: lists, grids, carousels, sliders (domain 3.17, 4.4)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.expressions.types import ListOf, Record
from engine.model.conversation import Input
from engine.model.values import Option, Row
from engine.steps.base import Look, Taken
from tests.engine.steps.views import COMPANIES, ROWS, Desk, World, photo, refused, step, taken

EMPTY = World(facts={"batches": ()}, titles=())


def catalogue(**keys: object) -> Desk:
    return Desk(step("pick", from_="companies", **keys))


def fact(kind: str = "pick", **keys: object) -> Desk:
    return Desk(step(kind, from_="batches()", **keys))


def test_a_catalogue_is_paged_by_eight_and_turns_round():
    desk = catalogue()
    assert desk.titles()[:2] == ["Альфа", "Бета"]
    assert desk.titles()[8:] == ["◀", "1 из 3", "▶", "🔍 Найти"]
    desk.press("◀")
    assert desk.titles() == [*COMPANIES[16:], "◀", "3 из 3", "▶", "🔍 Найти"]
    desk.press("▶")
    assert desk.titles()[0] == "Альфа"


def test_search_narrows_and_the_list_comes_back():
    desk = catalogue()
    desk.press("🔍 Найти")
    assert (desk.body(), desk.titles()) == ("Введите часть названия", ["К списку"])
    assert "ничего не нашлось" in refused(desk.type("ъъъ"))
    desk.type("бет")
    assert desk.body() == "Поиск «бет»: найдено 2"
    assert desk.titles() == ["Бета", "Бета-2", "К списку"]
    desk.press("К списку")
    assert desk.titles()[0] == "Альфа"


def test_only_an_exact_title_is_taken_and_the_nearest_are_offered():
    desk = catalogue()
    assert taken(desk.type("  бета ")) == Option("c1", "Бета")
    assert isinstance(desk.type("Бет"), Look)
    assert desk.titles() == ["Бета", "Бета-2", "Выбрать из списка"]
    assert "нет в списке" in desk.body()
    assert taken(desk.press("Бета-2")) == Option("c2", "Бета-2")
    assert "Выберите кнопкой" in refused(desk.type("Ъ"))


def test_a_typed_new_name_is_asked_about_before_it_is_made():
    desk = catalogue(add="company")
    desk.type("Бетон")
    assert desk.body() == "Создать «Бетон»? Похожие есть в списке"
    assert desk.titles()[0] == "Создать"
    assert taken(desk.press("Создать")) == Option("", "Бетон", new=True)
    assert desk.stands(Option("", "Бетон", new=True))
    assert not desk.stands(Option("", "Бетон"))


def test_a_name_that_may_be_typed_is_taken_when_nothing_is_alike():
    desk = catalogue(other={"text": ["2", "20"]})
    assert taken(desk.type("Дельта")) == Option("", "Дельта")
    desk.type("Бетон")
    assert taken(desk.press("Записать так")) == Option("", "Бетон")
    assert "от 2 до 20" in refused(desk.type("Ы"))


def test_a_row_that_went_is_refused_and_does_not_stand():
    desk = catalogue()
    assert "больше нет" in refused(desk.give(Input.press("option", "c99")))
    assert desk.stands(Option("c1", "Бета"))
    assert not desk.stands(Option("c99", "Омега"))
    assert not desk.stands("c1")


def test_an_empty_list_says_so_and_can_be_looked_at_again():
    for desk in (catalogue(empty="Компаний нет"), fact(empty="Компаний нет")):
        desk.world = EMPTY
        assert (desk.body(), desk.titles()) == ("Компаний нет", ["Обновить"])
        desk.world = World()
        desk.look = {"start": 8}
        desk.press("К списку") if "К списку" in desk.titles() else desk.give(Input.press("list"))
        assert len(desk.titles()) > 8


def test_the_rows_of_a_fact_have_titles_of_the_flow_and_are_stored_whole():
    desk = fact(title="{it.number} – {it.kg} кг")
    assert desk.titles()[:2] == ["2411/1 – 100 кг", "2411/2 – 200 кг"]
    assert taken(desk.press("2411/2 – 200 кг")) == ROWS[1]
    assert taken(desk.type("2411/2 – 200 кг")) == ROWS[1]
    assert taken(desk.type("2411/2")) == ROWS[1]


def test_what_is_excluded_is_not_offered():
    desk = Desk(step("pick", from_="batches()", exclude="items.batch"))
    desk.env = {"items": (Row("item", "1", "", {"batch": ROWS[0]}),)}
    assert desk.titles()[0] == "2411/2"
    assert "больше нет" in refused(desk.give(Input.press("option", "b1")))
    assert not desk.stands(ROWS[0])
    assert desk.stands(ROWS[1])


def test_two_rows_of_one_title_are_shown_for_choosing():
    twins = (ROWS[0], Row("raw_batch", "x", "2411/1", {"kg": 1, "number": "2411/1"}))
    desk = fact(title="{it.number} – {it.kg} кг")
    desk.world = World(facts={"batches": twins})
    assert isinstance(desk.type("2411/1"), Look)


def test_what_is_not_in_the_list_is_answered_in_the_words_of_the_flow():
    desk = fact(unrecognised="Паллет {typed} не ждёт заморозки")
    assert refused(desk.type("77")) == "Паллет 77 не ждёт заморозки"
    desk.type("2411/11111")
    assert desk.body() == "Паллет 2411/11111 не ждёт заморозки"


def test_a_grid_lays_short_buttons_side_by_side():
    desk = fact(view="grid")
    rows = desk.step.keyboard(desk.view())
    assert [len(row) for row in rows] == [4, 4, 4]


def test_a_carousel_turns_round_and_takes_the_row_shown():
    desk = fact(view="carousel", card="Партия {index} из {count}: {it.number}", choose="Начать")
    assert desk.body() == "Партия 1 из 12: 2411/1"
    assert desk.titles() == ["◀", "1 из 12", "▶", "Начать"]
    desk.press("◀")
    assert desk.body() == "Партия 12 из 12: 2411/12"
    desk.press("▶")
    desk.press("▶")
    assert desk.body() == "Партия 2 из 12: 2411/2"
    assert taken(desk.press("Начать")) == ROWS[1]


def test_a_carousel_of_one_row_has_nothing_to_turn_and_of_none_says_so():
    desk = fact(view="carousel", card="{it.number}", empty="Партий на анализ нет")
    desk.world = World(facts={"batches": ROWS[:1]})
    assert desk.titles() == ["Выбрать"]
    desk.world = EMPTY
    assert (desk.body(), desk.titles()) == ("Партий на анализ нет", ["Обновить"])


def test_a_row_that_may_not_be_chosen_is_shown_without_the_button():
    desk = fact(view="carousel", card="{it.number}", choose={"when": "it.open"})
    desk.look = {"at": 2}
    assert desk.titles() == ["◀", "3 из 12", "▶"]
    assert "выбрать нельзя" in refused(desk.type("2411/3"))
    assert "выбрать нельзя" in refused(desk.give(Input.press("option", "b3")))
    assert not desk.stands(ROWS[2])
    assert desk.stands(ROWS[3])


def test_several_rows_are_ticked_in_the_order_of_ticking():
    desk = fact("picks", all="Все", count=["2", "3"])
    desk.press("☐ 2411/2")
    assert "не меньше 2" in refused(desk.press("Готово"))
    desk.press("☐ 2411/1")
    assert desk.body() == "Отмечено: 2"
    assert taken(desk.press("Готово")) == (ROWS[1], ROWS[0])
    assert "не больше 3" in refused(desk.press("Все"))
    desk.press("☑ 2411/2")
    assert desk.titles()[:2] == ["☑ 2411/1", "☐ 2411/2"]


def test_no_more_rows_are_ticked_than_may_be():
    desk = fact("picks", count=["1", "1"])
    desk.press("☐ 2411/1")
    assert "не больше 1" in refused(desk.press("☐ 2411/2"))
    assert taken(desk.press("Готово")) == (ROWS[0],)


@pytest.mark.parametrize("count", [["0", "most(batch)"], ["least(batch)", "9"]])
def test_how_many_that_cannot_be_told_lets_nothing_pass(count: list[str]):
    desk = fact("picks", all="Все", count=count)
    desk.press("Все")
    assert "не узнать" in refused(desk.press("Готово"))


def test_everything_may_be_ticked_at_the_start_or_by_one_button():
    desk = fact("picks", ticked="all", all="Все")
    assert "☐" not in "".join(desk.titles())
    assert "Все" not in desk.titles()
    assert taken(desk.press("Готово")) == ROWS
    other = fact("picks", all="Все")
    assert taken(other.press("Все")) == ROWS


def test_ticks_stay_while_pages_turn_and_while_searching():
    desk = fact("picks")
    desk.press("☐ 2411/1")
    desk.press("▶")
    desk.press("☐ 2411/12")
    assert desk.titles()[0] == "☐ 2411/9"
    desk.press("🔍 Найти")
    desk.type("2411/1")
    assert desk.look["ticked"] == ("b12",)  # the exact title unticks
    desk.type("411/3")
    assert desk.titles()[0] == "☐ 2411/3"
    desk.press("☐ 2411/3")
    assert taken(desk.press("Готово")) == (ROWS[11], ROWS[2])


def test_ticks_begin_with_the_answer_given_before():
    desk = fact("picks")
    desk.current = (ROWS[4],)
    assert desk.titles()[4] == "☑ 2411/5"
    assert desk.stands((ROWS[4],))
    assert not desk.stands(())
    assert not desk.stands((Row("raw_batch", "gone", ""),))


def slider(**keys: object) -> Desk:
    desk = fact(
        "picks",
        view="carousel",
        card="Ветка {index}/{count}: {it.number}",
        all="Добавить всё",
        done="Завершить",
        too_few="Выберите хотя бы один документ",
        at_end="Веток больше нет",
        **keys,
    )
    desk.world = World(facts={"batches": ROWS[:3]})
    return desk


def test_a_slider_adds_one_at_a_time_and_does_not_turn_round():
    desk = slider()
    assert desk.titles() == ["⏹", "1 из 3", "▶", "Добавить", "Добавить всё", "Завершить"]
    assert refused(desk.press("Завершить")) == "Выберите хотя бы один документ"
    outcome = desk.press("⏹")
    assert isinstance(outcome, Look)
    assert outcome.toast == "Веток больше нет"
    desk.press("▶")
    desk.press("Добавить")
    assert desk.body() == "Ветка 3/3: 2411/3\nОтмечено: 1"
    assert desk.titles()[:3] == ["◀", "3 из 3", "⏹"]
    desk.press("◀")
    assert "добавлено" in desk.body()
    desk.press("Убрать")
    assert desk.titles()[3] == "Добавить"
    desk.press("Добавить")
    assert taken(desk.press("Завершить")) == (ROWS[1],)


def test_a_slider_ends_by_itself_when_everything_was_added():
    desk = slider()
    desk.press("Добавить")
    desk.press("Добавить")
    assert desk.press("Добавить") == Taken(ROWS[:3])
    assert taken(slider().press("Добавить всё")) == ROWS[:3]


def test_a_slider_goes_on_where_it_is_when_rows_went_meanwhile():
    desk = slider()
    desk.press("Добавить")
    desk.look = {**desk.look, "at": 2}
    desk.world = World(facts={"batches": ROWS[:1]})
    assert desk.titles()[1] == "1 из 1"
    assert "больше нет" in refused(desk.give(Input.press("tick", "b2")))


def test_the_type_is_that_of_the_rows():
    assert step("pick", from_="companies").result({"companies": "company"}) == Record("company")
    assert step("picks", from_="companies").result({"companies": "company"}) == ListOf(
        Record("company")
    )
    assert step("pick", from_="batches()").result({}) == Record("?")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"from_": "companies", "title": "{it.name}"}, "бывают только у факта"),
        ({"from_": "companies", "view": "carousel"}, "бывают только у факта"),
        ({"from_": "companies", "exclude": "items"}, "бывают только у факта"),
        ({"from_": "batches()", "add": "company"}, "только у справочника"),
        ({"from_": "companies", "other": {"number": {}}}, "other.text\n +Field required"),
    ],
)
def test_keys_that_have_no_meaning_together_are_refused(keys, said):
    with pytest.raises(ValidationError, match=said):
        step("pick", **keys)


@pytest.mark.parametrize("kind", ["pick", "picks"])
@pytest.mark.parametrize("from_", ["companies", "batches()"])
@pytest.mark.parametrize(
    "given",
    [Input.files(photo()), Input.other("стикер"), Input.press("no such act"),
     Input.press("keep_typed"), Input.unfit("Файл больше 20 МБ")],
)  # fmt: skip
def test_another_kind_of_input_is_refused_with_what_is_expected(kind, from_, given):
    said = refused(Desk(step(kind, from_=from_)).give(given))
    assert "Здесь нужно: " in said or "20 МБ" in said


def test_rows_are_shown_without_a_choice():
    desk = fact("show", card="{it.number}: {it.kg} кг", empty="Загрузок нет", button="Понятно")
    assert desk.body() == "2411/1: 100 кг"
    assert desk.titles() == ["◀", "1 из 12", "▶", "Понятно"]
    desk.press("◀")
    assert desk.body() == "2411/12: 1\u202f200 кг"
    assert desk.press("Понятно") == Taken(True)
    desk.world = EMPTY
    assert (desk.body(), desk.titles()) == ("Загрузок нет", ["Понятно"])


def test_pages_are_turned_and_then_left():
    desk = Desk(step("show", pages=["Первая {n}", "Вторая"]), {"n": 1})
    assert desk.body() == "Первая 1"
    desk.press("▶")
    assert desk.body() == "Вторая"
    desk.press("▶")
    assert desk.body() == "Первая 1"
    assert taken(desk.press("Дальше")) is True
    assert desk.stands(True)
    assert not desk.stands(None)


def test_a_plain_text_is_shown_with_one_button_and_takes_nothing_else():
    desk = Desk(step("show"))
    assert (desk.body(), desk.titles()) == ("", ["Дальше"])
    for given in (Input.text("дальше?"), Input.files(photo()), Input.press("option", "x")):
        assert "Здесь нужно" in refused(desk.give(given))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"from_": "companies", "card": "x"}, "строки факта"),
        ({"from_": "batches()"}, "«card:»"),
        ({"from_": "batches()", "card": "x", "pages": ["y"]}, "одно из двух"),
    ],
)
def test_what_cannot_be_shown_is_refused(keys, said):
    with pytest.raises(ValidationError, match=said):
        step("show", **keys)
