"""The lists of 10.11: loads, stops, deviations, second minced, checks of critical points.
What stands in them is computed here again, from the rows of the plant by plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.bridge.reports import book, workbook
from crm.catalogue.models import Freezer
from crm.plant.talker import Talker
from crm.production.models import FreezerLoad, SecondMinced, Stop
from crm.production.operations.stop_station import stop
from crm.quality.models import Deviation
from crm.quality.operations.measure import measure
from engine.model.conversation import Bounds
from engine.model.effects import Measured
from engine.model.values import Option
from tests.crm.conftest import Ask
from tests.crm.production.orders import rework
from tests.crm.production.pallets import mix_out, who

pytestmark = pytest.mark.django_db


def rows(report: str, **params: Any) -> list[list[Any]]:
    """Make a report and return its rows that hold something."""
    made = book(program(), program().reports[report], params, "Орлова М. С.")
    sheet: Any = load_workbook(BytesIO(workbook(program(), made))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [row for row in found if any(cell is not None for cell in row)]


def day_begins() -> datetime:
    return timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0)


def load(loaded_at: datetime, due_after: int, out_after: int | None, **given: Any) -> FreezerLoad:
    """Put a mix into a plate freezer; minutes are counted from when it was loaded."""
    taken = FreezerLoad.objects.count() + 1
    state = FreezerLoad.State.FREEZING if out_after is None else FreezerLoad.State.UNLOADED
    return FreezerLoad.objects.create(
        **{"state": state, **given},
        freezer=Freezer.objects.filter(kind="plate").order_by("number")[taken - 1],
        slot=1,
        mix=mix_out(),
        loaded_at=loaded_at,
        due_at=loaded_at + timedelta(minutes=due_after),
        unloaded_at=None if out_after is None else loaded_at + timedelta(minutes=out_after),
        created_at=loaded_at,
    )


def test_a_load_says_by_how_many_minutes_it_stood_too_long(talker: Talker) -> None:
    begins, second = day_begins(), timedelta(seconds=1)
    load(begins - second, 10, 20)  # 06:59:59: of the day before (D10)
    late = load(begins, 180, 200)
    early = load(begins + timedelta(minutes=5), 180, 170)
    open_late = load(begins + timedelta(minutes=10), 60, None)
    voided = load(begins + timedelta(minutes=15), 60, None, state=FreezerLoad.State.VOIDED)
    found = rows("freezer_loads")
    lines = [row for row in found if row[0] and row[0].startswith("Плит")]
    standing = int((timezone.localtime() - day_begins()).total_seconds() // 60) - 70
    wanted = [(late, 20), (early, None), (open_late, standing), (voided, None)]
    assert standing > 0
    assert [(row[2], row[8]) for row in lines] == [(str(one.mix), over) for one, over in wanted]
    loaded = timezone.localtime(late.loaded_at).replace(tzinfo=None)
    assert (lines[0][5], lines[0][7]) == (loaded, loaded + timedelta(minutes=200))
    assert (found[-1][0], found[-1][8]) == ("Итого", "=SUM(I3:I6)")
    one = rows("freezer_loads", freezer=row_of(early.freezer))
    assert [row[2] for row in one if row[0] == str(early.freezer)] == [str(early.mix)]


def test_the_minutes_of_a_stop_are_those_inside_the_period(talker: Talker) -> None:
    begins, now = day_begins(), timezone.localtime()
    stations = ("press_1", "press_2", "mixer_1", "mixer_2")
    times: list[tuple[datetime, datetime | None]] = [
        (begins - timedelta(hours=2), begins - timedelta(hours=1)),  # over before the day
        (begins - timedelta(minutes=90), begins + timedelta(minutes=25)),  # 25 of its 115 minutes
        (begins + timedelta(minutes=30), begins + timedelta(minutes=70, seconds=59)),
        (begins + timedelta(minutes=100), None),  # stands
    ]
    for station, (at, ended) in zip(stations, times, strict=True):
        made = stop(who(), resource=station, reason="нет пара", session=uuid4(), at=at)
        if ended:
            Stop.objects.filter(pk=made.pk).update(ended_at=ended, ended_by=who())
    found = rows("stops")
    lines = [row for row in found if row[1] == "нет пара"]
    minutes = {row[0]: row[6] for row in lines}
    since = int((now - begins).total_seconds() // 60) - 100
    titles = dict(Stop.objects.values_list("resource", "title"))
    assert minutes == {
        titles[station] or station: value
        for station, value in zip(stations[1:], (25, 40, since), strict=True)
    }
    assert found[-1][0] == "Итого"
    assert all(isinstance(row[2], datetime) for row in lines)


def test_a_deviation_stands_with_its_bounds_as_numbers_and_its_decision(
    ask: Ask, talker: Talker
) -> None:
    begins = day_begins()
    first, second, before = ask(), ask(key=uuid4()), ask(key=uuid4())
    Deviation.objects.filter(pk=before.pk).update(asked_at=begins - timedelta(seconds=1))
    Deviation.objects.filter(pk=second.pk).update(
        asked_at=begins + timedelta(hours=23, minutes=59), state="approved",
        decided_by=who("technologist"), decided_at=begins + timedelta(hours=24), comment="можно",
    )  # fmt: skip
    found = rows("deviations")
    lines = {row[0]: row for row in found if str(row[0]).startswith("ОТК-")}
    assert list(lines) == [first.number, second.number]
    assert lines[first.number][5:7] == [None, -8]
    assert (found[-1][0], found[-1][2]) == ("Итого", "=COUNTA(C3:C4)")
    assert lines[first.number][9] == "Ждёт решения"
    assert lines[second.number][9:] == [
        "Согласовано", who("technologist").full_name,
        (begins + timedelta(hours=24)).replace(tzinfo=None), "можно",
    ]  # fmt: skip


def test_second_minced_of_a_period_is_summed_in_numbers(talker: Talker) -> None:
    made = [rework("30.5", 1), rework("50.001", 2), rework("7", 3)]
    SecondMinced.objects.filter(pk=made[2].pk).update(
        registered_at=day_begins() - timedelta(seconds=1)
    )
    found = rows("second_minced_list")
    lines = {row[0]: row[7:] for row in found if str(row[0]).endswith("/Вторфарш")}
    assert lines == {made[0].number: [30.5, 30.5], made[1].number: [50.001, 50.001]}
    assert {row[5] for row in found if row[0] in lines} == {"На остатке"}
    assert found[-1][7:] == ["=SUM(H3:H4)", "=SUM(I3:I4)"]


def test_a_check_of_a_critical_point_stands_with_its_limit_and_what_was_decided(
    ask: Ask, talker: Talker
) -> None:
    begins, lot = day_begins(), rework("30.5", 1).lot
    warm, cold = Decimal("-5.5"), Decimal("-9")
    decided = ask()
    Deviation.objects.filter(pk=decided.pk).update(
        state="approved", decided_by=who("technologist"), decided_at=begins, lot=lot
    )
    taken = [
        ("body_temp", "receiving_temperature", warm, begins, str(decided.pk)),
        ("core", "core_temperature", cold, begins + timedelta(hours=23, minutes=59), ""),
        ("late", "core_temperature", cold, begins + timedelta(hours=24), ""),
        ("kg", "blank_tolerance", Decimal(3), begins, ""),  # no point of the plan
    ]
    for name, limit, value, at, deviation in taken:
        bounds = Bounds(limit, most=Decimal(-8), unit="°C", version=1, source="план ХАССП, ККТ-1")
        measured = Measured(name, value, bounds, deviation=deviation)
        measure(who("receiver"), lot_id=lot.pk, measured=[measured], at=at)
    found = rows("ccp_checks")
    lines = [row for row in found if isinstance(row[0], datetime)]
    assert [(row[1], row[3], row[5], row[7]) for row in lines] == [
        ("Температура при приёмке", -5.5, -8, "вне пределов"),
        ("Температура в толще при выгрузке", -9, -8, "в пределах"),
    ]
    assert "2211/1" in lines[0][2]
    assert lines[0][8:] == [
        "план ХАССП, ККТ-1", 1, who("receiver").full_name, decided.number, "Согласовано",
        who("technologist").full_name,
    ]  # fmt: skip
    assert (found[-1][0], found[-1][1]) == ("Итого", "=COUNTA(B3:B4)")
    outside = rows("ccp_checks", verdict=Option("outside", "outside"))
    assert [row[3] for row in outside if isinstance(row[0], datetime)] == [-5.5]
