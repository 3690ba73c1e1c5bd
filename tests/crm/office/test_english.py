"""The office in English: nothing that the program wrote itself stays Russian, on the page of every
list and of one record of each. What people typed, and what the plant calls its things, does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import CharField, Model
from django.test import Client
from django.urls import reverse

from crm.catalogue.models import Entry
from crm.own_words import NO_ORIGIN, PASSED
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.operations.record_not_frozen import record_not_frozen
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from tests.crm.office.floor import furnish
from tests.crm.production.pallets import now, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
NOT_SHOWN = re.compile(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", re.DOTALL)
NUMBERS = re.compile(r"\b(?:[ЗФОД]-?\d[\d/-]*|ОТК-\d+-\d+|С-\d)|Русский")
RUSSIAN = re.compile(r"[А-Яа-яЁё][^<>\n\"]*")
TYPED = {"Учебный завод", "Админов", "Админ", "проверка", "Посмотреть", "идём", "всё чисто"}
TYPED |= {"стоит пресс 1", "успели", "температура", "Температура", "Вторфарш"}
AS_TOLD = ("recalldrill", "handover")  # what was said then is kept as it was said


def data() -> list[str]:
    """What people of the plant called things, the longest first."""
    entries = [one for one in apps.get_models() if issubclass(one, Entry)]
    kinds: list[type[Model]] = [*entries, Person]
    found = {*TYPED}
    for kind in kinds:
        names = [one.name for one in kind._meta.fields if isinstance(one, CharField)]
        for row in kind._default_manager.values_list(*names):
            found |= {one for one in row if one}
    return sorted(found, key=len, reverse=True)


def left(page: str, known: list[str]) -> list[str]:
    text = unescape(NOT_SHOWN.sub("", page))
    for one in known:
        text = text.replace(one, "")
    found = (one.strip() for one in RUSSIAN.findall(NUMBERS.sub("", text)))
    return [one for one in found if len(one) > 1]  # one letter stands for a name


def pages() -> Iterator[str]:
    yield from (
        "/admin/",
        "/admin/totals/",
        "/admin/journal/",
        "/admin/store/",
        "/admin/stages/",
        "/admin/reports/",
    )
    for model in admin.site._registry:
        opts = model._meta
        name = f"{opts.app_label}_{opts.model_name}"
        yield reverse(f"admin:{name}_changelist")
        row = model._default_manager.order_by("-pk").first()
        if row is not None and opts.model_name not in AS_TOLD and model is not Group:
            yield reverse(f"admin:{name}_change", args=[row.pk])


def test_no_page_says_anything_in_russian_to_who_chose_english(office: Client) -> None:
    furnish(1)
    pallet = Pallet.objects.latest("pk")
    why, at = NO_ORIGIN, now()
    hold = place_hold(who(), lot=pallet.lot, kind=HoldKind.NO_ORIGIN, reason=why, at=at)
    release_hold(who(), hold=hold, reason=PASSED, at=at, decided=True)
    record_not_frozen(who(), at=at, pallet=pallet)
    office.cookies["django_language"] = "en"
    known, found = data(), []
    for page in pages():
        answer = office.get(page)
        if answer.status_code == 200:
            found += [f"{page} {one}" for one in left(answer.content.decode(), known)]
    assert found == []
