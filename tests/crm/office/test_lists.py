"""Every list of the office: its price, filters, totals, columns, search, and each card's price."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.office.models import ColumnSet
from crm.people.roles import OfficeRole
from crm.production.models import Blank, MincedOrder, Mix, Pallet, SecondMinced
from tests.crm.office.conftest import member
from tests.crm.office.floor import LISTS, furnish

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


def test_number_ranges_and_day_ranges_may_be_open_at_either_end(office: Client) -> None:
    furnish(1)
    pallet = Pallet.objects.get()

    def found(**query: str) -> int:
        return len(office.get("/admin/production/pallet/", query).context["cl"].result_list)

    assert pallet.net == Decimal("922")
    assert (found(net_from="922"), found(net_from="922,001"), found(net_to="921,999")) == (1, 0, 0)
    assert (found(net_from="900", net_to="922"), found(net_from="много")) == (1, 1)
    day = pallet.production_day.strftime("%d.%m.%Y")
    assert found(production_day_from=day, production_day_to=day) == 1
    assert found(production_day_from="01.01.2099") == 0


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
