"""Rows of lists: written once a page what the theme finds out for each row, to the same letters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from unfold.templatetags.unfold_list import items_for_result, result_headers

from crm.catalogue.models import Recipe
from crm.ledger.models import Lot
from crm.office.list_rows import rows_of
from crm.people.models import Person
from crm.production.models import RawBatch
from tests.crm.office.floor import LISTS, a_deviation, furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
LINE = re.compile(r'<tr class="data-row[^"]*">(.*?)</tr>', re.DOTALL)


def asked(page: Any, account: User) -> Any:
    """Return the list of a page, sorted by its second column, as a request for it makes it."""
    address = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    request = RequestFactory().get(address, {"o": "1"})
    request.user, request.resolver_match = account, resolve(address)
    return page.get_changelist_instance(request)


def test_every_list_writes_its_rows_as_the_theme_does(boss: User) -> None:
    furnish(2)
    a_deviation(7, Lot.objects.create(kind="mix"))  # of a lot whose record is not there
    compared = set()
    for model, page in admin.site._registry.items():
        changelist = asked(page, boss)
        titles = [header["text"] for header in result_headers(changelist)]
        theirs = [
            "".join(items_for_result(changelist, row, None)) for row in changelist.result_list
        ]
        assert LINE.findall(rows_of(changelist, titles)) == theirs, model
        compared |= {model} if theirs else set()
    assert compared >= {*LISTS.values(), Person, Recipe}


@pytest.mark.parametrize("listed", ["auth/user", "auth/group", "quality/limitversion"])
def test_a_tablet_names_each_value_with_a_capital_and_nothing_by_a_dash(
    office: Client, listed: str
) -> None:
    shown = office.get(f"/admin/{listed}/").content.decode()
    assert (labels := re.findall(r'data-label="(.)', shown))
    assert [one for one in labels if one.islower()] == []
    assert re.findall(r'data-label="([^"]*)"></td>', shown) == []


def test_what_somebody_typed_is_no_markup_in_a_list(office: Client) -> None:
    furnish(1)
    RawBatch.objects.update(number="<b>1</b>", ttn_number='"><script>')
    shown = office.get("/admin/production/rawbatch/").content.decode()
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert '"><script>' not in shown
    assert "<b>1</b>" not in shown
