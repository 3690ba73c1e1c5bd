"""The office in English: of a plant that was walked from the truck to the customer nothing that the
program wrote itself stays Russian. What people typed, and what the plant calls its things, does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import CharField
from django.test import Client
from django.urls import reverse

from crm.catalogue.models import Entry
from crm.people.models import Person
from crm.plant.clock import PlantClock
from tests.crm.test_walk import InProcess
from tests.crm.walk import walk_the_plant
from tests.seeded import seed

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
NOT_SHOWN = re.compile(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", re.DOTALL)
NUMBERS = re.compile(r"\b(?:[ЗФО]-?\d[\d/-]*|ОТК-\d+-\d+|ТТН-\d+|С-\d|Русский)")
RUSSIAN = re.compile(r"[А-Яа-яЁё][^<>\n\"]*")


def typed() -> list[str]:
    """What people of the plant called things, the longest first."""
    kinds = [*(one for one in apps.get_models() if issubclass(one, Entry)), Person]
    found = {"Учебный завод", "Админов", "Админ"}
    for kind in kinds:
        names = [one.name for one in kind._meta.fields if isinstance(one, CharField)]
        for row in kind._default_manager.values_list(*names):
            found |= {one for one in row if one}
    return sorted(found, key=len, reverse=True)


def left(page: str, data: list[str]) -> list[str]:
    text = unescape(NOT_SHOWN.sub("", page))
    for one in data:
        text = text.replace(one, "")
    return [one.strip() for one in RUSSIAN.findall(NUMBERS.sub("", text))]


def pages(office: Client) -> Iterator[str]:
    for model in admin.site._registry:
        opts = model._meta
        name = f"{opts.app_label}_{opts.model_name}"
        yield reverse(f"admin:{name}_changelist")
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            yield reverse(f"admin:{name}_change", args=[row.pk])


def test_no_page_of_the_office_says_anything_in_russian_to_who_chose_english(
    office: Client,
) -> None:
    seed()
    with PlantClock(START) as clock:
        walk_the_plant(InProcess(clock))
        office.cookies["django_language"] = "en"
        data = typed()
        found = {}
        for page in pages(office):
            answer = office.get(page)
            if answer.status_code == 200 and (rest := left(answer.content.decode(), data)):
                found[page] = sorted({*rest})
    assert found == {}
