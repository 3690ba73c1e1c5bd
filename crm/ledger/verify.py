"""Whether the books are true: every check of domain 7.6 is one query that finds what breaks it.

The database refuses most of it by itself; these look at what is written, whoever wrote it. A check
that finds nothing costs one pass over a table. Start at `verify`; `one_moment` is for whoever asks
while the plant works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from crm.ledger.models import REAL_ACCOUNTS
from engine.languages.message import Message

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: how many there are, and the first few."""

    title: str
    count: int
    examples: tuple[str, ...]


_REAL = ", ".join(f"'{account}'" for account in REAL_ACCOUNTS)
_IN_WORK = "'new', 'open', 'freezing', 'unloaded', 'palletizing'"  # a pallet not yet accepted
_LIVE_IN = """SELECT 1 FROM ledger_edge x WHERE x.child_id = l.id AND x.voided_by_id IS NULL
AND x.grams > 0"""
_RECEIPT = """SELECT 1 FROM ledger_posting p WHERE p.lot_id = l.id AND p.account = 'supplier'
AND p.grams < 0 AND NOT EXISTS (SELECT 1 FROM ledger_event r WHERE r.reverses_id = p.event_id)
AND NOT EXISTS (
SELECT 1 FROM ledger_event o WHERE o.id = p.event_id AND o.reverses_id IS NOT NULL)"""
_PARTS = {"real": _REAL, "in_work": _IN_WORK, "live_in": _LIVE_IN, "receipt": _RECEIPT}

# Each gives a row of text for everything that is wrong.
CHECKS: Mapping[str, str] = {
    Message("Проводки, строки которых не дают нуля"): """
SELECT e.id FROM ledger_event e LEFT JOIN ledger_posting p ON p.event_id = e.id
GROUP BY e.id HAVING COUNT(p.id) < 2 OR SUM(p.grams) <> 0""",
    Message("Остатки ниже нуля"): """
SELECT lot_id, account, physical_grams FROM ledger_balance
WHERE account IN ({real}) AND physical_grams < 0""",
    Message("Остатки, которые не равны сумме строк"): """
SELECT lot_id, account, SUM(grams) FROM (
SELECT lot_id, account, physical_grams AS grams FROM ledger_balance
UNION ALL SELECT lot_id, account, -grams FROM ledger_posting) x
GROUP BY lot_id, account HAVING SUM(grams) <> 0""",
    Message("Резервы больше остатка"): """
SELECT lot_id, account, reserved_grams FROM ledger_balance WHERE reserved_grams < 0
OR (account IN ({real}) AND reserved_grams > physical_grams)""",
    Message("Резервы остатков, которые не равны сумме резервов"): """
SELECT lot_id, account, SUM(grams) FROM (
SELECT lot_id, account, reserved_grams AS grams FROM ledger_balance
UNION ALL SELECT lot_id, account, -grams FROM ledger_reservation) x
GROUP BY lot_id, account HAVING SUM(grams) <> 0""",
    Message("Резервы того, чего уже нет"): """
SELECT r.holder, r.holder_id, r.grams FROM ledger_reservation r WHERE r.grams > 0 AND NOT (
(r.holder = 'order_item' AND EXISTS (SELECT 1 FROM production_orderitem i
JOIN production_mincedorder o ON o.id = i.order_id
WHERE i.id = r.holder_id AND o.state NOT IN ('finished', 'cancelled')))
OR (r.holder = 'blank_item' AND EXISTS (SELECT 1 FROM production_blankitem i
JOIN production_blank b ON b.id = i.blank_id
WHERE i.id = r.holder_id AND b.state IN ('new', 'planned', 'weighing')))
OR (r.holder = 'shipment_pallet' AND EXISTS (SELECT 1 FROM production_shipmentpallet i
JOIN production_shipment s ON s.id = i.shipment_id
WHERE i.id = r.holder_id AND i.removed_at IS NULL AND s.state IN ('draft', 'confirmed'))))""",
    Message("Происхождение не по порядку: возможен круг"): """
SELECT e.id FROM ledger_edge e JOIN ledger_lot p ON p.id = e.parent_id
JOIN ledger_lot c ON c.id = e.child_id
WHERE e.voided_by_id IS NULL AND (p.born IS NULL OR c.born IS NULL OR p.born >= c.born)""",
    Message("Лоты без происхождения"): """
SELECT l.id, l.kind FROM ledger_lot l WHERE l.born IS NOT NULL AND NOT EXISTS ({live_in})
AND NOT EXISTS ({receipt}) AND NOT EXISTS (SELECT 1 FROM quality_hold h
WHERE h.lot_id = l.id AND h.kind = 'no_origin')""",
    Message("Остатки лотов, которых ещё нет"): """
SELECT b.lot_id, b.account, b.physical_grams FROM ledger_balance b
JOIN ledger_lot l ON l.id = b.lot_id
WHERE l.born IS NULL AND b.account IN ({real}) AND b.physical_grams > 0""",
    Message("Килограммы, которых уже ничто не возьмёт"): """
SELECT b.lot_id, b.account, b.physical_grams FROM ledger_balance b
WHERE b.physical_grams > 0 AND b.account IN ({real}) AND (
EXISTS (SELECT 1 FROM production_rawbatch r WHERE r.lot_id = b.lot_id
AND r.state IN ('returned', 'disposed', 'refused', 'cancelled'))
OR EXISTS (SELECT 1 FROM production_blank r WHERE r.lot_id = b.lot_id AND r.state = 'cancelled')
OR EXISTS (SELECT 1 FROM production_pallet p WHERE p.lot_id = b.lot_id
AND p.state NOT IN ('in_stock', 'reserved'))
OR EXISTS (SELECT 1 FROM production_secondminced s WHERE s.lot_id = b.lot_id
AND (s.state IN ('scrapped', 'cancelled') OR (s.state = 'on_pallet' AND NOT EXISTS (
SELECT 1 FROM production_palletitem i JOIN production_pallet p ON p.id = i.pallet_id
WHERE i.lot_id = b.lot_id AND (p.state IN ({in_work})
OR (b.account = 'rework_store' AND p.state IN ('in_stock', 'reserved'))))))))""",
    Message("Расход замесов, который не равен проводкам"): """
SELECT mix_id, lot_id, SUM(grams) FROM (
SELECT mix_id, lot_id, kg AS grams FROM production_mixuse WHERE undone_by_id IS NULL
UNION ALL SELECT p.mix_id, p.lot_id, -p.grams FROM ledger_posting p
WHERE p.mix_id IS NOT NULL AND p.account = 'process' AND EXISTS (
SELECT 1 FROM production_mixuse u WHERE u.mix_id = p.mix_id AND u.lot_id = p.lot_id)) x
GROUP BY mix_id, lot_id HAVING SUM(grams) <> 0""",
    Message("Расход партии фарша сверх плана"): """
SELECT i.order_id, i.lot_id, SUM(u.kg) - MAX(i.kg_planned) FROM production_orderitem i
JOIN production_mix m ON m.order_id = i.order_id
JOIN production_mixuse u ON u.mix_id = m.id AND u.lot_id = i.lot_id AND u.undone_by_id IS NULL
GROUP BY i.id, i.order_id, i.lot_id HAVING SUM(u.kg) > MAX(i.kg_planned)""",
    Message("Расход завершённой партии фарша, который не равен плану без снятого с резерва"): """
SELECT i.order_id, i.lot_id, i.kg_planned - i.kg_released - COALESCE(SUM(u.kg), 0)
FROM production_orderitem i
JOIN production_mincedorder o ON o.id = i.order_id AND o.state = 'finished'
LEFT JOIN production_mix m ON m.order_id = i.order_id
LEFT JOIN production_mixuse u ON u.mix_id = m.id AND u.lot_id = i.lot_id
AND u.undone_by_id IS NULL
GROUP BY i.id, i.order_id, i.lot_id, i.kg_planned, i.kg_released
HAVING i.kg_planned - i.kg_released <> COALESCE(SUM(u.kg), 0)""",
}


@contextmanager
def one_moment() -> Iterator[None]:
    """Look at the rows as they stand at one moment, and keep nobody from writing: a record that
    goes on between two questions would be found without its task."""
    if connection.in_atomic_block:
        yield
        return
    snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(snapshot if connection.vendor == "postgresql" else "BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def verify() -> Iterator[Found]:
    """Do every check and give what it found, also nothing."""
    for title, query in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(query.format(**_PARTS))
            rows = cursor.fetchall()
        shown = tuple(" ".join(str(cell) for cell in row) for row in rows[:EXAMPLES])
        yield Found(title, len(rows), shown)
