"""What was mended after looking at the pages: codes in lists, stages of mixes, wide tables."""

from __future__ import annotations

import html
import re
from datetime import datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from crm.catalogue.models import RecipeVersion
from crm.ledger.models import StateHistory
from crm.office.card import Card, Figure, Table, cell, kg
from crm.office.named import called
from crm.office.templatetags.office import body
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, RawBatch, Shipment
from crm.work.models import Chat, Session, Task
from tests.crm.office.floor import furnish
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import now
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
NO_WEIGHT = Figure("Нетто", "—", "кг")


@pytest.fixture
def order(seeded: None) -> MincedOrder:
    """An order of which the first mix is in unpacking."""
    batch = batch_in_stock("carcass", Decimal(2000), ("17.00", "13.00", "67.00"), "chilled")
    made = new_order([line("900", batch)], 4, recipe=12)
    fire(made, "plan")
    return MincedOrder.objects.get(pk=made.pk)


def words(client: Client, address: str) -> str:
    text = html.unescape(client.get(address).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_sessions_are_listed_by_the_titles_of_their_forms(office: Client, at: datetime) -> None:
    person = Person.objects.holding("receiver").first()
    assert person is not None
    chat = Chat.objects.create(chat_id=5, token="t5", person=person)
    for number, flow in enumerate(("raw_intake", "a_form_of_before")):
        Session.objects.create(
            id=f"0123456{number}-0123-4123-8123-0123456789ab", chat=chat, person=person, flow=flow,
            digest="d", state="saved", started_at=at, updated_at=at, ended_at=at,
        )  # fmt: skip
    page = words(office, "/admin/work/session/")
    assert "Новая партия" in page
    assert "raw_intake" not in page
    assert "a_form_of_before" in page


def test_limits_and_recipes_speak_of_things_by_their_names(office: Client) -> None:
    page = words(office, "/admin/quality/limitversion/")
    assert "Температура при приёмке Замороженное" in page
    assert "condition" not in page
    assert (" кг " in page, " kg " in page) == (True, False)
    recipe = RecipeVersion.objects.exclude(guide={}).earliest("pk").recipe
    page = words(office, f"/admin/catalogue/recipe/{recipe.pk}/change/")
    told = page[page.index("Состав по видам сырья") :]
    assert "Каркас 60" in told
    assert "carcass" not in told


def test_the_twelve_numbers_of_a_norm_stand_under_short_titles(office: Client) -> None:
    page = words(office, "/admin/catalogue/recipeversion/")
    assert "Жир, % Жир − Жир + Белок, % Белок − Белок +" in page.replace("  ", " ")


def test_suppliers_tell_their_deliveries_and_customers_their_shipments(office: Client) -> None:
    furnish(1)
    batch, shipment = RawBatch.objects.latest("pk"), Shipment.objects.get()
    assert batch.supplier is not None
    page = words(office, f"/admin/catalogue/supplier/{batch.supplier.pk}/change/")
    assert re.search(rf"Поставки .* {batch} [\d.]+ [\d:]+ {batch.raw_material} ", page)
    page = words(office, f"/admin/catalogue/customer/{shipment.customer_id}/change/")
    assert f"Отгрузки Отгрузка Отгружена Состояние {shipment} — Черновик" in page


def test_the_stages_of_an_orders_mixes_are_told_in_words(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    StateHistory.objects.create(
        record=Mix.RECORD, record_id=str(mix.pk), from_state="needed", to_state="not_needed",
        transition="spare", at=now(),
    )  # fmt: skip
    page = words(office, f"/admin/production/mincedorder/{mix.order_id}/change/")
    told = page[page.index("Этапы замесов") :]
    assert "→ Не нужна" in told
    assert "not_needed" not in told


def test_a_card_with_a_table_of_many_columns_stands_in_one_column(office: Client) -> None:
    many = Table("Паллеты", ["к"] * 6, [[cell(1)] * 6])
    few = Table("Паллеты", ["к"] * 5, [[cell(1)] * 5])
    assert [Card("", main=[one]).wide for one in (many, few)] == [True, False]
    furnish(1)
    page = office.get(f"/admin/production/shipment/{Shipment.objects.get().pk}/change/")
    assert "office-columns is-wide" in page.content.decode()


def test_nothing_among_numbers_stands_where_they_do_and_has_no_unit() -> None:
    rows = [[cell("а"), kg(None)], [cell("б"), kg(Decimal(1))], [cell(None), kg(Decimal(2))]]
    assert body(rows).count("is-number") == 3
    shown = render_to_string("office/sections.html", {"card": Card("", figures=[NO_WEIGHT])})
    assert "кг" not in shown


def test_a_task_is_called_in_the_language_of_the_page(order: MincedOrder) -> None:
    task = Task.objects.filter(kind="unpack_mix").earliest("pk")
    assert called(task) == task.title
    with translation.override("en"):
        assert not re.search("[А-Яа-я]{4}", called(task)), called(task)


def test_of_a_record_with_two_lives_the_second_is_named(order: MincedOrder, office: Client) -> None:
    mix = order.mixes.earliest("pk")
    page = words(office, f"/admin/production/mix/{mix.pk}/change/")
    assert "Зола замеса: Новый → Не нужна" in page
    assert "Замес: Новый" not in page


def test_what_waits_for_somebody_stands_first_on_the_start_page(office: Client) -> None:
    assert "Просроченные задачи" not in words(office, "/admin/")
    furnish(1)
    page = words(office, "/admin/")
    assert 0 < page.index("Просроченные задачи") < page.index("Выход и потери")
