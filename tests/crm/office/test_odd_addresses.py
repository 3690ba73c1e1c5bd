"""Addresses that no page of the office leads to and anybody inside can type: none is an error of
the server, on either database."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
HUGE, LONG = "9" * 30, "9" * 5000
LISTS = "/admin/production/rawbatch/"


@pytest.mark.parametrize(
    "address",
    [
        f"{LISTS}{HUGE}/change/",
        f"{LISTS}{HUGE}/recount/",
        f"{LISTS}{HUGE}/history/",
        f"{LISTS}-1/change/",
        f"{LISTS}²/change/",
        f"{LISTS}?id__in={HUGE}",
        f"{LISTS}?id__gt={HUGE}",
        f"{LISTS}?p={HUGE}",
        f"{LISTS}?o={HUGE}.-{HUGE}",
        f"{LISTS}?q={'+'.join('аб' for _ in range(1500))}",
        f"{LISTS}?q={HUGE}",
        f"{LISTS}saved/{HUGE}/",
        f"/admin/lots/{HUGE}/genealogy.svg",
        f"/admin/lots/1/genealogy.svg?and={HUGE}&and={LONG}",
        f"/admin/search/?s={HUGE}",
        f"/admin/search/?s={LONG}",
        f"/admin/people/person/?q={HUGE}",
        f"/admin/people/person/{HUGE}/card/",
        f"/admin/journal/?before={HUGE}",
        "/files/x",
    ],
)
def test_an_odd_address_is_no_error(office: Client, address: str) -> None:
    assert office.get(address).status_code in (200, 302, 404), address


@pytest.mark.parametrize("forget", [HUGE, LONG, "²", "x"])
def test_an_odd_filter_to_forget_is_none(office: Client, forget: str) -> None:
    assert office.post(f"{LISTS}saved/", {"forget": forget}).status_code == 302


@pytest.mark.parametrize("ticked", [HUGE, "x", "²"])
def test_an_odd_tick_is_none(office: Client, ticked: str) -> None:
    for address in ("/admin/production/shipment/add/", "/admin/store/labels/"):
        answer = office.post(address, {"pallet": ticked, "step": "draft"})
        assert answer.status_code in (200, 302)
