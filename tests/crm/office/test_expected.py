"""Expected deliveries in the office (domain 4.6): told of, put off, called off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from crm.audit.models import ValueChange
from crm.catalogue.models import Company, Nomenclature, RawMaterial, Supplier
from crm.ledger.models import Balance, Event, StateHistory
from crm.production.models import RawBatch
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address, correct, words
from tests.crm.production.pallets import kg

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/production/rawbatch/add/"
OFFICE = "Производственный отдел"


def delivery(**other: Any) -> dict[str, Any]:
    """Return a form of a delivery that comes tomorrow."""
    return {
        "session": str(uuid4()),
        "company": Company.objects.earliest("pk").pk,
        "material": RawMaterial.objects.earliest("pk").pk,
        "nomenclature": Nomenclature.objects.earliest("pk").pk,
        "condition": "frozen",
        "supplier": Supplier.objects.earliest("pk").pk,
        "expected_weight": "18 250,5",
        "expected_date": (timezone.localdate() + timedelta(days=1)).isoformat(),
        **other,
    }


def told(client: Client, **other: Any) -> RawBatch:
    """Tell of a delivery; return it."""
    answer = client.post(PAGE, delivery(**other), follow=True)
    assert "Добавлено" in words(answer.content.decode())
    return RawBatch.objects.get()


def test_an_expected_delivery_has_neither_number_nor_stock_and_is_made_once_a_form() -> None:
    client, form = member("one", OFFICE), delivery()
    for _ in range(2):
        client.post(PAGE, form)
    batch = RawBatch.objects.get()
    assert (batch.state, batch.number, batch.expected_weight) == ("expected", None, kg("18250.5"))
    assert batch.created_by is not None
    assert (Balance.objects.count(), Event.objects.filter(postings__isnull=False).count()) == (0, 0)
    [history] = StateHistory.objects.filter(transition="register_expected")
    assert history.by == batch.created_by


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("expected_weight", "40000,001", "не больше 40 000 кг"),
        ("expected_weight", "0", "больше нуля"),
        ("expected_date", -1, "от сегодняшней до 60 дней вперёд"),
        ("expected_date", 61, "от сегодняшней до 60 дней вперёд"),
        ("supplier", "", "Обязательное поле"),
    ],
)
def test_what_may_not_be_expected_is_refused_and_the_form_keeps_what_was_typed(
    field: str, typed: Any, why: str
) -> None:
    if isinstance(typed, int):
        typed = (timezone.localdate() + timedelta(days=typed)).isoformat()
    page = member("one", OFFICE).post(PAGE, delivery(**{field: typed})).content.decode()
    assert why in words(page).replace("\u202f", " ").replace("\xa0", " ")
    assert 'value="18 250,5"' in page or field == "expected_weight"
    assert not RawBatch.objects.exists()


def test_the_last_day_of_the_sixty_is_still_expected() -> None:
    last = timezone.localdate() + timedelta(days=60)
    assert told(member("one", OFFICE), expected_date=last.isoformat()).expected_date == last


def test_what_is_known_of_a_delivery_is_changed_with_its_history() -> None:
    client = member("one", OFFICE)
    batch = told(client)
    known = delivery(expected_weight="17 000", reason="поставщик уточнил")
    over = (timezone.localdate() + timedelta(days=61)).isoformat()
    refused = correct(client, batch, "change_expected", "show", **{**known, "expected_date": over})
    assert "от сегодняшней до 60 дней вперёд" in refused
    assert "18 250,500 17 000,000" in correct(client, batch, "change_expected", "show", **known)
    correct(client, batch, "change_expected", "apply", **known)
    batch.refresh_from_db()
    assert (batch.state, batch.expected_weight) == ("expected", kg(17000))
    change = ValueChange.objects.get(field="expected_weight")
    assert (change.reason, str(change.by)) == ("поставщик уточнил", "one")


def test_a_delivery_is_put_off_till_tomorrow() -> None:
    client = member("one", OFFICE)
    batch = told(client, expected_date=timezone.localdate().isoformat())
    assert "Применено" in correct(client, batch, "postpone", "apply")
    batch.refresh_from_db()
    assert batch.expected_date == timezone.localdate() + timedelta(days=1)
    assert batch.state == "expected"


def test_a_delivery_is_called_off_with_a_reason_and_never_waited_for_again() -> None:
    client = member("one", OFFICE)
    batch = told(client)
    card = client.get(address(batch, "change")).content.decode()
    assert address(batch, "call_off") in card
    assert address(batch, "cancel") not in card
    assert "Применено: Отменить поставку: ошибка в плане" in correct(
        client, batch, "call_off", "apply"
    )
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert StateHistory.objects.get(transition="cancel").reason == "ошибка в плане"
    assert LogEntry.objects.count() == 2
    assert address(batch, "postpone") not in client.get(address(batch, "change")).content.decode()


def test_who_plans_nothing_neither_sees_the_form_nor_may_send_it() -> None:
    client = member("one", "Менеджер по качеству")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, delivery()).status_code == 403
    assert PAGE not in client.get("/admin/production/rawbatch/").content.decode()
    assert PAGE in member("two", OFFICE).get("/admin/production/rawbatch/").content.decode()
    assert not RawBatch.objects.exists()
