"""«Новая отгрузка» and the commands of a shipment's card: drafted once, refused in words, let go by
a second person, each only by those who may (domain 4.46, 5.8)."""

from __future__ import annotations

import html
import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.models import Reservation, StateHistory
from crm.people.operations.save_person import person_of, save_person
from crm.people.roles import OfficeRole
from crm.production.models import Mix, Pallet, RawBatch, Shipment
from crm.quality.models import Hold, LimitVersion
from crm.quality.operations.place_hold import place_hold
from crm.quality.usable import warned
from engine.errors import Refused
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now, pet_food_out, stocked, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/production/shipment/add/"
MAY = ["Отдел отгрузки", "Производственный отдел"]
COMMANDS = ["confirm", "ship", "remove", "cancel", "close", "take_back"]


@pytest.fixture
def clerk() -> Client:
    return member("clerk", "Отдел отгрузки")


def sent(client: Client, *pallets: Pallet, codes: str = "", session: str = "") -> str:
    """Send the form; return the page that it leads to, as words."""
    filled = {
        "step": "draft", "session": session or str(uuid4()), "customer": "Новый заказчик",
        "codes": codes, "pallet": [str(one.pk) for one in pallets],
    }  # fmt: skip
    return words(client.post(PAGE, filled, follow=True).content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page)))


def command(client: Client, name: str, **given: object) -> str:
    """Give a command on the only shipment; return its card as words."""
    shipment = Shipment.objects.get()
    answer = client.post(f"/admin/production/shipment/{shipment.pk}/{name}/", given, follow=True)
    return words(answer.content.decode())


def state() -> str:
    return Shipment.objects.get().state


@pytest.mark.parametrize("group", MAY)
def test_ticks_of_the_store_become_a_draft_that_one_confirms_and_another_lets_go(
    group: str,
) -> None:
    first, second = stocked(1), stocked(2)
    one, other = member("one", group), member("other", group)
    page = one.get("/admin/store/").content.decode()
    assert f'name="pallet" form="shipment" value="{first.pk}"' in page
    looked = one.post(PAGE, {"pallet": [str(first.pk), str(second.pk)]}).content.decode()
    assert "Выбрано паллетов: 2, 1 844,000 кг" in words(looked)
    assert "Рецепт или вид Все" in words(looked)
    assert not Shipment.objects.exists()
    assert "Отгрузка О-2026-1 составлена" in sent(one, first, second)
    assert {*Pallet.objects.values_list("state", flat=True)} == {"reserved"}
    assert "О-2026-1 подтверждена" in command(one, "confirm")
    assert "второй человек" in command(one, "ship")
    assert state() == "confirmed"
    assert "О-2026-1 ушла" in command(other, "ship")
    assert {*Pallet.objects.values_list("state", flat=True)} == {"shipped"}
    assert "Склад пуст. Паллеты появляются" in words(one.get("/admin/store/").content.decode())


def test_a_second_account_of_who_confirmed_lets_no_shipment_go(clerk: Client) -> None:
    sent(clerk, stocked(1))
    command(clerk, "confirm")
    other = member("double", "Отдел отгрузки")
    mine, double = (User.objects.get(username=name) for name in ("clerk", "double"))
    save_person(person_of(mine), person=None, full_name="Двойник", roles=[], user=double)
    assert "Нужен другой человек" in command(other, "ship")
    assert state() == "confirmed"
    assert "О-2026-1 ушла" in command(member("third", "Отдел отгрузки"), "ship")


def test_the_form_sent_twice_drafts_once(clerk: Client) -> None:
    pallet, session = stocked(1), str(uuid4())
    for _ in range(2):
        assert "О-2026-1" in sent(clerk, pallet, session=session)
    assert Shipment.objects.count() == Reservation.objects.count() == 1


def test_a_draft_of_the_same_session_is_the_one_that_was_made() -> None:
    pallet, session, by = stocked(1), uuid4(), who("shipping_clerk")
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    made = [
        shipping.draft(by, customer=customer, pallets=[pallet], at=now(), session=session)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Shipment.objects.count() == 1


def test_pallets_are_typed_by_number_and_scanned_by_the_code_or_link_of_their_label(
    clerk: Client,
) -> None:
    first, second, third = stocked(1), stocked(2), stocked(3)
    link = f"https://t.me/some_bot?start={third.label_code}"
    sent(clerk, codes=f"1\n{second.label_code}, {link}\n1")
    assert {*Shipment.objects.get().lines.values_list("pallet", flat=True)} == {
        first.pk, second.pk, third.pk,
    }  # fmt: skip


def test_what_may_not_leave_is_refused_with_the_reason_beside_it_and_nothing_typed_is_lost(
    clerk: Client,
) -> None:
    good, held, untested = stocked(1), stocked(2), stocked(3)
    place_hold(who(), lot=held.lot, kind="manual", reason="нужна проверка", at=now())
    mix = Mix.objects.get(lot__pallet_items__pallet=untested)
    Mix.objects.filter(pk=mix.pk).update(quality="untested")
    session = str(uuid4())
    filled = {
        "step": "draft", "session": session, "customer": "Новый <заказчик>",
        "codes": "3\n99", "pallet": [str(good.pk), str(held.pk)],
    }  # fmt: skip
    page = clerk.post(PAGE, filled).content.decode()
    text = words(page)
    assert "Заблокирован: Вручную, нужна проверка" in text
    assert f"Замес {mix}: не проверен" in text
    assert "99 — — — Этого паллета на складе нет" in text
    assert "Выбрано паллетов: 1, 922,000 кг" in text
    for kept in (f'value="{session}"', 'value="Новый &lt;заказчик&gt;"', ">3\n99</textarea>"):
        assert kept in page
    for pallet in (good, held):
        assert re.search(rf'value="{pallet.pk}" aria-label="Паллет \d" checked', page)
    assert not Shipment.objects.exists()
    assert not Customer.objects.filter(name__startswith="Новый").exists()
    assert {*Pallet.objects.values_list("state", flat=True)} == {"in_stock"}


def test_a_pallet_that_may_not_leave_has_no_tick(clerk: Client) -> None:
    good, held, taken = stocked(1), stocked(2), stocked(3)
    place_hold(who(), lot=held.lot, kind="manual", reason="нужна проверка", at=now())
    sent(clerk, taken)
    page = clerk.get(PAGE).content.decode()
    assert re.findall(r'name="pallet" form="shipment" value="(\d+)"', page) == [str(good.pk)]
    assert "Не всё можно отгрузить" in sent(clerk, good, held)
    assert "Уже в отгрузке" in sent(clerk, taken)


def test_a_form_without_pallets_or_customer_is_refused_in_words(clerk: Client) -> None:
    pallet = stocked(1)
    assert "Выберите хотя бы один паллет" in sent(clerk)
    filled = {"step": "draft", "customer": " x ", "pallet": [str(pallet.pk), "мусор", "9" * 30]}
    assert "Заказчик: от 2 до 200 символов" in words(clerk.post(PAGE, filled).content.decode())
    assert not Shipment.objects.exists()


def test_a_number_that_two_pallets_of_the_store_have_is_asked_for_again(clerk: Client) -> None:
    older = stocked(1)
    Pallet.objects.filter(pk=older.pk).update(production_day="2026-11-20")
    stocked(1)
    assert "Таких несколько: 20.11.2026" in sent(clerk, codes="1")
    assert "О-2026-1" in sent(clerk, older)


def test_a_known_customer_is_found_whatever_the_case_of_his_name(clerk: Client) -> None:
    known = Customer.objects.earliest("id")
    filled = {"step": "draft", "customer": known.name.upper(), "pallet": [str(stocked(1).pk)]}
    clerk.post(PAGE, filled)
    assert Shipment.objects.get().customer == known


def test_a_pallet_is_removed_and_a_shipment_cancelled_with_a_reason(clerk: Client) -> None:
    first, second = stocked(1), stocked(2)
    sent(clerk, first, second)
    seen = command(clerk, "remove", step="show", pallet=first.pk)
    assert "Паллет 1 В отгрузке На складе" in seen
    assert Pallet.objects.get(number=1).state == "reserved"
    assert "Применено: Убрать паллет" in command(clerk, "remove", step="apply", pallet=first.pk)
    assert "Выберите корректный вариант" in command(clerk, "remove", step="apply", pallet=first.pk)
    assert {*Pallet.objects.values_list("number", "state")} == {(1, "in_stock"), (2, "reserved")}
    assert "Обязательное поле" in command(clerk, "cancel", step="apply", reason=" ")
    assert state() == "draft"
    cancel = {"step": "show", "reason": "машина не пришла"}
    assert "Отгрузка О-2026-1 Черновик Отменена" in command(clerk, "cancel", **cancel)
    command(clerk, "cancel", **{**cancel, "step": "apply"})
    assert (state(), Shipment.objects.get().reason) == ("cancelled", "машина не пришла")
    assert {*Pallet.objects.values_list("state", flat=True)} == {"in_stock"}


def test_a_shipment_without_pallets_does_not_leave(clerk: Client) -> None:
    pallet = stocked(1)
    sent(clerk, pallet)
    command(clerk, "confirm")
    command(clerk, "remove", step="apply", pallet=pallet.pk)
    seen = command(member("other", "Отдел отгрузки"), "ship")
    assert "В отгрузке не осталось паллетов. Отмените её" in seen
    assert state() == "confirmed"


def test_a_pallet_of_another_shipment_is_not_removed() -> None:
    mine, foreign, by = stocked(1), stocked(2), who("shipping_clerk")
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    shipment = shipping.draft(by, customer=customer, pallets=[mine], at=now())
    shipping.draft(by, customer=customer, pallets=[foreign], at=now())
    with pytest.raises(Refused, match="Паллета 2 нет в отгрузке О-2026-1"):
        shipping.remove(by, shipment=shipment, pallet=foreign, at=now())
    foreign.refresh_from_db()
    assert foreign.state == "reserved"


def test_a_shipped_pallet_is_taken_back_with_a_reason_and_held(clerk: Client) -> None:
    pallet = stocked(1)
    sent(clerk, pallet)
    command(clerk, "confirm")
    command(member("other", "Отдел отгрузки"), "ship")
    command(clerk, "cancel", step="apply", reason="передумали совсем")
    assert state() == "shipped"
    back = {"step": "show", "pallet": pallet.pk, "reason": "повреждена упаковка"}
    assert "Паллет 1 Отгружен На складе" in command(clerk, "take_back", **back)
    assert not Hold.objects.exists()
    command(clerk, "take_back", **{**back, "step": "apply"})
    pallet.refresh_from_db()
    assert pallet.state == "in_stock"
    assert Hold.objects.get().kind == "returned"


def test_a_shipment_whose_documents_are_signed_is_closed_and_its_pallet_may_still_come_back(
    clerk: Client,
) -> None:
    pallet = stocked(1)
    sent(clerk, pallet)
    command(clerk, "close", step="apply")
    assert state() == "draft"
    command(clerk, "confirm")
    command(member("other", "Отдел отгрузки"), "ship")
    assert "Отгружена Закрыта" in command(clerk, "close", step="show")
    assert state() == "shipped"
    assert "Закрыта" in command(clerk, "close", step="apply")
    closing = StateHistory.objects.get(record="shipment", transition="close")
    assert (state(), str(closing.by)) == ("closed", "clerk")
    back = {"step": "apply", "pallet": pallet.pk, "reason": "повреждена упаковка"}
    command(clerk, "take_back", **back)
    pallet.refresh_from_db()
    assert (state(), pallet.state) == ("closed", "in_stock")


def test_the_card_offers_what_makes_sense_and_the_confirming_person_no_release(
    clerk: Client,
) -> None:
    sent(clerk, stocked(1))
    address = f"/admin/production/shipment/{Shipment.objects.get().pk}/"
    other = member("other", "Отдел отгрузки")

    def offered(client: Client) -> list[str]:
        page = client.get(f"{address}change/").content.decode()
        return re.findall(rf'(?:action|li><a href)="{address}(\w+)/"', page)

    assert offered(clerk) == ["sheets", "remove", "cancel", "confirm"]
    command(clerk, "confirm")
    assert offered(clerk) == ["sheets", "remove", "cancel"]
    assert offered(other) == ["sheets", "remove", "cancel", "ship"]
    assert "другой человек" in words(clerk.get(f"{address}change/").content.decode())
    command(other, "ship")
    assert offered(clerk) == ["sheets", "close", "take_back"]
    assert offered(member("boss", "Директор")) == ["sheets"]


def test_where_one_is_enough_the_confirming_person_lets_it_go_and_the_card_tells_by_which_rule(
    clerk: Client,
) -> None:
    case = LimitVersion.objects.get(name="shipment_people")
    page = f"/admin/quality/limitversion/{case.pk}/new_version/"
    given = {"step": "apply", "least": "1", "most": "", "reason": "ночью один на смене"}
    assert clerk.post(page, given).status_code == 403
    sent(clerk, stocked(1))
    address = f"/admin/production/shipment/{Shipment.objects.get().pk}/change/"
    assert "Отпустит её другой человек" in words(clerk.get(address).content.decode())
    member("panina", "Менеджер по качеству").post(page, given)
    assert "Отпустит её другой человек" not in words(clerk.get(address).content.decode())
    assert "О-2026-1 подтверждена" in command(clerk, "confirm")
    card = clerk.get(address).content.decode()
    assert f'action="{address.replace("change", "ship")}"' in card
    assert "другой человек" not in words(card)
    assert "О-2026-1 ушла" in command(clerk, "ship")
    assert "Правило при отгрузке можно одному" in words(clerk.get(address).content.decode())


@pytest.mark.parametrize("group", [str(one.label) for one in OfficeRole])
def test_only_those_who_ship_may_draft_and_command(group: str, clerk: Client) -> None:
    pallet = stocked(1)
    somebody, may = member("somebody", group), group in MAY
    store = somebody.get("/admin/store/").content.decode()
    assert ("Создать отгрузку" in store) == may
    assert somebody.get(PAGE).status_code == (200 if may else 403)
    if may:
        return
    filled = {"step": "draft", "customer": "Новый заказчик", "pallet": [str(pallet.pk)]}
    assert somebody.post(PAGE, filled).status_code == 403
    assert not Shipment.objects.exists()
    sent(clerk, pallet)
    address = f"/admin/production/shipment/{Shipment.objects.get().pk}/"
    given = {"reason": "хочу и отменяю", "choice": str(pallet.pk)}
    for name in COMMANDS:
        assert somebody.post(f"{address}{name}/", given).status_code == 403
    assert state() == "draft"


def test_a_draft_without_the_token_against_forgery_is_refused(boss: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss)
    filled = {"step": "draft", "customer": "Новый заказчик", "pallet": [str(stocked(1).pk)]}
    assert client.post(PAGE, filled).status_code == 403
    assert not Shipment.objects.exists()


def test_before_it_is_made_a_shipment_tells_its_sums_its_raw_meat_and_what_to_mind(
    clerk: Client,
) -> None:
    good, kept = stocked(1), stocked(2)
    place_hold(who(), lot=kept.lot, kind="manual", reason="нужна проверка", at=now())
    Mix.objects.filter(lot__pallet_items__pallet=good).update(quality="passed_with_deviation")
    Pallet.objects.filter(pk=good.pk).update(unweighed=True)
    page = clerk.post(PAGE, {"pallet": [good.pk, kept.pk]}).content.decode()
    told = words(page)
    assert "Паллетов 1 Брутто, кг 962,500 Вес паллетов, кг 22,000 Вес упаковки, кг 18,500" in told
    assert "Не войдут в отгрузку, паллетов: 1" in told
    assert 'is-bad">Заблокирован' in page
    assert "Паллет 1 принят без взвешивания" in told
    mix = Mix.objects.get(lot__pallet_items__pallet=good)
    assert f"Паллет 1, замес {mix}: {mix.get_quality_display().lower()}" in told
    batch = RawBatch.objects.get(lot__order_items__order=mix.order)
    other = RawBatch.objects.exclude(pk=batch.pk).get()
    assert f"/admin/production/rawbatch/{batch.pk}/change/" in page
    assert f"/admin/production/rawbatch/{other.pk}/change/" not in page
    assert "Предупреждения" not in words(clerk.get(PAGE).content.decode())


def test_who_ships_has_a_new_shipment_in_the_menu(clerk: Client) -> None:
    assert "Добавить отгрузку" in clerk.get("/admin/").content.decode()
    assert "Добавить отгрузку" not in member("boss", "Директор").get("/admin/").content.decode()


def test_a_chosen_pallet_without_ash_is_orange_as_on_the_store(clerk: Client) -> None:
    pallet = stocked(1, mix=pet_food_out())
    Mix.objects.update(ash_state="missing")
    page = clerk.post(PAGE, {"pallet": [pallet.pk]}).content.decode()
    assert 'is-warn">Отсутствует анализ на золу' in page


def test_raw_material_that_failed_after_it_was_used_is_told_to_who_ships(clerk: Client) -> None:
    pallet, other = stocked(1), stocked(2)
    batch = RawBatch.objects.get(lot__edges_out__child__edges_out__child=pallet.lot)
    place_hold(who("lab"), lot=batch.lot, kind="lab", reason="жир 40,00", at=now())
    told = f"Паллет 1: в нём Партия сырья {batch}, заблокировано. Анализ сырья: жир 40,00"
    looked = words(clerk.post(PAGE, {"pallet": [str(pallet.pk), str(other.pk)]}).content.decode())
    assert told in looked, looked
    assert "Паллет 2: в нём" not in looked
    assert "составлена" in sent(clerk, pallet, other)  # all the same: it is a warning
    assert warned([pallet.lot, batch.lot]).keys() == {pallet.lot_id}
