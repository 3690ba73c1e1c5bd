"""Photos and the certificate of a raw batch replaced from the office (F133, domain 4.7, 4.9)."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document as Word
from PIL import Image

from crm.documents.models import Document
from crm.production.models import RawBatch
from crm.work.models import File
from engine.files.local import LocalFiles
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, address, words
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock
from tests.engine.files.test_stripped import PHONE
from tests.engine.files.test_stripped import sent as told_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def kept(store: LocalFiles, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    monkeypatch.setattr("crm.bridge.uploads.open_files", lambda: store)
    return store


@pytest.fixture
def batch(seeded: None) -> RawBatch:
    return batch_in_stock("carcass", kg(500))


def picture(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (20, 10), colour).save(made, "PNG")
    return made.getvalue()


def send(client: Client, batch: RawBatch, step: str, *files: bytes, **given: str) -> str:
    named = [SimpleUploadedFile(f"file{at}", one) for at, one in enumerate(files)]
    filled = {f"{step}-{name}": value for name, value in given.items()}
    sent = {"step": step, f"{step}-uploads": named, f"{step}-reason": "смазано", **filled}
    answer = client.post(address(batch, "files"), sent, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_photos_of_a_kind_are_replaced_and_the_old_ones_stay(
    kept: LocalFiles, batch: RawBatch
) -> None:
    client = member("one", OFFICE)
    send(client, batch, "photos", picture("red"), kind="ttn")
    said = send(client, batch, "photos", picture("blue"), picture("green"), kind="ttn")
    assert "Заменены фото: ТТН. смазано" in said
    old, *new = File.objects.filter(lot=batch.lot_id, kind="ttn").order_by("pk")
    assert (old.replaced_by, old.replace_reason) == (new[0], "смазано")
    assert [one.replaced_by for one in new] == [None, None]
    assert kept.get(new[0].key) == picture("blue")
    assert str(new[0].taken_by) == "one"
    assert LogEntry.objects.filter(change_message__contains="Заменены фото").count() == 2


def test_a_photo_of_a_phone_is_kept_without_its_place_beside_the_digest_of_what_was_sent(
    kept: LocalFiles, batch: RawBatch
) -> None:
    content = told_picture("JPEG", held=6)
    send(member("one", OFFICE), batch, "photos", content, picture("red"), kind="ttn")
    phone, plain = File.objects.filter(lot=batch.lot_id, kind="ttn").order_by("pk")
    assert PHONE.encode() not in kept.get(phone.key)
    assert phone.original == sha256(content).hexdigest()
    assert phone.sha256 == sha256(kept.get(phone.key)).hexdigest()
    assert plain.original == ""


def test_what_is_no_picture_is_refused_and_nothing_is_replaced(
    kept: LocalFiles, batch: RawBatch
) -> None:
    said = send(member("one", OFFICE), batch, "photos", b"no picture", kind="ttn")
    assert "не фото и не PDF" in said
    assert not File.objects.filter(lot=batch.lot_id, kind="ttn").exists()


def test_as_many_photos_as_a_chat_takes_are_kept_and_of_more_none(
    kept: LocalFiles, batch: RawBatch
) -> None:
    client, one = member("one", OFFICE), picture("red")
    assert "За раз не больше 20 файлов" in send(client, batch, "photos", *[one] * 21, kind="ttn")
    assert not File.objects.filter(lot=batch.lot_id, kind="ttn").exists()
    send(client, batch, "photos", *[one] * 20, kind="ttn")
    assert File.objects.filter(lot=batch.lot_id, kind="ttn").count() == 20


def test_a_corrected_certificate_is_the_issued_one(kept: LocalFiles, batch: RawBatch) -> None:
    made = BytesIO()
    Word().save(made)
    client = member("one", OFFICE)
    assert "не открывается как документ Word" in send(client, batch, "certificate", b"x")
    assert "Акт заменён. смазано" in send(client, batch, "certificate", made.getvalue())
    paper = Document.objects.get(lot=batch.lot_id, kind="incoming_control")
    assert (paper.state, paper.note) == ("issued", "смазано")
    assert kept.get(paper.key) == made.getvalue()


def test_the_page_is_for_those_who_correct_and_the_card_leads_to_it(
    kept: LocalFiles, batch: RawBatch
) -> None:
    for group, may in ((OFFICE, True), ("Главный технолог", True), ("Директор", False)):
        client = member(group, group)
        card = client.get(address(batch, "change")).content.decode()
        assert (address(batch, "files") in card) is may
        assert client.get(address(batch, "files")).status_code == (200 if may else 403)
