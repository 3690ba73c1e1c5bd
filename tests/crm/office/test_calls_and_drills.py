"""«Просьбы о помощи», «Сдачи смены», «Учебные отзывы» (domain 11.2): read, changed nowhere."""

from __future__ import annotations

import re

import pytest
from django.db.models import Model
from pypdfium2 import PdfDocument

from crm.documents.models import Document
from crm.quality.models import RecallDrill
from crm.work.models import Handover, HelpRequest
from engine.files.local import LocalFiles
from tests.crm.office.conftest import member
from tests.crm.office.floor import a_call, a_drill, a_handover
from tests.crm.office.test_corrections import address, words
from tests.crm.production.pallets import stocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
READERS = ("Начальник смены", "Аудитор", "Отдел отгрузки")


@pytest.fixture
def papers(store: LocalFiles, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    """The store of this test for what drills print too."""
    monkeypatch.setattr("crm.office.pages.drills.open_files", lambda: store)
    return store


def card(record: Model) -> str:
    page = member(f"reader_{record.pk}_{type(record).__name__}", READERS[0])
    return words(page.get(address(record, "change")).content.decode())


def test_a_call_for_help_tells_who_called_who_came_and_what_was_answered() -> None:
    call = a_call(7)
    shown = card(call)
    for told in ("Поломка", "стоит пресс 7", str(call.author), str(call.going_by), "идём"):
        assert told in shown


def test_a_handover_keeps_the_digest_line_by_line_as_it_was_read_then() -> None:
    handover = a_handover()
    shown = card(handover)
    for told in ("Сделано: 100 кг", "Открытых решений: 2", "всё чисто", str(handover.taken_by)):
        assert told in shown


def test_a_drill_tells_what_was_found_how_fast_and_who_signed() -> None:
    drill = a_drill(stocked().lot)
    shown = card(drill)
    for told in ("Затронуто паллетов: 3", "Учтено 100,00 %", "0,250", "успели", "Подписан"):
        assert told in shown
    assert str(drill.signed_by) in shown


def test_the_protocol_of_a_drill_is_printed_on_its_page_and_had_as_word_and_as_pdf(
    papers: LocalFiles,
) -> None:
    drill = a_drill(stocked().lot)
    client = member("one", READERS[0])
    client.post(address(drill, "protocol"))
    paper = Document.objects.get(kind="recall_protocol")
    shown = client.get(address(drill, "change")).content.decode()
    assert paper.name in shown
    (word,) = re.findall(r'href="http://testserver(/files/[^"]+)"', shown)
    assert client.get(word).content[:2] == b"PK"
    answer = client.get(f"/admin/documents/document/{paper.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert ".pdf" in answer["Content-Disposition"]
    said = PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for told in ("Затронуто паллетов: 3", "успели", str(drill.signed_by), "Страница 1 из 1"):
        assert told in said


def test_a_paper_that_does_not_become_a_pdf_or_is_none_is_said_so(papers: LocalFiles) -> None:
    drill, client = a_drill(stocked().lot), member("one", READERS[0])
    client.post(address(drill, "protocol"))
    paper = Document.objects.get(kind="recall_protocol")
    papers.put(paper.key, b"no paper", paper.mime)
    answer = client.get(f"/admin/documents/document/{paper.pk}/pdf/")
    assert answer["Location"] == address(paper, "change")
    assert "не печатается" in words(client.get(answer["Location"]).content.decode())
    Document.objects.update(mime="application/pdf")
    assert "/files/" in client.get(f"/admin/documents/document/{paper.pk}/pdf/")["Location"]
    assert client.get("/admin/documents/document/0/pdf/").status_code == 302
    assert client.post(f"/admin/documents/document/{paper.pk}/pdf/").status_code == 405


@pytest.mark.parametrize("reader", READERS)
def test_the_lists_are_read_by_the_whole_office_and_changed_by_nobody(reader: str) -> None:
    a_call(7), a_handover(), a_drill(stocked().lot)
    client = member("one", reader)
    for model in (HelpRequest, Handover, RecallDrill):
        page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(page).status_code == 200
        assert client.get(f"{page}add/").status_code == 403
        assert client.post(address(model.objects.get(), "change")).status_code == 405
        assert page in client.get("/admin/").content.decode()


def test_a_list_is_found_by_who_called_and_by_the_topic() -> None:
    call = a_call(7)
    client = member("one", READERS[0])
    page = "/admin/work/helprequest/"
    for query, found in (
        (f"q={str(call.author)[:4].upper()}", True),
        ("q=пресс 7", True),
        ("topic__exact=danger", False),
        ("q=нет", False),
    ):
        shown = client.get(f"{page}?{query}").content.decode()
        assert (address(call, "change") in shown) is found, query
