"""Years of a plant as rows, made in bulk: lots, edges, postings, balances, a record for each lot.

A day takes ten deliveries, mixes each blank of three of them, each mix of two blanks and now and
then of rework of the last days (one generation), two pallets of each mix; four of five pallets are
shipped at once, the rest after some weeks. Rows that move a gram back and forth bring the postings
to the wanted number. Kilograms add up: `verify` finds nothing. Start at `fill`; `office_rows` puts
the rest of an office's lists around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from django.db import connection, models, transaction

from crm.catalogue.models import Company, Customer, Nomenclature, RawMaterial, Recipe, Supplier
from crm.ledger.models import Counter, Lot
from crm.office.seed import seed as seed_reference
from crm.people.operations.save_person import save_person
from crm.production.models import (
    Blank,
    MincedOrder,
    Mix,
    Pallet,
    RawBatch,
    SecondMinced,
    Shipment,
    ShipmentPallet,
)
from tests.bench.bulk import (
    before,
    bulk,
    copies,
    day_before,
    number_on,
    numbered_uuid,
    one_of,
    run,
    unique,
)

RAW, BLANKS, MIXES, REWORK, MKO, PALLETS = 10, 20, 120, 8, 12, 240
A_DAY = RAW + BLANKS + MIXES + REWORK + MKO + PALLETS
FIRST_MIX, FIRST_PALLET = RAW + BLANKS, A_DAY - PALLETS  # places in a day, from 0
ORDERS = 6  # of a day
SHIPMENTS = 6  # of a day
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # when the last lot was born
LOT_S = 86_400 // A_DAY  # seconds from one to the next
KEPT_DAYS = 21  # every fifth pallet stands on the store so long: a thousand
BATCH = 100_000  # rows that are kept before they are written
PPM = 1_000_000


@dataclass
class Plant:
    """What is being made: the last numbers given, and the rows that wait to be written."""

    chance: Random
    last: int = 0  # lots that there will be
    lots: list[tuple[object, ...]] = field(default_factory=list)
    events: list[tuple[object, ...]] = field(default_factory=list)
    postings: list[tuple[object, ...]] = field(default_factory=list)
    edges: list[tuple[object, ...]] = field(default_factory=list)
    lot: int = 0
    event: int = 0
    posting: int = 0
    edge: int = 0
    rework: list[int] = field(default_factory=list)
    at: datetime = AT

    def born(self, kind: str) -> int:
        self.lot += 1
        self.at = AT - timedelta(seconds=(self.last - self.lot) * LOT_S)
        self.lots.append((self.lot, kind, self.lot, self.at))
        return self.lot

    def write(self, kind: str, lines: Iterable[tuple[int, str, int]]) -> str:
        self.event += 1
        key = f"{self.event:032x}"
        self.events.append((key, kind, self.at, self.at, "bench", str(self.event), ""))
        for lot, account, grams in lines:
            self.posting += 1
            self.postings.append((self.posting, key, lot, account, grams))
        return key

    def join(self, event: str, parent: int, child: int, grams: int, kind: str = "made") -> None:
        self.edge += 1
        self.edges.append((self.edge, event, parent, child, grams, kind, parent, child, False))

    def grams(self, kg: int) -> int:
        """About so many kilograms: never more."""
        return kg * 1000 - self.chance.randrange(kg * 50)

    def day(self) -> None:
        """Let a day go by."""
        raws = [self._raw() for _ in range(RAW)]
        turn = self.chance.randrange(RAW)
        blanks = [
            self._blank([raws[(turn + n + step) % RAW] for step in (0, 3, 7)])
            for n in range(BLANKS)
        ]
        mixes: list[tuple[int, bool]] = []
        for n in range(MIXES):
            two = [blanks[n % BLANKS], blanks[(n + 1 + n // BLANKS) % BLANKS]]
            again = bool(self.rework) and self.chance.random() < 0.15
            reused = self.chance.choice(self.rework) if again else 0
            mixes.append((self._mix(two, reused), again))
        clean = [mix for mix, reused in mixes if not reused]
        new = [self._second(self.chance.sample(clean, 5), "rework_store") for _ in range(REWORK)]
        for _ in range(MKO):
            self._second(self.chance.sample(clean, 5), "mko_store")
        for mix, _ in mixes:
            self._pallet(mix)
            self._pallet(mix)
        self.rework = [*self.rework, *new][-3 * REWORK :]

    def _raw(self) -> int:
        lot = self.born("raw_batch")
        self.write("receipt", [(lot, "supplier", -6_000_000), (lot, "raw_store", 6_000_000)])
        return lot

    def _blank(self, raws: list[int]) -> int:
        lot = self.born("blank")
        parts = [(raw, self.grams(800)) for raw in raws]
        lines = [(raw, "raw_store", -grams) for raw, grams in parts]
        event = self.write("weigh", [*lines, (lot, "blank_store", sum(g for _, g in parts))])
        for raw, grams in parts:
            self.join(event, raw, lot, grams)
        self.write("drip", [(lot, "blank_store", -40_000), (lot, "loss_drip", 40_000)])
        return lot

    def _mix(self, blanks: list[int], reused: int) -> int:
        lot = self.born("mix")
        parts = [(blank, "blank_store", self.grams(180)) for blank in blanks]
        parts += [(reused, "rework_store", 1_000)] if reused else []
        out = [(one, account, -grams) for one, account, grams in parts]
        into = [(one, "process", grams) for one, _, grams in parts]
        event = self.write("discharge", [*out, *into])
        for one, _, grams in parts:
            self.join(event, one, lot, grams)
        return lot

    def _second(self, mixes: list[int], account: str) -> int:
        lot = self.born("second_minced")
        event = self.write("register", [(lot, "process", -20_000), (lot, account, 20_000)])
        for mix in mixes:
            self.join(event, mix, lot, 4_000, "rework")
        return lot

    def _pallet(self, mix: int) -> None:
        lot, grams = self.born("pallet"), self.grams(150)
        event = self.write("accept", [(lot, "process", -grams), (lot, "fg_store", grams)])
        self.join(event, mix, lot, grams)
        if lot % 5 or lot <= self.last - KEPT_DAYS * A_DAY:
            self.write("ship", [(lot, "fg_store", -grams), (lot, "customer", grams)])


def fill(lots: int, postings: int, seed: int, say: Callable[[str], None] = print) -> None:
    """Fill an empty database with about so many lots and postings; the same numbers and seed give
    the same rows."""
    seed_reference()
    days = max(1, lots // A_DAY)
    plant = Plant(Random(seed), days * A_DAY)
    with bulk("ledger_%"):
        for day in range(days):
            plant.day()
            if len(plant.postings) > BATCH or day == days - 1:
                _flush(plant)
                say(f"day {day + 1} of {days}: {plant.lot} lots, {plant.posting} postings")
        _pad(plant, postings)
        say("a gram moved back and forth")
        run(
            "INSERT INTO ledger_balance (lot_id, account, physical_grams, reserved_grams) "
            "SELECT lot_id, account, SUM(grams), 0 FROM ledger_posting GROUP BY lot_id, account "
            "ORDER BY lot_id, account"  # as they come to be: what is of one day stands together
        )
        say("balances made")
        number_on(*(table for table, _ in TABLES.values() if table != "ledger_event"))
        _records(plant.lot)
        say("records made")
    Counter.objects.update_or_create(kind="lot_born", period="", defaults={"last": plant.lot})
    run("ANALYZE")


TABLES = {
    "lots": ("ledger_lot", "id kind born created_at"),
    "events": ("ledger_event", "id kind occurred_at recorded_at source key reason"),
    "postings": ("ledger_posting", "id event_id lot_id account grams"),
    "edges": (
        "ledger_edge",
        "id event_id parent_id child_id grams kind parent_born child_born estimated",
    ),
}


def _flush(plant: Plant) -> None:
    for name, (table, columns) in TABLES.items():
        rows: list[tuple[object, ...]] = getattr(plant, name)
        names = columns.split()
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                    copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
            else:
                holes = ", ".join("?" * len(names))
                cursor.connection.executemany(
                    f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes})",
                    [tuple(_plain(cell) for cell in row) for row in rows],
                )
        rows.clear()


def _plain(cell: object) -> object:
    return str(cell) if isinstance(cell, datetime) else cell


def _pad(plant: Plant, postings: int) -> None:
    """Move a gram of every stored lot back and forth until there are so many postings: by the
    database, as they are two rows of three."""
    stored = plant.lot // A_DAY * (A_DAY - MIXES)
    each = max(0, postings - plant.posting) * PPM // (2 * stored)
    turns = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(each // PPM + 1))
    run(
        "CREATE TEMPORARY TABLE pad AS SELECT ROW_NUMBER() OVER (ORDER BY s.id, t.n) AS n, "
        "s.id AS lot_id, s.account, s.created_at, 1 - t.n % 2 * 2 AS grams FROM (SELECT id, "
        f"created_at, account, turn * {each} / {PPM} - (turn - 1) * {each} / {PPM} AS many FROM "
        f"(SELECT l.id, l.created_at, {STORE} AS account, ROW_NUMBER() OVER (ORDER BY l.id) "
        "AS turn FROM ledger_lot l WHERE l.kind <> 'mix') numbered) s "
        f"JOIN ({turns}) t ON t.n < s.many"
    )
    number = f"{plant.event} + n"
    key = numbered_uuid(number)
    run(
        "INSERT INTO ledger_event (id, kind, occurred_at, recorded_at, source, key, reason) "
        f"SELECT {key}, 'adjust', created_at, created_at, 'bench', "
        f"CAST({number} AS VARCHAR(40)), '' FROM pad ORDER BY n"
    )
    for turn, account, grams in ((1, "account", "grams"), (2, "'adjust'", "-grams")):
        run(
            "INSERT INTO ledger_posting (id, event_id, lot_id, account, grams) SELECT "
            f"{plant.posting} + (n - 1) * 2 + {turn}, {key}, lot_id, {account}, {grams} FROM pad "
            "ORDER BY n"
        )
    run("DROP TABLE pad")


DAY = f"((l.id - 1) / {A_DAY})"  # a lot's day from 0, and its place in it from 0
PLACE = f"((l.id - 1) % {A_DAY})"
STORE = (  # where a lot is booked in
    "CASE l.kind WHEN 'raw_batch' THEN 'raw_store' WHEN 'blank' THEN 'blank_store' "
    "WHEN 'pallet' THEN 'fg_store' ELSE "
    f"CASE WHEN {PLACE} < {FIRST_PALLET - MKO} THEN 'rework_store' ELSE 'mko_store' END END"
)


def _records(last: int) -> None:
    """Make the record of every lot after one that Django made; its orders, its shipments."""
    days = last // A_DAY
    made = before(AT, f"({last} - l.id) * {LOT_S}")
    day = day_before(AT, f"{days - 1} - {DAY}")
    recipes = _orders(days)
    batch = RawBatch(
        state="released", year=2026, session=uuid4(), created_at=AT, number="Б", year_number=1,
        company=Company.objects.earliest("pk"), raw_material=RawMaterial.objects.earliest("pk"),
        nomenclature=Nomenclature.objects.earliest("pk"), condition="frozen",
        supplier=Supplier.objects.earliest("pk"), weight_received=Decimal(6000), received_at=AT,
    )  # fmt: skip
    _copies(
        batch, number="'Б' || l.id", year_number="l.id + 1", session=unique(), created_at=made,
        received_at=made,
    )  # fmt: skip
    blank = Blank(
        state="ready", number="З", session=uuid4(), product_line="mmo", arrival_date=AT.date(),
        weight_planned=Decimal(2400), weight_actual=Decimal(2400),
        weight_after_defrost=Decimal(2360), created_at=AT,
    )  # fmt: skip
    _copies(blank, number="'З' || l.id", session=unique(), arrival_date=day, created_at=made)
    mix = Mix(
        state="finished", number="Ф", year=2026, line=1, quality="passed", ash_state="not_needed",
        produced_at=AT, created_at=AT,
    )  # fmt: skip
    turn = f"({PLACE} - {FIRST_MIX})"
    _copies(
        mix, number="'Ф' || l.id", produced_at=made, created_at=made, line=f"{turn} % 2 + 1",
        order_id=f"{DAY} * {ORDERS} + {turn} * {ORDERS} / {MIXES} + 1",
        index=f"{turn} % {MIXES // ORDERS} + 1",
        state=f"CASE WHEN l.id > {last - A_DAY} THEN 'on_pallets' ELSE 'finished' END",
    )  # fmt: skip
    second = SecondMinced(
        state="registered", kind="rework", number="В", year=2026, produced_on=AT.date(),
        registered_at=AT, net=Decimal(20), created_at=AT,
    )  # fmt: skip
    _copies(
        second, number="'В' || l.id", produced_on=day, registered_at=made, created_at=made,
        kind=f"CASE WHEN {PLACE} < {FIRST_PALLET - MKO} THEN 'rework' ELSE 'mko1' END",
    )  # fmt: skip
    turn = f"({PLACE} - {FIRST_PALLET})"
    pallet = Pallet(
        state="in_stock", number=1, production_day=date(1999, 1, 1), kind="mix",
        product_line="mmo", gross=Decimal(190), pallet_weight=Decimal(22),
        packaging_weight=Decimal(18), net=Decimal(150), accepted_at=AT, created_at=AT,
        best_before=date(2099, 1, 1),
    )  # fmt: skip
    _copies(
        pallet, number=f"{turn} + 1", production_day=day, label_code="'L' || l.id",
        accepted_at=made, created_at=made,
        recipe_id=one_of(f"{DAY} * {ORDERS} + {turn} * {ORDERS} / {PALLETS}", recipes),
        state=f"CASE WHEN l.id % 5 <> 0 OR l.id <= {last - KEPT_DAYS * A_DAY} THEN 'shipped' "
        "ELSE 'in_stock' END",
    )  # fmt: skip
    _shipments(days)


def _orders(days: int) -> list[int]:
    """Make the orders of every day, by the recipes in turn; return the ids of these."""
    recipes = list(Recipe.objects.filter(product_line="mmo").order_by("pk"))
    made = MincedOrder.objects.bulk_create(
        (
            MincedOrder(
                pk=n + 1, state="finished", number=f"П{n + 1}", session=uuid4(),
                product_line="mmo", recipe=recipes[n % len(recipes)],
                number_mix=MIXES // ORDERS, line_mode="both", route="plate",
                arrival_date=at.date(), start_not_before=at, created_at=at,
            )
            for n in range(days * ORDERS)
            for at in [AT - timedelta(days=days - n // ORDERS)]
        ),
        batch_size=500,
    )  # fmt: skip
    number_on(made[0]._meta.db_table)
    return [recipe.pk for recipe in recipes]


def _shipments(days: int) -> None:
    """Let the shipped pallets of a day leave in its shipments."""
    person, other = (
        save_person(None, person=None, full_name=f"Ветров {n}", roles=["shipping_clerk"])
        for n in (1, 2)
    )
    customers = list(Customer.objects.all())
    shipments = Shipment.objects.bulk_create(
        (
            Shipment(
                state="shipped", number=f"О-2026-{n}", customer=customers[n % len(customers)],
                expires_at=at, shipped_at=at, confirmed_by=person, reviewed_by=other,
                session=uuid4(), created_at=at,
            )
            for n in range(days * SHIPMENTS)
            for at in [AT - timedelta(days=days - 1 - n // SHIPMENTS)]
        ),
        batch_size=500,
    )  # fmt: skip
    at = f"(w.id - 1) / {A_DAY} * {SHIPMENTS} + w.id % {SHIPMENTS}"
    run(
        f"INSERT INTO {ShipmentPallet._meta.db_table} (shipment_id, pallet_id, returned) "
        f"SELECT {shipments[0].pk} + {at}, p.id, FALSE "
        "FROM production_pallet p JOIN ledger_lot w ON w.id = p.lot_id WHERE p.state = 'shipped'"
    )


def _copies(template: models.Model, **columns: str) -> None:
    """Write a record for every lot of the template's kind: columns of SQL, the rest as they are."""
    kind = str(template.RECORD)  # type: ignore[attr-defined]
    template.lot = Lot.objects.create(kind=kind)  # type: ignore[attr-defined]
    copies(
        template,
        f"ledger_lot l WHERE l.kind = '{kind}' AND l.born IS NOT NULL ORDER BY l.id",
        **{"lot_id": "l.id", **columns},
    )
