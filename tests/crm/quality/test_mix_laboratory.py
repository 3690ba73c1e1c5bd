"""Mixes in the laboratory: norms of their recipe, every attempt kept, the technologist's decision,
ash of pet-food; talked on rows (domain 4.22 to 4.25)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.bridge.limits import DjangoLimits
from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.catalogue.models import RecipeVersion
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, Mix, Place
from crm.quality.facts.mixes_in_lab import mixes_in_lab
from crm.quality.facts.norm_met import norm_met
from crm.quality.facts.norm_text import norm_text
from crm.quality.models import AshAnalysis, Deviation, Hold, MixAnalysis
from crm.quality.operations.measure import is_within
from crm.quality.operations.record_ash import record_ash
from crm.quality.operations.record_mix_analysis import record_mix_analysis
from crm.quality.usable import Use, blocking
from crm.work.models import Task
from engine.errors import Refused
from engine.model.values import Option
from tests.crm.office.conftest import member
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
STANDARD, PET_FOOD = 1, 17  # numbers of recipes


@pytest.fixture
def lab(talker: Talker) -> Person:
    return Person.objects.get(full_name="Лапина О. В.")


def in_lab(recipe: int = STANDARD, mixes: int = 1) -> Mix:
    """Return the first mix of an order, sampled and in the mixer of line 1."""
    if recipe == PET_FOOD:
        rework("2000")
        of = None
    else:
        of = batch_in_stock("carcass", Decimal(2000), condition="chilled")
    order = planned([line("1000", of)], mixes, recipe=recipe)
    mix = order.mixes.order_by("index")[0]
    Mix.objects.filter(pk=mix.pk).update(
        state=Mix.State.IN_LAB,
        ash_state=Mix.AshState.NEW if recipe == PET_FOOD else Mix.AshState.NOT_NEEDED,
    )
    Place.objects.create(
        resource="mixer_line_1", slot=1, record="mix", record_id=str(mix.pk), title=str(mix),
        lifecycle="mix", since=timezone.now(),
    )  # fmt: skip
    return known(mix)


def known(mix: Mix) -> Mix:
    return Mix.objects.get(pk=mix.pk)


def analyse(talker: Talker, fat: str, protein: str = "13", moisture: str = "66") -> None:
    talker.say("lab", "/start", "[Лаборатория (замесы)]", "[Начать анализ]")
    talker.say("lab", fat, protein, moisture, "[Сохранить]")


@pytest.mark.parametrize(
    ("fat", "passes"), [("15.49", False), ("15.50", True), ("20.50", True), ("20.51", False)]
)
def test_the_golden_norm_is_met_with_both_ends_included(
    talker: Talker, fat: str, passes: bool
) -> None:
    mix = in_lab()
    assert norm_text(mix) == "Ж 15,50–20,50, Б 12,00–14,50, В 63,50–68,50"
    assert norm_met(mix, Decimal(fat), Decimal(13), Decimal(66)) is passes


@pytest.mark.parametrize(
    ("condition", "temperature", "passes"),
    [
        ("frozen", "-8.0", True),
        ("frozen", "-7.9", False),
        ("chilled", "-2.0", True),
        ("chilled", "4.0", True),
        ("chilled", "-2.1", False),
        ("chilled", "4.1", False),
    ],
)
def test_the_golden_temperatures_of_receiving_are_met_with_both_ends_included(
    talker: Talker, condition: str, temperature: str, passes: bool
) -> None:
    given = {"condition": Option(condition, condition)}
    bounds = DjangoLimits().bounds("receiving_temperature", given, timezone.now())
    assert is_within(Decimal(temperature), bounds) is passes


def test_a_mix_within_its_norm_goes_to_the_freezer(talker: Talker) -> None:
    mix = in_lab()
    analyse(talker, "18")
    assert talker.phone("lab").sees("…анализ в норме"), talker.phone("lab").described()
    assert (known(mix).state, known(mix).quality) == ("ready_to_discharge", "passed")
    kept = MixAnalysis.objects.get()
    assert kept.limits_snapshot["fat"] == {"least": "15.50", "most": "20.50"}
    assert not Deviation.objects.exists()


def test_values_outside_and_every_attempt_are_kept(talker: Talker) -> None:
    mix = in_lab()
    analyse(talker, "20,51")
    assert known(mix).state == "lab_decision"
    card = "…Ж 20,51 (норма 15,50–20,50), Б 13,00 (норма 12,00–14,50)…попытка 1"
    assert talker.phone("technologist").sees(card), talker.phone("technologist").described()
    assert talker.phone("mixer_line_1").sees("…ФХП вне нормы, ждите решения технолога")
    talker.say("technologist", "[Повторный анализ]")
    analyse(talker, "20,60")
    talker.say("technologist", "[Повторный анализ]")
    analyse(talker, "18")
    attempts = [(one.attempt, one.fat, one.verdict) for one in MixAnalysis.objects.all()]
    assert attempts == [
        *((1, Decimal("20.51"), "fail"), (2, Decimal("20.60"), "fail")),
        (3, Decimal(18), "pass"),
    ]
    assert [one.state for one in Deviation.objects.all()] == ["withdrawn", "withdrawn"]
    assert known(mix).quality == "passed"


def test_a_blocked_mix_goes_on_and_is_held(talker: Talker) -> None:
    mix = in_lab()
    analyse(talker, "25", "13", "60")
    talker.say("technologist", "[Заблокировать]", "жир выше нормы")
    assert (known(mix).state, known(mix).quality) == ("ready_to_discharge", "blocked")
    assert blocking(mix.lot, Use.FREEZING) is None
    held = blocking(mix.lot, Use.SHIPPING)
    assert held is not None
    assert (held.kind, held.reason) == ("fhp", "жир выше нормы")
    decided = Deviation.objects.get()
    assert (decided.state, str(decided.decided_by)) == ("rejected", "Орлова М. С.")
    assert decided.comment == "жир выше нормы"


def test_a_mix_is_allowed_with_a_deviation_and_a_reason(talker: Talker) -> None:
    mix = in_lab()
    analyse(talker, "20,60")
    talker.say("technologist", "[Допустить с отклонением]", "так")
    assert known(mix).quality == "untested"
    talker.say("technologist", "[Допустить с отклонением]", "в пределах договора")
    assert known(mix).quality == "passed_with_deviation"
    assert not Hold.objects.exists()
    assert (Deviation.objects.get().state, Deviation.objects.get().kind) == ("approved", "fhp")


def test_a_recipe_without_a_norm_asks_the_technologist_and_crashes_nothing(talker: Talker) -> None:
    mix = in_lab()
    MincedOrder.objects.update(recipe_version=None)
    analyse(talker, "18")
    assert known(mix).state == "lab_decision"
    assert MixAnalysis.objects.get().verdict == "no_standard"
    assert talker.phone("technologist").sees("…нормы нет, попытка 1")


def test_a_norm_that_changes_later_does_not_change_what_an_order_must_meet(talker: Talker) -> None:
    mix = in_lab()
    assert mix.order is not None
    newer = RecipeVersion.objects.filter(recipe=mix.order.recipe).values().get()
    RecipeVersion.objects.create(**{**newer, "id": None, "version": 2, "fat": Decimal(10)})
    assert norm_met(known(mix), Decimal(18), Decimal(13), Decimal(66))


def test_mixes_wait_in_the_order_in_which_they_were_sampled(talker: Talker) -> None:
    mix = in_lab(mixes=2)
    second = Mix.objects.exclude(pk=mix.pk).get()
    Mix.objects.filter(pk=second.pk).update(state=Mix.State.LAB_DECISION)
    assert list(mixes_in_lab()) == [mix, second]
    talker.say("lab", "/start", "[Лаборатория (замесы)]", "[▶]")
    assert talker.phone("lab").sees("…Ждём технолога")


def enter_ash(talker: Talker, ash: str) -> None:
    talker.say("lab", "/start", "[Лаборатория (зола)]", "[Начать анализ]", ash, "[Сохранить]")


def test_ash_within_the_norm_lets_a_pet_food_mix_be_shipped(talker: Talker) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    assert known(mix).ash_state == "missing"
    assert Task.objects.waiting().filter(kind="ash_analysis").exists()
    enter_ash(talker, "5")
    assert known(mix).ash_state == "in_norm"
    assert AshAnalysis.objects.get().limits_snapshot["ash"] == {"least": "0.00", "most": "6.00"}


def test_ash_outside_the_norm_holds_a_mix_until_a_repeated_analysis_or_a_decision(
    talker: Talker,
) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    enter_ash(talker, "6,01")
    assert known(mix).ash_state == "out_of_norm"
    held = blocking(mix.lot, Use.SHIPPING)
    assert held is not None
    assert held.kind == "ash"
    assert talker.phone("technologist").sees("…6,01 % при норме 0,00–6,00")
    talker.say("technologist", "[Повторный анализ]", "проба испорчена")
    enter_ash(talker, "4,9")
    assert known(mix).ash_state == "in_norm"
    assert blocking(mix.lot, Use.SHIPPING) is None
    released = f"Снята блокировка: замес {mix.number}. Зола: повторный анализ в норме"
    assert talker.phone("storekeeper").sees(released)
    assert [one.attempt for one in AshAnalysis.objects.all()] == [1, 2]
    assert Deviation.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("button", "ash_state", "held", "decision"),
    [
        ("[Допустить с отклонением]", "accepted", False, "approved"),
        ("[Оставить блокировку]", "out_of_norm", True, "rejected"),
    ],
)
def test_the_technologist_decides_on_ash_with_a_reason(
    talker: Talker, button: str, ash_state: str, held: bool, decision: str
) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    enter_ash(talker, "6,5")
    for role in ("storekeeper", "quality_manager"):
        assert talker.phone(role).sees(
            f"Заблокировано: замес {mix.number}, 1 000,000 кг. Зола: 6,50…"
        )
    talker.say("technologist", button, "решение заказчика")
    released = f"Снята блокировка: замес {mix.number}. Зола: решение заказчика"
    assert talker.phone("storekeeper").sees(released) is (decision == "approved")
    assert known(mix).ash_state == ash_state
    assert (blocking(mix.lot, Use.SHIPPING) is not None) is held
    decided = Deviation.objects.get()
    assert (decided.kind, decided.state, decided.comment) == ("ash", decision, "решение заказчика")


@pytest.mark.parametrize(
    ("name", "ash_state"), [("accept_ash", "accepted"), ("retest_ash", "missing")]
)
def test_a_mix_whose_ash_stays_held_is_decided_on_later_from_its_card(
    talker: Talker, name: str, ash_state: str
) -> None:
    """The card of the chat is gone with the first decision: the mix stood without a way on."""
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    enter_ash(talker, "6,5")
    talker.say("technologist", "[Оставить блокировку]", "ждём заказчика")
    stuck = [row for found in verify_work(program()) for row in found.examples if "ash" in row]
    assert stuck == []
    client = member("one", "Главный технолог")
    given = {"step": "apply", "reason": "заказчик согласен"}
    client.post(f"/admin/production/mix/{mix.pk}/{name}/", given)
    assert known(mix).ash_state == ash_state
    assert (blocking(mix.lot, Use.SHIPPING) is None) is (ash_state == "accepted")
    assert ("ash_analysis" in open_tasks(mix)) is (ash_state == "missing")


def test_ash_that_was_kept_held_is_accepted_when_its_hold_is_released(talker: Talker) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    enter_ash(talker, "6,5")
    talker.say("technologist", "[Оставить блокировку]", "ждём заказчика")
    talker.say("technologist", "/start", "[Блокировки]", "[Снять]", "[Замес…]")
    talker.say("technologist", "заказчик согласен", "[Снять]")
    assert (known(mix).ash_state, blocking(mix.lot, Use.SHIPPING)) == ("accepted", None)
    told = [one.text for one in talker.phone("storekeeper").messages() if "Снята" in one.text]
    assert len(told) == 1


def open_tasks(mix: Mix) -> set[str]:
    return set(Task.objects.waiting().filter(subject_id=mix.pk).values_list("kind", flat=True))


@pytest.mark.parametrize("ash", ["5", "6,5", ""])
def test_a_mix_that_is_issued_again_loses_what_was_found_of_its_first_load(
    talker: Talker, ash: str
) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "30", "13", "52")
    talker.say("technologist", "[Заблокировать]", "жир выше нормы")
    if ash:
        enter_ash(talker, ash)
    fire(known(mix), "reissue", "сменился рецепт")
    again = known(mix)
    assert (again.state, again.quality, again.ash_state) == ("queued", "untested", "new")
    assert (again.analysis, again.ash_analysis) == (None, None)
    assert blocking(mix.lot, Use.SHIPPING) is None
    assert open_tasks(mix) == set()
    assert not Deviation.objects.filter(state="open").exists()
    Mix.objects.filter(pk=mix.pk).update(state=Mix.State.IN_LAB, line=1)
    talker.say("lab", "/start", "[Лаборатория (зола)]")
    assert talker.phone("lab").sees("…Замесов без анализа на золу нет…")
    phone, released = talker.phone("storekeeper"), f"Снята блокировка: замес {mix.number}."
    assert phone.sees(f"{released} ФХП: замес выдан повторно")
    assert phone.sees(f"{released} Зола: замес выдан повторно") is (ash == "6,5")
    analyse(talker, "20", "13", "62")
    assert (known(mix).quality, known(mix).ash_state) == ("passed", "missing")


def test_a_mix_that_is_cancelled_asks_the_laboratory_for_nothing_more(talker: Talker) -> None:
    mix = in_lab(PET_FOOD)
    analyse(talker, "20", "13", "62")
    assert "ash_analysis" in open_tasks(mix)
    fire(known(mix), "cancel", "сменился план")
    assert (known(mix).state, known(mix).ash_state) == ("cancelled", "not_needed")
    assert open_tasks(mix) == set()


def test_one_session_is_one_attempt(lab: Person) -> None:
    mix, session = in_lab(), uuid4()
    given = {"fat": Decimal(18), "protein": Decimal(13), "moisture": Decimal(66)}
    now = timezone.now()
    first = record_mix_analysis(lab, session=session, at=now, mix=mix, in_norm=True, **given)
    again = record_mix_analysis(lab, session=session, at=now, mix=mix, in_norm=True, **given)
    assert again == first


def test_what_is_not_in_the_laboratory_is_not_analysed(lab: Person) -> None:
    mix, now = in_lab(), timezone.now()
    mix.state = Mix.State.MIXING
    given = {"fat": Decimal(18), "protein": Decimal(13), "moisture": Decimal(66)}
    with pytest.raises(Refused, match="не ждёт анализа"):
        record_mix_analysis(lab, session=uuid4(), at=now, mix=mix, in_norm=True, **given)
    with pytest.raises(Refused, match="не ждёт анализа"):
        record_ash(lab, session=uuid4(), at=now, mix=mix, ash=Decimal(3), in_norm=True)


def test_a_form_that_said_otherwise_than_the_norm_is_asked_again(lab: Person) -> None:
    given = {"fat": Decimal(25), "protein": Decimal(13), "moisture": Decimal(66)}
    with pytest.raises(Refused, match="Норма замеса изменилась"):
        record_mix_analysis(
            lab, session=uuid4(), at=timezone.now(), mix=in_lab(), in_norm=True, **given
        )
