"""«Партии сырья»: the list, its filters and totals, the card and its command."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.catalogue.models import RawMaterial
from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.work.models import Task
from engine.files.local import LocalFiles
from engine.model.files import FileRef

pytestmark = pytest.mark.django_db
LIST = "/admin/production/rawbatch/"
Receive = Callable[..., RawBatch]


def page(client: Client, address: str) -> str:
    """Return the words of a page, with plain spaces."""
    text = html.unescape(client.get(address).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def rows(client: Client, query: str = "") -> list[str | None]:
    """Return the numbers that the list shows, newest first."""
    answer = client.get(f"{LIST}?{query}")
    return [batch.number for batch in answer.context["cl"].result_list]


def test_the_list_shows_a_batch_with_the_columns_of_the_plant(
    office: Client, receive: Receive, at: datetime
) -> None:
    receive()
    with time_machine.travel(at):
        text = page(office, LIST)
    for words in (
        "2211/3 22.11, 11:30",
        "Каркас ЦБ",
        "ТТН-118",
        "Птицефабрика «Примерная»",
        "Заморож.",
        "18 250,500",
        "Принята, ждёт анализа",
    ):
        assert words in text


def test_totals_are_of_the_page_and_of_the_whole_filter(office: Client, receive: Receive) -> None:
    for _ in range(52):
        receive(weight=Decimal("100.001"))
    text = page(office, LIST)
    assert "На странице 5 000,050 5 000,050 5 000,050 0,000" in text
    assert "По всему фильтру 5 200,052 5 200,052 5 200,052 0,000" in text


@pytest.mark.parametrize(
    ("condition", "loss", "left"),
    [
        ("frozen", "3.20", "16.149"),
        ("frozen", "50", "8.342"),  # half a gram goes up
        ("frozen", "100", "0.000"),
        ("frozen", None, "16.683"),
        ("chilled", "3.20", "16.683"),
    ],
)
def test_frozen_meat_is_expected_to_lose_what_its_kind_loses(
    receive: Receive, condition: str, loss: str | None, left: str
) -> None:
    batch = receive(weight=Decimal("16.683"), condition=condition)
    RawMaterial.objects.filter(rawbatch=batch).update(
        defrost_loss_pct=None if loss is None else Decimal(loss)
    )
    found: Any = RawBatch.objects.with_defrosted().get()
    assert str(found.after_defrost) == left


def test_a_page_of_fifty_rows_costs_at_most_twelve_queries(
    office: Client, receive: Receive
) -> None:
    for _ in range(51):
        receive()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        office.get(LIST)
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]


def test_a_number_is_found_exactly(office: Client, receive: Receive) -> None:
    for _ in range(28):
        receive()
    assert rows(office, "q=2211/3") == ["2211/3"]


@pytest.mark.parametrize("words", ["примерная", "ПРИМЕРНАЯ", "ттн-118", "каркас"])
def test_search_ignores_the_case_of_russian_letters(
    office: Client, receive: Receive, words: str
) -> None:
    receive(ttn_number="ттн-118")
    receive(supplier="Другой", material="Киль", ttn_number="7")
    assert rows(office, f"q={words}") == ["2211/3"]


def test_the_intake_range_may_be_open_at_either_end(
    office: Client, receive: Receive, at: datetime
) -> None:
    for days in range(4):
        receive(moment=at + timedelta(days=days))
    first, last = "received_at_from_0=23.11.2026", "received_at_to_0=24.11.2026"
    assert rows(office, first) == ["2511/3", "2411/3", "2311/3"]
    assert rows(office, last) == ["2411/3", "2311/3", "2211/3"]
    assert rows(office, f"{first}&{last}") == ["2411/3", "2311/3"]
    assert rows(office, f"{first}&received_at_from_1=11:31&{last}") == ["2411/3"]


def test_filters_by_state_condition_material_and_stock(office: Client, receive: Receive) -> None:
    receive()
    chilled = receive(condition="chilled", material="Киль")
    office.post(f"{LIST}{chilled.pk}/cancel/", {"step": "apply", "reason": "не та партия"})
    assert rows(office, "state__exact=cancelled") == ["2211/4"]
    assert rows(office, "condition__exact=frozen") == ["2211/3"]
    assert rows(office, f"raw_material__id__exact={chilled.raw_material_id}") == ["2211/4"]
    assert rows(office, "in_stock=yes") == ["2211/3"]
    assert rows(office, "in_stock=no") == ["2211/4"]


def test_the_card_shows_photos_documents_measurements_and_postings(
    office: Client, receive: Receive, receiver: Person, store: LocalFiles, at: datetime
) -> None:
    stored = store.put(f"photo/2026/11/{uuid4().hex}", b"\xff\xd8jpeg", "image/jpeg")
    photo = FileRef(stored.key, stored.sha256, stored.size, stored.mime)
    batch = receive(files={"pallet": [photo]})
    paper = store.put(f"document/2026/11/{uuid4().hex}", b"paper", "application/msword")
    draft(batch, paper, receiver, at)
    answer = office.get(f"{LIST}{batch.pk}/change/").content.decode()
    (picture,) = re.findall(r'<img src="http://testserver(/files/[^"]+)"', answer)
    (download,) = re.findall(r'href="http://testserver(/files/[^"]+)">Скачать', answer)
    assert office.get(picture, follow=True).content == b"\xff\xd8jpeg"
    assert office.get(download).content == b"paper"
    words = page(office, f"{LIST}{batch.pk}/change/")
    assert "Приёмка Поставщик −18 250,500" in words
    assert "Приёмка Склад сырья 18 250,500" in words
    assert "Принята, ждёт анализа. Ветров П. А." in words


def draft(batch: RawBatch, stored: Any, person: Person, at: datetime) -> Document:
    """Issue a draft of the incoming control of a batch."""
    return issue(
        person,
        source_key=f"act:{batch.pk}:{stored.key}",
        kind="incoming_control",
        title="Акт",
        number="1",
        lot_id=batch.lot_id,
        stored=stored,
        name="Акт входного контроля 2211-3.docx",
        state=Document.State.DRAFT,
        session=batch.session,
        at=at,
    )


def page_after(office: Client, batch: RawBatch, given: dict[str, str]) -> str:
    """Send the form of «Отменить приёмку»; return the page that it leads to, as words."""
    answer = office.post(f"{LIST}{batch.pk}/cancel/", given, follow=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_cancelling_reverses_the_receipt_voids_the_paper_and_keeps_the_number(
    office: Client, receive: Receive, receiver: Person, store: LocalFiles, at: datetime
) -> None:
    batch = receive()
    stored = store.put(f"document/2026/11/{uuid4().hex}", b"paper", "application/msword")
    draft(batch, stored, receiver, at)
    given = {"step": "apply", "reason": "Не та партия"}
    seen = page_after(office, batch, {**given, "step": "show"})
    assert f"Партия сырья {batch} Принята, ждёт анализа Отменена" in seen
    assert "Склад сырья −18 250,500" in seen
    answer = office.post(f"{LIST}{batch.pk}/cancel/", given, follow=True)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert "Применено: Отменить приёмку: Не та партия" in words
    assert "Отменена. Админ Админов: Не та партия" in words
    assert "Аннулирован" in words
    assert RawBatch.objects.with_stock().get(pk=batch.pk).physical == 0  # type: ignore[attr-defined]
    assert receive().number == "2211/4"


def test_cancelling_closes_the_task_to_analyse_the_batch(office: Client, receive: Receive) -> None:
    batch = receive()
    task = Task.objects.create(
        kind="analyse_raw", title="Анализ", subject="raw_batch", subject_id=str(batch.pk),
        lifecycle="raw_batch", role="lab", roles=["lab"], created_at=batch.created_at, state="open",
        body={"title": "Анализ", "text": []},
    )  # fmt: skip
    office.post(f"{LIST}{batch.pk}/cancel/", {"step": "apply", "reason": "Не та партия"})
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_cancelling_without_a_reason_changes_nothing_and_says_why(
    office: Client, receive: Receive
) -> None:
    batch = receive()
    said = page_after(office, batch, {"step": "apply", "reason": "ой"})
    batch.refresh_from_db()
    assert "не менее 5 символов" in said
    assert batch.state == "received"


def test_what_people_typed_is_shown_as_text(office: Client, receive: Receive) -> None:
    batch = receive(supplier="<b>ООО</b> & <script>alert(1)</script>")
    for address in (LIST, f"{LIST}{batch.pk}/change/", "/admin/"):
        text = office.get(address).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_batch_of_another_year_is_shown_with_its_year(office: Client, receive: Receive) -> None:
    receive(moment=datetime(2024, 3, 5, 9, tzinfo=UTC))
    assert "2024-0503/3" in page(office, LIST)
