"""A blank that is defrosted again, on rows (domain 4.16, 5.2, 5.9), by talking."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.ledger.models import Account, Reservation
from crm.ledger.operations.reserve import reserve
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.facts.blanks_to_repeat import blanks_to_repeat
from crm.production.models import Blank
from crm.quality.models import Deviation
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


@pytest.fixture
def blank(talker: Talker) -> Blank:
    """A blank of 500 kg that is ready."""
    batch_in_stock("carcass", kg(1000))
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "[Сохранить]")
    talker.deliver()
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    talker.deliver()
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    talker.deliver()
    talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    talker.say("defrost_operator", "[Завершить дефростацию…]", "[Завершить работу]")
    talker.say("defrost_operator", "[Пропустить]", "[Пропустить]", "[Сохранить]")
    talker.deliver()
    return Blank.objects.get(state="ready")


def ask(talker: Talker) -> None:
    talker.say("defrost_operator", "/start", "[Дефростер (0)]", "[Повторно]", "[З2211…]")
    talker.say("defrost_operator", "[Запросить технолога]")
    talker.deliver()


def test_a_repeated_defrosting_is_a_deviation_that_keeps_who_asked_and_who_allowed_it(
    talker: Talker, blank: Blank
) -> None:
    ask(talker)
    opened = Deviation.objects.get(lot=blank.lot, kind="redefrost")
    assert (opened.state, str(opened.asked_by)) == ("open", person(talker, "defrost_operator"))
    talker.say("technologist", "[✅ Подтвердить]", "[Пропустить]")
    opened.refresh_from_db()
    blank.refresh_from_db()
    assert (blank.state, opened.state) == ("defrosting", "approved")
    assert str(opened.decided_by) == person(talker, "technologist")


def test_a_refused_repeat_keeps_its_reason_and_a_second_request_is_a_second_deviation(
    talker: Talker, blank: Blank
) -> None:
    ask(talker)
    talker.say("technologist", "[❌ Отклонить]", "внутри минус два")
    closed = Deviation.objects.get(kind="redefrost")
    assert (closed.state, closed.comment) == ("rejected", "внутри минус два")
    talker.deliver()
    talker.say("defrost_operator", "[Завершить дефростацию…]", "[Включить дефростер (повторно)]")
    talker.say("defrost_operator", "[Сохранить]")
    states = Deviation.objects.filter(kind="redefrost").order_by("number")
    assert list(states.values_list("state", flat=True)) == ["rejected", "open"]


def test_a_ready_blank_that_an_order_keeps_is_not_offered_to_be_defrosted_again(
    talker: Talker, blank: Blank
) -> None:
    assert list(blanks_to_repeat()) == [blank]
    reserve(
        lot=blank.lot,
        account=Account.BLANK_STORE,
        kg=kg(1),
        holder=Reservation.Holder.ORDER_ITEM,
        holder_id=1,
        at=blank.created_at,
    )
    assert list(blanks_to_repeat()) == []


def person(talker: Talker, role: str) -> str:
    """Name who talks for a role."""
    return str(Person.objects.get(telegram_id=talker.chat(role)))
