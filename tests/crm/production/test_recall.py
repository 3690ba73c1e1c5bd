"""A recall finds everything, says who has it, and its kilograms add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from crm.catalogue.models import Customer
from crm.catalogue.operations.add import add
from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line
from crm.ledger.operations.sample import sample
from crm.ledger.operations.scrap import scrap
from crm.people.models import Person
from crm.production.card import whole
from crm.production.facts.recall_balance import recall_balance
from crm.production.lots import find_lots, named
from crm.production.models import Blank, Mix, Pallet, RawBatch, SecondMinced, Shipment
from crm.production.operations.reverse_receipt import reverse_receipt
from crm.production.operations.send_back import send_back
from crm.production.recall import recall
from tests.crm.ledger.genealogy import write

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def chain(
    receive: Callable[..., RawBatch], receiver: Person, technologist: Person, at: datetime
) -> dict[str, Lot]:
    """1 000 kg of raw: 10 scrapped, 1 sampled, 600 in a blank that loses 20; 300 of it in a mix
    that is done and gave two pallets of 100, one shipped, and 280 in one that freezes."""
    raw = receive(weight=D(1000)).lot
    scrap(receiver, lot=raw, kg=D(10), reason="пролито", session=uuid4(), at=at)
    sample(receiver, lot=raw, kg=D(1), session=uuid4(), at=at)
    blank = Blank.objects.create(
        number="З22112026/3", lot=bear_a("blank"), session=uuid4(), product_line="mmo",
        state="ready", arrival_date=at.date(), created_at=at,
    ).lot  # fmt: skip
    write(
        Line(raw, Account.RAW_STORE, D(-600)), Line(blank, Account.BLANK_STORE, D(600)),
        edges=(EdgeLine(raw, blank, D(600)),),
    )  # fmt: skip
    write(Line(blank, Account.BLANK_STORE, D(-20)), Line(blank, Account.LOSS_DRIP, D(20)))
    done, freezing = (
        Mix.objects.create(
            number=f"Ф22112026/3/{index}", year=2026, index=index, lot=bear_a("mix"), line=1,
            state=state, produced_at=at, created_at=at,
        ).lot
        for index, state in ((1, "finished"), (2, "in_plate_freezer"))
    )  # fmt: skip
    for mix, kg in ((done, D(300)), (freezing, D(280))):
        write(
            Line(blank, Account.BLANK_STORE, -kg), Line(blank, Account.PROCESS, kg),
            edges=(EdgeLine(blank, mix, kg),),
        )  # fmt: skip
    lots = {"raw": raw, "blank": blank, "done": done, "freezing": freezing}
    for number in (7, 8):
        pallet = Pallet.objects.create(
            number=number, production_day=at.date(), lot=bear_a("pallet"), kind="mix",
            state="in_stock", net=D(100), accepted_at=at, created_at=at,
        ).lot  # fmt: skip
        write(
            Line(pallet, Account.PROCESS, D(-100)), Line(pallet, Account.FG_STORE, D(100)),
            edges=(EdgeLine(done, pallet, D(100)),),
        )  # fmt: skip
        lots[f"pallet {number}"] = pallet
    ship(lots["pallet 8"], receiver, technologist, at)
    return lots


def bear_a(kind: str) -> Lot:
    lot = Lot.objects.create(kind=kind)
    bear(lot)
    return lot


def ship(lot: Lot, confirmed: Person, reviewed: Person, at: datetime) -> None:
    customer = add(None, model=Customer, name="ООО «Образец-Фуд»", custom=False)
    shipment = Shipment.objects.create(
        state="shipped", number="О-2026-1", customer=customer, expires_at=at, shipped_at=at,
        confirmed_by=confirmed, reviewed_by=reviewed, session=uuid4(), created_at=at,
    )  # fmt: skip
    shipment.lines.create(pallet=lot.pallet)
    Pallet.objects.filter(lot=lot).update(state="shipped")
    write(Line(lot, Account.FG_STORE, D(-100)), Line(lot, Account.CUSTOMER, D(100)))


def test_the_suspect_mass_is_where_the_books_say_and_the_rest_is_its_own_line(
    chain: dict[str, Lot],
) -> None:
    mass = recall(chain["raw"].pk).suspect
    assert mass.received == 1000
    assert (mass.on_hand, mass.in_process, mass.shipped) == (D(489), D(280), D(100))
    assert (mass.losses, mass.samples, mass.scrap) == (D(20), D(1), D(10))
    assert (mass.unexplained, str(mass.accounted)) == (D(100), "90.00")


def test_what_was_sent_back_to_the_supplier_came_and_is_a_line_of_the_balance(
    chain: dict[str, Lot], receiver: Person, at: datetime
) -> None:
    raw = RawBatch.objects.get(lot=chain["raw"])
    send_back(receiver, at=at, batch=raw, reason="срок")
    mass = recall(raw.lot_id).suspect
    assert (mass.received, mass.on_hand, mass.sent_back) == (D(1000), D(100), D(389))
    assert (mass.unexplained, str(mass.accounted)) == (D(100), "90.00")
    lines = {one["place"]: one["suspect"] for one in recall_balance(raw.lot)}
    assert lines["Возвращено поставщику"] == D(389)


def test_a_batch_that_was_sent_back_whole_has_the_mass_that_came(
    receive: Callable[..., RawBatch], receiver: Person, at: datetime
) -> None:
    raw = receive(weight=D(1000))
    send_back(receiver, at=at, batch=raw, reason="срок")
    mass = recall(raw.lot_id).suspect
    assert (mass.received, mass.sent_back, mass.unexplained) == (D(1000), D(1000), D(0))
    assert whole(raw.lot) == D(1000)


def test_a_delivery_that_was_called_off_never_came(
    receive: Callable[..., RawBatch], receiver: Person, at: datetime
) -> None:
    raw = receive(weight=D(1000))
    reverse_receipt(receiver, batch=raw, reason="не та партия", at=at)
    mass = recall(raw.lot_id).suspect
    assert (mass.received, mass.sent_back) == (D(0), D(0))


def test_affected_product_is_counted_whole(chain: dict[str, Lot]) -> None:
    mass = recall(chain["raw"].pk).product
    assert (mass.received, mass.on_hand, mass.shipped) == (D(200), D(100), D(100))
    assert (mass.unexplained, str(mass.accounted)) == (D(0), "100.00")


def test_a_recall_says_who_has_what_since_when(chain: dict[str, Lot], at: datetime) -> None:
    Customer.objects.update(contacts="диспетчер, круглосуточно")
    found = recall(chain["blank"].pk)
    [gone] = found.shipped
    assert gone.contacts == "диспетчер, круглосуточно"
    assert (gone.lot, gone.customer, gone.shipment, gone.at, gone.kg) == (
        chain["pallet 8"].pk, "ООО «Образец-Фуд»", "О-2026-1", at, D(100),
    )  # fmt: skip
    assert found.on_hand == {chain["pallet 7"].pk: D(100)}
    assert found.in_process == {chain["freezing"].pk: D(280)}


def test_what_customers_have_without_a_shipment_is_shown_all_the_same(
    chain: dict[str, Lot],
) -> None:
    pallet = chain["pallet 7"]
    write(Line(pallet, Account.FG_STORE, D(-60)), Line(pallet, Account.CUSTOMER, D(60)))
    gone = {one.lot: one.kg for one in recall(chain["raw"].pk).shipped}
    assert gone == {pallet.pk: D(60), chain["pallet 8"].pk: D(100)}


def test_the_clock_runs_through_the_steps(chain: dict[str, Lot]) -> None:
    clock = recall(chain["raw"].pk).clock
    assert list(clock) == ["identified", "customers", "balanced"]
    assert 0 < clock["identified"] <= clock["customers"] <= clock["balanced"]


def test_a_number_finds_exactly_that_number(chain: dict[str, Lot], at: datetime) -> None:
    RawBatch.objects.filter(lot=chain["raw"]).update(number="2211/30")
    assert find_lots("2211/3", at) == []
    assert find_lots("2211/30", at) == [chain["raw"].pk]
    assert find_lots("2026-2211/30", at) == [chain["raw"].pk]
    assert find_lots("2025-2211/30", at) == []


def test_this_year_is_found_first(chain: dict[str, Lot], at: datetime) -> None:
    older = Lot.objects.create(kind="second_minced")
    SecondMinced.objects.create(
        kind="mko1", number="2211/3", year=2025, lot=older, produced_on=at.date(),
        registered_at=at, net=D(1), created_at=at,
    )  # fmt: skip
    assert find_lots(" 2211/3 ", at) == [chain["raw"].pk, older.pk]


def test_pallets_orders_and_shipments_are_found_by_what_people_read(
    chain: dict[str, Lot], at: datetime
) -> None:
    code = chain["pallet 7"].pallet.label_code
    assert find_lots("7", at) == find_lots(code, at) == [chain["pallet 7"].pk]
    assert find_lots("О-2026-1", at) == [chain["pallet 8"].pk]
    assert find_lots("З22112026/3", at) == [chain["blank"].pk]
    assert find_lots("Ф22112026/3/2", at) == [chain["freezing"].pk]
    assert find_lots("", at) == find_lots("70", at) == []


def test_lots_are_called_as_people_call_them(chain: dict[str, Lot]) -> None:
    names = named(one.pk for one in chain.values())
    assert [str(names[lot.pk]) for lot in chain.values()] == [
        "Партия сырья 2211/3", "Заготовка З22112026/3", "Замес Ф22112026/3/1",
        "Замес Ф22112026/3/2", "Паллет 7", "Паллет 8",
    ]  # fmt: skip


def run(*words: str) -> tuple[int, str, str]:
    from cli import app

    done = CliRunner().invoke(app, [*words])
    return done.exit_code, done.stdout, done.stderr


TREE = """\
Из чего сделан: Заготовка З22112026/3, 600,000 кг, лотов 1
└─ Партия сырья 2211/3 · 600,000 кг · 100,00 %
Куда ушёл: Заготовка З22112026/3, 600,000 кг, лотов 4
├─ Замес Ф22112026/3/1 · 300,000 кг · 50,00 %
│  ├─ Паллет 7 · 100,000 кг · 16,67 %
│  └─ Паллет 8 · 100,000 кг · 16,67 %
└─ Замес Ф22112026/3/2 · 280,000 кг · 46,67 %
"""


def test_the_command_draws_both_ways_as_trees(chain: dict[str, Lot]) -> None:
    assert run("trace", "З22112026/3", "--both") == (0, TREE, "")
    assert run("trace", "З22112026/3", "--backward")[1] == "".join(TREE.splitlines(True)[:2])


def test_the_command_gives_json_with_exact_kilograms(chain: dict[str, Lot]) -> None:
    _, text, _ = run("trace", "7", "--backward", "--format", "json")
    [found] = json.loads(text)
    assert (found["number"], found["kg"], len(found["links"])) == ("7", "100.000", 3)
    assert {part["share_percent"] for part in found["parts"]} == {"100.00"}


def test_the_command_writes_a_picture(chain: dict[str, Lot], tmp_path: Path) -> None:
    target = tmp_path / "trace.svg"
    code, _, _ = run("trace", "2211/3", "--format", "svg", "--out", str(target))
    picture = target.read_text("utf-8")
    assert code == 0
    assert picture.startswith("<svg")
    assert "З22112026/3" in picture


def test_the_command_refuses_what_is_no_exact_name(chain: dict[str, Lot]) -> None:
    code, out, error = run("trace", "2211")
    assert (code, out) == (2, "")
    assert "Нет лота «2211»" in error


def test_the_command_says_which_others_have_the_name(chain: dict[str, Lot], at: datetime) -> None:
    SecondMinced.objects.create(
        kind="mko1", number="2211/3", year=2025, lot=Lot.objects.create(kind="second_minced"),
        produced_on=at.date(), registered_at=at, net=D(1), created_at=at,
    )  # fmt: skip
    assert "есть и другие: Вторичная партия 2211/3" in run("trace", "2211/3")[2]


def test_the_command_prints_a_recall(chain: dict[str, Lot]) -> None:
    code, text, _ = run("recall", "2211/3")
    said = text.replace("\u2009", " ").replace("\u202f", " ")
    assert code == 0
    for line in (
        "Отзыв: Партия сырья 2211/3, 1 000,000 кг",
        "Затронуто лотов: 6",
        "Паллет 8: 100,000 кг, ООО «Образец-Фуд», О-2026-1, 22.11.2026 11:30",
        "Потери и необъяснённое: 100,000 кг",
        "Объяснено: 90,00 %",
    ):
        assert line in said
