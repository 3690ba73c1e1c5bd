"""Which holds forbid which uses of a lot: the table of domain 5.12, and the question itself.

A hold forbids the uses of its own lot; of a pallet's content, those of the pallet too. The lots
that were made of a held one inherit it: when they are shipped, and of an antibiotic whenever they
are used. What an analysis found of a mix ends where the mix is made into вторфарш: that is the way
out of it (domain 5.4), and whatever takes the вторфарш is analysed again. What only came to a line
after a held mix inherits nothing.

Ask inside the saving transaction by `refuse_blocked`: it keeps holds off until the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from crm.cursor import cursor_of
from crm.ledger.models import Lot
from crm.ledger.operations.lock import share_lots
from crm.ledger.trace import WEIGHED, few
from crm.own_words import own as in_words
from crm.people.roles import Duty
from crm.quality.models import Hold, HoldKind
from engine.errors import Refusal, Refused
from engine.languages.message import Message


class Use(Enum):
    """What somebody wants of a lot."""

    PLANNING = "planning"
    PHYSICAL = "physical"
    FREEZING = "freezing"  # and palletizing
    SHIPPING = "shipping"


class Reach(Enum):
    """How far a hold forbids a use."""

    NO = 0
    OWN = 1  # of the lot itself
    KEPT = 2  # and of what it went into as it is, not by way of вторфарш
    MADE = 3  # and of everything that was made of it


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: how far each use is forbidden, whose duty it is to release it, whether
    two people are needed. With `each` the two hold the roles of that duty, one each."""

    planning: Reach
    physical: Reach
    freezing: Reach
    shipping: Reach
    release: Duty
    two: bool = False
    each: bool = False

    def reach(self, use: Use) -> Reach:
        """Return how far the use is forbidden."""
        found: Reach = getattr(self, use.value)
        return found


_NO, _OWN, _KEPT, _MADE = Reach
_MEASURED = Rule(_OWN, _OWN, _NO, _KEPT, Duty.RELEASE_ANALYSED)
_ANALYSED = Rule(_OWN, _OWN, _NO, _MADE, Duty.RELEASE_ANALYSED)
_GRAVE = Rule(_OWN, _OWN, _OWN, _MADE, Duty.RELEASE_GRAVE, two=True)
RULES: Mapping[HoldKind, Rule] = {
    HoldKind.LAB: Rule(_OWN, _OWN, _NO, _OWN, Duty.RELEASE_LAB),
    HoldKind.ANTIBIOTIC: Rule(
        _MADE, _MADE, _NO, _MADE, Duty.RELEASE_ANTIBIOTIC, two=True, each=True
    ),
    HoldKind.FHP: _MEASURED,
    HoldKind.ASH: _MEASURED,
    HoldKind.RETURNED: _ANALYSED,
    HoldKind.CORE_TEMP: _ANALYSED,
    HoldKind.NO_ORIGIN: Rule(_OWN, _OWN, _NO, _MADE, Duty.RELEASE_NO_ORIGIN),
    HoldKind.FOREIGN_BODY: _GRAVE,
    HoldKind.MANUAL: _GRAVE,
    HoldKind.CCP: _GRAVE,
    HoldKind.RECALL: _GRAVE,
    HoldKind.EXPIRED: Rule(_OWN, _OWN, _NO, _MADE, Duty.RELEASE_EXPIRED),
}

# Lots with what they hold of: itself and a pallet's content are its own, ancestors are not; with
# whether the way to an ancestor led through вторфарш.
_UP = """
WITH RECURSIVE up(root, lot, own, anew) AS (
    SELECT id, id, 1, 0 FROM ledger_lot WHERE id {among}
    UNION SELECT p.lot_id, i.lot_id, 1, 0 FROM production_pallet p
    JOIN production_palletitem i ON i.pallet_id = p.id WHERE p.lot_id {among}
    UNION SELECT up.root, e.parent_id, 0, CASE WHEN e.kind = 'rework' THEN 1 ELSE up.anew END
    FROM up {parents}
)
"""
# PostgreSQL expects ten times as many ancestors at each step as there are, and reads all edges into
# a filter for each question; behind OFFSET 0 it has to take the index.
_PARENTS_BY_INDEX = """CROSS JOIN LATERAL (
    SELECT parent_id, kind FROM ledger_edge
    WHERE child_id = up.lot AND voided_by_id IS NULL AND grams > 0 OFFSET 0
) e"""
_PARENTS = f"JOIN ledger_edge e ON e.child_id = up.lot AND e.voided_by_id IS NULL{WEIGHED}"
_HELD = """{up} SELECT up.root, h.id, h.kind, MAX(up.own), MIN(up.anew) FROM up
JOIN quality_hold h ON h.lot_id = up.lot AND h.released_at IS NULL
GROUP BY up.root, h.id, h.kind ORDER BY h.id"""
# The same of so many lots that going down from the few holds that are open is the shorter way.
_HELD_OF_MANY = """
WITH RECURSIVE down(hold, lot, own, anew) AS (
    SELECT id, lot_id, 1, 0 FROM quality_hold WHERE released_at IS NULL
    UNION SELECT down.hold, e.child_id, 0, CASE WHEN e.kind = 'rework' THEN 1 ELSE down.anew END
    FROM down JOIN ledger_edge e ON e.parent_id = down.lot
    WHERE e.voided_by_id IS NULL{weighed}{few}
), found(root, hold, own, anew) AS (
    SELECT lot, hold, own, anew FROM down
    UNION ALL SELECT p.lot_id, down.hold, down.own, down.anew FROM down
    JOIN production_palletitem i ON i.lot_id = down.lot
    JOIN production_pallet p ON p.id = i.pallet_id
)
SELECT found.root, h.id, h.kind, MAX(found.own), MIN(found.anew) FROM found
JOIN quality_hold h ON h.id = found.hold WHERE found.root {among}
GROUP BY found.root, h.id, h.kind ORDER BY h.id"""
# All lots that open holds forbid a use of, to stand in another query. Only those holds that reach
# what was made are followed down. SQLite reads tables that are crossed as they are written: once
# they are analysed it would begin with all pallets.
_FORBIDDEN = """
WITH RECURSIVE down(lot, kind, anew) AS (
    SELECT lot_id, kind, 0 FROM quality_hold WHERE released_at IS NULL AND {far}
    UNION SELECT e.child_id, down.kind, CASE WHEN e.kind = 'rework' THEN 1 ELSE down.anew END
    FROM down JOIN ledger_edge e ON e.parent_id = down.lot
    WHERE e.voided_by_id IS NULL{weighed}{few}
), held(lot) AS (
    SELECT lot FROM down WHERE anew = 0 OR {made}
    UNION SELECT lot_id FROM quality_hold WHERE released_at IS NULL AND {near}
)
SELECT lot FROM held UNION SELECT p.lot_id FROM held
CROSS JOIN production_palletitem i CROSS JOIN production_pallet p
WHERE i.lot_id = held.lot AND p.id = i.pallet_id
"""
MANY = 200  # lots
_LOTS = "{up} SELECT DISTINCT lot FROM up"


def blocked_lots(lots: Iterable[Lot | int], use: Use) -> dict[int, Hold]:
    """Return the oldest open hold that forbids a use, by the id of the lot; lots that nothing
    forbids are absent. Two queries however many lots."""
    return {lot: holds[0] for lot, holds in holds_of(lots, use).items()}


def forbidden(use: Use) -> RawSQL:
    """Return the ids of all lots that open holds forbid a use of, to stand in a query that is asked
    of most lots of a store: those of which `blocked_lots` would tell."""

    def of(*reaches: Reach) -> str:
        kinds = [f"'{kind}'" for kind, rule in RULES.items() if rule.reach(use) in reaches]
        return f"kind IN ({', '.join(kinds)})" if kinds else "1 = 0"

    far, near, made = of(Reach.KEPT, Reach.MADE), of(Reach.OWN), of(Reach.MADE)
    parts = {"far": far, "near": near, "made": made}
    return RawSQL(_FORBIDDEN.format(weighed=WEIGHED, few=few("down.lot"), **parts), ())  # noqa: S611


def holds_of(lots: Iterable[Lot | int], use: Use) -> dict[int, list[Hold]]:
    """Return all open holds that forbid a use, the oldest first, by the id of the lot, as
    `blocked_lots` does."""
    forbid: dict[int, list[int]] = {}
    for root, hold, kind, own, anew in _found(_ids(lots)):
        reach = RULES[HoldKind(kind)].reach(use)
        if (
            reach is Reach.MADE
            or (reach is Reach.KEPT and not anew)
            or (reach is Reach.OWN and own)
        ):
            forbid.setdefault(root, []).append(hold)
    if not forbid:
        return {}
    holds = Hold.objects.select_related("lot").in_bulk(set(chain.from_iterable(forbid.values())))
    return {root: [holds[hold] for hold in mine] for root, mine in forbid.items()}


def blocking(lot: Lot | int, use: Use) -> Hold | None:
    """Return the oldest open hold that forbids a use of a lot; None when it may be used."""
    return next(iter(blocked_lots([lot], use).values()), None)


def warned(lots: Iterable[Lot | int]) -> dict[int, Hold]:
    """Return by the ids of lots the oldest open hold on what they were made of that keeps only its
    own lot here: a raw batch that failed after it was used. Nothing is refused, whoever ships is
    told."""
    first: dict[int, int] = {}
    for root, hold, kind, own, _anew in _found(_ids(lots)):
        if RULES[HoldKind(kind)].shipping is Reach.OWN and not own:
            first.setdefault(root, hold)
    holds = Hold.objects.select_related("lot").in_bulk(set(first.values())) if first else {}
    return {root: holds[hold] for root, hold in first.items()}


def refuse_blocked(lots: Iterable[Lot | int], use: Use) -> None:
    """Refuse when a hold forbids a use of any of the lots; otherwise keep holds off them until the
    commit. Raises Refused that names the thing, the kind and the reason."""
    wanted = _ids(lots)
    share_lots(row[0] for row in _ask(_LOTS, wanted))
    for root, hold in sorted(blocked_lots(wanted, use).items()):
        raise Refused(refusal(Lot.objects.get(pk=root), hold))


def refusal(lot: Lot, hold: Hold) -> Refusal:
    """Say that a lot is held, since when and why."""
    text = Message("{what}: заблокировано. {kind}: {reason}. Сначала снимите блокировку")
    return Refusal(
        text,
        {"what": str(lot.record), "kind": hold.kind_said, "reason": in_words(hold.reason)},
    )


def _found(wanted: list[int]) -> list[tuple[Any, ...]]:
    return _ask_of_many(wanted) if len(wanted) > MANY else _ask(_HELD, wanted)


def _ids(lots: Iterable[Lot | int]) -> list[int]:
    return sorted({one.pk if isinstance(one, Lot) else one for one in lots})


def _ask(query: str, ids: list[int]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    among, given = _among(ids)
    by_index = connection.vendor == "postgresql"
    up = _UP.format(
        among=among, parents=_PARENTS_BY_INDEX if by_index else _PARENTS + few("up.lot")
    )
    cursor = cursor_of(connection)
    cursor.execute(query.format(up=up), [*given, *given])
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _among(ids: list[int]) -> tuple[str, list[Any]]:
    """Return how a query says "one of these", and what it binds: on PostgreSQL one array, planned
    once however many they are."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [ids]
    return f"IN ({', '.join(['%s'] * len(ids))})", [*ids]


def _ask_of_many(ids: list[int]) -> list[tuple[Any, ...]]:
    among, given = _among(ids)
    asked = _HELD_OF_MANY.format(among=among, weighed=WEIGHED, few=few("down.lot"))
    with connection.cursor() as cursor:
        cursor.execute(asked, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
