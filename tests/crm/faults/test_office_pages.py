"""Pages of the office on data that has gaps (domain 15): X58, X75."""

from __future__ import annotations

import html
import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.production.models import Mix
from engine.files.local import LocalFiles
from engine.model.files import FileRef
from tests.crm.conftest import Receive
from tests.crm.production.pallets import mix_out
from tests.seeded import seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Client:
    seed()
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())))


def test_photos_of_the_veterinary_document_stand_on_the_card_of_its_batch(
    office: Client, receive: Receive, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalFiles(tmp_path, "k" * 50, "http://testserver/files/")
    monkeypatch.setattr("crm.office.files.open_files", lambda: store)
    kept = store.put(f"photo/2026/11/{uuid4().hex}", b"\xff\xd8jpeg", "image/jpeg")
    batch = receive(files={"vet": [FileRef(kept.key, kept.sha256, kept.size, kept.mime)]})
    address = f"/admin/production/rawbatch/{batch.pk}/change/"
    assert "ЭВСД" in words(office, address).partition("Фото и сканы")[2]
    assert len(re.findall(r'<img src="[^"]+/files/', office.get(address).content.decode())) == 1


def test_a_finished_mix_without_a_pallet_or_without_an_order_breaks_no_page(office: Client) -> None:
    bare, lost = mix_out(), mix_out()
    order = bare.order
    assert order is not None
    Mix.objects.filter(pk=lost.pk).update(order=None)
    for state in ("on_pallets", "finished"):
        Mix.objects.update(state=state)
        for record in (bare, Mix.objects.get(pk=lost.pk), order):
            name = record._meta.model_name
            assert str(record) in words(office, f"/admin/production/{name}/{record.pk}/change/")
            assert str(record) in words(office, f"/admin/production/{name}/")
            for kind in ("csv", "xlsx"):
                made = office.post(f"/admin/production/{name}/export/{kind}/")
                assert made.status_code == 200
        for lot in (bare.lot_id, lost.lot_id):
            assert office.get(f"/admin/lots/{lot}/genealogy.svg").status_code == 200
        for page in ("/admin/", "/admin/store/", "/admin/production/shipment/add/"):
            assert office.get(page).status_code == 200
