"""What was counted of many lots is posted at once, and nothing of it when one may not be so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from crm.ledger.models import Balance, Event
from crm.ledger.verify import verify
from crm.production.models import RawBatch
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, words
from tests.crm.production.orders import rework
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/stocktake/"


@pytest.fixture
def batches(seeded: None) -> list[RawBatch]:
    return [batch_in_stock("carcass", kg(one)) for one in (500, 300, 100)]


def send(client: Client, step: str, counted: dict[RawBatch, str], **given: str) -> str:
    filled = {f"lot_{batch.lot_id}": typed for batch, typed in counted.items()}
    sent = {"store": "raw_store", "reason": "инвентаризация", "step": step, **filled, **given}
    answer = client.post(PAGE, sent, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def stock() -> list[Decimal]:
    rows = Balance.objects.filter(account="raw_store").order_by("lot_id")
    return [row.physical for row in rows]


def test_counted_kilograms_are_shown_and_then_posted_together(batches: list[RawBatch]) -> None:
    client = member("one", OFFICE)
    one, two, three = batches
    page = words(client.get(PAGE).content.decode())
    assert f"Партия сырья {one} 500,000 0,000" in page
    counted = {one: "498,5", two: "310", three: ""}
    seen = send(client, "show", counted)
    assert f"Партия сырья {one} Корректировка 1,500" in seen
    assert f"Партия сырья {two} Корректировка −10,000" in seen
    assert stock() == [kg(500), kg(300), kg(100)]
    send(client, "apply", counted)
    assert stock() == [kg("498.5"), kg(310), kg(100)]
    assert {event.reason for event in Event.objects.filter(kind="adjust")} == {"инвентаризация"}
    assert "Склад сырья: 2. инвентаризация" in LogEntry.objects.get().change_message
    assert not [found for found in verify() if found.count]


def test_a_count_is_on_record_in_russian_and_read_by_each_in_his_own_language(
    batches: list[RawBatch],
) -> None:
    client = member("one", OFFICE)
    client.cookies["django_language"] = "en"
    send(client, "apply", {batches[0]: "498,5", batches[1]: "310"}, reason="пересчёт")
    kept = LogEntry.objects.get()
    assert (kept.object_repr, kept.change_message) == ("Инвентаризация", "Склад сырья: 2. пересчёт")
    reader = member("reader", "Аудитор")
    for language, said in (
        ("ru", "Склад сырья: 2. пересчёт Инвентаризация"),
        ("en", "Raw store: 2. пересчёт Stocktake"),
    ):
        reader.cookies["django_language"] = language
        assert said in words(reader.get("/admin/journal/").content.decode())


def test_the_form_sent_twice_posts_once(batches: list[RawBatch]) -> None:
    client = member("one", OFFICE)
    session = "0b0ff9a8-6b4f-4a5e-9d1e-5f9b8b6f0f11"
    for _ in range(2):
        send(client, "apply", {batches[0]: "490"}, session=session)
    assert Event.objects.filter(kind="adjust").count() == 1


def test_one_difference_that_needs_two_persons_keeps_all_from_being_posted(
    batches: list[RawBatch],
) -> None:
    client = member("one", OFFICE)
    counted = {batches[0]: "499", batches[1]: "200"}
    said = send(client, "apply", counted)
    assert f"{batches[1]}: Разница 100,000 кг больше 50 кг" in said
    assert stock() == [kg(500), kg(300), kg(100)]
    assert "Исправьте отмеченные строки" in send(client, "show", {batches[0]: "много"})
    assert "хотя бы в одну строку" in send(client, "show", {})
    assert "Укажите причину" in send(client, "show", {batches[0]: "499"}, reason="")
    assert not Event.objects.filter(kind="adjust").exists()


def test_another_store_is_counted_by_itself(batches: list[RawBatch]) -> None:
    second = rework("100.5")
    client = member("one", OFFICE)
    page = words(client.get(f"{PAGE}?store=rework_store").content.decode())
    assert str(second) in page
    assert f"Партия сырья {batches[0]}" not in page


def test_only_the_production_office_counts(batches: list[RawBatch]) -> None:
    for group in ("Главный технолог", "Директор", "Администратор"):
        client = member(group, group)
        assert client.get(PAGE).status_code == 403
        assert PAGE not in client.get("/admin/").content.decode()
    assert PAGE in member("one", OFFICE).get("/admin/").content.decode()
