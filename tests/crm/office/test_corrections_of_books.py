"""Corrections that no lifecycle has: what is left of a lot, a pallet's weight, holds, tasks,
documents (domain 5.12, 7.2, 11.4)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.documents.models import Document
from crm.ledger.models import Balance, Event, Reservation, StateHistory
from crm.ledger.verify import verify
from crm.office.models import Asked
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.production.models import MincedOrder, Mix, Pallet, RawBatch
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.shippable import why_not
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.work.models import Task
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import (
    OFFICE,
    TECHNOLOGIST,
    address,
    correct,
    person,
    words,
)
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import kg, mix_out, now, stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
LEAD, QUALITY = "Начальник смены", "Менеджер по качеству"

SENT = re.compile(r"Отправлена заново, раз\W*(?:<[^>]*>\s*)*1\b")


@pytest.fixture
def batch(seeded: None) -> RawBatch:
    return batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled")


@pytest.fixture
def order(batch: RawBatch) -> MincedOrder:
    made = new_order([line("900", batch)], 2, recipe=12)
    fire(made, "plan")
    return MincedOrder.objects.get(pk=made.pk)


def stock(batch: RawBatch) -> object:
    return Balance.objects.get(lot=batch.lot, account="raw_store").physical


def page(client: Client, record: object, name: str = "change") -> str:
    return words(client.get(address(record, name)).content.decode())


def test_a_sample_and_a_part_that_is_thrown_away_leave_the_store(batch: RawBatch) -> None:
    quality, technologist = member("one", QUALITY), member("two", TECHNOLOGIST)
    assert "Пробы 2,500" in correct(quality, batch, "sample", "show", kg="2,5")
    assert stock(batch) == kg(2000)
    correct(quality, batch, "sample", "apply", kg="2,5")
    correct(technologist, batch, "scrap_part", "apply", kg="17")
    assert stock(batch) == kg("1980.5")
    there = {row.account: row.physical for row in Balance.objects.filter(lot=batch.lot)}
    assert (there["sample"], there["scrap"]) == (kg("2.5"), kg(17))
    scrapped = Event.objects.get(kind="scrap")
    assert (scrapped.by, scrapped.reason) == (person("two"), "ошибка в плане")
    seen = correct(technologist, batch, "scrap_part", "show", kg="1980,501")
    assert "Осталось 1 980,500 кг" in seen, seen


def test_a_small_difference_is_posted_by_one_person(batch: RawBatch) -> None:
    client = member("one", OFFICE)
    seen = correct(client, batch, "recount", "show", counted="1987,5")
    assert "Корректировка 12,500" in seen
    assert stock(batch) == kg(2000)
    correct(client, batch, "recount", "apply", counted="1987,5")
    assert stock(batch) == kg("1987.5")
    event = Event.objects.get(kind="adjust")
    assert (event.by, event.reason) == (person("one"), "ошибка в плане")


def test_no_less_is_left_than_is_reserved(order: MincedOrder, batch: RawBatch) -> None:
    del order
    said = correct(member("one", OFFICE), batch, "recount", "show", counted="890")
    assert "Осталось 1 100,000 кг" in said
    assert stock(batch) == kg(2000)
    assert not Asked.objects.exists()


def test_an_accepted_pallet_gets_another_weight_and_the_difference_is_posted() -> None:
    pallet = stocked()
    weights = {"gross": "960", "pallet_weight": "22", "packaging_weight": "18"}
    client = member("one", OFFICE)
    correct(client, pallet, "weights", "apply", **weights)
    pallet.refresh_from_db()
    assert (pallet.net, pallet.state) == (kg(920), "in_stock")
    assert Balance.objects.get(lot=pallet.lot, account="fg_store").physical == kg(920)
    kinds = [*Event.objects.values_list("kind", flat=True)]
    assert (kinds.count("reverse_accept_pallet"), kinds.count("accept_pallet")) == (1, 2)
    weights["packaging_weight"] = "937,995"
    assert "Вес нетто получается 0,005 кг" in correct(client, pallet, "weights", "show", **weights)


def test_another_weight_of_boxes_that_nobody_palletized_is_what_is_expected_of_them() -> None:
    """D7: 812 kg, 40 boxes, a pallet of 21 kg are 727 kg; no net is known before palletizing."""
    pallet = pallet_of_mix(who(), mix_out(), 7, now())
    pallet.state, pallet.box_count = "unloaded", 40
    pallet.gross, pallet.pallet_weight, pallet.net_expected = kg(812), kg(21), kg(727)
    pallet.save()
    given = {"gross": "813,5", "pallet_weight": "21", "packaging_weight": "0"}
    correct(member("one", OFFICE), pallet, "weights", "apply", **given)
    pallet.refresh_from_db()
    assert (pallet.gross, pallet.net, pallet.net_expected) == (kg("813.5"), None, kg("728.5"))


def test_a_pallet_of_a_shipment_gets_another_weight_and_stays_reserved_whole() -> None:
    pallet, clerk = stocked(), who("shipping_clerk")
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now())
    shipping.confirm(clerk, shipment=shipment, at=now())
    weights = {"gross": "960", "pallet_weight": "22", "packaging_weight": "18"}
    client = member("one", OFFICE)
    assert "Изменить вес" in page(client, pallet)
    correct(client, pallet, "weights", "apply", **weights)
    pallet.refresh_from_db()
    assert (pallet.net, pallet.state) == (kg(920), "reserved")
    there = Balance.objects.get(lot=pallet.lot, account="fg_store")
    assert (there.physical, there.reserved) == (kg(920), kg(920))
    assert [one.kg for one in Reservation.objects.filter(lot=pallet.lot)] == [kg(920)]
    Shipping(program(), ["shipping_clerk"]).ship(
        who("production_office"), shipment=shipment, at=now()
    )
    pallet.refresh_from_db()
    there.refresh_from_db()
    assert (pallet.state, there.physical, there.reserved) == ("shipped", 0, 0)
    assert "Изменить вес" not in page(client, pallet)
    assert [found for found in verify() if found.count] == []


def test_a_hold_pauses_the_order_and_is_released_by_two(
    order: MincedOrder, batch: RawBatch
) -> None:
    one, two = member("one", TECHNOLOGIST), member("two", QUALITY)
    given = {"kind": "manual", "scope": "one"}
    seen = correct(one, batch, "hold", "show", **given)
    assert f"Партия фарша {order} В работе Остановлена" in seen
    assert not Hold.objects.exists()
    correct(one, batch, "hold", "apply", **given)
    hold = Hold.objects.get()
    order.refresh_from_db()
    assert order.state == "paused"
    assert "уже заблокировано" in correct(one, batch, "hold", "show", **given).lower()
    assert "Снять может только" in correct(one, hold, "release", "apply")
    correct(two, hold, "release", "apply")
    hold.refresh_from_db()
    assert (hold.asked_by, hold.released_at) == (person("two"), None)
    task = Task.objects.get(kind="countersign", subject="hold", subject_id=str(hold.pk))
    assert (task.state, task.roles) == ("open", ["quality_manager"])
    assert task.body["signature"]["excluded"] == [str(person(one).pk) for one in ("two", "one")]
    assert "второй человек" in correct(two, hold, "confirm", "apply")
    correct(member("three", QUALITY), hold, "confirm", "apply", reason="осмотрели оба")
    hold.refresh_from_db()
    assert (hold.released_by, hold.release_reason) == (person("three"), "осмотрели оба")
    task.refresh_from_db()
    assert (task.state, task.person) == ("done", person("three"))
    told = page(two, hold)
    for part in ("Просят снять. two: ошибка в плане", "Снята. three: осмотрели оба"):
        assert part in told, told


def test_a_request_to_release_is_declined_and_the_hold_stays(batch: RawBatch) -> None:
    one, two = member("one", QUALITY), member("two", QUALITY)
    correct(one, batch, "hold", "apply", kind="manual", scope="one")
    hold = Hold.objects.get()
    correct(two, hold, "release", "apply")
    correct(member("three", QUALITY), hold, "keep", "apply")
    hold.refresh_from_db()
    assert (hold.asked_by, hold.released_at) == (None, None)
    assert [task.state for task in Task.objects.filter(kind="countersign")] == ["cancelled"]
    kept = page(two, hold)
    for told in ("Просят снять. two", "Снять отказано. three"):
        assert f"{told}: ошибка в плане" in kept, kept


@pytest.mark.parametrize("by_hold", [True, False])
def test_a_blocked_mix_is_released_by_its_hold_or_on_its_card(by_hold: bool) -> None:
    pallet = stocked()
    mix = pallet.items.get().lot.mix
    client = member("one", TECHNOLOGIST)
    assert address(mix, "release_blocked") not in client.get(address(mix, "change")).text
    Mix.objects.update(quality="blocked", state="finished")
    hold = place_hold(None, lot=mix.lot, kind="fhp", reason="жир 25,00", at=now())
    assert address(mix, "release_blocked") in client.get(address(mix, "change")).text
    if by_hold:
        correct(client, hold, "release", "apply")
    else:
        correct(client, mix, "release_blocked", "apply")
    hold.refresh_from_db()
    assert (hold.released_by, hold.release_reason) == (person("one"), "ошибка в плане")
    assert why_not(pallet) is None, str(why_not(pallet))


@pytest.mark.parametrize(("name", "state"), [("accept_ash", "accepted"), ("retest_ash", "missing")])
def test_ash_that_was_kept_held_is_decided_on_the_card_of_its_mix(name: str, state: str) -> None:
    mix = stocked().items.get().lot.mix
    client = member("one", TECHNOLOGIST)
    assert address(mix, name) not in client.get(address(mix, "change")).text
    Mix.objects.update(ash_state="out_of_norm")
    hold = place_hold(None, lot=mix.lot, kind="ash", reason="зола 6,50", at=now())
    assert address(mix, name) in client.get(address(mix, "change")).text
    correct(client, mix, name, "apply")
    mix.refresh_from_db()
    hold.refresh_from_db()
    assert (mix.ash_state, hold.released_at is None) == (state, name == "retest_ash")


def test_how_much_a_pallet_is_that_nobody_weighed_is_asked_before_it_is_scrapped() -> None:
    pallet = stocked()
    Pallet.objects.update(state="unloaded", net=None, accepted_at=None)
    client = member("one", TECHNOLOGIST)
    assert "Вес нетто получается 0,000 кг" in correct(client, pallet, "scrap", "show", net="0")
    correct(client, pallet, "scrap", "apply", net="905,5")
    pallet.refresh_from_db()
    assert (pallet.state, pallet.net_expected) == ("unloaded", kg("905.5"))
    assert Task.objects.get(kind="countersign").state == "open"


def test_a_task_is_given_to_another_put_back_and_sent_again(order: MincedOrder) -> None:
    lead = member("one", LEAD)
    mix = order.mixes.get(index=1)
    task = Task.objects.get(subject="mix", subject_id=str(mix.pk), kind="unpack_mix")
    other = save_person(None, person=None, full_name="Новый Р. А.", roles=["unpacker_line_1"])
    stranger = Person.objects.holding("lab").first()
    assert stranger is not None
    assert stranger.full_name not in page(lead, task, "give")
    correct(lead, task, "give", "apply", person=str(other.pk))
    task.refresh_from_db()
    assert (task.state, task.person) == ("claimed", other)
    assert Notice.objects.filter(person=other, event__contains="given").exists()
    correct(lead, task, "put_back", "apply")
    task.refresh_from_db()
    assert (task.state, task.person) == ("open", None)
    before = Notice.objects.filter(person=other).count()
    assert SENT.search(page(lead, task)) is None
    correct(lead, task, "send_again", "apply")
    assert Notice.objects.filter(person=other).count() == before + 1
    assert SENT.search(page(lead, task)) is not None


def test_a_task_that_the_state_of_its_record_asks_for_is_not_cancelled(order: MincedOrder) -> None:
    lead = member("one", LEAD)
    mix = order.mixes.get(index=1)
    task = Task.objects.get(subject="mix", subject_id=str(mix.pk), kind="unpack_mix")
    assert "ставит состояние записи" in correct(lead, task, "cancel", "apply")
    other = Task.objects.create(
        kind="look", title="Посмотреть", subject="mix", subject_id=str(mix.pk), role="lab",
        roles=["lab"], created_at=now(), state="open",
    )  # fmt: skip
    correct(lead, other, "cancel", "apply")
    other.refresh_from_db()
    assert (other.state, other.why) == ("cancelled", "ошибка в плане")


def test_a_document_is_void_with_who_and_why_and_its_file_stays() -> None:
    paper = Document.objects.create(
        kind="note", source_key="k", key="document/1", name="a.pdf", mime="application/pdf",
        size=1, sha256="0" * 64, state="issued", created_at=now(),
    )  # fmt: skip
    client = member("one", OFFICE)
    assert "Выдан Аннулирован" in correct(client, paper, "void", "show")
    correct(client, paper, "void", "apply")
    paper.refresh_from_db()
    assert (paper.state, paper.key) == ("void", "document/1")
    change = StateHistory.objects.get(record="document")
    assert (change.by, change.reason) == (person("one"), "ошибка в плане")
    assert "нельзя" in correct(client, paper, "void", "apply")
