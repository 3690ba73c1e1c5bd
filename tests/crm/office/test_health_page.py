"""«Здоровье»: what waits and why, in the language of who reads it, as cheaply as any page."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.audit.models import BookCheck
from crm.bridge.program import program
from crm.production.models import Mix, Place
from crm.production.models.stations import Waiting
from tests.crm.office.floor import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/health/"


def words(client: Client, address: str = PAGE) -> str:
    text = html.unescape(client.get(address).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def wait() -> Mix:
    """Let a mix wait, and a place be held by nothing."""
    furnish(1)
    mix = Mix.objects.earliest("pk")
    Waiting.objects.create(record="mix", record_id=str(mix.pk), field="state", why="нет места")
    Place.objects.create(
        resource="defroster", slot=1, record="blank", record_id="77", title="З-77",
        lifecycle="blank", since=timezone.now(),
    )  # fmt: skip
    return mix


def test_what_waits_and_what_must_not_be_is_told_by_cause_and_age(office: Client) -> None:
    wait()
    text = words(office)
    assert re.search(r"Замес: нет места — 1, с \d\d\.\d\d\.\d{4} \d\d:\d\d, ", text)
    assert "defroster 1: З-77 (None)" in text
    assert "дольше всех" in text


def test_every_mix_is_named_when_that_is_asked_for(office: Client) -> None:
    mix = wait()
    assert "нет места" in words(office, f"{PAGE}?all")
    assert f"{mix}: " in words(office, f"{PAGE}?all")
    assert f"{mix}: " not in words(office)


def test_of_the_books_it_says_what_the_last_night_found(office: Client) -> None:
    night = timezone.now() - timedelta(hours=9)
    BookCheck.objects.create(
        night=night.date(), asked_at=night, begun_at=night, ended_at=night, wrong=3,
        found=[["Остатки, которые не равны сумме строк", 3, ["лот 7"]]],
    )  # fmt: skip
    assert "Остатки, которые не равны сумме строк 3 лот 7" in words(office)


def test_it_is_read_in_english_too(office: Client) -> None:
    mix = wait()
    Waiting.objects.update(why="ждёт: партия остановлена")
    assert "Замес: ждёт: партия остановлена — 1, с " in words(office)
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for address in (PAGE, f"{PAGE}?all"):
        assert "партия остановлена" not in words(office, address), address
    assert f"{mix}: " in words(office, f"{PAGE}?all")
    text = words(office)
    assert "Mix: waits: the order is paused — 1, " in text
    assert "Places held by no record" in text
    assert "the longest" in text
    assert "дольше всех" not in text


def test_it_asks_no_more_for_more_records(office: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE).status_code == 200
        return len(queries)

    program()
    furnish(1)
    office.get(PAGE)
    few = asked()
    furnish(3)
    assert asked() <= few
