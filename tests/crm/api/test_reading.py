"""What the API reads: the same as the commands, the bot and the office."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge.traced import as_json
from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Lot
from crm.ledger.stock import available, physical
from crm.ledger.trace import Way, trace
from crm.production.models import Blank, Pallet, RawBatch
from crm.production.recall import recall
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from tests.crm.api.conftest import Asker
from tests.crm.office.floor import furnish
from tests.crm.production.pallets import who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plant")]


def paged(reader: Asker, path: str, cursor: str, limit: int) -> list[int]:
    """Read all pages of a list and return its ids."""
    found: list[int] = []
    more: dict[str, int] = {}
    while True:
        page = reader.read(path, limit=limit, **more)
        assert len(page["lots"]) <= limit
        found += [lot["id"] for lot in page["lots"]]
        if page[cursor] is None:
            return found
        more = {cursor: page[cursor]}


def test_the_pages_of_the_lots_give_each_once_the_newest_first(reader: Asker) -> None:
    everything = list(Lot.objects.order_by("-pk").values_list("pk", flat=True))
    assert len(everything) > 6
    assert paged(reader, "lots", "before", 3) == everything
    assert paged(reader, "lots", "before", len(everything)) == everything


def test_lots_of_a_kind_are_of_that_kind(reader: Asker) -> None:
    page = reader.read("lots", kind="pallet")
    pallets = Pallet.objects.order_by("-lot").values_list("lot", flat=True)
    assert [lot["id"] for lot in page["lots"]] == list(pallets)


def test_a_lot_is_found_by_the_number_that_people_use(reader: Asker) -> None:
    batch = RawBatch.objects.earliest("pk")
    found = reader.read("lots/named", number=batch.number)["lots"]
    assert {(lot["id"], lot["kind"], lot["number"], lot["state"]) for lot in found} >= {
        (batch.lot_id, "raw_batch", batch.number, batch.state)
    }
    assert reader.read("lots/named", number="9999/999") == {"total": 0, "lots": []}


def test_the_pages_of_what_a_number_means_give_each_lot_once(reader: Asker) -> None:
    """A page that is not the last one must not look like it."""
    number = RawBatch.objects.earliest("pk").number
    Blank.objects.filter(pk=Blank.objects.earliest("pk").pk).update(number=number)
    whole = reader.read("lots/named", number=number)
    assert whole["total"] == len(whole["lots"]) > 1
    pages = [
        reader.read("lots/named", number=number, limit=1, offset=at) for at in range(whole["total"])
    ]
    assert [lot for page in pages for lot in page["lots"]] == whole["lots"]
    assert {page["total"] for page in pages} == {whole["total"]}


def test_a_card_tells_the_kilograms_of_the_books_as_text(reader: Asker) -> None:
    lot = RawBatch.objects.earliest("pk").lot
    card = reader.read(f"lots/{lot.pk}")
    assert card["stored_kg"] == f"{physical(lot):.3f}"
    assert card["free_kg"] == f"{available(lot):.3f}"
    created = datetime.fromisoformat(card["created_at"])
    assert created.tzinfo is not None
    assert abs(created - lot.created_at).total_seconds() < 0.001


def test_a_card_names_what_forbids_each_use(reader: Asker) -> None:
    lot = RawBatch.objects.earliest("pk").lot
    assert reader.read(f"lots/{lot.pk}")["blocked"] == []
    place_hold(who(), lot=lot, kind=HoldKind.FOREIGN_BODY, reason="стекло", at=timezone.now())
    blocked = reader.read(f"lots/{lot.pk}")["blocked"]
    assert {hold["use"] for hold in blocked} == {"planning", "physical", "freezing", "shipping"}
    assert {(hold["kind"], hold["reason"], hold["lot"]) for hold in blocked} == {
        ("foreign_body", "стекло", lot.pk)
    }


@pytest.mark.parametrize("way", Way)
def test_a_trace_is_that_of_the_command(reader: Asker, way: Way) -> None:
    model = RawBatch if way is Way.FORWARD else Pallet
    lot = model.objects.filter(lot__born__isnull=False).earliest("pk").lot_id
    command = json.loads(as_json([trace(lot, way)]))[0]
    read = reader.read(f"lots/{lot}/trace/{way.value}")
    assert read.pop("total") == len(command["parts"]) > 1
    assert read == command


def test_the_pages_of_a_trace_give_each_lot_and_each_link_once(reader: Asker) -> None:
    lot = Pallet.objects.filter(lot__born__isnull=False).earliest("pk").lot_id
    whole = reader.read(f"lots/{lot}/trace/backward")
    pages = [
        reader.read(f"lots/{lot}/trace/backward", limit=1, offset=at)
        for at in range(whole["total"])
    ]
    assert [part for page in pages for part in page["parts"]] == whole["parts"]
    links = [link for page in pages for link in page["links"]]
    assert sorted(map(str, links)) == sorted(map(str, whole["links"]))


def test_a_recall_is_that_of_the_command(reader: Asker) -> None:
    lot = RawBatch.objects.earliest("pk").lot_id
    known, read = recall(lot), reader.read(f"lots/{lot}/recall")
    assert read["lots"] == len(known.trace.parts)
    assert read["suspect"]["received"] == f"{known.suspect.received:.3f}"
    assert read["suspect"]["accounted"] == f"{known.suspect.accounted:.2f}"
    assert read["product"]["unexplained"] == f"{known.product.unexplained:.3f}"
    assert read["shipped_total"] == len(known.shipped)


def test_the_stores_together_hold_what_the_balances_hold(reader: Asker) -> None:
    stores = reader.read("stock")["stores"]
    assert [one["store"] for one in stores] == [store.value for store in REAL_ACCOUNTS]
    balances = Balance.objects.filter(account__in=REAL_ACCOUNTS)
    assert sum(Decimal(one["kg"]) for one in stores) == sum(row.physical for row in balances) > 0
    reserved = sum(Decimal(one["reserved_kg"]) for one in stores)
    assert reserved == sum(row.reserved for row in balances)


def test_the_pages_of_a_store_add_up_to_its_line(reader: Asker) -> None:
    line = next(one for one in reader.read("stock")["stores"] if one["store"] == "raw_store")
    lots = reader.read("stock/raw_store")["lots"]
    assert sum(Decimal(lot["kg"]) for lot in lots) == Decimal(line["kg"])
    assert [lot["id"] for lot in lots] == paged(reader, "stock/raw_store", "after", 1)
    assert all(Decimal(lot["free_kg"]) == available(lot["id"]) for lot in lots)


def test_a_store_tells_what_is_held(reader: Asker) -> None:
    lot = Balance.objects.filter(account=Account.FG_STORE, physical__gt=0).earliest("pk").lot
    place_hold(who(), lot=lot, kind=HoldKind.MANUAL, reason="жалоба", at=timezone.now())
    told = {one["id"]: one["blocked"] for one in reader.read("stock/fg_store")["lots"]}
    assert told.pop(lot.pk)
    assert not any(told.values())


def test_what_is_no_store_of_ours_is_not_found(reader: Asker) -> None:
    assert reader("stock/customer").json()["code"] == "no_store"
    assert reader("stock/customer").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("lots", 8),
        ("lots/named?number=1", 16),
        ("lots/{lot}", 16),
        ("lots/{lot}/trace/forward", 10),
        ("lots/{lot}/recall", 12),
        ("stock", 3),
        ("stock/fg_store", 11),
    ],
)
def test_an_answer_costs_as_many_queries_however_much_there_is(
    reader: Asker, path: str, most: int
) -> None:
    path = path.format(lot=RawBatch.objects.earliest("pk").lot_id)
    reader.read(path)  # notes the use
    with CaptureQueriesContext(connection) as few:
        reader.read(path)
    furnish(3)
    with CaptureQueriesContext(connection) as many:
        reader.read(path)
    assert len(many) <= len(few) <= most
