"""Freezers of the office (domain 11.2): added, taken out of use, never deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from crm.audit.models import ValueChange
from crm.catalogue.models import Freezer
from crm.production.freezers import with_free
from crm.production.models import FreezerLoad
from crm.production.operations.freezers import activate_freezer
from engine.errors import Refused
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address, words
from tests.crm.production.pallets import mix_out, now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/catalogue/freezer/add/"
OFFICE = "Производственный отдел"
WHY = "новый шокер смонтирован"


def add(client: Client, **other: Any) -> str:
    """Send the form of a shocker; return the page that it leads to, as words."""
    form = {"kind": "shock", "number": 77, "capacity": 12, "min_minutes": 600, "reason": WHY}
    return words(client.post(PAGE, form | other, follow=True).content.decode())


def switch(client: Client, freezer: Freezer, name: str, why: str = WHY) -> str:
    """Press a command of a freezer; return what is said."""
    answer = client.post(address(freezer, name), {"reason": why}, follow=True)
    return words(answer.content.decode())


def offered(kind: str) -> list[int]:
    return [one.number for one, _free in with_free(kind)]


def test_an_added_shocker_is_offered_at_once_and_the_reason_is_kept() -> None:
    assert 77 not in offered("shock")
    assert f"Добавлено: Шокер 77. {WHY}" in add(member("one", OFFICE))
    assert Freezer.objects.get(number=77).capacity == 12
    assert 77 in offered("shock")
    assert LogEntry.objects.get().change_message == f"Добавлено: Шокер 77. {WHY}"


def test_a_plate_freezer_stands_on_a_line_and_takes_one_mix() -> None:
    client = member("one", OFFICE)
    assert "стоит на линии 1 или 2" in add(client, kind="plate")
    assert "Добавлено" in add(client, kind="plate", line="2")
    made = Freezer.objects.get(number=77)
    assert (made.line, made.capacity) == (2, 1)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"capacity": 101}, "Мест от 1 до 100"),
        ({"number": 1000}, "Номер от 1 до 999"),
        ({"min_minutes": 10_081}, "минут от 1 до 10080"),
        ({"reason": "ой"}, "не менее 5"),
    ],
)
def test_a_freezer_that_may_not_be_is_refused_in_words(given: dict[str, Any], why: str) -> None:
    before = Freezer.objects.count()
    assert why in add(member("one", OFFICE), **given)
    assert Freezer.objects.count() == before


def test_a_number_is_given_once_and_who_is_out_of_use_is_told() -> None:
    client = member("one", OFFICE)
    add(client)
    assert "Шокер 77 уже есть" in add(client)
    switch(client, Freezer.objects.get(number=77), "deactivate")
    assert "есть, но не действует" in add(client)
    assert Freezer.objects.filter(number=77).count() == 1


def test_a_freezer_out_of_use_is_not_offered_until_it_is_put_back() -> None:
    client = member("one", OFFICE)
    freezer = Freezer.objects.filter(kind="shock").earliest("number")
    assert f"Выведена из работы: {WHY}" in switch(client, freezer, "deactivate")
    assert freezer.number not in offered("shock")
    assert "не действует" in switch(client, freezer, "deactivate")
    assert f"Снова в работе: {WHY}" in switch(client, freezer, "activate")
    assert freezer.number in offered("shock")
    with pytest.raises(Refused, match="уже действует"):
        activate_freezer(None, freezer=freezer, reason=WHY, at=now())
    kept = ValueChange.objects.filter(record_id=str(freezer.pk), field="active").order_by("id")
    assert [(one.old, one.new, one.reason) for one in kept] == [
        ("true", "false", WHY),
        ("false", "true", WHY),
    ]
    assert all(one.by for one in kept)


@pytest.mark.parametrize("state", ["new", "freezing", "due", "overdue"])
def test_a_freezer_with_a_load_inside_stays_in_use(state: str) -> None:
    mix = mix_out()
    FreezerLoad.objects.update(state="unloaded", unloaded_at=now())
    freezer = Freezer.objects.filter(kind="plate").earliest("number")
    load = FreezerLoad.objects.create(
        state=state, freezer=freezer, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        created_at=now(),
    )  # fmt: skip
    client = member("one", OFFICE)
    assert f"не пустой, в нём {mix}" in switch(client, freezer, "deactivate")
    freezer.refresh_from_db()
    assert freezer.active
    FreezerLoad.objects.filter(pk=load.pk).update(state="unloaded", unloaded_at=now())
    assert "Выведена из работы" in switch(client, freezer, "deactivate")


def test_without_a_reason_and_without_the_right_nothing_is_taken_out_of_use() -> None:
    freezer = Freezer.objects.filter(kind="shock").earliest("number")
    switch(member("one", OFFICE), freezer, "deactivate", "ой")
    other = member("two", "Менеджер по качеству")
    assert other.post(address(freezer, "deactivate"), {"reason": WHY}).status_code == 403
    freezer.refresh_from_db()
    assert freezer.active
    assert "Вывести из работы" not in other.get(address(freezer, "change")).content.decode()


def test_what_stands_in_freezers_now_is_told_from_what_was_taken_out(office: Client) -> None:
    freezer, mix = Freezer.objects.get(kind="plate", number=1), mix_out()
    common = {"freezer": freezer, "slot": 1, "mix": mix, "loaded_at": now(), "created_at": now()}
    for state in ("unloaded", "voided", "overdue"):
        FreezerLoad.objects.create(state=state, due_at=now(), **common)

    def listed(which: str) -> set[str]:
        page = office.get(f"/admin/production/freezerload/?open={which}")
        return {one.state for one in page.context["cl"].result_list}

    assert listed("yes") == {"overdue"}
    assert listed("no") == {"unloaded", "voided"}
