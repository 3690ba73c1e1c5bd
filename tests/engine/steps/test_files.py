"""Pictures, files and codes (domain 3.18, 3.19)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.model.conversation import Input
from engine.model.files import DOCX, PDF, XLSX
from engine.steps.base import Look
from tests.engine.steps.views import Desk, World, photo, refused, step, taken

WORD, BOOK, PAPER = photo("a.docx", DOCX), photo("b.xlsx", XLSX), photo("c.pdf", PDF)


def test_pictures_are_collected_until_confirmed_each_content_once():
    desk = Desk(step("photos"))
    assert isinstance(desk.give(Input.files(photo("1"), photo("2"))), Look)
    assert "уже есть" in refused(desk.give(Input.files(photo("2"))))
    desk.give(Input.files(photo("3"), album="g"))
    assert desk.body() == "Фото: 3. Ещё или «Подтвердить»"
    desk.press("Убрать последнее фото")
    assert taken(desk.press("Подтвердить")) == (photo("1"), photo("2"))


def test_one_picture_is_taken_at_once_and_a_pdf_only_where_it_may_be():
    one = Desk(step("photos", count=["1", "1"]))
    assert taken(one.give(Input.files(photo()))) == (photo(),)
    assert "фото, а не документ" in refused(one.give(Input.files(PAPER)))
    assert taken(Desk(step("photos", count=["1", "1"], pdf=True)).give(Input.files(PAPER)))


def test_a_document_is_no_picture_even_where_a_pdf_may_be():
    one = Desk(step("photos", count=["1", "3"], pdf=True))
    assert "фото или PDF" in refused(one.give(Input.files(WORD)))
    assert not one.stands((WORD,))
    assert one.stands((PAPER, photo()))


def test_more_pictures_than_fit_and_fewer_than_needed_are_refused():
    desk = Desk(step("photos", count=["2", "2"]))
    desk.give(Input.files(photo("1")))
    assert "не меньше 2" in refused(desk.give(Input.press("done")))
    assert "не больше 2" in refused(desk.give(Input.files(photo("2"), photo("3"))))


@pytest.mark.parametrize(
    ("formats", "good", "bad"),
    [(["docx"], WORD, BOOK), (["xlsx"], BOOK, PAPER), (["pdf", "docx"], PAPER, photo())],
)
def test_a_file_is_taken_by_what_it_is(formats, good, bad):
    desk = Desk(step("file", formats=formats))
    assert taken(desk.give(Input.files(good))) == (good,)
    assert "Здесь нужен файл" in refused(desk.give(Input.files(bad)))
    assert desk.stands((good,))
    assert not desk.stands((bad,))
    assert not desk.stands(())
    assert not desk.stands(good)


def test_a_file_step_says_what_it_wants_to_anything_else():
    desk = Desk(step("file", formats=["docx", "xlsx"], skip=True))
    for given in (Input.text("вот"), Input.other("стикер"), Input.press("done")):
        assert refused(desk.give(given)) == (
            "Здесь нужен файл: документ Word (.docx), таблица Excel (.xlsx). "
            "Пропустить можно кнопкой"
        )
    assert "один файл" in refused(desk.give(Input.files(WORD, BOOK)))
    assert refused(desk.give(Input.unfit("Файл больше 20 МБ"))) == "Файл больше 20 МБ"
    with pytest.raises(ValidationError):
        step("file", formats=[])


LABEL = World(codes={"tmp/one": ("P-0001",), "tmp/two": ("P-0001", "P-0002", "EAN")})


def test_a_code_is_read_from_a_photo_or_typed():
    desk = Desk(step("scan"), world=LABEL)
    assert taken(desk.give(Input.files(photo("one")))) == "P-0001"
    assert taken(desk.type(" P-0007 ")) == "P-0007"
    assert "не видно" in refused(desk.give(Input.files(photo("none"))))
    assert "не документ" in refused(desk.give(Input.files(PAPER)))
    assert "Здесь нужно" in refused(desk.give(Input.other("стикер")))
    assert "Здесь нужно" in refused(desk.give(Input.press("code", "0")))


def test_a_code_of_a_label_is_held_to_what_may_be_typed():
    codes = {"tmp/one": (" P-0001\n",), "tmp/two": ("P\u202e-0001", "…", "x" * 300)}
    desk = Desk(step("scan"), world=World(codes=codes))
    assert taken(desk.give(Input.files(photo("one")))) == "P-0001"
    assert "не видно" in refused(desk.give(Input.files(photo("two"))))


def test_of_several_codes_one_is_chosen_by_its_button():
    desk = Desk(step("scan"), world=LABEL)
    assert isinstance(desk.give(Input.files(photo("two"))), Look)
    assert desk.titles() == ["P-0001", "P-0002", "EAN"]
    assert taken(desk.press("P-0002")) == "P-0002"
    assert "Здесь нужно" in refused(desk.give(Input.press("code", "9")))


def test_a_code_meets_its_pattern_or_is_refused_with_the_example():
    desk = Desk(step("scan", pattern="P-[0-9]{4}", example="P-0001"), world=LABEL)
    desk.give(Input.files(photo("two")))
    assert desk.titles() == ["P-0001", "P-0002"]
    assert refused(desk.type("X")) == "Код «X» не подходит. Нужен такой: P-0001"
    desk.world = World(codes={"tmp/one": ("EAN",)})
    assert "Нужен такой: P-0001" in refused(desk.give(Input.files(photo("one"))))
    assert desk.stands("P-0001")
    assert not desk.stands("EAN")
