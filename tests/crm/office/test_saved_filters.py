"""Saved filters of lists: each account's own, by name, shared by their addresses."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.office.models import SavedFilter
from tests.crm.office.conftest import member
from tests.crm.office.floor import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
LIST = "/admin/production/pallet/"
FILTER = "state__exact=in_stock&kind__exact=mix"


@pytest.fixture
def clerk() -> Client:
    return member("clerk", "Отдел отгрузки")


def keep(client: Client, name: str, query: str = FILTER) -> None:
    answer = client.post(f"{LIST}saved/?{query}", {"name": name})
    assert answer["Location"] == f"{LIST}?{query}"


def names(client: Client, query: str = "") -> list[tuple[str, bool]]:
    tools = client.get(f"{LIST}?{query}").context["tools"]
    return [(one["name"], one["open"]) for one in tools["saved"]]


def test_a_filter_is_kept_under_a_name_and_marked_where_it_is_open(clerk: Client) -> None:
    furnish(1)
    keep(clerk, "На складе")
    assert names(clerk) == [("На складе", False)]
    assert names(clerk, FILTER) == [("На складе", True)]
    keep(clerk, "На складе", "state__exact=shipped")
    assert SavedFilter.objects.get().query == "state__exact=shipped"


def test_whoever_may_read_the_list_opens_a_filter_by_its_address(clerk: Client) -> None:
    keep(clerk, "На складе")
    address = f"{LIST}saved/{SavedFilter.objects.get().pk}/"
    other = member("other", "Директор")
    assert other.get(address)["Location"] == f"{LIST}?{FILTER}"
    assert names(other) == []
    assert Client().get(address)["Location"].startswith("/admin/login/")


def test_only_its_own_account_forgets_a_filter(clerk: Client) -> None:
    keep(clerk, "На складе")
    one = SavedFilter.objects.get()
    member("other", "Директор").post(f"{LIST}saved/", {"forget": str(one.pk)})
    assert SavedFilter.objects.exists()
    clerk.post(f"{LIST}saved/", {"forget": str(one.pk)})
    assert not SavedFilter.objects.exists()
    gone = clerk.get(f"{LIST}saved/{one.pk}/", follow=True)
    assert "Такого фильтра больше нет" in gone.content.decode()


def test_the_page_that_was_open_is_no_part_of_a_filter(clerk: Client) -> None:
    clerk.post(f"{LIST}saved/?p=2&{FILTER}", {"name": "На складе"})
    assert SavedFilter.objects.get().query == FILTER


def test_a_name_is_needed_and_one_of_spaces_is_none(clerk: Client) -> None:
    clerk.post(f"{LIST}saved/?{FILTER}", {"name": "   "})
    assert not SavedFilter.objects.exists()
