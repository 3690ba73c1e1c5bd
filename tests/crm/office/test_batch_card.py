"""The card of a raw batch: every answer, document, value, place and use (domain 11.2)."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from crm.production.models import BlankItem, RawBatch, VetDocument
from crm.quality.models import RawAnalysis
from tests.crm.office.floor import a_blank
from tests.crm.production.orders import line, planned
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
kg = Decimal


@pytest.fixture
def batch(db: None) -> RawBatch:
    return batch_in_stock("carcass", kg("900"), condition="chilled")


def card(client: Client, batch: RawBatch) -> tuple[str, str]:
    """Return a card as words and as it is."""
    text = html.unescape(
        client.get(f"/admin/production/rawbatch/{batch.pk}/change/").content.decode()
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)), text


def test_every_value_of_every_attempt_is_told_and_what_failed_is_red(
    office: Client, batch: RawBatch
) -> None:
    first = batch.analyses.get()
    RawAnalysis.objects.filter(pk=first.pk).update(voided_at=timezone.now())
    again = RawAnalysis.objects.get(pk=first.pk)
    again.pk, again.attempt, again.session, again.voided_at = None, 2, batch.session, None
    again.smell, again.tetracyclines, again.broth_quality = "bad", "positive", "cloudy"
    again.verdict, again.failures = "fail", ["smell", "tetracyclines"]
    again.certified_at, again.certified_by = timezone.now(), first.by
    again.save(force_insert=True)
    words, page = card(office, batch)
    assert "Показатель Попытка 1 Попытка 2" in words
    assert "Запах Соответствует Не соответствует" in words
    assert "Качество бульона Светлый Мутный" in words
    assert "Тетрациклины Отрицательное Положительное" in words
    assert f"Ответственный {first.responsible} {first.responsible}" in words
    assert f"Сепаратор {first.separator} {first.separator}" in words
    assert "Соответствует (отменено) Не соответствует" in words
    assert re.search(
        rf"Акт проверен — {timezone.localtime():%d.%m.%Y} \d\d:\d\d, {first.by}", words
    )
    for shown, tone in (("Положительное", "bad"), ("Мутный", "warn")):
        assert f'<span class="office-badge is-{tone}">{shown}</span>' in page


def test_veterinary_documents_lead_to_their_issuer_and_nowhere_else(
    office: Client, batch: RawBatch
) -> None:
    for number, address in (("11", "https://vet.example/11"), ("12", "javascript:alert(1)")):
        VetDocument.objects.create(
            raw_batch=batch, uuid=number, product_name="Каркас цб", weight=kg("450.5"),
            sender="Птицефабрика", doc_number=number, doc_date=date(2026, 11, 20),
            expires=date(2026, 12, 1), public_link=address,
        )  # fmt: skip
    words, page = card(office, batch)
    assert "11 20.11.2026 Каркас цб 450,500 Птицефабрика 01.12.2026" in words
    assert 'href="https://vet.example/11"' in page
    assert "javascript:alert" not in page


def test_where_it_lies_and_what_was_drawn_of_it(office: Client, batch: RawBatch) -> None:
    blank = a_blank(5, batch)
    BlankItem.objects.filter(blank=blank).update(kg_actual=kg("998.5"))
    order = planned([line("600", batch)], 2)
    words, page = card(office, batch)
    assert (
        "Где лежит, кг Счёт Всего В резерве Свободно Склад сырья 900,000 600,000 300,000" in words
    )
    assert re.search(r"Заготовка З22112026/5 Запланирована [\d.]+ 1 000,001 998,500", words)
    assert re.search(rf"{order} \S+ [\d.]+ 600,000 —", words)
    for record in (blank, order):
        model = record._meta.model_name
        assert f'href="/admin/production/{model}/{record.pk}/change/"' in page


def test_what_was_expected_stays_on_the_card(office: Client, batch: RawBatch) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    RawBatch.objects.filter(pk=batch.pk).update(
        expected_date=tomorrow, expected_weight=kg("950"), manufacturer="Цех № 2"
    )
    words, page = card(office, batch)
    assert f"Ожидали {tomorrow:%d.%m.%Y} Ожидали, кг 950,000" in words
    assert "Производитель Цех № 2" in words
    assert batch.supplier is not None
    assert f'href="/admin/catalogue/supplier/{batch.supplier.pk}/change/"' in page
