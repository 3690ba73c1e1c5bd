"""Workers who talk in this process: the rows are those of the bot."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.ledger.models import Balance
from crm.outbox.operations.put import put
from crm.people.models import Person
from crm.plant.phone import Phone
from crm.plant.talker import NotOnScreen, Talker
from crm.production.models import RawBatch
from crm.quality.models import Deviation
from engine.model.text import Text

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
UNTIL_TEMPERATURE = (
    *("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Каркас ЦБ]"),
    *("[Замороженное]", "{photo}", "{photo}"),
)
UNTIL_SEARCH = (
    *("20.11.2026", "ТТН-4471", "{photo}", "[Подтвердить]", "{photo 2}", "[Подтвердить]"),
    *("[Пропустить]", "[Пропустить]"),
)
THE_REST = (
    *("[Дальше]", "[Птицефабрика «Примерная»]", "[Пропустить]", "[Каркас]"),
    *("18 250,5", "{photo}", "−19", "[Пропустить]", "24", "[Сохранить]"),
)


def deliver(talker: Talker, *first: str) -> Phone:
    """Let the receiver answer everything from here on."""
    talker.say("receiver", *first, *UNTIL_SEARCH)
    talker.after(seconds=30)
    return talker.say("receiver", *THE_REST)


def test_a_delivery_is_taken_by_talking_in_this_process(talker: Talker) -> None:
    phone = deliver(talker, *UNTIL_TEMPERATURE, "-18,5")
    assert phone.sees("Партия 2211/3 зарегистрирована…"), phone.described()
    batch = RawBatch.objects.get()
    assert (batch.state, batch.received_at) == ("received", talker.clock.now())
    assert Balance.objects.get(account="raw_store").physical == Decimal("18250.500")
    for who in ("storekeeper", "lab", "lab2"):
        assert talker.phone(who).sees("Новая партия сырья 2211/3…")
    assert phone.sees("📎 incoming_control")


def test_a_decision_reaches_the_technologist_and_comes_back(talker: Talker) -> None:
    talker.say("receiver", *UNTIL_TEMPERATURE, "6,5")
    assert talker.phone("receiver").sees("…Приёмка временно запрещена…")
    talker.say("technologist", "[✅ Подтвердить]", "[Пропустить]")
    assert talker.phone("receiver").sees("…Приёмка согласована…")
    deliver(talker, "[Продолжить]")
    assert RawBatch.objects.get().state == "received"


def test_time_passes_and_whoever_does_not_answer_is_reminded_at_the_minute(talker: Talker) -> None:
    talker.say("receiver", *UNTIL_TEMPERATURE, "6,5")
    talker.after(minutes=60)
    assert timezone.now() == START + timedelta(hours=1)
    asked = Deviation.objects.get()
    assert talker.phone("technologist").sees(f"⏰ Ждёт 15 мин. {asked.number}…")


def test_a_lost_answer_is_shown_after_a_crash_and_a_repeated_update_changes_nothing(
    talker: Talker,
) -> None:
    talker.say("receiver", *UNTIL_TEMPERATURE)
    before = talker.phone("receiver").screen
    talker.lose()
    talker.say("receiver", "-18,5")
    assert talker.phone("receiver").screen == before
    talker.restart()
    assert talker.phone("receiver").sees("…Дата производства")
    talker.repeat()
    assert talker.phone("receiver").sees("…Дата производства")


def test_what_is_sent_first_after_a_crash_is_kept_until_its_owner_goes_on(talker: Talker) -> None:
    talker.say("receiver", *UNTIL_TEMPERATURE)
    talker.restart()
    phone = talker.say("receiver", "-18,5")
    assert phone.sees("Продолжить «Новая партия», шаг…"), phone.described()
    assert phone.sees("…Ответ «-18,5» будет принят после «Продолжить»")
    talker.restart()
    phone = talker.say("receiver", "[Продолжить]")
    assert phone.sees("…Дата производства"), phone.described()


def test_a_button_that_is_not_there_cannot_be_pressed(talker: Talker) -> None:
    talker.say("receiver", "/start")
    with pytest.raises(NotOnScreen, match="Новая партия"):
        talker.say("receiver", "[Сохранить]")


def test_a_turn_takes_milliseconds(talker: Talker) -> None:
    talker.say("receiver", *UNTIL_TEMPERATURE)
    began = time.process_time()  # a busy machine is no failure
    for _ in range(20):
        talker.say("receiver", "[⬅ Назад]", "{photo}")
    each = (time.process_time() - began) / 40
    print(f"{each * 1000:.1f} ms a turn")
    assert each < 0.1


def test_a_turn_that_wrote_no_letter_does_not_ask_for_letters(talker: Talker) -> None:
    talker.say("receiver", "/start")
    with CaptureQueriesContext(connection) as asked:
        talker.say("receiver", "[Новая партия]")
    assert not [one["sql"] for one in asked if 'FROM "outbox_notice"' in one["sql"]]
    lab = Person.objects.get(telegram_id=talker.chat("lab"))
    put(event="x", people=[lab], text=Text.of("Стой"), at=talker.clock.now())
    talker.say("receiver", "[ООО «Учебная компания 1»]")
    assert talker.phone("lab").sees("Стой")
