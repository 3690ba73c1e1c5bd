"""Dates, times of day, moments (domain 3.16)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from engine.model.conversation import Input
from tests.engine.steps.views import NOW, Desk, photo, refused, step, taken

DATES = [
    ("24.11.2026", date(2026, 11, 24)),
    (" 1.2.26 ", date(2026, 2, 1)),
    ("05.03", date(2026, 3, 5)),
    ("29.02.2028", date(2028, 2, 29)),
]
NO_DATES = ["", "завтра", "31.02.2026", "24/11/2026", "2026-11-24", "24.11.202", "０1.01", "1.13"]
TIMES = [("7:30", time(7, 30)), ("07.30", time(7, 30)), (" 23:59 ", time(23, 59))]
NO_TIMES = ["", "7", "24:00", "7:60", "7:5", "в семь", "07:30:00", "-1:00"]


@pytest.mark.parametrize(("said", "day"), DATES)
def test_a_date_is_read_as_people_write_it(said, day):
    assert taken(Desk(step("date")).type(said)) == day


@pytest.mark.parametrize("said", NO_DATES)
def test_what_is_no_date_is_refused(said):
    refused(Desk(step("date")).type(said))


def test_a_date_keeps_its_range_and_has_its_buttons():
    desk = Desk(step("date", range=["today() - 3d", "today()"], buttons={"Вчера": "today() - 1d"}))
    assert taken(desk.press("Вчера")) == date(2026, 11, 23)
    assert taken(desk.type("21.11")) == date(2026, 11, 21)
    assert refused(desk.type("25.11")) == "Нужна дата от 21.11.2026 до 24.11.2026"
    assert refused(desk.type("20.11")) == "Нужна дата от 21.11.2026 до 24.11.2026"
    assert desk.stands(date(2026, 11, 21))
    assert not desk.stands(date(2026, 11, 20))
    assert not desk.stands(NOW)


def test_a_button_whose_date_is_not_given_is_not_shown():
    desk = Desk(step("date", buttons={"По документам": "doc_date"}), {"doc_date": None})
    assert desk.titles() == []


@pytest.mark.parametrize(("said", "at"), TIMES)
def test_a_time_of_day_is_read(said, at):
    assert taken(Desk(step("time")).type(said)) == at


@pytest.mark.parametrize("said", NO_TIMES)
def test_what_is_no_time_is_refused(said):
    refused(Desk(step("time")).type(said))


def test_a_time_keeps_its_range_over_midnight_too():
    day = Desk(step("time", range=["07:00", "19:00"], buttons={"Полдень": "12:00"}))
    assert taken(day.press("Полдень")) == time(12)
    assert refused(day.type("19:01")) == "Нужно время от 07:00 до 19:00"
    night = Desk(step("time", range=["19:00", "07:00"]))
    assert taken(night.type("23:00")) == time(23)
    assert taken(night.type("6:59")) == time(6, 59)
    assert refused(night.type("12:00")) == "Нужно время от 19:00 до 07:00"
    assert night.stands(time(7))
    assert not night.stands(time(7, 1))


def test_a_moment_is_read_in_the_zone_of_the_plant():
    desk = Desk(step("datetime"))
    assert taken(desk.type("23.11.2026 7:05")) == datetime(2026, 11, 23, 7, 5, tzinfo=NOW.tzinfo)
    assert taken(desk.type("7:05")) == NOW.replace(hour=7, minute=5)
    for said in ("", "31.02 7:00", "23.11.2026", "1.1.26 1:00 x", "23.11.2026 25:00"):
        refused(desk.type(said))


def test_a_moment_keeps_its_range_and_has_its_buttons():
    desk = Desk(step("datetime", range=["now() - 2h", "now()"], buttons={"Сейчас": "now()"}))
    assert taken(desk.press("Сейчас")) == NOW
    assert "Нужны дата и время от 24.11.2026 06:30" in refused(desk.type("6:29"))
    assert desk.stands(NOW - timedelta(hours=2))
    assert not desk.stands(NOW - timedelta(hours=2, minutes=1))


@pytest.mark.parametrize("kind", ["date", "time", "datetime"])
def test_a_bound_that_cannot_be_told_lets_nothing_pass(kind):
    desk = Desk(step(kind, range=["gone", "gone"]))
    said = {"date": "24.11", "time": "7:00", "datetime": "24.11 7:00"}[kind]
    assert "не узнать" in refused(desk.type(said))


@pytest.mark.parametrize("kind", ["date", "time", "datetime"])
@pytest.mark.parametrize(
    "given", [Input.files(photo()), Input.other("стикер"), Input.press("ready", "нет такой")]
)
def test_another_kind_of_input_is_refused_with_what_is_expected(kind, given):
    assert "Здесь нужно: " in refused(Desk(step(kind)).give(given))
