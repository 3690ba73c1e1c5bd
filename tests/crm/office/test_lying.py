"""A pallet of вторфарш has as many kilograms wherever it is shown: the books keep them under its
lots, of which two pallets may share one and production takes some."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.api.models import Scope
from crm.api.operations.tokens import issue
from crm.ledger.models import Lot
from crm.ledger.operations.adjust import adjust
from crm.office.store import stocked as on_store
from crm.production.card import card
from crm.production.facts.hold_scope import hold_scope
from crm.production.lying import stored
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.production.operations.accept_without_origin import accept_without_origin
from tests.crm.api.conftest import Asker
from tests.crm.production.orders import fire
from tests.crm.production.pallets import by_hand, kg, now, stocked, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
LIST = "/admin/production/pallet/"
THERE = {1: kg("90.5"), 2: kg(200), 3: kg(922)}  # of 290.5 kg a shipment keeps 200


@pytest.fixture
def pallets(seeded: None) -> Mapping[int, Pallet]:
    """Two pallets of one lot of вторфарш, the second of them in a shipment, and one of a mix."""
    made = by_hand(accept_without_origin, "rework", 1)
    fire(made, "accept", who="storekeeper")
    made.refresh_from_db()
    twin = Pallet.objects.create(
        **{name: getattr(made, name) for name in ("kind", "gross", "net", "accepted_at")},
        state="reserved", number=2, production_day=made.production_day, created_at=now(),
        lot=Lot.objects.create(kind=Lot.Kind.PALLET),
    )  # fmt: skip
    PalletItem.objects.create(pallet=twin, lot=made.items.get().lot, kg=kg(200))
    adjust(
        who(), lot=SecondMinced.objects.get().lot, counted=kg("290.5"), reason="взято в замес",
        session=uuid4(), at=now(), second=who("technologist"),
    )  # fmt: skip
    stocked(3)
    return {pallet.number: pallet for pallet in Pallet.objects.all()}


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page.decode())))


def listed(client: Client, **query: str) -> dict[int, object]:
    return {row.number: row.physical for row in client.get(LIST, query).context["cl"].result_list}


def test_the_list_its_order_and_its_sums_have_what_lies_on_each(
    office: Client, pallets: Mapping[int, Pallet]
) -> None:
    office.post(f"{LIST}columns/", {"column": ["show_number", "kg_physical"]})
    assert listed(office) == THERE
    shown = office.get(LIST)
    at = shown.context["cl"].list_display.index("kg_physical")
    for order, numbers in ((f"{at}", [1, 2, 3]), (f"-{at}", [3, 2, 1])):
        assert [*listed(office, o=order)] == numbers
    assert "По всему фильтру 1 643,500 1 522,000 1 212,500" in words(shown.content)
    assert "1 212,500" in words(office.get(f"{LIST}totals/").content)
    reserved = words(office.get(LIST, {"state__exact": "reserved"}).content)
    assert "По всему фильтру 340,500 300,000 200,000" in reserved
    text = office.post(f"{LIST}export/csv/").content.decode("utf-8-sig")
    rows = [*csv.reader(StringIO(text), delimiter=";")][1:4]
    assert dict(rows) == {
        "1": "90,500",
        "2": "200,000",
        "3": "922,000",
    }


def test_a_card_the_store_and_the_api_say_the_same(
    office: Client, boss: User, pallets: Mapping[int, Pallet]
) -> None:
    assert {line.pallet.number: line.net for line in on_store()} == THERE
    token = issue(boss, name="ERP", scopes=[Scope.LOTS], until=now() + timedelta(days=9), at=now())
    free = {1: kg("90.5"), 2: kg(0), 3: kg(922)}
    for number, pallet in pallets.items():
        shown = office.get(f"{LIST}{pallet.pk}/change/").context["card"]
        figures = {one.label: one.value.replace(",", ".") for one in shown.figures}
        assert figures["На складе"] == f"{THERE[number]:.3f}"
        assert stored(pallet.lot)[0] == THERE[number]
        read = Asker(*token).read(f"lots/{pallet.lot_id}")
        assert [read["made_kg"], read["stored_kg"], read["free_kg"]] == [
            f"{one:.3f}" for one in (pallet.net, THERE[number], free[number])
        ]  # fmt: skip


def test_a_chat_says_the_same_of_the_lot_and_before_it_is_held(
    pallets: Mapping[int, Pallet],
) -> None:
    for number, pallet in pallets.items():
        said = f"на складах {THERE[number]:.3f} кг".replace(".", ",")
        assert said in card(pallet.lot, now())
        assert hold_scope(pallet.lot, "one")["kg"] == THERE[number]


def test_what_left_the_store_lies_there_no_more(pallets: Mapping[int, Pallet]) -> None:
    Pallet.objects.filter(number=2).update(state="shipped")
    assert stored(pallets[1].lot) == (kg("290.5"), kg("290.5"))
    assert stored(pallets[2].lot) == (kg(0), kg(0))
