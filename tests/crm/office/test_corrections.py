"""Corrections of domain 11.4: asked with a reason, shown before they are done, done in one
transaction, each only by those who may."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client

from crm.catalogue.models import Freezer
from crm.ledger.models import Balance, Event, StateHistory
from crm.office.correction import Kilograms
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.production.models import FreezerLoad, MincedOrder, Mix, RawBatch
from crm.work.models import Task
from tests.crm.office.conftest import member
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import kg, now, stocked
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
TECHNOLOGIST, OFFICE = "Главный технолог", "Производственный отдел"


def address(record: object, name: str) -> str:
    meta = record._meta  # type: ignore[attr-defined]
    return f"/admin/{meta.app_label}/{meta.model_name}/{record.pk}/{name}/"  # type: ignore[attr-defined]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page)))


def correct(client: Client, record: object, name: str, step: str, **given: object) -> str:
    """Send the form of a correction; return the page that it leads to, as words."""
    filled = {"step": step, "reason": "ошибка в плане", **given}
    answer = client.post(address(record, name), filled, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def marked(client: Client, record: object, given: dict[str, object]) -> str:
    """Look at what a plan changes; return the mark of what was looked at."""
    filled = {"step": "show", "reason": "ошибка в плане", **given}
    page = client.post(address(record, "plan"), filled).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, page
    return found[1]


def written() -> tuple[int, ...]:
    """Count everything that a correction may write."""
    counted = (StateHistory, Event, Task, Notice, Mix, LogEntry)
    return tuple(model.objects.count() for model in counted)


@pytest.fixture
def batch(seeded: None) -> RawBatch:
    return batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled")


@pytest.fixture
def order(batch: RawBatch) -> MincedOrder:
    """An order of four mixes of 225 kg: its first mix is in unpacking."""
    made = new_order([line("900", batch)], 4, recipe=12)
    fire(made, "plan")
    return MincedOrder.objects.get(pk=made.pk)


def person(name: str) -> Person:
    return Person.objects.get(user__username=name)


def a_standing_load(mix: Mix) -> FreezerLoad:
    freezer = Freezer.objects.get(kind="plate", number=1)
    return FreezerLoad.objects.create(
        state="freezing", freezer=freezer, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        created_at=now(),
    )  # fmt: skip


def states(order: MincedOrder) -> list[str]:
    return list(order.mixes.order_by("index").values_list("state", flat=True))


def test_a_changed_plan_is_shown_before_it_is_done_and_nothing_is_kept_of_the_look(
    order: MincedOrder, batch: RawBatch
) -> None:
    client, item = member("one", TECHNOLOGIST), order.items.get()
    plan = {"number_mix": "2", f"kg_{item.pk}": "890,5"}
    before = written()
    seen = correct(client, order, "plan", "show", **plan)
    assert f"Замес {order.number}/4 В очереди Отменён" in seen
    assert f"Партия сырья {batch} 900,000 890,500" in seen
    assert written() == before
    assert states(order) == ["unpacking", "queued", "queued", "queued"]
    done = correct(client, order, "plan", "apply", **plan)
    assert "Применено: Изменить партию: ошибка в плане" in done
    assert states(order) == ["unpacking", "queued", "cancelled", "cancelled"]
    assert Balance.objects.get(lot=batch.lot, account="raw_store").reserved == kg("890.5")
    assert LogEntry.objects.get().change_message == "Применено: Изменить партию: ошибка в плане"
    assert StateHistory.objects.filter(transition="change").get().reason == "ошибка в плане"


def test_only_what_was_looked_at_is_applied_and_once(order: MincedOrder) -> None:
    one, two, item = member("one", TECHNOLOGIST), member("two", OFFICE), order.items.get()
    first = order.mixes.get(index=1)
    kept = f"kg_{item.pk}"
    again: dict[str, object] = {"number_mix": "4", kept: "900", "again": [str(first.pk)]}
    seen = marked(one, order, again)
    correct(two, order, "plan", "apply", number_mix="4", **{f"kg_{item.pk}": "1000"})
    changed = correct(one, order, "plan", "apply", **again, seen=seen)
    assert "Запись изменилась, пока вы смотрели" in changed
    item.refresh_from_db()
    assert item.kg_planned == kg(1000)
    again[kept] = "1000"
    seen = marked(one, order, again)
    answers = [correct(one, order, "plan", "apply", **again, seen=seen) for _press in range(2)]
    assert ["Применено" in said for said in answers] == [True, False]
    assert StateHistory.objects.filter(transition="reissue").count() == 1
    assert StateHistory.objects.filter(transition="change").count() == 2


def test_a_mix_on_the_line_is_ticked_to_be_issued_again_and_its_place_is_free(
    order: MincedOrder,
) -> None:
    client, item, mix = member("one", OFFICE), order.items.get(), order.mixes.get(index=1)
    page = client.get(address(order, "plan")).content.decode()
    assert re.search(rf'value="{mix.pk}"[^>]* checked', page)  # until somebody takes it away
    plan = {"number_mix": "4", f"kg_{item.pk}": "1200", "again": [str(mix.pk)]}
    seen = correct(client, order, "plan", "show", **plan)
    assert f"Замес {mix} Растарка В очереди" in seen
    assert f"Растарка замеса {mix}, линия 1 закроется" in seen
    correct(client, order, "plan", "apply", **plan)
    mix.refresh_from_db()
    assert mix.remake


def test_what_may_not_be_is_refused_in_words_and_the_form_keeps_what_was_typed(
    order: MincedOrder,
) -> None:
    client, item = member("one", TECHNOLOGIST), order.items.get()
    plan = {"number_mix": "4", f"kg_{item.pk}": "2000,001"}
    page = correct(client, order, "plan", "show", **plan)
    assert "добавить можно не больше 1 100,000 кг" in page.replace("\u202f", " ")
    typed = client.post(address(order, "plan"), {"step": "show", "reason": "мало", **plan})
    assert "Причина" in words(typed.content.decode())
    assert 'value="2000,001"' in typed.content.decode()
    assert order.items.get().kg_planned == kg(900)


def test_a_comma_is_a_point_in_every_language(order: MincedOrder) -> None:
    client, item = member("one", TECHNOLOGIST), order.items.get()
    client.cookies["django_language"] = "en"
    for typed in ("890,5", "890.5", " 890,500 "):
        seen = correct(client, order, "plan", "show", number_mix="4", **{f"kg_{item.pk}": typed})
        assert "900,000 890,500" in seen
    said = correct(client, order, "plan", "show", number_mix="4", **{f"kg_{item.pk}": "9000"})
    assert "no more than" in said


def test_kilograms_are_read_as_in_a_chat_and_never_guessed() -> None:
    for typed in (
        "1e3",
        "\u0669\u0660\u0660",
        "\uff19\uff10\uff10",
        "NaN",
        "1.200,5",
        "-5",
        "много",
    ):
        with pytest.raises(ValidationError):
            Kilograms(label="").clean(typed)
    assert Kilograms(label="").clean(" 1\N{NO-BREAK SPACE}200,5 ") == kg("1200.5")


def test_a_reason_of_less_than_five_characters_is_not_enough(order: MincedOrder) -> None:
    mix = order.mixes.get(index=1)
    correct(member("one", OFFICE), mix, "reissue", "apply", reason="ой")
    mix.refresh_from_db()
    assert mix.state == "unpacking"


def test_an_accepted_pallet_goes_back_to_palletizing_with_its_posting_reversed() -> None:
    pallet = stocked()
    client = member("one", OFFICE)
    seen = correct(client, pallet, "reopen", "show")
    assert "Паллет 7 На складе Ждёт палетирования" in seen
    assert "Склад ГП −922,000" in seen
    assert "Паллетирование и маркировка: паллет 7 появится" in seen
    correct(client, pallet, "reopen", "apply")
    pallet.refresh_from_db()
    assert pallet.state == "unloaded"
    reversal = Event.objects.get(reverses__isnull=False)
    assert (reversal.reason, reversal.by) == ("ошибка в плане", person("one"))
    again = correct(client, pallet, "reopen", "apply")
    assert "сейчас невозможно" in again
    assert Event.objects.filter(reverses__isnull=False).count() == 1


def test_a_pallet_is_scrapped_only_when_a_second_person_signs() -> None:
    pallet = stocked()
    seen = correct(member("one", TECHNOLOGIST), pallet, "scrap", "show")
    assert "появится" in seen
    correct(member("two", TECHNOLOGIST), pallet, "scrap", "apply")
    pallet.refresh_from_db()
    assert pallet.state == "in_stock"
    assert Task.objects.get(kind="countersign").body["signature"]["first_name"] == "two"


def test_a_load_is_moved_to_another_freezer_of_its_kind(order: MincedOrder) -> None:
    mix = order.mixes.get(index=1)
    load = a_standing_load(mix)
    client = member("one", "Начальник смены")
    page = client.get(address(load, "move")).content.decode()
    assert "Шокер" not in page
    other = type(load.freezer).objects.get(kind="plate", number=2)
    correct(client, load, "move", "apply", freezer=str(other.pk))
    load.refresh_from_db()
    assert load.freezer == other


def test_the_menu_of_a_card_has_what_its_reader_may_do_now(order: MincedOrder) -> None:
    mix = order.mixes.get(index=1)
    for group, may in ((OFFICE, True), ("Директор", False)):
        page = member(group, group).get(address(mix, "change")).content.decode()
        assert (address(mix, "reissue") in page) is may
        assert address(mix, "undo_discharge") not in page


def test_no_form_of_a_correction_opens_for_who_may_not(order: MincedOrder) -> None:
    mix = order.mixes.get(index=1)
    assert member("one", "Директор").get(address(mix, "reissue")).status_code == 403
    assert member("two", OFFICE).get(address(mix, "reissue")).status_code == 200
    assert Client().get(address(mix, "reissue")).status_code == 302
