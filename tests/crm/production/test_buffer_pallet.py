"""A buffer pallet that two people fill at once (domain 3.7, 4.33)."""

from __future__ import annotations

import pytest

from crm.plant.talker import Talker
from crm.production.models import Mix, Pallet
from crm.production.operations.fill_buffer_pallet import THERE, fill_buffer_pallet
from engine.errors import Refused
from engine.model.conversation import Answer
from tests.crm.production.pallets import kg, now, pet_food_out, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def opened(mix: Mix) -> Pallet:
    """Return a buffer pallet of 30 boxes that collects."""
    pallet = fill_buffer_pallet(
        who(), at=now(), pallet=None, pallet_number=9, box_count=30, sources=[mix],
        gross=kg(640), pallet_weight=kg(20),
    )  # fmt: skip
    Pallet.objects.filter(pk=pallet.pk).update(state="open")
    return Pallet.objects.get(pk=pallet.pk)


def ten_more(pallet: Pallet, mix: Mix, answers: dict[str, Answer] | None = None) -> None:
    """Put ten boxes on a pallet, as another storekeeper does."""
    fill_buffer_pallet(
        who(), at=now(), pallet=pallet, pallet_number=None, box_count=10, sources=[mix],
        gross=kg(210), pallet_weight=kg(20), answers=answers,
    )  # fmt: skip


def test_who_weighed_boxes_that_fit_no_more_weighs_those_that_do(talker: Talker) -> None:
    first, second = pet_food_out(), pet_food_out(2)
    pallet = opened(first)
    talker.after(minutes=5)
    Mix.objects.filter(pk=second.pk).update(produced_at=now())
    phone = talker.say(
        "freezer_storekeeper", "/start", "[Заморозка фарша пет-фуд]", "[Заморозка остатков]",
        "[Добавить в буферный паллет остатки]", "20", "[Готово]", "310", "[Позже]",
    )  # fmt: skip
    assert phone.sees("…Нетто 858,000 кг…"), phone.described()
    ten_more(pallet, first)
    phone = talker.say("freezer_storekeeper", "[Сохранить]")
    assert phone.sees("…условия изменились…Вес брутто 5 добавленных…"), phone.described()
    phone = talker.say("freezer_storekeeper", "105", "[Сохранить]")
    assert phone.sees("…45 из 45 коробок, нетто 863,000 кг…"), phone.described()
    pallet.refresh_from_db()
    assert (pallet.box_count, pallet.gross, pallet.net_expected) == (45, kg(955), kg(863))


def test_a_weight_of_boxes_asked_before_others_came_is_refused_under_the_lock() -> None:
    mix = pet_food_out()
    pallet = opened(mix)
    asked = {"gross": Answer(kg(210), approved=True, depended={THERE: 20})}
    with pytest.raises(Refused, match="На паллете уже 30 коробок") as refused:
        ten_more(pallet, mix, asked)
    assert refused.value.refusal.again == "box_count"
    ten_more(pallet, mix, {"gross": Answer(kg(210), depended={THERE: 30})})
    assert Pallet.objects.get().box_count == 40
