"""«Склад ГП»: what is ticked is held, all of it or none, and its labels are printed as one file."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pypdfium2 import PdfDocument

from crm.documents.models import Document
from crm.outbox.models import Notice
from crm.production.models import Mix, Pallet
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from engine.files.local import LocalFiles
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now, pet_food_out, stocked, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/store/"
WHY = "нужна проверка"


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page.decode())))


def held(client: Client, *pallets: Pallet, step: str = "apply") -> str:
    """Send the form of a hold; return the page that it leads to, as words."""
    given = {"kind": "manual", "scope": "one", "reason": WHY, "step": step}
    ids = [str(one.pk) for one in pallets]
    return words(client.post(f"{PAGE}hold/", {**given, "pallet": ids}, follow=True).content)


def ticks(client: Client, **query: str) -> list[int]:
    page = client.get(PAGE, query).content.decode()
    found = re.findall(r'name="pallet" form="shipment" value="(\d+)"', page)
    return [int(one) for one in found]


@pytest.fixture
def quality() -> Client:
    return member("quality", "Менеджер по качеству")


def test_ticked_pallets_are_shown_first_and_then_held_together(quality: Client) -> None:
    first, second, other = stocked(1), stocked(2), stocked(3)
    assert "Заблокировать" in words(quality.get(PAGE).content)
    asked = quality.post(f"{PAGE}hold/", {"pallet": [first.pk, second.pk]}).content.decode()
    assert re.findall(r'<input type="hidden" name="pallet" value="(\d+)"', asked) == [
        str(first.pk),
        str(second.pk),
    ]
    assert "станет так" in held(quality, first, second, step="show")
    assert not Hold.objects.exists()
    assert "Заблокированы паллеты: 1, 2. нужна проверка" in held(quality, first, second)
    assert {*Hold.objects.values_list("lot", "kind", "reason")} == {
        (first.lot_id, "manual", WHY),
        (second.lot_id, "manual", WHY),
    }
    told = Notice.objects.filter(event__startswith="hold:")
    assert len({*told.values_list("event")}) == 1
    (text,) = {one.plain_text for one in told}
    assert "Паллет 1 от" in text
    assert "Паллет 2 от" in text
    assert "ещё" not in text
    assert LogEntry.objects.filter(object_repr="Заблокировать").count() == 1
    assert ticks(quality, hold="manual") == [first.pk, second.pk]
    assert ticks(quality, hold="lab") == []
    assert ticks(quality, ready="yes") == [other.pk]


def test_one_that_is_held_so_already_keeps_all_free_and_is_named(quality: Client) -> None:
    first, second = stocked(1), stocked(2)
    place_hold(who(), lot=second.lot, kind="manual", reason="давно", at=now())
    assert "2: Уже заблокировано" in held(quality, first, second)
    assert not Hold.objects.filter(lot=first.lot).exists()


def test_nothing_ticked_too_much_ticked_and_what_left_are_refused_in_words(
    quality: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stocked(1), stocked(2)
    assert "Выберите хотя бы один паллет" in held(quality)
    assert "Причина" in held(quality, first, step="ask")
    monkeypatch.setattr("crm.office.store_acts.MOST", 1)
    assert "Не больше 1 паллетов за раз" in held(quality, first, second)
    Pallet.objects.update(state="shipped")
    assert "Выберите хотя бы один паллет" in held(quality, first)
    assert not Hold.objects.exists()


def test_only_who_holds_may_hold_and_the_clerk_has_no_button() -> None:
    clerk, pallet = member("clerk", "Отдел отгрузки"), stocked(1)
    assert "Заблокировать" not in words(clerk.get(PAGE).content)
    assert clerk.post(f"{PAGE}hold/", {"pallet": [pallet.pk]}).status_code == 403
    assert not Hold.objects.exists()


def test_readiness_is_green_orange_red_or_in_a_shipment(office: Client) -> None:
    no_ash, good, bad, gone = stocked(1, mix=pet_food_out()), stocked(2), stocked(3), stocked(4)
    Mix.objects.filter(lot__pallet_items__pallet=no_ash).update(ash_state="missing")
    place_hold(who(), lot=bad.lot, kind="manual", reason=WHY, at=now())
    Pallet.objects.filter(pk=gone.pk).update(state="reserved")
    assert ticks(office, ready="yes") == [good.pk]
    assert ticks(office, ready="ash") == [no_ash.pk]
    assert ticks(office, ready="gone") == [gone.pk]
    assert {*ticks(office, ready="no")} == {no_ash.pk, bad.pk}


def test_labels_of_what_is_ticked_are_one_pdf_and_new_editions(
    store: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.office.store_acts.open_files", lambda: store)
    clerk, pallets = member("clerk", "Отдел отгрузки"), [stocked(41), stocked(42)]
    for edition in (1, 2):
        answer = clerk.post(f"{PAGE}labels/", {"pallet": [one.pk for one in pallets]})
        assert answer["Content-Type"] == "application/pdf"
        with PdfDocument(BytesIO(answer.content)) as file:
            told = [page.get_textpage().get_text_range() for page in file]
        assert len(told) == 2
        assert "41" in told[0]
        assert "42" in told[1]
        valid = Document.objects.filter(kind="pallet_label", state="issued")
        assert {*valid.values_list("lot", "edition")} == {(one.lot_id, edition) for one in pallets}
    logged = LogEntry.objects.filter(object_repr="Этикетки").values_list(
        "change_message", flat=True
    )
    assert [*logged] == ["Напечатаны этикетки паллетов: 41, 42"] * 2
