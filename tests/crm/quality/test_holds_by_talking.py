"""«Блокировки» on rows: placing with a scope, releasing by one person and by two, who is told."""

from __future__ import annotations

import pytest

from crm.ledger.operations.move_state import history_of
from crm.people.models import Person
from crm.plant.phone import plain
from crm.plant.talker import NotOnScreen, Talker
from crm.production.models import MincedOrder, Pallet, RawBatch
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.shippable import why_not
from crm.quality.models import Hold
from crm.quality.operations.lift_hold import lift_hold
from crm.quality.operations.place_hold import place_hold
from crm.work.models import Task
from engine.errors import Refused
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import kg, mix_out, now, stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
WHY = "скол стекла"
CHIEF, LEAD = "quality_manager", "shift_lead"  # the lead is made a second quality manager


@pytest.fixture
def talker(talker: Talker) -> Talker:
    """The talker of every plant, with a lead who is the chief too."""
    who(LEAD).roles.get_or_create(role=CHIEF)
    return talker


def batch_of(pallet: Pallet) -> RawBatch:
    batch = pallet.items.get().lot.mix.uses.get().batch
    assert batch is not None
    return batch


def place(talker: Talker, person: str, word: str, kind: str, scope: str, *more: str) -> str:
    said = ("/start", "[Блокировки]", "[Поставить]", word, f"[{kind}]", f"[{scope}]", *more)
    return plain(talker.say(person, *said).screen.text)


def test_a_batch_is_held_with_all_that_was_made_of_it_and_they_are_told(talker: Talker) -> None:
    pallet = stocked(7)
    batch = batch_of(pallet)
    forward = "И всё, что сделано из этого"
    said = place(talker, "technologist", batch.number or "", "Отзыв", forward, WHY)
    assert "Партия сырья 2211/3: лотов 3, 1 000,000 кг" in said
    assert not Hold.objects.exists()
    talker.say("technologist", "[Заблокировать]")
    assert {hold.lot_id for hold in Hold.objects.all()} == {
        batch.lot_id, pallet.items.get().lot_id, pallet.lot_id,
    }  # fmt: skip
    text = f"Заблокировано: Партия сырья 2211/3 и ещё 2, 1 000,000 кг. Отзыв: {WHY}"
    for role in ("technologist2", "storekeeper", CHIEF):
        assert talker.phone(role).sees(text), talker.phone(role).described()
    assert not talker.phone("packer").sees(text)
    assert "Заблокирован" in str(why_not(Pallet.objects.get()))


def test_who_has_the_next_step_is_told_and_nobody_twice(talker: Talker) -> None:
    pallet = pallet_of_mix(who(), mix_out(), 7, now())
    Task.objects.create(
        kind="unload_shock", subject="pallet", subject_id=str(pallet.pk), role="packer",
        roles=["packer", "storekeeper"], created_at=now(),
    )  # fmt: skip
    place(talker, "technologist", "7", "ФХП", "Только это", WHY, "[Заблокировать]")
    text = f"Заблокировано: Паллет 7 от 22.11.2026, 0,000 кг. ФХП: {WHY}"
    assert talker.phone("packer").sees(text), talker.phone("packer").described()
    got = [
        one.text for one in talker.phone("storekeeper").messages() if "Заблокировано" in one.text
    ]
    assert len(got) == 1


def test_who_ships_is_told_of_a_hold_on_what_is_in_the_store(talker: Talker) -> None:
    pallet = stocked(7)
    place(talker, "technologist", "7", "ФХП", "Только это", WHY, "[Заблокировать]")
    mix = pallet.items.get().lot.mix
    assert mix.number
    clerk = talker.phone("shipping_clerk")
    assert [one.text for one in clerk.messages() if "Заблокировано: Паллет 7" in one.text]
    place(talker, "technologist", mix.number or "", "ФХП", "Только это", WHY, "[Заблокировать]")
    assert [one.text for one in clerk.messages() if f"Заблокировано: Замес {mix}" in one.text]


def test_what_is_held_so_already_is_refused_alone_and_completed_as_a_set(talker: Talker) -> None:
    pallet = stocked(7)
    place_hold(who(), lot=pallet.lot, kind="ash", reason=WHY, at=now())
    said = place(talker, "technologist", "7", "Зола", "Только это")
    assert "такая блокировка уже стоит" in said
    talker.say("technologist", "[И всё, что сделано из этого]", "ещё раз", "[Заблокировать]")
    assert Hold.objects.get().reason == WHY


def test_a_hold_on_a_component_stops_the_order_that_needs_it(talker: Talker) -> None:
    batch = batch_in_stock("carcass", kg("1000"), condition="chilled")
    order = planned([line("1000", batch)], 2)
    order.mixes.update(state="queued", line=None)
    MincedOrder.objects.filter(pk=order.pk).update(state="active")
    place(
        talker, "technologist", batch.number or "", "Вручную", "Только это", WHY, "[Заблокировать]"
    )
    order.refresh_from_db()
    assert order.state == "paused"


def test_one_person_releases_what_one_may(talker: Talker) -> None:
    batch = batch_in_stock("carcass", kg("1000"))
    hold = place_hold(who("lab"), lot=batch.lot, kind="lab", reason="жир 40,00", at=now())
    talker.say("technologist", "/start", "[Блокировки]", "[Снять]", "[Партия сырья 2211/3…]")
    talker.say("technologist", "повторный анализ в норме", "[Снять]")
    hold.refresh_from_db()
    assert hold.release_reason == "повторный анализ в норме"
    assert hold.released_by == Person.objects.get(telegram_id=talker.chat("technologist"))
    text = "Снята блокировка: Партия сырья 2211/3. Анализ сырья: повторный анализ в норме"
    assert talker.phone("storekeeper").sees(text), talker.phone("storekeeper").described()


def ask(talker: Talker, person: str = CHIEF) -> None:
    talker.say(
        person, "/start", "[Блокировки]", "[Снять]", "[Паллет 7…]", "осколок найден", "[Снять]"
    )


def test_a_technologist_is_told_who_releases_a_grave_hold(talker: Talker) -> None:
    place_hold(who(), lot=stocked(7).lot, kind="manual", reason=WHY, at=now())
    phone = talker.say("technologist", "/start", "[Блокировки]", "[Снять]", "[Паллет 7…]")
    assert "Эту блокировку снимает: Менеджер по качеству (двое)" in phone.screen.text
    assert not Hold.objects.get().released_at


def test_a_second_person_confirms_and_the_first_may_not(talker: Talker) -> None:
    pallet = stocked(7)
    hold = place_hold(who(), lot=pallet.lot, kind="manual", reason=WHY, at=now())
    ask(talker)
    assert talker.phone(CHIEF).screen.text.startswith("Нужен второй человек")
    hold.refresh_from_db()
    assert hold.released_at is None
    assert why_not(pallet) is not None
    first = talker.say(CHIEF, "[Снятие блокировки]", "[Подтвердить снятие]")
    assert "Снять должен второй человек" in first.screen.text
    talker.say(CHIEF, "/start")
    talker.say(CHIEF, "[Мои задачи…]")
    talker.after(minutes=20)  # without a touch the task goes back to the queue
    second = talker.say(LEAD, "/tasks", "[Подтвердить снятие блокировки…]", "[Снятие блокировки]")
    assert f"Снять просит {who(CHIEF).full_name}: осколок найден" in second.screen.text
    talker.say(LEAD, "[Подтвердить снятие]", "[Сохранить]")
    hold.refresh_from_db()
    assert (hold.asked_by, hold.released_by) == (who(CHIEF), who(LEAD))
    assert hold.release_reason == "осколок найден"
    assert why_not(pallet) is None
    assert Task.objects.get(kind="countersign").state == "done"


def test_who_placed_a_hold_is_not_the_second_either(talker: Talker) -> None:
    place_hold(who(LEAD), lot=stocked(7).lot, kind="manual", reason=WHY, at=now())
    ask(talker)
    phone = talker.say(LEAD, "[Снятие блокировки]", "[Подтвердить снятие]")
    assert "Снять должен второй человек" in phone.screen.text


def test_the_second_may_leave_it_held_and_the_first_is_told_why(talker: Talker) -> None:
    hold = place_hold(who(), lot=stocked(7).lot, kind="foreign_body", reason=WHY, at=now())
    ask(talker)
    talker.say(LEAD, "[Снятие блокировки]", "[Оставить блокировку]", "ждём рентген", "[Сохранить]")
    hold.refresh_from_db()
    assert (hold.released_at, hold.asked_by, hold.release_reason) == (None, None, "")
    kept = [(one.by, one.transition, one.reason) for one in history_of(hold)]
    asked, declined = kept
    assert asked == (who(CHIEF), "ask_release", "осколок найден")
    assert declined == (who(LEAD), "decline_release", "ждём рентген")
    told = f"Блокировка остаётся: Паллет 7 от 22.11.2026. {who(LEAD).full_name}: ждём рентген"
    assert talker.phone(CHIEF).sees(told), talker.phone(CHIEF).described()


def test_while_one_asks_another_does_not_ask_again(talker: Talker) -> None:
    hold = place_hold(who(), lot=stocked(7).lot, kind="manual", reason=WHY, at=now())
    ask(talker)
    phone = talker.say(LEAD, "/start", "[Блокировки]", "[Снять]", "[Паллет 7…]")
    assert f"Снять уже просит {who(CHIEF).full_name}" in phone.screen.text
    with pytest.raises(Refused, match="уже просит"):
        lift_hold(Person.objects.get(pk=who(LEAD).pk), at=now(), hold=hold, whole=False, reason=WHY)


@pytest.mark.parametrize(("choice", "left"), [("Все вместе", 0), ("Только с одного", 2)])
def test_what_was_held_together_is_released_together_or_one_by_one(
    talker: Talker, choice: str, left: int
) -> None:
    number = batch_of(stocked(7)).number or ""
    forward = "И всё, что сделано из этого"
    place(talker, "technologist", number, "ФХП", forward, WHY, "[Заблокировать]")
    phone = talker.say("technologist", "/start", "[Блокировки]")
    assert "Открытых блокировок: 1" in phone.screen.text
    talker.say("technologist", "[Снять]", "[Партия сырья 2211/3 и ещё 2…]", f"[{choice}]")
    more = ("[Паллет 7…]",) if left else ()
    talker.say("technologist", *more, "ошибка ввода", "[Снять]")
    assert Hold.objects.filter(released_at__isnull=True).count() == left


def test_the_card_of_a_lot_leads_to_holding_all_of_it_by_right(talker: Talker) -> None:
    batch = batch_of(stocked(7))
    talker.say("technologist", "/start", "[Проследить]", batch.number or "")
    with pytest.raises(NotOnScreen):
        talker.say("technologist", "[Заблокировать всё]")
    talker.say(CHIEF, "/start", "[Проследить]", batch.number or "", "[Заблокировать всё]")
    talker.say(CHIEF, "[Отзыв]", WHY, "[Заблокировать]")
    assert Hold.objects.filter(kind="recall").count() == 3
