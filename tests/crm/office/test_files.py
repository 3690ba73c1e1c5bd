"""Links to local files: signed, expiring, for staff only, harmless in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from crm.quality.models import Deviation
from engine.errors import EngineError
from engine.files.links import seal
from engine.files.local import LocalFiles
from tests.crm.conftest import Ask

pytestmark = pytest.mark.django_db
KEY = "photo/2026/11/0123456789abcdef0123456789abcdef"


@pytest.fixture
def link(store: LocalFiles) -> str:
    store.put(KEY, b"<script>alert(1)</script>", "text/html")
    return store.link(KEY, 900, "фото.html").removeprefix("http://testserver")


def test_a_good_link_opens_the_file_and_nothing_in_it_can_run(office: Client, link: str) -> None:
    answer = office.get(link)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_changed_link_opens_nothing(office: Client, link: str) -> None:
    changed = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert office.get(changed).status_code == 404


def test_a_link_that_is_over_opens_nothing(office: Client, store: LocalFiles, link: str) -> None:
    over = seal(store._secret, KEY, datetime.now(UTC) - timedelta(seconds=1), "x.jpg")
    assert office.get(f"/files/{over}").status_code == 404


def test_a_good_link_is_not_enough_for_a_stranger(link: str) -> None:
    answer = Client().get(link)
    assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


def test_the_evidence_of_a_deviation_is_shown_as_a_picture(
    office: Client, store: LocalFiles, ask: Ask
) -> None:
    store.put(KEY, b"\xff\xd8jpeg", "image/jpeg")
    deviation = ask()
    Deviation.objects.filter(pk=deviation.pk).update(pictures=[KEY])
    card = office.get(f"/admin/quality/deviation/{deviation.pk}/change/").content.decode()
    (picture,) = re.findall(r'<img src="http://testserver(/files/[^"]+)"', card)
    answer = office.get(picture)
    assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert answer["Content-Disposition"].startswith("inline")


def test_a_card_says_so_while_the_store_is_away(
    office: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> LocalFiles:
        raise EngineError("the store does not answer")

    monkeypatch.setattr("crm.office.files.open_files", away)
    deviation = ask()
    Deviation.objects.filter(pk=deviation.pk).update(pictures=[KEY])
    answer = office.get(f"/admin/quality/deviation/{deviation.pk}/change/")
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Хранилище не отвечает" in said
    assert deviation.number in said
    assert 'href=""' not in said
