"""The daily report (domain 10.5) on golden numbers D8 and D10, and computed again from the postings
by plain Python."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.bridge.reports import book, workbook
from crm.ledger.models import Posting
from crm.plant.talker import Talker
from crm.production.daily import unfinished
from crm.production.facts.daily_output import daily_output
from crm.production.facts.daily_raw_use import daily_raw_use
from crm.production.models import Blank, BlankItem, Pallet, SecondMinced
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.accept_without_origin import accept_without_origin
from crm.production.operations.undo_discharge import undo_discharge
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from tests.crm.production.days import balance, begins, day, out, pallet
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.pallets import by_hand, who
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


def form() -> Any:
    made = book(program(), program().reports["daily_production"], {}, "Орлова М. С.")
    found: Any = load_workbook(BytesIO(workbook(program(), made))).active
    assert found.title == "Отчёты"
    return found


def sheet() -> list[list[Any]]:
    return [[cell.value for cell in row] for row in form().iter_rows()]


def frozen(talker: Talker, kilograms: str, *more: tuple[str, str]) -> Blank:
    """Weigh a blank as planned, of каркас and of all of other batches, by talking."""
    say = talker.say
    say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", kilograms)
    for material, number in more:
        say("technologist", "[Добавить сырьё]", material, number, "[Все]")
    say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    say("storekeeper", "[Ввести фактический вес сырья]", *["[Как в плане]"] * (1 + len(more)))
    say("storekeeper", "[Сохранить]")
    made = Blank.objects.get()
    Blank.objects.filter(pk=made.pk).update(state="ready")
    return Blank.objects.get()


def test_the_day_of_the_golden_numbers(talker: Talker) -> None:
    carcass = batch_in_stock("carcass", kg(6000))
    neck = batch_in_stock("neck", kg(1500), condition="chilled")
    blank = frozen(talker, "6000")
    mix = planned([line("6000", blank), line("1500", neck)], 1).mixes.get()
    pallet(out(mix, begins()), 7, "4820.5", timezone.localtime())
    rework("1950")
    use = {one["number"]: (one["kg"], one["after"]) for one in daily_raw_use(day())}
    assert use == {carcass.number: (6000, 5808), neck.number: (1500, 1500)}
    assert [(one["recipe"], one["why"], one["kg"]) for one in daily_output(day())] == [
        (mix.order.recipe.report_name, None, kg("4820.5"))  # type: ignore[union-attr]
    ]
    closed = balance()
    assert closed["Выпуск ММО"] == (kg("4820.5"), kg("64.3"))
    assert closed["Выпуск МКО"] == (kg(1950), kg("26.0"))
    assert closed["Выпуск всего"][0] == kg("6770.5")
    assert closed["Потери и необъяснённое"][0] == kg("729.5")
    cells = sheet()
    assert cells[0][3] == f"{begins():%d.%m.%Y}"
    assert [row[0] for row in cells[2:4]] == [1, 2]
    first, second = ({row[4]: row for row in cells[2:4]}[name] for name in ("Каркас", "Шея"))
    assert (first[1], second[1]) == ("прод", None)  # one cell, merged down
    assert (first[2], first[6:10]) == (30, [6000, 5808, "X", None])
    assert (second[2], second[6:10]) == (20, [1500, 1500, None, "X"])
    assert (first[12], second[12]) == (3.2, None)
    vvs = [row[7] * row[2] / 100 for row in (first, second)]
    assert vvs == [pytest.approx(1742.4), pytest.approx(300)]
    assert [row[13] for row in cells[2:4]] == [
        f'=IF(ISNUMBER(C{at}),ROUND(H{at}*C{at}/100,3),"—")' for at in (3, 4)
    ]
    total = next(row for row in cells if row[0] == "Итого, кг")
    assert (total[6:8], total[13]) == (["=SUM(G3:G5)", "=SUM(H3:H5)"], "=SUM(N3:N5)")
    made = cells.index(next(row for row in cells if row[4] == 1950))
    assert cells[made][1:4] == [1, mix.order.recipe.report_name, 4820.5]  # type: ignore[union-attr]
    at = made + 1
    assert cells[made + 2][3:5] == [f"=SUM(D{at}:D{at + 1})", f"=E{at}"]
    assert cells[made + 3][3] == f'=IF(G6=0,"—",ROUND(100*D{at + 2}/G6,1))'
    assert cells[made + 4][3] == f"=D{at + 2}+E{at + 2}"


def test_the_form_of_the_day_prints_its_header_on_each_page_and_says_whose_it_is(
    talker: Talker,
) -> None:
    found = form()
    assert (found.print_title_rows, found.freeze_panes) == ("$1:$2", "A3")
    assert found.page_setup.orientation == "landscape"
    assert found.oddHeader.left.text == program().project.plant.name
    assert found.oddFooter.left.text == "Орлова М. С."


def test_spreadsheets_compute_what_the_form_of_the_day_adds_up(talker: Talker) -> None:
    """Every number of the form, as LibreOffice computes it, against whole grams counted here."""
    a_day_of_all_kinds(talker)
    computed = recalculated(form().parent)
    said = {row[0]: row for row in computed if row[0]}
    end = computed.index(said["Итого, кг"])
    raw = {(row[4], row[8]): row for row in computed[2:end] if row[0]}
    carcass = sum(mass * 1000 // 1500 for mass in (333_333, 333_334, 333_334))  # mix by mix (D9)
    expected = {
        # material and «ЗАМ»: used, loss and exit in tenths of a per cent
        ("Каркас", "X"): (carcass, 32, 300),
        ("Шея", "X"): (1_000_001 - carcass, 34, 200),
        ("Киль", None): (777_777, 0, 240),
        ("МКО", None): (333_333, 0, None),
        ("Вторфарш", None): (300_000, 0, None),
    }
    assert raw.keys() == expected.keys()
    used, after, vvs = 0, 0, 0
    for name, (mass, loss, gives) in expected.items():
        row, left = raw[name], half_up(mass * (1000 - loss), 1000)
        assert (grams(row[6]), grams(row[7])) == (mass, left), name
        assert row[2] == ("—" if gives is None else gives / 10)
        assert row[12] == (loss / 10 or None)
        assert row[10:12] == (["—", "—"] if name[0] == "Вторфарш" else ["С-1", "700"])
        made = None if gives is None else half_up(left * gives, 1000)
        assert (row[13] if made is None else grams(row[13])) == (made or "—"), name
        used, after, vvs = used + mass, after + left, vvs + (made or 0)
    total = said["Итого, кг"]
    assert [grams(total[at]) for at in (6, 7, 13)] == [used, after, vvs]
    totals = computed.index(said["ИТОГО, КГ"])
    start = next(at for at, row in enumerate(computed) if row[3] == "ММО") + 1
    by_recipe = {row[2]: grams(row[3]) for row in computed[start:totals] if row[2]}
    assert by_recipe == {
        "Стандарт": 455_250 + 450_001,
        "Люкс": 700_500,
        "Пет-фуд": 280_007,
        "Пет-фуд без партии": 300_000,
    }
    mince, second = sum(by_recipe.values()), 55_500
    assert [grams(one) for one in computed[totals][3:5]] == [mince, second]
    assert grams(computed[start][4]) == second
    shares = [half_up(1000 * made, used) / 10 for made in (mince, second)]
    assert computed[totals + 1][3:5] == shares
    assert grams(computed[totals + 2][3]) == mince + second
    assert grams(said["Всего заблокировано, кг"][3]) == 449_000


def a_day_of_all_kinds(talker: Talker) -> None:
    """A blank of two batches, chilled raw, raw without an exit, вторфарш; mixes of three recipes
    and one by hand, a pallet that is blocked, вторфарш registered."""
    for material in ("carcass", "neck"):
        batch_in_stock(material, kg({"carcass": "1000.001", "neck": "500"}[material]))
    keel = batch_in_stock("keel", kg(1000), condition="chilled")
    bare = batch_in_stock("mko", kg(1000), condition="chilled")
    blank = frozen(talker, "1000", ("[Шея]", "[2211/4…]"))
    standard = planned([line("1000.001", blank), line("777.777", keel)], 3).mixes.order_by("index")
    luxe = planned([line("333.333", bare)], 1, recipe=2).mixes.get()
    lots = rework("300", 2)
    SecondMinced.objects.filter(pk=lots.pk).update(registered_at=begins() - timedelta(days=2))
    pet_food = planned([line("300")], 1, recipe=17, line_mode="line_2").mixes.get()
    nets = ("455.25", "450.001", "449", "700.5", "280.007")
    mixes = enumerate(zip([*standard, luxe, pet_food], nets, strict=True), 7)
    made = [pallet(out(mix, begins()), number, net, begins()) for number, (mix, net) in mixes]
    place_hold(
        who("quality_manager"), lot=made[2].lot, kind=HoldKind.FOREIGN_BODY, reason="металл",
        at=timezone.localtime(),
    )  # fmt: skip
    unknown = by_hand(accept_without_origin, "pet_food")
    accept_pallet(who(), at=timezone.localtime(), pallet=unknown)
    Pallet.objects.filter(pk=unknown.pk).update(state="in_stock")
    rework("55.5", 3)


def grams(kilograms: float) -> int:
    """Return a cell as whole grams; a fraction of a gram is a mistake."""
    found = round(kilograms * 1000)
    assert found == pytest.approx(kilograms * 1000, abs=0.001)
    return found


def half_up(number: int, divisor: int) -> int:
    return (2 * number + divisor) // (2 * divisor)


def recalculated(book: Any) -> list[list[Any]]:
    """Return the values that LibreOffice computes for the cells of a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.xlsx"
        book.save(path)
        office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        again = [
            *office,
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            f"{folder}/out",
        ]
        subprocess.run([*again, str(path)], check=True, capture_output=True, timeout=240)
        sheet: Any = load_workbook(Path(folder) / "out" / "made.xlsx", data_only=True).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_mix_belongs_to_the_day_of_its_second(talker: Talker) -> None:
    batch = batch_in_stock("carcass", kg(1000), condition="chilled")
    first, second = planned([line("1000", batch)], 2).mixes.order_by("index")
    out(first, begins() - timedelta(seconds=1))  # 06:59:59
    out(second, begins())
    assert [one["kg"] for one in daily_raw_use(day(-1))] == [500]
    assert [one["kg"] for one in daily_raw_use(day())] == [500]
    assert balance()["Незавершённое на начало"][0] == 500
    assert balance()["Незавершённое на конец"][0] == 1000


def test_kilograms_of_a_blank_are_divided_over_its_batches_to_the_gram(talker: Talker) -> None:
    a, b = batch_in_stock("carcass", kg(1000)), batch_in_stock("neck", kg(500))
    blank = frozen(talker, "1000", ("[Шея]", "[2211/4…]"))
    assert [item.kg_actual for item in BlankItem.objects.order_by("position")] == [1000, 500]
    out(planned([line("100", blank)], 1).mixes.get(), begins())
    use = {one["number"]: one["kg"] for one in daily_raw_use(day())}
    assert use == {a.number: kg("66.666"), b.number: kg("33.334")}


def test_the_day_closes_with_the_postings_to_the_gram(talker: Talker) -> None:
    batch = batch_in_stock("carcass", kg("3000.003"), condition="chilled")
    lots = rework("300", 2)
    SecondMinced.objects.filter(pk=lots.pk).update(registered_at=begins() - timedelta(days=2))
    mixes = list(planned([line("2000.001", batch)], 5).mixes.order_by("index"))
    moments = [timedelta(hours=-1), *[timedelta(hours=hour) for hour in (0, 1, 2, 3)]]
    for mix, after in zip(mixes, moments, strict=True):
        out(mix, begins() + after)
    out(planned([line("300")], 1, recipe=17, line_mode="line_2").mixes.get(), begins())
    undo_discharge(None, at=timezone.localtime(), mix=mixes[4], reason="Не тот замес")
    pallet(mixes[0], 7, "455.25", begins() + timedelta(hours=1))
    pallet(mixes[1], 8, "450.001", begins() + timedelta(hours=2))
    blocked = pallet(mixes[2], 9, "449", begins() + timedelta(hours=3))
    place_hold(
        who("quality_manager"), lot=blocked.lot, kind=HoldKind.FOREIGN_BODY, reason="металл",
        at=timezone.localtime(),
    )  # fmt: skip
    rework("55.5", 3)
    closed = {name: value for name, (value, _) in balance().items()}
    gone, start, end = by_postings(*day())
    assert closed["Израсходовано"] == gone
    assert closed["Незавершённое на начало"] == start == unfinished(begins())
    assert closed["Незавершённое на конец"] == end
    assert closed["в том числе вторфарш"] == 300
    assert closed["Выпуск ММО"] == kg("905.251")
    assert closed["Выпуск МКО"] == kg("55.5")
    assert closed["Заблокировано"] == 449
    left = start + gone - kg("905.251") - kg("55.5") - 449 - end
    assert closed["Потери и необъяснённое"] == left
    held = [row for row in sheet() if row[3] == 449]  # by its reason, and in the balance
    assert [row[4] for row in held] == ["Посторонний предмет: металл", 29.9]


def by_postings(first: datetime, last: datetime) -> tuple[Decimal, Decimal, Decimal]:
    """Return what entered `process` in a window, reversals off, and what lay there of mixes without
    an accepted pallet at its beginning and at its end."""
    took: dict[Any, Decimal] = defaultdict(Decimal)
    entered: dict[tuple[Any, datetime], Decimal] = defaultdict(Decimal)
    for one in Posting.objects.filter(account="process", mix__isnull=False).select_related("event"):
        entered[one.mix_id, one.event.occurred_at] += one.kg
        took[one.event_id] += one.kg
    undone = {
        one.reverses_id: one.pk
        for one in (row.event for row in Posting.objects.select_related("event"))
        if one.reverses_id
    }
    off = {*undone, *undone.values()}
    within = {
        one.event_id
        for one in Posting.objects.filter(event__kind="discharge").select_related("event")
        if first <= one.event.occurred_at < last
    }
    gone = sum((value for event, value in took.items() if event in within - off), kg(0))
    done = {
        (line.mix_id, line.event.occurred_at)
        for line in Posting.objects.filter(
            event__kind="accept_pallet", account="process"
        ).select_related("event")
    }

    def lying(at: datetime) -> Decimal:
        over = {mix for mix, moment in done if moment < at}
        return sum(
            (value for (mix, moment), value in entered.items() if moment < at and mix not in over),
            kg(0),
        )

    return gone, lying(first), lying(last)
