"""The start page: numbers from live data, and every number leads to the list that it counts."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.audit.models import BookCheck
from crm.bridge.program import program
from crm.catalogue.models import Freezer, RawMaterial
from crm.ledger.operations.scrap import scrap
from crm.office.flow import by_day
from crm.office.sums import TITLES
from crm.production.models import FreezerLoad, Mix, Pallet, RawBatch
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.reverse_receipt import reverse_receipt
from crm.quality.operations.hold_lot import hold_lot
from tests.crm.office.conftest import member
from tests.crm.office.floor import furnish
from tests.crm.production.pallets import by_hand, now, rework_of_batch, shipped, stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
AT_MOST = {"/admin/": 12, "/admin/totals/": 12}
TOTALS = {"rawbatch": "Принято", "mix": "Списано", "pallet": "Нетто", "shipment": "Нетто"}
MOMENTS = {
    "rawbatch": "received_at", "mix": "produced_at", "pallet": "accepted_at",
    "shipment": "shipped_at",
}  # fmt: skip
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def start(client: Client) -> str:
    """Return the start page and what it asks for when it stands."""
    page = client.get("/admin/").content.decode()
    [asked] = re.findall(r'hx-get="([^"]+/totals/)"', page)
    return html.unescape(page + client.get(asked).content.decode())


def words(client: Client) -> str:
    text = start(client)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_today_is_told_with_what_came_was_used_made_and_is_left(office: Client) -> None:
    furnish(2)
    text = words(office)
    for told in (
        "Принято партий 2 ",
        "Принято сырья 2 000,000 кг",
        "Принято на склад ГП 1 844,000 кг",
        "Просрочено задач 2 ",
        "Ждут решения 2 ",
        "Списано на замесы 2 000,000 0,000 0,000",
        "Выход, % 92,2 — —",
        "Склад ГП, без вторфарша 1 844,000 0,000",
        "Склад вторфарша 201,000 0,000",
    ):
        assert told in text, told


def test_output_is_mince_that_may_be_shipped_as_the_daily_report_counts_it(office: Client) -> None:
    good, blocked, taken_back = (stocked(number) for number in (1, 2, 3))
    bones = by_hand(accept_without_origin, "mko", 4)
    accept_pallet(who(), at=now(), pallet=bones)
    Pallet.objects.filter(pk=bones.pk).update(state="in_stock")
    hold_lot(
        who("technologist"), at=now(), lot=blocked.lot, kind="fhp", scope="one", reason="жир ниже",
    )  # fmt: skip
    convert_pallet(who("technologist"), at=now(), pallet=taken_back, reason="порвана упаковка")
    Pallet.objects.filter(pk=taken_back.pk).update(state="converted")
    text = words(office)
    assert "Принято на склад ГП 3 066,000" in text
    assert "Выход, % 30,7 — —" in text  # 922 of 3 000
    good.refresh_from_db()
    assert good.net == Decimal(922)


def test_raw_materials_on_the_store_are_summed_without_reading_all_lots(office: Client) -> None:
    for code, kilograms in (("carcass", "100"), ("carcass", "200.5"), ("keel", "400")):
        batch_in_stock(code, Decimal(kilograms))
    carcass, keel = (RawMaterial.objects.get(code=code) for code in ("carcass", "keel"))
    with CaptureQueriesContext(connection) as queries:
        text = words(office)
    assert f"Остаток, кг Резерв, кг {keel} 400,000 0,000 {carcass} 300,500 0,000 " in text
    summed = [one["sql"] for one in queries if 'SUM("ledger_balance"' in one["sql"]]
    assert len(summed) == 2
    assert not any("ledger_lot" in sql for sql in summed)


def test_what_the_last_nightly_check_found_is_seen_first(office: Client) -> None:
    assert "Не сходится" not in words(office)
    for day, wrong in ((22, 7), (23, 0), (24, 2)):
        night = START.replace(day=day)
        BookCheck.objects.create(
            night=night.date(), asked_at=night, begun_at=night, ended_at=night, wrong=wrong
        )
    BookCheck.objects.create(night=START.replace(day=25).date(), asked_at=START)
    assert "Не сходится, ночь на 24.11 2 " in words(office)


def test_last_week_is_compared_with_the_week_before(office: Client, boss: User) -> None:
    with time_machine.travel(START) as clock:
        furnish(1)
        clock.move_to(START + timedelta(days=3))
        assert "Списано на замесы 0,000 1 000,000 0,000" in words(office)
        clock.move_to(START + timedelta(days=9))
        office.force_login(boss)  # a stay ends after a shift
        assert "Списано на замесы 0,000 0,000 1 000,000" in words(office)


def test_the_production_day_begins_at_seven_plant_time() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 3, 59, tzinfo=UTC)):  # 06:59 at the plant
        furnish(1)
    zone = program().zone
    first = datetime(2026, 11, 20, tzinfo=zone).date()
    days = by_day(first, first + timedelta(days=2), zone)
    assert [flow.used for flow in days.values()] == [Decimal(0), Decimal(1000), Decimal(0)]


def test_mixes_in_work_and_freezers_are_shown_as_they_stand(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    Mix.objects.filter(pk=mix.pk).update(state="in_plate_freezer")
    plate = Freezer.objects.get(kind="plate", number=1)
    load = FreezerLoad.objects.create(
        state="overdue", freezer=plate, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        created_at=now(),
    )  # fmt: skip
    page = office.get("/admin/").content.decode()
    assert f'href="/admin/production/freezerload/{load.pk}/change/" class="is-bad"' in page
    assert "В плиточнике 1" in words(office)


def test_what_is_summed_comes_into_its_place_on_the_page(office: Client) -> None:
    furnish(1)
    page = office.get("/admin/").content.decode()
    sums = office.get("/admin/totals/").content.decode()
    places = re.findall(r'<div class="office-\w+" id="([\w-]+)" aria-busy="true"', page)
    assert places == ["office-figures", "office-orphans", "office-flow", "office-stores"]
    first, *others = re.findall(r'<div class="office-\w+" id="([\w-]+)"', sums)
    assert [first, *others] == places
    assert re.findall(r'id="([\w-]+)" hx-swap-oob="true"', sums) == others
    for title in (*TITLES["flow"], *TITLES["stores"]):
        assert page.count(f"<h2>{title}</h2>") == sums.count(f"<h2>{title}</h2>") == 1
    assert (page.count("считаем…"), sums.count("считаем…")) == (5, 0)


def test_the_sums_are_for_whoever_may_see_the_plant(seeded: None) -> None:
    assert member("one", "Производственный отдел").get("/admin/totals/").status_code == 200
    stranger = Client()
    stranger.force_login(User.objects.create_user("two", is_staff=True))
    assert stranger.get("/admin/totals/").status_code == 403
    assert 'hx-get="/admin/totals/' not in stranger.get("/admin/").content.decode()


def test_every_number_leads_to_a_list_that_opens(office: Client) -> None:
    furnish(1)
    page = start(office)
    body = page[page.index("office-figures") :]
    found = set(re.findall(r'href="(/admin/[^"]+)"', body))
    assert len(found) > 15
    for address in found:
        assert office.get(address).status_code == 200, address
    late = office.get("/admin/work/task/?late=yes").context["cl"].result_list
    assert len(late) == 1


def test_every_sum_of_the_flow_leads_to_a_list_with_that_sum(office: Client) -> None:
    kept, (rework, _batch) = stocked(7), rework_of_batch()
    shipped(kept, rework)
    called_off = batch_in_stock("keel", Decimal(100))
    reverse_receipt(who(), batch=called_off, reason="не та партия", at=now())
    RawBatch.objects.filter(pk=called_off.pk).update(state="cancelled")
    page = start(office)
    found = re.findall(r'href="/admin/production/(\w+)/(\?[^"]+)">([^<]+)</a></td>', page)
    sums: dict[str, str] = {}
    for kind, query, said in found:
        if kind in TOTALS and "_at_from_" in query:
            answer = office.get(f"/admin/production/{kind}/{query}")
            totals = {str(one["title"]): one["filter"] for one in answer.context["totals"]}
            assert totals[TOTALS[kind]] == said, (kind, query)
            sums.setdefault(kind, said)
            assert parse_qs(query)[f"{MOMENTS[kind]}_to_1"] == ["07:00"]
    assert sums == {
        "rawbatch": "2\u202f000,000", "mix": "2\u202f000,000",
        "pallet": "1\u202f844,000", "shipment": "1\u202f222,000",
    }  # fmt: skip
    text = words(office)
    assert "Принято партий 2 Принято сырья 2 000,000 кг Принято на склад ГП 1 844,000 кг" in text


def test_losses_lead_to_the_postings_that_they_are_of(office: Client) -> None:
    batch = batch_in_stock("keel", Decimal(100))
    scrap(who(), lot=batch.lot, kg=Decimal(10), reason="упало на пол", session=uuid4(), at=now())
    page = start(office)
    [address] = re.findall(r'href="([^"]+account=scrap)">10,000</a>', page)
    assert [one.kind for one in office.get(address).context["cl"].result_list] == ["scrap"]


def test_the_start_page_costs_the_same_on_a_full_plant() -> None:
    clerk = member("clerk", "Производственный отдел")
    furnish(1)
    prices = []
    for _ in range(2):
        for page in AT_MOST:
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(page).status_code == 200
            prices.append(len(queries))
        of_pallets = [one["sql"] for one in queries if 'FROM "production_palletitem"' in one["sql"]]
        sums = [sql.partition("UNION")[2] for sql in of_pallets]
        assert any(sums)
        assert not any("EXISTS(" in sql for sql in sums)
        furnish(5)
    print(prices)
    assert prices[:2] == prices[2:]
    assert all(price <= most for price, most in zip(prices, AT_MOST.values(), strict=False))
    assert Pallet.objects.count() == 11
