"""Palletizing corrected from the office (domain 11.4): of a whole order, and one pallet deleted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.ledger.models import Account, Balance, Event, StateHistory
from crm.ledger.verify import verify
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, Mix, Pallet, SecondMinced
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.work.models import Task
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, correct
from tests.crm.production.orders import fire
from tests.crm.production.pallets import by_hand, kg, mix_out, stocked, weigh

pytestmark = pytest.mark.django_db


@pytest.fixture
def pallet(talker: Talker) -> Pallet:
    """Pallet 7 with 922 kg of the only mix of an order; both are done with."""
    mix = mix_out()
    made = stocked(7, mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="finished")
    MincedOrder.objects.update(state="finished")
    return made


def order() -> MincedOrder:
    return MincedOrder.objects.get()


def mix() -> Mix:
    return Mix.objects.get()


def stock(pallet: Pallet) -> Decimal:
    return Balance.objects.get(lot=pallet.lot, account="fg_store").physical


def books_are_true() -> bool:
    return not [found for found in verify() if found.count]


def test_palletizing_of_an_order_is_taken_back_and_the_storekeeper_weighs_anew(
    pallet: Pallet,
) -> None:
    client = member("one", OFFICE)
    seen = correct(client, order(), "reset_palletizing", "show")
    assert "Паллет 7 На складе Ждёт палетирования" in seen
    assert f"Замес {mix()} На складе На паллетах" in seen
    assert "Склад ГП −922,000" in seen
    assert stock(pallet) == kg(922)
    assert "Применено" in correct(client, order(), "reset_palletizing", "apply")
    pallet.refresh_from_db()
    assert (pallet.state, mix().state, order().state) == ("unloaded", "on_pallets", "active")
    assert stock(pallet) == 0
    assert Event.objects.get(reverses__isnull=False).reason == "ошибка в плане"
    assert Task.objects.get(kind="palletize", state="open").subject_id == str(pallet.pk)
    assert books_are_true()


def test_a_pallet_in_a_shipment_keeps_palletizing_from_being_taken_back(pallet: Pallet) -> None:
    Pallet.objects.update(state="reserved")
    said = correct(member("one", OFFICE), order(), "reset_palletizing", "apply")
    assert "Паллет 7 в отгрузке" in said
    assert stock(pallet) == kg(922)


def test_palletizing_is_finished_by_force_with_typed_kilograms_marked_unweighed(
    pallet: Pallet,
) -> None:
    client = member("one", OFFICE)
    correct(client, order(), "reset_palletizing", "apply")
    field = f"net_{pallet.pk}"
    refused = correct(client, order(), "finish_palletizing", "show", **{field: "0"})
    assert "Вес нетто получается 0,000 кг" in refused
    correct(client, order(), "finish_palletizing", "apply", **{field: "900,5"})
    pallet.refresh_from_db()
    assert (pallet.state, pallet.net, pallet.unweighed) == ("in_stock", kg("900.5"), True)
    assert (mix().state, order().state) == ("finished", "finished")
    assert stock(pallet) == kg("900.5")
    assert not Task.objects.filter(kind="palletize", state="open").exists()
    assert books_are_true()


def test_a_pallet_that_was_weighed_after_all_is_not_marked_unweighed_any_more(
    pallet: Pallet,
) -> None:
    client = member("one", OFFICE)
    correct(client, order(), "reset_palletizing", "apply")
    correct(client, order(), "finish_palletizing", "apply", **{f"net_{pallet.pk}": "900,5"})
    correct(client, order(), "reset_palletizing", "apply")
    weigh(Pallet.objects.get(pk=pallet.pk))
    pallet.refresh_from_db()
    assert (pallet.net, pallet.unweighed) == (kg(922), False)


def test_a_deleted_last_pallet_brings_its_mix_back_and_the_packer_numbers_it_anew(
    talker: Talker, pallet: Pallet
) -> None:
    client = member("one", OFFICE)
    seen = correct(client, pallet, "remove", "show")
    assert "Паллет 7 На складе Отменён" in seen
    assert f"Указать номер паллета заново: замес {mix()} появится" in seen
    correct(client, pallet, "remove", "apply")
    pallet.refresh_from_db()
    assert (pallet.state, mix().state, order().state) == ("cancelled", "on_pallets", "active")
    assert stock(pallet) == 0
    talker.after(minutes=1)
    phone = talker.say("packer", "[Указать номер паллета заново]", "8", "[Сохранить]")
    assert phone.sees("…на паллете 8…"), phone.described()
    made = Pallet.objects.get(number=8)
    assert (made.state, made.unloaded_at is not None) == ("unloaded", True)
    assert not Task.objects.filter(kind="number_again", state__in=["open", "claimed"]).exists()
    assert Task.objects.filter(kind="palletize", state="open").count() == 1
    assert books_are_true()


def test_a_mix_with_another_pallet_asks_for_no_number(pallet: Pallet) -> None:
    other = stocked(8, gross="540.5", mix=mix())
    correct(member("one", OFFICE), pallet, "remove", "apply")
    assert mix().state == "finished"  # it was brought back, and the other pallet is accepted
    assert not Task.objects.filter(kind="number_again").exists()
    other.refresh_from_db()
    assert other.state == "in_stock"


@pytest.mark.parametrize(
    ("kind", "store", "stands"),
    [
        ("mko", Account.MKO_STORE, "on_pallet"),
        ("mko", Account.MKO_STORE, "depleted"),  # its kilograms are those of the pallet now
        ("rework", Account.REWORK_STORE, "on_pallet"),
    ],
)
def test_what_lay_on_a_deleted_pallet_of_second_minced_is_on_the_rest_again_and_can_be_cancelled(
    talker: Talker, kind: str, store: Account, stands: str
) -> None:
    made = by_hand(accept_without_origin, kind)
    fire(made, "accept", who="storekeeper")
    SecondMinced.objects.update(state=stands)
    second = SecondMinced.objects.get()
    seen = correct(member("one", OFFICE), made, "remove", "show")
    assert "Паллет 77 На складе Отменён" in seen
    correct(member("two", OFFICE), made, "remove", "apply")
    made.refresh_from_db()
    second.refresh_from_db()
    assert (made.state, second.state) == ("cancelled", "registered")
    assert Balance.objects.get(lot=second.lot, account=store).physical == kg(300)
    correct(member("three", OFFICE), second, "cancel", "apply")
    second.refresh_from_db()
    assert second.state == "cancelled"
    assert books_are_true()


def test_a_pallet_in_a_shipment_is_not_deleted(pallet: Pallet) -> None:
    Pallet.objects.update(state="reserved")
    assert "сейчас невозможно" in correct(member("one", OFFICE), pallet, "remove", "apply")
    assert stock(pallet) == kg(922)


def test_a_pallet_gets_another_number_that_no_other_of_its_day_has(pallet: Pallet) -> None:
    stocked(8)
    client = member("one", "Начальник смены")
    seen = correct(client, pallet, "renumber", "show", to_number="8")
    assert "Номер 8 занят" in seen
    assert "Изменить номер" in correct(client, pallet, "renumber", "show", to_number="9")
    pallet.refresh_from_db()
    assert pallet.number == 7
    correct(client, pallet, "renumber", "apply", to_number="9")
    pallet.refresh_from_db()
    assert (pallet.number, pallet.state) == (9, "in_stock")
    change = StateHistory.objects.get(transition="renumber")
    assert (change.record_id, change.reason) == (str(pallet.pk), "ошибка в плане")


def test_a_number_that_somebody_gets_while_another_pallet_is_given_it_is_refused_in_words(
    pallet: Pallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(8)
    looks: list[Pallet] = []
    monkeypatch.setattr(
        "crm.production.operations.renumber_pallet.refuse_number", looks.append
    )  # the other one's commit comes after the look
    seen = correct(member("one", OFFICE), pallet, "renumber", "apply", to_number="8")
    assert "Номер 8 только что занял другой" in seen
    assert looks
    pallet.refresh_from_db()
    assert pallet.number == 7
