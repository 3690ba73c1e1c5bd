"""Links to local files: signed, expiring, for staff only, harmless in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from crm.quality.models import Deviation
from engine.errors import EngineError
from engine.files.links import seal
from engine.files.local import LocalFiles
from engine.files.small import SIDE, small_key
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


def evidence(store: LocalFiles, ask: Ask, content: bytes, office: Client) -> str:
    """Store a picture as that of a deviation; return the address under which its card shows it."""
    store.put(KEY, content, "image/jpeg")
    deviation = ask()
    Deviation.objects.filter(pk=deviation.pk).update(pictures=[KEY])
    card = office.get(f"/admin/quality/deviation/{deviation.pk}/change/").content.decode()
    (picture,) = re.findall(r'<img src="http://testserver(/files/[^"]+)"', card)
    (whole,) = re.findall(r'href="http://testserver(/files/[^"]+)"', card)
    assert office.get(whole).content == content  # opens large
    return str(picture)


def photo(side: int) -> bytes:
    made = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def test_a_card_shows_small_pictures_that_are_made_once(
    office: Client, store: LocalFiles, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = photo(1200)
    address = evidence(store, ask, content, office)
    answer = office.get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (SIDE, SIDE)
    assert len(answer.content) < len(content) // 5
    assert store.get(small_key(KEY)) == answer.content
    monkeypatch.setattr("crm.bridge.small.small", None)  # is not called again
    assert office.get(address).content == answer.content
    stranger = Client().get(address)
    assert (stranger.status_code, "/login/" in stranger["Location"]) == (302, True)


def test_what_cannot_be_made_small_is_shown_as_it_is(
    office: Client, store: LocalFiles, ask: Ask
) -> None:
    answer = office.get(evidence(store, ask, b"\xff\xd8jpeg", office), follow=True)
    assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert answer["Content-Disposition"].startswith("inline")


def test_links_to_small_pictures_end_and_a_lost_picture_is_none(
    office: Client, store: LocalFiles, link: str
) -> None:
    over = seal(store._secret, KEY, datetime.now(UTC) - timedelta(seconds=1), "x.jpg")
    assert office.get(f"/files/{over}/small").status_code == 404
    store.delete(KEY)
    assert office.get(f"{link}/small", follow=True).status_code == 404


def test_a_sign_stands_for_a_small_picture_while_the_store_is_away(
    office: Client, store: LocalFiles, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = evidence(store, ask, photo(50), office)
    monkeypatch.setattr("crm.office.files.open_files", away)
    answer = office.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")


def away() -> LocalFiles:
    raise EngineError("the store does not answer")


def test_a_card_says_so_while_the_store_is_away(
    office: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.office.files.open_files", away)
    deviation = ask()
    Deviation.objects.filter(pk=deviation.pk).update(pictures=[KEY])
    answer = office.get(f"/admin/quality/deviation/{deviation.pk}/change/")
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Хранилище не отвечает" in said
    assert deviation.number in said
    assert 'href=""' not in said
