"""«Ошибка» while a blank is unpacked, on rows (domain 4.13, 4.14), by talking."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from crm.ledger.models import Balance
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import Blank, Waiting
from crm.production.operations.report_blank_problem import report_blank_problem
from crm.quality.models import Deviation, Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import Use, blocking
from crm.work.models import File, Task
from engine.errors import Refused
from tests.crm.production.orders import fire
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


@pytest.fixture
def blank(talker: Talker) -> Blank:
    """A blank of 500 kg that waits to be unpacked."""
    batch_in_stock("carcass", kg(1000))
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "500")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "[Как в плане]", "[Сохранить]")
    talker.deliver()
    return Blank.objects.get()


def foreign_body(talker: Talker) -> None:
    talker.say("unpacker_blanks", "[Ошибка]", "[Посторонний предмет]", "осколок пластика")
    talker.say("unpacker_blanks", "{photo}", "[Подтвердить]", "[Отправить]")
    talker.deliver()


def test_a_foreign_body_holds_the_blank_and_its_photo_goes_to_the_technologist(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    blank.refresh_from_db()
    said = "Посторонний предмет: осколок пластика"
    assert (blank.state, blank.problem_reason) == ("problem", said)
    hold = Hold.objects.get()
    assert (hold.lot, hold.kind, hold.reason) == (blank.lot, "foreign_body", said)
    deviation = Deviation.objects.get()
    file = File.objects.get(lot=blank.lot)
    assert (deviation.kind, deviation.state, deviation.value_text) == ("foreign_body", "open", said)
    assert (deviation.pictures, file.kind) == ([file.key], "problem")
    assert talker.phone("technologist").sees(f"Заготовка {blank.number}. {said}")
    assert talker.phone("quality_manager").sees(
        f"Заблокировано: заготовка {blank.number}, 500,000 кг. {said}"
    )


def released(talker: Talker) -> None:
    """Release what holds the blank, as quality managers do."""
    at = timezone.localtime()
    release_hold(None, hold=Hold.objects.latest("pk"), reason="проверено", at=at, decided=True)
    talker.sweep()


def test_who_decides_closes_the_deviation_and_the_blank_waits_until_its_hold_is_released(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    talker.say("technologist", "[Продолжить растарку]", "осколок убран")
    deviation = Deviation.objects.get()
    assert (deviation.state, deviation.comment) == ("approved", "осколок убран")
    assert Hold.objects.get().released_at is None
    talker.deliver()
    blank.refresh_from_db()
    why = Waiting.objects.get(record="blank", record_id=str(blank.pk)).why
    assert blank.state == "weighed"
    assert why == f"ждёт: {blank.number} заблокирована: Посторонний предмет"
    released(talker)
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    blank.refresh_from_db()
    assert blank.state == "unpacked"


def test_a_blank_that_is_held_when_it_is_unpacked_goes_into_no_defroster(
    talker: Talker, blank: Blank
) -> None:
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    place_hold(None, lot=blank.lot, kind="recall", reason="отзыв", at=timezone.localtime())
    with pytest.raises(Refused, match="заблокирована: Отзыв"):
        fire(blank, "defrost_on", who="defrost_operator")
    released(talker)
    fire(blank, "defrost_on", who="defrost_operator")
    blank.refresh_from_db()
    assert blank.state == "defrosting"


def test_the_unpacking_of_a_blank_that_is_held_meanwhile_stops(
    talker: Talker, blank: Blank
) -> None:
    place_hold(None, lot=blank.lot, kind="manual", reason="проверка", at=timezone.localtime())
    phone = talker.say("unpacker_blanks", "[Заготовка растарена]")
    assert phone.sees("…Растарку остановите: …заблокирована: Вручную…"), phone.described()
    blank.refresh_from_db()
    assert blank.state == "unpacking"
    released(talker)
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    blank.refresh_from_db()
    assert blank.state == "unpacked"


def test_a_blank_with_a_foreign_body_is_taken_off_and_its_author_is_told(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    talker.say("technologist", "[Снять заготовку]", "в утиль")
    talker.deliver()
    blank.refresh_from_db()
    assert (blank.state, Deviation.objects.get().state) == ("cancelled", "rejected")
    assert Balance.objects.get(account="raw_store").physical == kg(1000)
    assert talker.phone("unpacker_blanks").sees(f"Заготовка {blank.number}: снята. в утиль")


def test_the_hold_of_a_blank_taken_off_goes_back_to_the_store_with_its_meat(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    talker.say("technologist", "[Вернуть на взвешивание]", "взвесить снова")
    fire(blank, "cancel", "в утиль")
    talker.deliver()
    old, new = Hold.objects.order_by("pk")
    said = "Посторонний предмет: осколок пластика"
    assert old.lot == blank.lot
    assert old.release_reason == "Заготовка снята, блокировка на её сырье: в утиль"
    batch = blank.items.get().batch
    assert (new.lot, new.kind, new.reason) == (batch.lot, "foreign_body", said)
    assert new.released_at is None
    assert blocking(batch.lot, Use.PLANNING) == new
    assert talker.phone("quality_manager").sees(
        f"Заблокировано: партии {batch.number}. Посторонний предмет: {said}. "
        f"Заготовка {blank.number} снята"
    )


def test_a_blank_that_was_never_weighed_takes_its_hold_with_it(
    talker: Talker, blank: Blank
) -> None:
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "100")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    other = Blank.objects.order_by("pk").last()
    assert other is not None
    now = timezone.localtime()
    place_hold(None, lot=other.lot, kind="manual", reason="проверка состава", at=now)
    fire(other, "cancel", "больше не нужна")
    hold = Hold.objects.get()
    assert hold.released_at is not None
    assert hold.release_reason == "Заготовка снята до взвешивания: больше не нужна"


def test_a_blank_stays_while_somebody_waits_for_the_second_to_release_it(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    hold, quality = Hold.objects.get(), Person.objects.holding("quality_manager").first()
    release_hold(quality, hold=hold, reason="осколок найден", at=timezone.localtime())
    with pytest.raises(Refused, match="ждёт второго человека"):
        fire(blank, "cancel", "в утиль")
    blank.refresh_from_db()
    assert blank.state == "problem"


def test_a_wrong_weight_needs_no_photo_and_holds_nothing(talker: Talker, blank: Blank) -> None:
    talker.say("unpacker_blanks", "[Ошибка]", "[Вес не сходится]", "на палете 480", "[Пропустить]")
    talker.say("unpacker_blanks", "[Отправить]")
    assert Deviation.objects.get().kind == "weight"
    assert not Hold.objects.exists()
    talker.say("technologist", "[Вернуть на взвешивание]", "взвесить снова")
    blank.refresh_from_db()
    assert (blank.state, Deviation.objects.get().state) == ("weighing", "rejected")


def test_the_form_left_early_gives_the_card_back_with_both_buttons(
    talker: Talker, blank: Blank
) -> None:
    talker.say("unpacker_blanks", "[Ошибка]", "[Другое]", "[✖ Отмена]", "[Да, отменить]")
    assert Task.objects.get(kind="unpack_blank").state == "open"
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    blank.refresh_from_db()
    assert (blank.state, Deviation.objects.exists()) == ("unpacked", False)


def test_a_problem_is_checked_again_when_it_is_saved(talker: Talker, blank: Blank) -> None:
    worker = Person.objects.holding("unpacker_blanks").get()

    def report(session: UUID, kind: str) -> None:
        now = timezone.localtime()
        report_blank_problem(
            worker, session=session, at=now, blank=blank, kind=kind, text="осколок"
        )

    with pytest.raises(Refused, match="нужно фото"):
        report(uuid4(), "foreign_body")
    session = uuid4()
    for _ in range(2):
        report(session, "other")
    assert Deviation.objects.count() == 1
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    blank.refresh_from_db()
    with pytest.raises(Refused, match="уже не на растарке"):
        report(uuid4(), "other")


def test_a_blank_comes_to_a_problem_only_with_what_is_wrong_said_anew(
    talker: Talker, blank: Blank
) -> None:
    with pytest.raises(Refused, match="Сначала опишите, что не так"):
        fire(blank, "report_problem", who="unpacker_blanks")
    foreign_body(talker)
    talker.say("technologist", "[Продолжить растарку]", "осколок убран")
    released(talker)
    with pytest.raises(Refused, match="Сначала опишите, что не так"):
        fire(blank, "report_problem", who="unpacker_blanks")
    blank.refresh_from_db()
    assert blank.state == "unpacking"


def test_a_blank_taken_off_later_tells_nobody_of_a_problem_decided_before(
    talker: Talker, blank: Blank
) -> None:
    foreign_body(talker)
    talker.say("technologist", "[Вернуть на взвешивание]", "взвесить снова")
    fire(blank, "cancel", "больше не нужна")
    talker.deliver()
    assert talker.phone("unpacker_blanks").sees("…вернули на взвешивание…")
    assert not talker.phone("unpacker_blanks").sees("…снята…")
