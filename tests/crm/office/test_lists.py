"""Every list of the office: its price, filters, totals, columns, search, and each card's price."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.catalogue.models import Customer, Freezer
from crm.ledger.models import StateHistory
from crm.office.links import link
from crm.office.models import ColumnSet
from crm.office.tones import TONES
from crm.people.models import PersonRole
from crm.people.roles import OfficeRole
from crm.production.models import (
    Blank,
    FreezerLoad,
    MincedOrder,
    Mix,
    Pallet,
    PalletItem,
    RawBatch,
    SecondMinced,
    Shipment,
)
from crm.quality.models import Hold
from crm.work.models import Task
from tests.crm.office.conftest import member
from tests.crm.office.floor import LISTS, a_hold, furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
AT_MOST = 12


def words(text: bytes) -> str:
    plain = re.sub(r"<[^>]+>", " ", html.unescape(text.decode()))
    return re.sub(r"\s+", " ", plain)


def price(client: Client, address: str) -> int:
    """Return how many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.status_code == 200, address
    return len(queries)


def test_no_list_costs_more_with_thirty_rows_than_with_three() -> None:
    clerk = member("clerk", "Производственный отдел")
    furnish(3)
    with_three = {page: price(clerk, f"/admin/{page}/") for page in LISTS}
    furnish(27)
    with_thirty = {page: price(clerk, f"/admin/{page}/") for page in LISTS}
    print(with_thirty)
    assert with_thirty == with_three
    assert {page: cost for page, cost in with_thirty.items() if cost > AT_MOST} == {}


def test_a_card_of_every_kind_is_shown_and_costs_the_same_when_there_is_more() -> None:
    clerk = member("clerk", "Производственный отдел")
    furnish(1)
    cards = {
        page: f"/admin/{page}/{model._default_manager.latest('pk').pk}/change/"
        for page, model in LISTS.items()
    }
    alone = {page: price(clerk, address) for page, address in cards.items()}
    furnish(3)
    among_more = {page: price(clerk, address) for page, address in cards.items()}
    print(among_more)
    assert among_more == alone
    assert {page: cost for page, cost in among_more.items() if cost > AT_MOST} == {}


@pytest.mark.parametrize("page", LISTS)
def test_a_list_is_searched_by_words_and_by_numbers_without_an_error(
    office: Client, page: str
) -> None:
    for typed in ("7", "абв", "2211/3", "Ф22112026/1", "12345678901234567890"):
        assert office.get(f"/admin/{page}/", {"q": typed}).status_code == 200


def test_records_are_found_by_their_numbers(office: Client) -> None:
    furnish(2)
    for page, model in (("blank", Blank), ("mincedorder", MincedOrder), ("mix", Mix),
                        ("secondminced", SecondMinced), ("pallet", Pallet)):  # fmt: skip
        wanted = model._default_manager.earliest("pk")
        answer = office.get(f"/admin/production/{page}/", {"q": str(wanted)})
        assert list(answer.context["cl"].result_list) == [wanted], page


def test_a_number_is_found_whole_and_never_as_the_beginning_of_another(office: Client) -> None:
    """Domain 8: `2211/3` never `2211/30`; the year before it, as codes and exports have it."""
    furnish(2)
    for page, model in (("blank", Blank), ("mincedorder", MincedOrder), ("mix", Mix),
                        ("secondminced", SecondMinced), ("shipment", Shipment)):  # fmt: skip
        wanted, other = model._default_manager.order_by("pk")
        model._default_manager.filter(pk=other.pk).update(number=f"{wanted.number}0")
        answer = office.get(f"/admin/production/{page}/", {"q": str(wanted.number)})
        assert list(answer.context["cl"].result_list) == [wanted], page
    batch, older = RawBatch.objects.order_by("pk")
    RawBatch.objects.filter(pk=older.pk).update(number=batch.number, year=batch.year - 1)
    for typed, count in ((batch.number, 2), (batch.full_number, 1)):
        answer = office.get("/admin/production/rawbatch/", {"q": str(typed)})
        assert len(answer.context["cl"].result_list) == count, typed


def test_mixes_are_found_by_the_number_of_their_order(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    assert mix.order is not None
    order, number = str(mix.order.number), str(mix.number)
    for typed in (order, f"{order}/", number.removeprefix("Ф")):
        answer = office.get("/admin/production/mix/", {"q": typed})
        assert list(answer.context["cl"].result_list) == [mix], typed


def test_a_hold_is_found_by_the_number_of_whatever_it_is_on(office: Client) -> None:
    furnish(1)
    blank, pallet = Blank.objects.get(), Pallet.objects.get()
    held = {str(blank.number): Hold.objects.get(), str(pallet.number): a_hold(pallet.lot)}
    for typed, hold in held.items():
        answer = office.get("/admin/quality/hold/", {"q": typed})
        assert list(answer.context["cl"].result_list) == [hold], typed


def test_orders_are_filtered_by_when_they_were_finished(office: Client) -> None:
    furnish(2)
    finished, reopened = MincedOrder.objects.order_by("pk")
    at = timezone.localtime().replace(microsecond=0)
    for order in (finished, reopened):
        StateHistory.objects.create(
            record="minced_order", record_id=str(order.pk), transition="finish",
            from_state="active", to_state="finished", at=at,
        )  # fmt: skip
    MincedOrder.objects.filter(pk=finished.pk).update(state="finished")

    def found(**query: str) -> list[object]:
        named = {f"finished_at_{name}": value for name, value in query.items()}
        return list(office.get("/admin/production/mincedorder/", named).context["cl"].result_list)

    day = f"{at:%d.%m.%Y}"
    assert found(from_0=day) == found(to_0=day) == found(from_0=day, to_0=day) == [finished]
    assert found(from_0="01.01.2099") == found(to_0="01.01.2000") == []
    assert len(found(from_0="нет")) == 2


def test_a_task_is_found_by_each_role_that_it_waits_for_and_red_where_nobody_has_one(
    office: Client,
) -> None:
    furnish(1)
    task = Task.objects.get()
    Task.objects.update(role="lab", roles=["lab", "freezer_storekeeper"])
    page = "/admin/work/task/"
    for role in ("lab", "freezer_storekeeper"):
        assert list(office.get(page, {"role": role}).context["cl"].result_list) == [task], role
    assert not office.get(page, {"role": "storekeeper"}).context["cl"].result_list
    red = "Роли ни у кого нет"
    shown = office.get(page).content.decode()
    assert "Лаборатория, Кладовщик заморозки" in shown
    assert red not in shown
    PersonRole.objects.filter(role="lab").delete()
    assert red not in office.get(page).content.decode()
    PersonRole.objects.filter(role="freezer_storekeeper").delete()
    assert red in office.get(page).content.decode()
    Task.objects.update(role="technologist", roles=["technologist"])
    PersonRole.objects.filter(role="technologist").delete()
    assert red in office.get(page).content.decode()
    member("boss_of_meat", "Главный технолог")  # an account holds the role as well
    assert red not in office.get(page).content.decode()


def test_number_ranges_and_day_ranges_may_be_open_at_either_end(office: Client) -> None:
    furnish(1)
    pallet = Pallet.objects.get()

    def found(**query: str) -> int:
        return len(office.get("/admin/production/pallet/", query).context["cl"].result_list)

    assert pallet.net == Decimal("922")
    assert (found(net_from="922"), found(net_from="922,001"), found(net_to="921,999")) == (1, 0, 0)
    assert (found(net_from="900", net_to="922"), found(net_from="много")) == (1, 1)
    assert (found(net_from="900", net_to="921"), found(net_from="923", net_to="999")) == (0, 0)
    day = pallet.production_day.strftime("%d.%m.%Y")
    assert found(production_day_from=day, production_day_to=day) == 1
    assert found(production_day_from="01.01.2099") == 0
    assert found(production_day_from="01.01.2000", production_day_to="02.01.2000") == 0
    assert found(production_day_from="01.01.2099", production_day_to="02.01.2099") == 0


def test_totals_are_of_the_whole_filter(office: Client) -> None:
    furnish(2)
    text = words(office.get("/admin/production/mincedorder/").content)
    assert "По всему фильтру 2 000,000 2 000,000" in text
    text = words(office.get("/admin/production/pallet/").content)
    assert "По всему фильтру 1 925,000 1 844,000 1 844,000" in text
    text = words(office.get("/admin/production/secondminced/").content)
    assert "По всему фильтру 201,000 201,000" in text


def test_an_account_sees_the_columns_that_it_chose_and_nobody_else_does(office: Client) -> None:
    furnish(1)
    other = member("clerk", "Производственный отдел")
    page = "/admin/production/pallet/"
    answer = office.post(f"{page}columns/?kind__exact=mix", {"column": ["kg_net", "box_count"]})
    assert answer["Location"] == f"{page}?kind__exact=mix"
    shown = office.get(page).context["cl"].list_display
    assert [name for name in shown if name != "action_checkbox"] == [
        "show_number", "kg_net", "box_count",
    ]  # fmt: skip
    assert "kg_gross" in other.get(page).context["cl"].list_display
    office.post(f"{page}columns/", {"usual": "1"})
    assert "kg_gross" in office.get(page).context["cl"].list_display
    assert not ColumnSet.objects.exists()


def test_columns_that_a_page_does_not_have_are_not_kept(office: Client) -> None:
    office.post("/admin/production/pallet/columns/", {"column": ["label_code", "delete"]})
    assert not ColumnSet.objects.exists()


def test_choosing_columns_and_exporting_do_nothing_by_get(office: Client) -> None:
    for page in ("columns/", "export/csv/"):
        assert office.get(f"/admin/production/pallet/{page}").status_code == 405
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("page", LISTS)
def test_every_office_role_reads_and_an_account_without_one_does_not(page: str) -> None:
    for number, role in enumerate(OfficeRole):
        reader = member(f"reader{number}", str(role.label))
        assert reader.get(f"/admin/{page}/").status_code == 200, role
    stranger = Client()
    stranger.force_login(User.objects.create_user("nobody", is_staff=True))
    assert stranger.get(f"/admin/{page}/").status_code == 403
    assert stranger.post(f"/admin/{page}/export/csv/").status_code == 403
    assert stranger.post(f"/admin/{page}/columns/", {"column": "x"}).status_code == 403


def test_every_state_that_a_list_colours_has_a_colour() -> None:
    """One without would be shown by its code."""
    states = {
        one.value
        for model in LISTS.values()
        for name in ("State", "Quality", "AshState")
        for one in getattr(model, name, ())
    }
    assert states - {*TONES} == set()
    assert len(states) > 50


def test_shipments_tell_customer_recipes_orders_and_kilograms(office: Client) -> None:
    furnish(1)
    order, pallet = MincedOrder.objects.get(), Pallet.objects.get()
    page = office.get("/admin/production/shipment/").content
    customer = Customer.objects.earliest("id")
    assert f"О-1 {customer} {pallet.recipe} {order} 1 922,000" in words(page)
    for one in (order, customer):
        assert f'href="{link(one)}"' in page.decode()


def test_second_minced_is_filtered_by_kind_with_its_total(office: Client) -> None:
    furnish(1)
    SecondMinced.objects.update(kind="mko2")
    furnish(1)
    page = "/admin/production/secondminced/"
    text = words(office.get(page, {"kind__exact": "mko2"}).content)
    assert "Суммарный вес" in text
    assert "По всему фильтру 100,500" in text
    assert "По всему фильтру 201,000" in words(office.get(page).content)


def test_buffer_pallets_are_a_list_of_their_own_with_boxes_and_sources(office: Client) -> None:
    furnish(2)
    pallet = Pallet.objects.earliest("pk")
    Pallet.objects.filter(pk=pallet.pk).update(kind="buffer", box_count=40)
    page = "/admin/production/pallet/"
    seen = words(office.get(page, {"kind__exact": "buffer"}).content)
    assert "Коробок, из скольких" in seen
    assert " 40 из 45 962,500 — 922,000 " in seen
    assert "40 из 45" not in words(office.get(page).content)
    office.post(f"{page}columns/", {"column": ["show_content", "box_count", "created_at"]})
    answer = office.get(page, {"kind__exact": "buffer"})
    mix = pallet.items.get().lot.mix
    assert f"{pallet} {mix} 40 " in words(answer.content)
    assert len(answer.context["cl"].result_list) == 1
    sidebar = answer.content.decode()
    assert f'href="{page}?kind__exact=buffer"' in sidebar


def test_loads_and_freezers_tell_places_minutes_and_temperatures(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    text = words(office.get("/admin/production/freezerload/").content)
    assert f"{mix} — " in text
    assert "−18,5 7 Выгружена" in text
    text = words(office.get("/admin/catalogue/freezer/", {"kind__exact": "shock"}).content)
    assert "Шокер 1 Шокер — 100 100 " in text
    text = words(office.get("/admin/catalogue/freezer/", {"kind__exact": "plate"}).content)
    assert "Плиточник 1 Плиточник 1 1 1 150" in text


def test_moments_are_filtered_with_both_ends_open_or_closed(office: Client) -> None:
    furnish(1)
    at = timezone.localtime(Mix.objects.get().produced_at).replace(microsecond=0)
    Mix.objects.update(produced_at=at)  # the end of a range is no part of it
    page, day, clock = "/admin/production/mix/", f"{at:%d.%m.%Y}", f"{at:%H:%M:%S}"
    later = f"{at + timedelta(seconds=1):%H:%M:%S}"

    def found(**query: str) -> int:
        named = {f"produced_at_{name}": value for name, value in query.items()}
        return len(office.get(page, named).context["cl"].result_list)

    assert (found(from_0=day), found(to_0=day), found(from_0=day, to_0=day)) == (1, 1, 1)
    assert (found(from_0=day, from_1=clock), found(to_0=day, to_1="00:00")) == (1, 0)
    assert found(from_0="01.01.2099") == 0
    assert found(from_0=day, from_1=clock, to_0=day, to_1=clock) == 0
    assert found(from_0=day, from_1=clock, to_0=day, to_1=later) == 1
    assert found(from_0="01.01.2000", to_0="02.01.2000") == 0
    assert found(from_0="01.01.2099", to_0="02.01.2099") == 0


def test_a_second_minced_lot_tells_the_freezer_in_which_its_pallet_stands(office: Client) -> None:
    furnish(1)
    second, pallet = SecondMinced.objects.get(), Pallet.objects.get()
    PalletItem.objects.create(pallet=pallet, lot=second.lot, kg=1)
    page = "/admin/production/secondminced/"
    freezer = Freezer.objects.get(kind="shock", number=1)
    assert str(freezer) not in words(office.get(page).content)
    FreezerLoad.objects.create(
        state="freezing", freezer=freezer, slot=2, pallet=pallet, loaded_at=timezone.now(),
        due_at=timezone.now(), created_at=timezone.now(),
    )  # fmt: skip
    assert str(freezer) in words(office.get(page).content)


def test_pallets_are_filtered_by_when_they_were_made(office: Client) -> None:
    furnish(1)
    page = "/admin/production/pallet/"
    assert "Всего: 1" in words(office.get(f"{page}?created_at_to_0=2099-01-01").content)
    assert "Всего: 0" in words(office.get(f"{page}?created_at_from_0=2099-01-01").content)


def test_suppliers_and_customers_tell_when_something_came_or_left_last(office: Client) -> None:
    furnish(2)
    supplier = RawBatch.objects.earliest("pk").supplier
    early, late = timezone.now() - timedelta(days=400), timezone.now() - timedelta(days=300)
    first, *rest = RawBatch.objects.filter(supplier=supplier)
    RawBatch.objects.filter(pk__in=[one.pk for one in rest]).update(received_at=early)
    RawBatch.objects.filter(pk=first.pk).update(received_at=late)
    told = words(office.get("/admin/catalogue/supplier/").content)
    assert f"{timezone.localtime(late):%d.%m.%Y %H:%M}" in told
    assert f"{timezone.localtime(early):%d.%m.%Y %H:%M}" not in told
    Shipment.objects.update(shipped_at=late)
    assert f"{timezone.localtime(late):%d.%m.%Y %H:%M}" in words(
        office.get("/admin/catalogue/customer/").content
    )
