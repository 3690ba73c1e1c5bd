"""Expected deliveries and replaced photos: talked on rows (domain 4.6, 4.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from crm.catalogue.models import RawMaterial
from crm.ledger.models import Balance
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.facts.raw_stock import raw_stock
from crm.production.models import RawBatch
from crm.production.operations.change_expected import change_expected
from crm.production.operations.expect_delivery import expect_delivery
from crm.work.models import File
from crm.work.operations.replace_photos import replace_photos
from engine.errors import Refused
from engine.model.files import FileRef
from tests.crm.quality.test_raw_laboratory import DELIVERY

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # 11:30 in plant time
TELL = (
    *("/start", "[Ожидаемая поставка]", "[Добавить]", "[ООО «Учебная компания 1»]"),
    *("Шея утиная", "[Создать]", "[Шея ЦБ без кожи]", "[Замороженное]"),
    *("[Агрофирма «Учебная»]", "6 500", "[Сегодня]", "[Пропустить]", "[Сохранить]"),
)
OPEN = ("/start", "[Ожидаемая поставка]", "[Список]", "[Выбрать]")
CARCASS = "[2211/3 – Каркас – Птицефабрика «Примерная»]"
Receive = Callable[..., RawBatch]


def test_an_expected_delivery_is_shown_in_stock_and_has_neither_number_nor_kilograms(
    talker: Talker,
) -> None:
    phone = talker.say("technologist", *TELL)
    assert phone.sees("…Поставка ожидается 22.11.2026"), phone.described()
    batch = RawBatch.objects.get()
    assert (batch.state, batch.number, batch.lot.born) == ("expected", None, None)
    assert batch.expected_weight == Decimal(6500)
    assert RawMaterial.objects.get(name="Шея утиная").custom
    assert not Balance.objects.exists()
    [line] = raw_stock("frozen")
    assert (line["on_stock"].title, line["available"]) == ("В поставке", Decimal(6500))


def test_an_expected_delivery_is_taken_in_as_the_same_record(talker: Talker) -> None:
    talker.say("technologist", *TELL)
    talker.say("receiver", *OPEN, "[Принять]", "[Сохранить]", *["[Пропустить]"] * 4)
    talker.say("receiver", *["[Пропустить]"] * 6, "[Киль]", "6 480", *["[Пропустить]"] * 3, "12")
    phone = talker.say("receiver", "[Сохранить]")
    assert phone.sees("Партия 2211/3 зарегистрирована…"), phone.described()
    batch = RawBatch.objects.get()
    assert (batch.state, batch.weight_received) == ("received", Decimal(6480))
    assert str(batch.raw_material) == "Шея утиная"


def test_a_delivery_that_did_not_come_is_a_task_of_the_next_morning(talker: Talker) -> None:
    talker.say("technologist", *TELL)
    talker.wait_until(datetime(2026, 11, 23, 6, 59, tzinfo=UTC))
    assert not talker.phone("receiver").sees("Поставка не пришла…")
    talker.wait_until(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    for who in ("receiver", "technologist"):
        assert talker.phone(who).sees("Поставка не пришла: Шея утиная…")
    talker.say("technologist", "[Отменить поставку]", "поставщик отказался")
    assert RawBatch.objects.get().state == "cancelled"


def test_a_delivery_is_called_off_with_a_reason_and_changed_by_the_technologist(
    talker: Talker,
) -> None:
    talker.say("technologist", *TELL)
    talker.say("technologist", *OPEN, "[Изменить]", "[Пропустить]", "[✏ Ожидаемая масса]")
    talker.say("technologist", "7 000", "[Сохранить]")
    assert RawBatch.objects.get().expected_weight == Decimal(7000)
    talker.say("receiver", *OPEN, "[Отменить поставку]", "поставщик отказался", "[Сохранить]")
    assert RawBatch.objects.get().state == "cancelled"


def test_an_old_photo_stays_and_names_the_new_one(talker: Talker) -> None:
    talker.say(
        "receiver",
        *DELIVERY,
        "/start",
        "[Фото партии]",
        "[2211/3 – Каркас – Птицефабрика «Примерная»]",
    )
    talker.say("receiver", "[УПД]", "{photo}", "[Подтвердить]", "не читается", "[Сохранить]")
    assert talker.phone("receiver").sees("Фото партии 2211/3 заменены")
    old, new = File.objects.filter(kind="upd").order_by("pk")
    assert (old.replaced_by, old.replace_reason, new.replaced_by) == (new, "не читается", None)


@pytest.fixture
def known(answers: dict[str, Any]) -> dict[str, Any]:
    wanted = ("company", "material", "nomenclature", "condition", "supplier")
    return {
        **{name: answers[name] for name in wanted},
        "expected_weight": Decimal(500),
        "expected_date": START.date(),
        "ttn_number": None,
    }


def test_telling_twice_in_one_session_is_one_delivery(
    receiver: Person, known: dict[str, Any], at: datetime
) -> None:
    session = uuid4()
    first = expect_delivery(receiver, session=session, at=at, **known)
    assert expect_delivery(receiver, session=session, at=at, **known) == first


@pytest.mark.parametrize("mass", ["0", "40000.001"])
def test_a_mass_of_no_truck_is_refused(
    receiver: Person, known: dict[str, Any], at: datetime, mass: str
) -> None:
    given = {**known, "expected_weight": Decimal(mass)}
    with pytest.raises(Refused):
        expect_delivery(receiver, session=uuid4(), at=at, **given)


def test_what_has_come_is_not_changed_as_expected(
    receive: Receive, receiver: Person, known: dict[str, Any], at: datetime
) -> None:
    with pytest.raises(Refused, match="уже приняли"):
        change_expected(receiver, at=at, batch=receive(), **known)


def photo(name: str) -> FileRef:
    return FileRef(f"photo/2026/11/{name}", "0" * 64, 10, "image/jpeg")


def test_a_session_replaces_photos_once_and_only_of_its_kind(
    receive: Receive, receiver: Person, at: datetime
) -> None:
    batch = receive(files={"upd": [photo("1"), photo("2")], "pallet": [photo("3")]})
    session, sent = uuid4(), [photo("4"), photo("5")]
    for _ in range(2):
        replace_photos(
            receiver,
            session=session,
            at=at,
            batch=batch,
            kind="upd",
            reason="не видно",
            papers=sent,
        )
    rows = File.objects.order_by("key").values_list("key", "replaced_by__key", "replace_reason")
    new = photo("4").key
    assert [(key[-1], by, why) for key, by, why in rows] == [
        *(("1", new, "не видно"), ("2", new, "не видно"), ("3", None, "")),
        *(("4", None, ""), ("5", None, "")),
    ]
