"""What cards tell: balances of an order, the way of a mix, genealogy as a picture, links."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm.audit.models import ValueChange
from crm.bridge.traced import as_mermaid
from crm.catalogue.models import Freezer
from crm.documents.models import Document
from crm.ledger.models import Event, Lot
from crm.ledger.operations.move_state import move_state
from crm.ledger.trace import Way
from crm.ledger.trace import trace as follow
from crm.office.card import Cell, cell
from crm.office.templatetags.office import shown
from crm.people.models import Person
from crm.production.models import Blank, FreezerLoad, MincedOrder, Mix, Pallet, RawBatch, Shipment
from crm.production.operations.release_order import release_order
from crm.quality.models import Deviation
from crm.quality.operations.place_hold import place_hold
from crm.work.models import Chat, File, Session
from engine.files.local import LocalFiles
from tests.crm.office.floor import furnish
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import (
    kg,
    mix_out,
    now,
    out,
    pet_food_out,
    rework_of_batch,
    shipped,
    stocked,
    who,
)
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_buffer_pallet import opened, ten_more

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def card(client: Client, record: object) -> tuple[str, str]:
    """Return a card as words and as it is."""
    meta = record._meta  # type: ignore[attr-defined]
    address = f"/admin/{meta.app_label}/{meta.model_name}/{record.pk}/change/"  # type: ignore[attr-defined]
    text = html.unescape(client.get(address).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)), text


def test_a_number_that_is_a_name_is_not_grouped_and_a_measured_one_is() -> None:
    assert cell(2832).text == "2832"
    assert cell(kg("2832.5")).text == "2\u202f832,5"


def test_a_coloured_word_leads_where_it_says(office: Client) -> None:
    there = Cell("на 5 < 6", "/admin/?a=1&b=2", "bad")
    assert shown(there) == (
        '<a class="office-link" href="/admin/?a=1&amp;b=2">'
        '<span class="office-badge is-bad">на 5 &lt; 6</span></a>'
    )
    mix = mix_out()
    hold = place_hold(who("technologist"), lot=mix.lot, kind="fhp", reason="жир 21,00", at=now())
    assert f'href="/admin/quality/hold/{hold.pk}/change/"' in card(office, mix)[1]
    address = "/admin/production/mix/?state__exact=on_pallets"
    assert f'href="{address}"' in office.get("/admin/").content.decode()


def test_the_way_to_a_card_calls_documents_and_forms_by_their_titles(office: Client) -> None:
    stocked(1)
    event = Event.objects.get(kind="accept_pallet")
    words, page = card(office, event)
    assert "chevron_right Приёмка паллета на склад" in words
    assert "ccept_pallet" not in page
    chat = Chat.objects.create(chat_id=7)
    begun = {"state": "talking", "started_at": now(), "updated_at": now()}
    session = Session.objects.create(
        id=uuid4(), chat=chat, person=who(), flow="raw_intake", step="company", **begun
    )
    words, _page = card(office, session)
    assert f"chevron_right Новая партия {str(session.pk)[:8]}" in words


def test_cards_of_rework_that_is_sold_lead_to_the_raw_meat_behind_it(office: Client) -> None:
    pallet, batch = rework_of_batch()
    lot = pallet.items.get().lot_id
    shipment = shipped(pallet)
    assert f"/lots/{lot}/genealogy.svg" in card(office, pallet)[1]
    with CaptureQueriesContext(connection) as asked:
        words, page = card(office, shipment)
    books = [one["sql"] for one in asked if 'FROM "ledger_posting"' in one["sql"]]
    assert books
    assert "production_shipmentpallet" not in "".join(books)  # by ids: beside all lines it is slow
    assert f"/lots/{lot}/genealogy.svg" in page
    assert f"{batch} Каркас" in words[words.index("Сырьё Партия") :]
    assert "Покупатель 300,000" in words[words.index("Проводки") :]


def test_an_order_tells_plan_written_off_and_left_by_component_and_by_mix(office: Client) -> None:
    first = batch_in_stock("carcass", kg("900"), condition="chilled")
    second = batch_in_stock("slch", kg("300"), condition="chilled")
    order = planned([line("900", first), line("300", second)], 3)
    out(order.mixes.get(index=1))
    words, page = card(office, MincedOrder.objects.get(pk=order.pk))
    assert "План 1 200,000 кг Списано 400,000 кг Осталось 800,000 кг Замесы 1/3" in words
    assert f"Партия сырья {first} Каркас 900,000 300,000 600,000 300,000" in words
    assert f"Партия сырья {second} СЛЧ 300,000 100,000 200,000 100,000" in words
    mix = order.mixes.get(index=1)
    assert f"{mix} 300,000 100,000 400,000" in words
    for record in (first, second, mix):
        assert f'href="/admin/production/{record._meta.model_name}/{record.pk}/change/"' in page


def test_what_was_released_of_an_order_is_not_left_of_it(office: Client) -> None:
    batch = batch_in_stock("carcass", kg("900"), condition="chilled")
    order = planned([line("900", batch)], 3)
    out(order.mixes.get(index=1))
    order.mixes.exclude(index=1).update(state="cancelled")
    release_order(None, order=order)
    words, _page = card(office, MincedOrder.objects.get(pk=order.pk))
    assert "План 900,000 кг Списано 300,000 кг Осталось 0,000 кг Замесы 1/1" in words
    assert f"Партия сырья {batch} Каркас 900,000 300,000 0,000 —" in words


def test_a_mix_tells_its_way_with_values_and_people_and_where_it_went(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    words, page = card(office, mix)
    batch, pallet = RawBatch.objects.get(), Pallet.objects.get()
    assert "Выгружен из камеры −18,5 °C" in words
    assert f"Партия сырья {batch} 1 000,000" in words
    assert f"/admin/production/pallet/{pallet.pk}/change/" in page
    assert f"/admin/lots/{mix.lot_id}/genealogy.svg" in page
    assert "Списание на замес" in words


def test_a_pallet_tells_whether_it_may_leave_and_a_shipment_what_is_in_it(office: Client) -> None:
    furnish(1)
    words, _page = card(office, Pallet.objects.get())
    assert "Отгрузка Можно" in words
    words, page = card(office, Shipment.objects.get())
    assert "Нетто 922,000 кг" in words
    assert f"/admin/production/pallet/{Pallet.objects.get().pk}/change/" in page


def test_a_freezer_shows_what_stands_in_every_place_and_its_lines_papers_and_photos(
    office: Client, store: LocalFiles
) -> None:
    furnish(1)
    shocker = Freezer.objects.get(kind="shock", number=1)
    FreezerLoad.objects.create(
        state="freezing", freezer=shocker, slot=2, pallet=Pallet.objects.get(),
        loaded_at=now(), due_at=now(), created_at=now(),
    )  # fmt: skip
    put_down(Pallet.objects.get().lot, "паллет.jpg", "Этикетка.pdf")
    words, page = card(office, shocker)
    assert "Этикетка.pdf" in words
    assert "Приёмка паллета" in words
    assert 'alt="Паллет"' in page
    assert f"Свободно {shocker.capacity - 1}" in words
    assert "1 свободно 2 паллет 1" in words


def test_the_genealogy_is_a_picture_both_ways_that_nothing_in_it_can_run(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    answer = office.get(f"/admin/lots/{mix.lot_id}/genealogy.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]
    drawn = html.unescape(answer.content.decode())
    for record in (RawBatch.objects.get(), mix, Pallet.objects.get()):
        assert str(record) in drawn


def test_the_genealogy_calls_what_it_shows_in_the_language_of_the_page() -> None:
    furnish(1)
    mix, batch, pallet = Mix.objects.get(), RawBatch.objects.latest("pk"), Pallet.objects.get()
    ways = [follow(mix.lot_id, way) for way in (Way.BACKWARD, Way.FORWARD)]
    for language, kinds in (
        ("ru", ("Партия сырья", "Замес", "Паллет")),
        ("en", ("Raw batch", "Mix", "Pallet")),
    ):
        with translation.override(language):
            drawn = as_mermaid(ways)
        for kind, record in zip(kinds, (batch, mix, pallet), strict=True):
            assert f"{kind} {record}" in drawn, (language, kind)


def test_a_picture_of_no_lot_is_not_there_and_is_not_for_everybody(office: Client) -> None:
    assert office.get("/admin/lots/999999/genealogy.svg").status_code == 404
    stranger = Client()
    stranger.force_login(User.objects.create_user("nobody", is_staff=True))
    lot = Lot.objects.create(kind="blank")
    assert stranger.get(f"/admin/lots/{lot.pk}/genealogy.svg").status_code == 403


def test_a_blank_tells_its_raw_batches_its_defrosting_and_its_stages(office: Client) -> None:
    furnish(1)
    blank, who = Blank.objects.get(), Person.objects.holding("storekeeper").first()
    blank.defrost_runs.create(started=now())
    move_state(blank, "weigh", sources=["planned"], to="weighed", by=who, at=now())
    words, page = card(office, blank)
    batch = RawBatch.objects.get()
    assert f"{batch} Каркас" in words
    assert f'href="/admin/production/rawbatch/{batch.pk}/change/"' in page
    assert f"Взвешена. {who}" in words
    assert f"Дефростер Включён Выключен {now():%d.%m.%Y %H:%M} —" in words


def test_a_batch_tells_its_analyses_and_where_it_went(office: Client) -> None:
    batch = batch_in_stock("carcass", kg("1000"), condition="chilled")
    mix = out(planned([line("1000", batch)], 1).mixes.get())
    words, page = card(office, batch)
    assert "Показатель Попытка 1" in words
    assert "Жир, % 17,00 Белок, % 13,00 Влага, % 67,00" in words
    assert f"в Замес {mix} 1 000,000" in words
    assert f"/admin/lots/{batch.lot_id}/genealogy.svg" in page


def test_a_picture_of_more_lots_than_it_holds_says_how_many_it_leaves_out() -> None:
    mix = mix_out()
    for number in (1, 2):
        stocked(number, "500", mix)
    ahead, back = follow(mix.lot_id, Way.FORWARD), follow(mix.lot_id, Way.BACKWARD)
    assert (len(ahead.parts), len(back.parts)) == (3, 2)
    whole = as_mermaid([back, ahead], 3)
    assert "и ещё лотов" not in whole
    cut = as_mermaid([back, ahead], 2)
    assert cut.count("и ещё лотов: 1") == 1
    assert f"n_{mix.lot_id} -.-> n_left_forward_{mix.lot_id}" in cut
    assert "и ещё лотов: 2" in as_mermaid([ahead], 1)
    assert f"n_left_backward_{mix.lot_id} -.-> n_{mix.lot_id}" in as_mermaid([back], 1)


def test_an_order_shows_its_genealogy_pallets_papers_photos_and_the_stages_of_its_mixes(
    office: Client, store: LocalFiles
) -> None:
    furnish(1)
    mix, pallet = Mix.objects.get(), Pallet.objects.get()
    day = cell(pallet.production_day).text
    put_down(mix.lot, "проба.jpg", "Акт о замесе.docx")
    put_down(pallet.lot, "бирка.jpg", "Лист паллета.docx")
    by = Person.objects.holding("storekeeper").first()
    move_state(mix, "put_on_pallet", sources=[mix.state], to="on_pallets", by=by, at=now())
    words, page = card(office, mix.order)
    assert f"/admin/lots/{mix.lot_id}/genealogy.svg" in page
    assert f"Паллеты Паллет День Нетто, кг Состояние {pallet} {day} 922,000" in words
    assert f"{mix} На паллетах. {by}" in words
    assert "Акт о замесе.docx" in words
    assert "Лист паллета.docx" in words
    assert page.count('alt="Паллет"') == 2


def test_a_shipment_shows_what_it_is_made_of_its_sums_and_its_packing_lists(
    office: Client, store: LocalFiles
) -> None:
    furnish(1)
    shipment, batch = Shipment.objects.get(), RawBatch.objects.earliest("pk")
    paper("Отгрузка № 1.docx", session=shipment.session)
    paper("Чужая отгрузка.docx", session=uuid4())
    words, page = card(office, shipment)
    assert f'href="/admin/production/rawbatch/{batch.pk}/change/"' in page
    assert "Брутто, кг 962,500 Вес паллетов, кг 22,000 Вес упаковки, кг 18,500" in words
    assert f"/admin/lots/{Pallet.objects.get().lot_id}/genealogy.svg" in page
    assert "Отгрузка № 1.docx" in words
    assert "Чужая" not in words


def test_a_load_and_a_deviation_show_photos_papers_and_lines_of_what_they_are_of(
    office: Client, store: LocalFiles
) -> None:
    furnish(1)
    load, deviation = FreezerLoad.objects.get(), Deviation.objects.get()
    assert load.mix is not None
    assert deviation.lot is not None
    put_down(load.mix.lot, "проба.jpg", "Акт о замесе.docx")
    put_down(deviation.lot, "пятно.jpg", "Акт об отклонении.docx")
    words, page = card(office, load)
    assert "Акт о замесе.docx" in words
    assert 'alt="Паллет"' in page
    words, _page = card(office, deviation)
    assert "Акт об отклонении.docx" in words
    assert "Проводки Когда Событие" in words


def test_several_lots_are_one_picture_and_one_that_is_not_there_is_none(office: Client) -> None:
    furnish(2)
    first, second = Mix.objects.order_by("pk")
    address = f"/admin/lots/{first.lot_id}/genealogy.svg?and="
    drawn = html.unescape(office.get(f"{address}{second.lot_id}").content.decode())
    assert str(first) in drawn
    assert str(second) in drawn
    assert office.get(f"{address}999999").status_code == 404
    assert office.get(f"{address}мусор").status_code == 200


def put_down(lot: Lot, photo: str, document: str) -> None:
    """Give a lot a photo and a paper."""
    File.objects.create(
        lot=lot, kind="pallet", key=f"document/{uuid4()}", sha256="a" * 64, size=10,
        mime="image/jpeg", name=photo, taken_at=now(),
    )  # fmt: skip
    paper(document, lot=lot)


def paper(name: str, **about: object) -> None:
    Document.objects.create(
        source_key=str(uuid4()), kind="act", title="Акт", name=name, state="issued",
        key=f"document/{uuid4()}", mime="application/pdf", size=10, sha256="a" * 64,
        created_at=now(), **about,
    )  # fmt: skip


def test_what_was_put_on_a_buffer_pallet_later_is_in_its_history_and_moves_it(
    office: Client,
) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 8, 0, tzinfo=UTC), tick=False) as clock:
        first, second = pet_food_out(), pet_food_out(2)
        pallet = opened(first)
        assert not ValueChange.objects.filter(record="pallet").exists()
        clock.move_to(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
        ten_more(pallet, second)
    told = card(office, pallet)[0]
    author = who().full_name
    for line_ in (
        f"22.11.2026 12:40 Коробок: 30 → 40. {author}",
        f"Вес брутто, кг: 640,000 → 850,000. {author}",
        f"{second}, Кг: — → 194,000. {author}",
    ):
        assert line_ in told, told
    shown = office.get("/admin/production/pallet/?kind__exact=buffer").content.decode()
    assert ">22.11.2026 12:40<" in shown, shown
