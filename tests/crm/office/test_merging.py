"""Two entries of a catalogue that are one thing written twice become one (domain 11.2)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from crm.catalogue.models import Customer, RawMaterial, Supplier
from crm.catalogue.operations.add import add
from crm.production.models import RawBatch
from crm.quality.models import LimitVersion
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, address, words
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def batch(seeded: None) -> RawBatch:
    return batch_in_stock("carcass", kg(500))


def merged(client: Client, loser: object, winner: Supplier | Customer | RawMaterial) -> str:
    given = {"choice": str(winner.pk), "reason": "написано дважды"}
    answer = client.post(address(loser, "merge"), given, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_what_named_the_loser_names_the_winner_and_its_name_stands_for_it(batch: RawBatch) -> None:
    loser = batch.supplier
    assert loser is not None
    winner = add(None, model=Supplier, name="ООО Птицефабрика Примерная")
    client = member("one", OFFICE)
    card = words(client.get(address(loser, "change")).content.decode())
    assert "(записей: 1)" in card
    assert "записей: 1. написано дважды" in merged(client, loser, winner)
    batch.refresh_from_db()
    loser.refresh_from_db()
    assert (batch.supplier, loser.active, loser.merged_into) == (winner, False, winner)
    assert add(None, model=Supplier, name=loser.name.upper()) == winner
    logged = set(LogEntry.objects.values_list("object_id", flat=True))
    assert logged == {str(loser.pk), str(winner.pk)}
    assert "уже объединена" in merged(client, winner, loser)


def test_a_chain_of_merges_ends_at_the_last(batch: RawBatch) -> None:
    client = member("one", OFFICE)
    first, second, third = (
        add(None, model=Customer, name=f"Заказчик номер {number}") for number in (1, 2, 3)
    )
    merged(client, first, second)
    merged(client, second, third)
    assert add(None, model=Customer, name=first.name) == third


def test_materials_that_lose_differently_are_not_merged(batch: RawBatch) -> None:
    client = member("one", OFFICE)
    loser = add(None, model=RawMaterial, name="Каркас цб")
    RawMaterial.objects.filter(pk=loser.pk).update(exit_pct=Decimal("61"))
    winner = RawMaterial.objects.get(code="carcass")
    assert "«Выход, %» у записей разное" in merged(client, loser, winner)
    RawMaterial.objects.filter(pk=loser.pk).update(exit_pct=winner.exit_pct)
    LimitVersion.objects.create(
        name="raw_fat", title="x", when=f"material == {loser.code}", position=99, least=1, most=2,
        unit="%", source="x", version=99, since=timezone.now(), reason="x",
    )  # fmt: skip
    assert "Пределы анализа" in merged(client, loser, winner)
    loser.refresh_from_db()
    assert loser.active


def test_an_entry_is_not_merged_with_itself_or_by_who_may_not(batch: RawBatch) -> None:
    supplier = batch.supplier
    assert supplier is not None
    assert "Выберите другую запись" in merged(member("one", OFFICE), supplier, supplier)
    answer = member("two", "Директор").post(address(supplier, "merge"), {"choice": "1"})
    assert answer.status_code == 403
