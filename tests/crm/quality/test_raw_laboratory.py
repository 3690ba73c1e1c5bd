"""A delivery is talked in, analysed, certified and released, on rows, through the bot's own way."""

from __future__ import annotations

import pytest

from crm.bridge.records import row_of
from crm.ledger.models import Reservation, StateHistory
from crm.outbox.models import Notice
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.quality.models import Deviation, Hold, RawAnalysis
from crm.quality.usable import Use, blocking
from crm.work.models import Task
from engine.ports import Context

pytestmark = pytest.mark.django_db
DELIVERY = (
    *("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Каркас ЦБ]"),
    *("[Замороженное]", "{photo}", "{photo}", "-18,5", "20.11.2026", "[Пропустить]", "{photo}"),
    *("[Подтвердить]", "{photo}", "[Подтвердить]", "[Пропустить]", "[Пропустить]"),
    *("[Птицефабрика «Примерная»]", "[Пропустить]", "[Каркас]", "18 250,5", "{photo}", "-19"),
    *("[Пропустить]", "24", "[Сохранить]"),
)
GOOD = "Соответствует"
NEGATIVE = ("[Отрицательное]",) * 4
ANTIBIOTIC = ("[Отрицательное]", "[Отрицательное]", "[Положительное]", "[Отрицательное]")


def answers(
    smell: str = GOOD, antibiotics: tuple[str, ...] = NEGATIVE, fat: str = "17"
) -> tuple[str, ...]:
    """Everything that the laboratory answers about a batch, up to the review."""
    return (
        *("[Лапина О. В.]", "[Сегодня]", "[С-2]", "[750]", fat, "13", "67"),
        *(f"[{GOOD}]", f"[{smell}]", f"[{GOOD}]", "[Светлый]", f"[{GOOD}]"),
        *(*antibiotics, "{photo 2}", "[Продолжить]"),
    )


@pytest.fixture
def talker(talker: Talker) -> Talker:
    """The talker of every plant, after one delivery."""
    assert talker.say("receiver", *DELIVERY).sees("Партия 2211/3 зарегистрирована…")
    return talker


def analyse(talker: Talker, *given: str) -> None:
    """Let the laboratory analyse the one batch and save."""
    talker.say("lab", "/start", "[Лаборатория]", "[Начать анализ]", *given, "[Сохранить]")


def batch() -> RawBatch:
    return RawBatch.objects.get()


def test_a_batch_is_analysed_released_and_its_act_is_issued(talker: Talker) -> None:
    analyse(talker, *answers())
    phone = talker.phone("lab")
    assert phone.sees("Анализ партии 2211/3 сохранён…"), phone.described()
    assert phone.sees("…Проверьте акт партии 2211/3"), phone.described()
    found = batch()
    assert (found.state, str(found.fat), str(found.separator)) == ("released", "17.00", "С-2")
    assert found.separator_mode == "750"
    assert sorted(found.lot.files.values_list("kind", flat=True)).count("organoleptic") == 2
    assert not Task.objects.waiting().filter(kind="analyse_raw").exists()
    assert phone.sees("📎 incoming_control")
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    assert talker.phone("lab").sees("…Акт партии 2211/3 выпущен")
    kept = RawAnalysis.objects.get()
    assert kept.certified_by is not None
    assert kept.certified_by.full_name == "Лапина О. В."
    assert not Task.objects.waiting().filter(kind="certificate_check").exists()


def test_failed_organoleptics_stop_use_until_a_repeated_analysis_passes(talker: Talker) -> None:
    analyse(talker, *answers(smell="Не соответствует"))
    assert batch().state == "quarantine"
    for use in (Use.PLANNING, Use.PHYSICAL):
        held = blocking(batch().lot, use)
        assert held is not None
        assert held.reason == "анализ не пройден: запах: не соответствует"
    for who in ("technologist", "quality_manager", "storekeeper"):
        assert talker.phone(who).sees("Партия 2211/3 не прошла анализ: запах: не соответствует")
    card = talker.phone("technologist")
    assert card.sees(
        "…Ж 17,00\nБ 13,00\nВ 67,00\nвнешний вид: соответствует\n❌ запах: не соответствует\nцвет: "
        "соответствует\nаромат бульона: соответствует\nбета-лактамы: отрицательное…светлый"
    ), card.described()
    shown = [
        tuple(one.pictures) for one in Notice.objects.all() if "органолептики" in one.plain_text
    ]
    kept_photos = batch().lot.files.filter(kind="organoleptic").order_by("pk")
    assert {*shown} == {tuple(one.key for one in kept_photos)}
    talker.say("technologist", "[Повторный анализ]", "сомнение в пробе")
    assert talker.phone("lab").sees("Повторный анализ партии 2211/3…")
    analyse(talker, *answers())
    assert batch().state == "released"
    assert blocking(batch().lot, Use.PHYSICAL) is None
    for who in ("technologist", "quality_manager", "storekeeper"):
        assert talker.phone(who).sees("Снята блокировка: партия 2211/3. Повторный анализ пройден")
    kept = [(one.attempt, one.verdict, one.failures) for one in RawAnalysis.objects.all()]
    assert kept == [(1, "fail", ["smell"]), (2, "pass", [])]
    decided = Deviation.objects.get()
    assert (decided.kind, decided.state, str(decided.decided_by)) == (
        *("lab", "withdrawn", "Орлова М. С."),
    )


def test_an_antibiotic_is_released_by_two_people_and_both_are_kept(talker: Talker) -> None:
    analyse(talker, *answers(antibiotics=ANTIBIOTIC))
    assert batch().state == "quarantine"
    assert Hold.objects.get().kind == "antibiotic"
    talker.say("technologist", "[Допустить]", "повторная проба отрицательная")
    assert batch().state == "quarantine"
    talker.say("quality_manager", "[✅ Подтвердить]")
    assert batch().state == "released"
    hold = Hold.objects.get()
    assert (str(hold.asked_by), str(hold.released_by)) == ("Орлова М. С.", "Панина Ю. Г.")
    assert blocking(batch().lot, Use.PHYSICAL) is None
    decided = Deviation.objects.get()
    assert (decided.kind, decided.state) == ("antibiotic", "approved")
    assert decided.value_text == "тетрациклины: положительное"
    said = StateHistory.objects.get(record="raw_batch", transition="release")
    assert (str(said.by), said.reason) == (
        *("Орлова М. С.", "повторная проба отрицательная (подтверждает: Панина Ю. Г.)"),
    )


def test_an_antibiotic_holds_a_batch_whose_next_analysis_passed(talker: Talker) -> None:
    analyse(talker, *answers(antibiotics=ANTIBIOTIC))
    talker.say("technologist", "[Повторный анализ]", "сомнение в пробе")
    analyse(talker, *answers())
    assert batch().state == "released"
    assert not talker.phone("storekeeper").sees("Снята блокировка…")
    held = blocking(batch().lot, Use.PLANNING)
    assert held is not None
    assert held.kind == "antibiotic"


def test_a_rejected_batch_goes_back_to_its_supplier_and_leaves_every_plan(talker: Talker) -> None:
    analyse(talker, *answers(smell="Не соответствует"))
    talker.say("technologist", "[Забраковать]", "запах по всей партии")
    assert talker.phone("technologist").sees("…Теряют сырьё: никто")
    assert batch().state == "rejected"
    assert not Reservation.objects.exists()
    assert Deviation.objects.get().state == "rejected"


def test_a_batch_is_analysed_again_from_the_menu_after_its_release(talker: Talker) -> None:
    analyse(talker, *answers())
    technologist = talker.ports.people.actor(talker.chat("technologist"))
    assert technologist is not None
    context = Context(technologist, "", talker.clock.now())
    record = talker.ports.operations.fire(
        row_of(batch()), "request_retest", context, "проверить жир ещё раз"
    )
    assert record.fields["state"] == "released"
    talker.deliver()
    assert talker.phone("lab").sees("Повторный анализ партии 2211/3…")
    analyse(talker, *answers(fat="18"))
    assert (batch().state, str(batch().fat)) == ("released", "18.00")
    assert not Task.objects.waiting().filter(kind="analyse_raw").exists()
