"""What stays of a plant that is emptied but keeps its shipments (domain 11.6): those that have
left, their pallets, and all that these are made of, as though nothing else had been done.

A mix stays with its whole order, or the order's plan would not be what its mixes used; pallets in
work of such a mix stay with it. What stays unfinished stays where it stands. Of a posting document
stay the lines of lots that stay, if they sum to zero and name no other order or mix; a document of
which a part would stay alone goes: what it took is back where it was. Start at `kept`."""

# ruff: noqa: S608 - all that is put together here is written here

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

from crm.production.models import Shipment
from crm.production.models.pallet import IN_WORK

LEFT = (Shipment.State.SHIPPED, Shipment.State.CLOSED)


def _words(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in values)


LOT, ORDER, EVENT = (f"SELECT id FROM kept_{name}" for name in ("lot", "order", "event"))
SHIPMENT = f"SELECT id FROM production_shipment WHERE state IN ({_words(LEFT)})"
BATCH, BLANK, MIX, PALLET, SECOND = (
    f"SELECT id FROM production_{name} WHERE lot_id IN ({LOT})"
    for name in ("rawbatch", "blank", "mix", "pallet", "secondminced")
)
BEGINNING = f"""
SELECT p.lot_id AS id FROM production_pallet p
JOIN production_shipmentpallet l ON l.pallet_id = p.id
WHERE l.shipment_id IN ({SHIPMENT}) AND (l.removed_at IS NULL OR l.returned)"""
LOTS = (  # that come along with those that stay
    BEGINNING,
    f"SELECT parent_id AS id FROM ledger_edge WHERE voided_by_id IS NULL AND child_id IN ({LOT})",
    f"SELECT lot_id AS id FROM production_palletitem WHERE pallet_id IN ({PALLET})",
    f"SELECT lot_id AS id FROM production_mix WHERE order_id IN ({ORDER})",
    f"SELECT lot_id AS id FROM production_mixuse WHERE mix_id IN ({MIX})",
    f"SELECT lot_id AS id FROM production_orderitem WHERE order_id IN ({ORDER})",
    f"""SELECT b.lot_id AS id FROM production_rawbatch b
    JOIN production_blankitem i ON i.batch_id = b.id WHERE i.blank_id IN ({BLANK})""",
    f"""SELECT m.lot_id AS id FROM production_mix m
    JOIN production_secondminced s ON s.source_mix_id = m.id WHERE s.lot_id IN ({LOT})""",
    f"""SELECT p.lot_id AS id FROM production_pallet p
    JOIN production_palletitem i ON i.pallet_id = p.id
    WHERE p.state IN ({_words(IN_WORK)}) AND i.lot_id IN ({LOT})""",
)
ORDERS = (
    f"SELECT order_id AS id FROM production_mix WHERE order_id IS NOT NULL AND lot_id IN ({LOT})",
    f"""SELECT source_order_id AS id FROM production_secondminced
    WHERE source_order_id IS NOT NULL AND lot_id IN ({LOT})""",
)
EVENTS = f"""
CREATE TEMPORARY TABLE kept_event AS SELECT p.event_id AS id FROM ledger_posting p
WHERE p.lot_id IN ({LOT}) GROUP BY p.event_id HAVING SUM(p.grams) = 0 AND COUNT(CASE
WHEN p.order_id NOT IN ({ORDER}) OR p.mix_id NOT IN ({MIX}) THEN 1 END) = 0"""
UNDONE_ALONE = f"""
DELETE FROM kept_event WHERE id IN (SELECT id FROM ledger_event
WHERE reverses_id IS NOT NULL AND reverses_id NOT IN ({EVENT}))"""
DEVIATION = f"""SELECT id FROM quality_deviation WHERE lot_id IN ({LOT})
OR id IN (SELECT deviation_id FROM quality_measurement WHERE lot_id IN ({LOT}))"""
SESSION = f"SELECT session FROM production_shipment WHERE id IN ({SHIPMENT})"
_PAPER = f"(lot_id IN ({LOT}) OR session IN ({SESSION}))"

# By table: which of its rows stay. What is not named goes whole.
STAYS: Mapping[str, str] = {
    "ledger_counter": "1 = 1",  # numbers go on: those that stay are taken
    "ledger_lot": f"id IN ({LOT})",
    "ledger_event": f"id IN ({EVENT})",
    "ledger_posting": f"event_id IN ({EVENT}) AND lot_id IN ({LOT})",
    "ledger_edge": f"""event_id IN ({EVENT}) AND parent_id IN ({LOT}) AND child_id IN ({LOT})
    AND (voided_by_id IS NULL OR voided_by_id IN ({EVENT}))""",
    "ledger_reservation": f"""lot_id IN ({LOT}) AND (holder = 'order_item' AND holder_id IN (
    SELECT id FROM production_orderitem WHERE order_id IN ({ORDER}))
    OR holder = 'blank_item' AND holder_id IN (
    SELECT id FROM production_blankitem WHERE blank_id IN ({BLANK})))""",
    "production_shipment": f"id IN ({SHIPMENT})",
    "production_shipmentpallet": f"shipment_id IN ({SHIPMENT}) AND pallet_id IN ({PALLET})",
    "production_pallet": f"lot_id IN ({LOT})",
    "production_palletitem": f"pallet_id IN ({PALLET})",
    "production_freezerload": f"mix_id IN ({MIX}) OR pallet_id IN ({PALLET})",
    "production_mincedorder": f"id IN ({ORDER})",
    "production_orderitem": f"order_id IN ({ORDER})",
    "production_mix": f"lot_id IN ({LOT})",
    "production_mixuse": f"""mix_id IN ({MIX}) AND event_id IN ({EVENT})
    AND (undone_by_id IS NULL OR undone_by_id IN ({EVENT}))""",
    "production_secondminced": f"lot_id IN ({LOT})",
    "production_secondminced_source_recipes": f"secondminced_id IN ({SECOND})",
    "production_blank": f"lot_id IN ({LOT})",
    "production_blankitem": f"blank_id IN ({BLANK})",
    "production_defrostrun": f"blank_id IN ({BLANK})",
    "production_rawbatch": f"lot_id IN ({LOT})",
    "production_vetdocument": f"raw_batch_id IN ({BATCH})",
    "quality_rawanalysis": f"raw_batch_id IN ({BATCH})",
    "quality_mixanalysis": f"mix_id IN ({MIX})",
    "quality_ashanalysis": f"mix_id IN ({MIX})",
    "quality_deviation": f"id IN ({DEVIATION})",
    "quality_measurement": f"lot_id IN ({LOT}) AND check_made_id IS NULL",
    "quality_hold": f"lot_id IN ({LOT})",
    "quality_recalldrill": f"lot_id IN ({LOT})",
    "documents_document": f"""{_PAPER} AND (replaced_by_id IS NULL
    OR replaced_by_id IN (SELECT id FROM documents_document WHERE {_PAPER}))""",
    "work_file": f"""{_PAPER} AND (replaced_by_id IS NULL
    OR replaced_by_id IN (SELECT id FROM work_file WHERE {_PAPER}))""",
}
ABOUT = {  # by table: the columns that name a record that stays; one may name one before it
    "work_task": ("subject", "subject_id"),
    "work_timer": ("subject", "subject_id"),
    "production_place": ("record", "record_id"),
    "production_failure": ("record", "record_id"),
    "production_waiting": ("record", "record_id"),
}
ASKED = f"(deviation_id IS NULL OR deviation_id IN ({DEVIATION}))"  # of a task
GROW = {"lot": LOTS, "order": ORDERS}
BALANCES = """
INSERT INTO ledger_balance (lot_id, account, physical_grams, reserved_grams)
SELECT p.lot_id, p.account, SUM(p.grams), COALESCE((SELECT SUM(r.grams) FROM ledger_reservation r
WHERE r.lot_id = p.lot_id AND r.account = p.account), 0)
FROM ledger_posting p GROUP BY p.lot_id, p.account"""


@contextmanager
def kept() -> Iterator[Mapping[str, str]]:
    """Find what stays and give by table which rows that are, as a condition that holds inside, in
    the caller's transaction."""
    with connection.cursor() as cursor:
        for name in GROW:
            cursor.execute(f"CREATE TEMPORARY TABLE kept_{name} (id bigint PRIMARY KEY)")
        while sum(_more(name, query) for name, queries in GROW.items() for query in queries):
            pass
        cursor.execute(EVENTS)
        cursor.execute("CREATE UNIQUE INDEX kept_event_by_id ON kept_event (id)")
        while cursor.execute(UNDONE_ALONE) is not None and cursor.rowcount:
            pass
        stays = {**STAYS}
        for table, columns in ABOUT.items():
            stays[table] = _about(*columns, stays)
        yield {**stays, "work_task": f"({stays['work_task']}) AND {ASKED}"}
        for name in (*GROW, "event"):
            cursor.execute(f"DROP TABLE kept_{name}")


def _more(name: str, query: str) -> int:
    """Add what a query finds and is not there yet; return how many that are."""
    found = f"SELECT DISTINCT f.id FROM ({query}) f WHERE f.id NOT IN (SELECT id FROM kept_{name})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO kept_{name} {found}")
        return int(cursor.rowcount)


def _about(record: str, key: str, stays: Mapping[str, str]) -> str:
    """Return the condition of a row about a record that stays. Ids are texts there, those of some
    databases without their hyphens."""
    named = {
        str(getattr(model, "RECORD", "")): model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table in stays
    }
    return " OR ".join(
        f"({record} = '{name}' AND REPLACE({key}, '-', '') IN ("
        f"SELECT REPLACE(CAST(id AS varchar(40)), '-', '') FROM {table} WHERE {stays[table]}))"
        for name, table in named.items()
        if name
    )
