"""«Склад ГП»: groups in the plant's order, exact sums, whether each pallet may leave, filters."""

from __future__ import annotations

import csv
import html
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from crm.ledger.models import Lot
from crm.ledger.operations.adjust import adjust
from crm.production.day import production_day
from crm.production.models import Mix, Pallet, PalletItem, SecondMinced
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.shippable import why_not
from crm.quality.operations.place_hold import place_hold
from tests.crm.office.conftest import member
from tests.crm.production.orders import fire
from tests.crm.production.pallets import by_hand, mix_out, now, pet_food_out, stocked, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/store/"
AT_MOST = 8


def words(client: Client, **query: str) -> str:
    text = html.unescape(client.get(PAGE, query).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("office-head") :]))


def test_pallets_stand_under_their_recipe_and_day_with_exact_sums(office: Client) -> None:
    stocked(1, gross="962.501")
    stocked(2, gross="962.502")
    recipe = Pallet.objects.earliest("pk").recipe
    assert recipe is not None
    text = words(office)
    assert "Всего 1 844,003 кг, паллетов: 2" in text
    assert f"{recipe.report_name or recipe} 1 844,003 кг, паллетов: 2" in text
    assert f"{production_day(now()):%d.%m.%Y} 1 844,003 кг, паллетов: 2" in text
    assert "962,501 22,000 18,500 922,001" in text


def test_pet_food_and_second_minced_come_after_the_recipes(office: Client) -> None:
    stocked(1, mix=pet_food_out())
    stocked(2)
    text = words(office)
    recipe = Pallet.objects.get(number=2).recipe
    assert recipe is not None
    groups = text[text.index("Показать") :]
    assert groups.index(recipe.report_name or str(recipe)) < groups.index("Пет-фуд")


def test_rework_that_production_took_is_on_no_pallet_any_more(office: Client) -> None:
    for number in (1, 2):
        made = by_hand(accept_without_origin, "rework", number)
        fire(made, "accept", who="storekeeper")
    first, other = SecondMinced.objects.order_by("pk")
    for lot, counted, there in ((first, "0", "0,000"), (other, "298.5", "298,500")):
        adjust(
            who(), lot=lot.lot, counted=Decimal(counted), reason="взято в замес", session=uuid4(),
            at=now(), second=who("technologist"),
        )  # fmt: skip
        assert f"340,500 22,000 18,500 {there}" in words(office)
    assert "Всего 298,500 кг, паллетов: 2" in words(office)


def test_two_pallets_of_one_lot_of_rework_hold_no_more_than_is_left_of_it(office: Client) -> None:
    made = by_hand(accept_without_origin, "rework", 1)
    fire(made, "accept", who="storekeeper")
    made.refresh_from_db()
    twin = Pallet.objects.create(
        **{name: getattr(made, name) for name in ("kind", "gross", "net", "accepted_at")},
        state="reserved", number=2, production_day=made.production_day, created_at=now(),
        lot=Lot.objects.create(kind=Lot.Kind.PALLET),
    )  # fmt: skip
    PalletItem.objects.create(pallet=twin, lot=made.items.get().lot, kg=Decimal(200))
    assert "Всего 300,000 кг, паллетов: 2" in words(office)


def test_each_pallet_says_why_it_may_not_leave_as_the_question_for_one_does(
    office: Client,
) -> None:
    for number in (1, 2, 3, 4):
        stocked(number)
    held, untested, late, good = Pallet.objects.order_by("number")
    place_hold(who(), lot=held.lot, kind="manual", reason="нужна проверка", at=now())
    Mix.objects.filter(lot__pallet_items__pallet=untested).update(quality="untested")
    Pallet.objects.filter(pk=late.pk).update(best_before="2020-01-01")
    text = words(office)
    for pallet in Pallet.objects.order_by("number"):
        reason = why_not(pallet)
        assert (reason is None) == (pallet == good)
        assert str(reason or "Готов к отгрузке") in text
    assert "паллетов: 1 " in words(office, ready="yes")
    assert "паллетов: 3 " in words(office, ready="no")


def test_a_missing_ash_analysis_is_orange_and_a_hold_is_red(office: Client) -> None:
    stocked(1, mix=pet_food_out())
    Mix.objects.update(ash_state="missing")
    page = office.get(PAGE).content.decode()
    assert 'is-warn">Отсутствует анализ на золу' in page
    place_hold(who(), lot=Pallet.objects.get().lot, kind="manual", reason="проверка", at=now())
    assert 'is-bad">Заблокирован: Вручную' in office.get(PAGE).content.decode()


def test_days_and_groups_are_filtered_and_nonsense_is_no_filter(office: Client) -> None:
    stocked(1)
    day = production_day(now()).isoformat()
    for query, count in (
        ({"from": day, "to": day}, 1),
        ({"from": "2099-01-01"}, 0),
        ({"to": "2020-01-01"}, 0),
        ({"group": "Пет-фуд"}, 0),
        ({"from": "когда-то"}, 1),
    ):
        assert f"паллетов: {count} " in words(office, **query), query


def test_a_pallet_is_found_by_each_of_the_holds_that_keep_it(office: Client) -> None:
    pallet, free = stocked(1), stocked(2)
    for kind in ("manual", "recall"):
        place_hold(who("technologist"), lot=pallet.lot, kind=kind, reason="стекло", at=now())
    for kind, count in (("manual", 1), ("recall", 1), ("antibiotic", 0), ("", 2)):
        assert f"паллетов: {count} " in words(office, hold=kind), kind
    assert free.number == 2


def test_only_what_is_on_the_store_is_shown(office: Client) -> None:
    stocked(1)
    Pallet.objects.update(state="shipped")
    assert "паллетов: 0 " in words(office)


def test_an_empty_store_and_an_empty_filter_say_what_to_do(office: Client) -> None:
    stocked(1)
    nothing = words(office, group="Пет-фуд")
    assert "На складе нет таких паллетов. Измените отбор" in nothing
    Pallet.objects.update(state="shipped")
    assert "Склад пуст. Паллеты появляются, когда кладовщик принял их" in words(office)


def test_the_page_costs_eight_queries_whatever_the_stock() -> None:
    clerk = member("clerk", "Отдел отгрузки")
    prices = []
    for more in (1, 10):
        for number in range(more):
            pallet = stocked(100 * more + number)
            if number % 2 == 0:
                place_hold(who(), lot=pallet.lot, kind="manual", reason="проверка", at=now())
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(PAGE).status_code == 200
        prices.append(len(queries))
    assert prices[0] == prices[1] <= AT_MOST


def test_the_store_is_exported_as_it_is_filtered(office: Client) -> None:
    stocked(1)
    mix = mix_out()
    stocked(2, mix=mix)
    Mix.objects.filter(pk=mix.pk).update(quality="untested")
    content = office.post(f"{PAGE}export/csv/?ready=no").content.decode("utf-8-sig")
    titles, row, whole = csv.reader(StringIO(content), delimiter=";")
    assert (whole[0], whole[titles.index("Нетто, кг")]) == ("Итого", "922,000")
    told = dict(zip(titles, row, strict=True))
    assert (told["Паллет"], told["Нетто, кг"], told["Замес"]) == ("2", "922,000", str(mix))
    book = load_workbook(BytesIO(office.post(f"{PAGE}export/xlsx/").content))
    assert [row[7].value for row in book.worksheets[0].iter_rows(min_row=2)] == [922, 922, 1844]
    assert office.post(f"{PAGE}export/pdf/").status_code == 404
    assert office.get(f"{PAGE}export/csv/").status_code == 405


def test_the_store_s_export_says_of_each_pallet_what_the_page_says(office: Client) -> None:
    today = timezone.localdate()
    free, gone = stocked(1), stocked(2)
    Pallet.objects.filter(pk=gone.pk).update(state="reserved")
    Pallet.objects.filter(pk=free.pk).update(best_before=today + timedelta(days=9))
    content = office.post(f"{PAGE}export/csv/").content.decode("utf-8-sig")
    told = {row["Паллет"]: row for row in csv.DictReader(StringIO(content), delimiter=";")}
    page = words(office)
    for number, said in (("1", "Готов к отгрузке"), ("2", "В отгрузке")):
        assert told[number]["Готовность"] == said
        assert said in page
    assert told["1"]["ОСГ, дней"] == "9"
    assert " 9 Готов к отгрузке" in page


def test_the_store_is_read_by_office_roles_alone() -> None:
    assert member("clerk", "Отдел отгрузки").get(PAGE).status_code == 200
    stranger = Client()
    stranger.force_login(User.objects.create_user("nobody", is_staff=True))
    assert stranger.get(PAGE).status_code == 403
    assert stranger.post(f"{PAGE}export/csv/").status_code == 403
