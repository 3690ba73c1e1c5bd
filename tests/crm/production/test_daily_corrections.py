"""The daily report (domain 10.5) of days that were corrected afterwards: each closes as if it had
been right at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.program import program
from crm.office.flow import by_day
from crm.production.models import Mix, Pallet
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.edit_pallet import edit_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.reverse_pallet import reverse_pallet
from crm.production.operations.undo_discharge import undo_discharge
from tests.crm.production.days import balance, begins, out, pallet
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("talker")]
kg = Decimal
YESTERDAY, TODAY = -1, 0


def yesterday(count: int = 1, kilograms: str = "1000") -> list[Mix]:
    """Return mixes of chilled каркас, each of so many kilograms, that left the mixer yesterday."""
    batch = batch_in_stock("carcass", kg(5000), condition="chilled")
    mixes = planned([line(str(count * kg(kilograms)), batch)], count).mixes.order_by("index")
    return [out(mix, begins() - timedelta(hours=9)) for mix in list(mixes)]


def closed(after: int) -> list[Decimal]:
    """Return what a day had at its beginning, used, made, had at its end and lost."""
    lines = balance(after)
    named = ("Незавершённое на начало", "Израсходовано", "Выпуск ММО", "Незавершённое на конец")
    return [lines[one][0] for one in (*named, "Потери и необъяснённое")]


def test_a_pallet_taken_back_to_be_weighed_again_is_not_made_yet() -> None:
    (mix,) = yesterday()
    made = pallet(mix, 7, "950", begins() - timedelta(hours=8))
    assert closed(YESTERDAY) == [0, 1000, 950, 0, 50]
    reverse_pallet(who(), at=timezone.localtime(), pallet=made, reason="не тот вес")
    Pallet.objects.filter(pk=made.pk).update(state="unloaded")
    assert closed(YESTERDAY) == [0, 1000, 0, 1000, 0]
    assert closed(TODAY) == [1000, 0, 0, 1000, 0]
    accept_pallet(who(), at=timezone.localtime(), pallet=Pallet.objects.get(pk=made.pk))
    Pallet.objects.filter(pk=made.pk).update(state="in_stock")
    assert closed(YESTERDAY) == [0, 1000, 0, 1000, 0]
    assert closed(TODAY) == [1000, 0, 950, 0, 50]


def test_a_weight_corrected_on_another_day_is_that_of_the_day_of_the_pallet() -> None:
    (mix,) = yesterday()
    made = pallet(mix, 7, "480", begins() - timedelta(hours=8))
    pallet_of_mix(who(), mix, 8, timezone.localtime())  # is still to be weighed
    assert closed(YESTERDAY) == [0, 1000, 480, 520, 0]
    edit_pallet(
        who("production_office"), pallet=Pallet.objects.get(pk=made.pk), gross=kg("515.5"),
        pallet_weight=kg(22), packaging_weight=kg("18.5"), reason="сверено",
        at=timezone.localtime(),
    )  # fmt: skip
    assert closed(YESTERDAY) == [0, 1000, 475, 525, 0]
    assert closed(TODAY) == [525, 0, 0, 525, 0]


def test_a_discharge_undone_on_another_day_never_was() -> None:
    kept, undone = yesterday(2, "500")
    undo_discharge(None, at=timezone.localtime(), mix=undone, reason="Не тот замес")
    assert closed(YESTERDAY) == [0, 500, 0, 500, 0]
    pallet(kept, 7, "490", timezone.localtime())
    assert closed(TODAY) == [500, 0, 490, 0, 10]


def told(after: int) -> list[Decimal]:
    """Return what the start page and the board tell of a day: used, made."""
    day = (begins() + timedelta(days=after)).date()
    flow = by_day(day, day, program().zone)[day]
    return [flow.used, flow.made]


def test_the_start_page_counts_a_discharge_that_was_undone_on_another_day_on_neither() -> None:
    kept, undone = yesterday(2, "500")
    assert told(YESTERDAY) == [1000, 0]
    undo_discharge(None, at=timezone.localtime(), mix=undone, reason="Не тот замес")
    assert told(YESTERDAY) + told(TODAY) == [500, 0, 0, 0]
    Mix.objects.filter(pk=undone.pk).update(state="ready_to_discharge")
    out(Mix.objects.get(pk=undone.pk), timezone.localtime())
    pallet(kept, 7, "490", timezone.localtime())
    assert told(YESTERDAY) + told(TODAY) == [500, 0, 500, 490]


def test_the_start_page_counts_a_corrected_weight_on_the_day_of_the_pallet() -> None:
    (mix,) = yesterday()
    made = pallet(mix, 7, "480", begins() - timedelta(hours=8))
    edit_pallet(
        who("production_office"), pallet=Pallet.objects.get(pk=made.pk), gross=kg("515.5"),
        pallet_weight=kg(22), packaging_weight=kg("18.5"), reason="сверено",
        at=timezone.localtime(),
    )  # fmt: skip
    assert told(YESTERDAY) + told(TODAY) == [1000, 475, 0, 0]
    gone = Pallet.objects.get(pk=made.pk)
    reverse_pallet(who(), at=timezone.localtime(), pallet=gone, reason="не тот вес")
    Pallet.objects.filter(pk=made.pk).update(state="unloaded")
    assert told(YESTERDAY) + told(TODAY) == [1000, 0, 0, 0]


def test_what_became_rework_is_counted_once() -> None:
    before, since = yesterday(2)
    old = pallet(before, 7, "950", begins() - timedelta(hours=8))
    new = pallet(since, 8, "960", begins())
    for one in (old, new):
        found = Pallet.objects.get(pk=one.pk)
        convert_pallet(who("technologist"), at=timezone.localtime(), pallet=found, reason="брак")
        Pallet.objects.filter(pk=one.pk).update(state="converted")
    assert closed(YESTERDAY) == [0, 2000, 950, 1000, 50]
    assert closed(TODAY) == [1000, 0, 0, 0, 40]
    lines = balance(TODAY)
    assert lines["Выпуск МКО"][0] == 950 + 960
    assert lines["Возвращено со склада в вторфарш"][0] == 950
