"""What lots went into and what they were made of, over any number of steps, with kilograms.

A recursive query with UNION over the two indexes of live edges finds the set; Python divides the
mass over it in the order of births, where parents always come before children. Reversed events
leave no live edges. What was carried over on a line has no kilograms and is followed only when it
is asked for. Start at `trace`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery, Sum

from crm.fields import KgField
from crm.ledger.models import Account, Balance, Edge, Posting
from crm.ledger.standing import that_stand

NOTHING = Decimal(0)
MADE = Edge.Kind.MADE.value


class Way(Enum):
    """Which way to go."""

    FORWARD = "forward"  # what was made of it
    BACKWARD = "backward"  # what it was made of


@dataclass(frozen=True, slots=True)
class Link:
    """Kilograms of a parent that went into a child; `estimated` ones are divided, not weighed."""

    parent: int
    child: int
    kg: Decimal
    kind: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A lot of a trace: its whole mass, how much of that is of the traced lot (backward: how much
    of it is in the traced lot), and which share of the traced lot's mass that is, per cent with
    two digits. The share orders the work and never shrinks the set."""

    lot: int
    kg: Decimal
    suspect: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Trace:
    """A traced lot with all that it leads to, itself first, then in the order of births (backward:
    against it), and the links between them. `parts` are by the id of the lot."""

    root: int
    way: Way
    parts: Mapping[int, Part]
    links: tuple[Link, ...]

    @property
    def kg(self) -> Decimal:
        """The mass of the traced lot."""
        return self.parts[self.root].kg

    def next_of(self, lot: int) -> tuple[Link, ...]:
        """Return the links one step on from a lot, in the direction of the trace."""
        return tuple(link for link in self.links if self._ends(link)[0] == lot)

    def end_of(self, link: Link) -> int:
        """Return the lot that a link leads to, in the direction of the trace."""
        return self._ends(link)[1]

    def _ends(self, link: Link) -> tuple[int, int]:
        ends = (link.parent, link.child)
        return ends if self.way is Way.FORWARD else ends[::-1]


_SETS = {
    Way.FORWARD: """WITH RECURSIVE found(lot) AS (
SELECT id FROM ledger_lot WHERE id IN ({ids})
UNION SELECT e.child_id FROM found JOIN ledger_edge e
ON e.parent_id = found.lot AND e.voided_by_id IS NULL{kinds}{few})""",
    Way.BACKWARD: """WITH RECURSIVE found(lot) AS (
SELECT id FROM ledger_lot WHERE id IN ({ids})
UNION SELECT e.parent_id FROM found JOIN ledger_edge e
ON e.child_id = found.lot AND e.voided_by_id IS NULL{kinds}{few})""",
}
_LOTS = "{found} SELECT lot FROM found"
# The kilograms stand in the indexes, the kind does not.
WEIGHED = " AND e.grams > 0"
# All that went into the lots of the set, also of lots outside it: a share needs the whole.
_EDGES = """{found} SELECT e.parent_id, e.child_id, e.grams, e.kind, e.estimated
FROM found JOIN ledger_edge e ON e.child_id = found.lot AND e.voided_by_id IS NULL{kinds}{few}
ORDER BY e.child_born, e.parent_born, e.id"""


def trace(
    lot: int,
    way: Way,
    *,
    carry_over: bool = False,
    holding: Mapping[int, Decimal] = MappingProxyType({}),
) -> Trace:
    """Trace a lot one way, to the ends, with `carry_over` also by what was left on the lines, which
    adds lots and no kilograms. A lot without genealogy is alone in its trace; one that the books
    keep nothing of, a pallet of вторфарш, leads either way to the lots that it is `holding`."""
    rows = _ask(_EDGES, way, [lot, *holding], carry_over)
    links = [
        Link(parent, child, Decimal(grams).scaleb(-3), kind, bool(estimated))
        for parent, child, grams, kind, estimated in rows
    ]
    whole: dict[int, Decimal] = defaultdict(Decimal)
    for link in links:
        whole[link.child] += link.kg
    if way is Way.FORWARD:
        return _forward(lot, links, whole, holding)
    return _backward(lot, links, whole, holding)


def lots_of(lots: Iterable[int], way: Way, *, carry_over: bool = False) -> set[int]:
    """Return the ids of lots and of all that they lead to, themselves included; `carry_over` as
    above."""
    wanted = sorted(set(lots))
    return {row[0] for row in _ask(_LOTS, way, wanted, carry_over)} if wanted else set()


def given_masses(lots: Iterable[int]) -> dict[int, Decimal]:
    """Return the masses of lots that nothing went into, in one query: what came of the supplier,
    also what of it was sent back later, else what came out of production without a known origin,
    also what mixes took of it since."""
    later = Posting.objects.filter(
        that_stand(),
        Q(account=Account.SUPPLIER) | Q(mix__isnull=False),
        lot=OuterRef("lot"),
        account=OuterRef("account"),
        kg__gt=0,
    )
    back = later.order_by().values("lot").annotate(back=Sum("kg")).values("back")
    rows = Balance.objects.filter(
        lot__in=list(lots), account__in=[Account.SUPPLIER, Account.PROCESS]
    ).annotate(back=Subquery(back, output_field=KgField()))
    given: dict[int, Decimal] = {}
    # `supplier` sorts after `process` and wins.
    for lot, kg, again in rows.order_by("account").values_list("lot", "physical", "back"):
        if (came := (again or NOTHING) - kg) > 0:
            given[lot] = came
    return given


def sent_back(lot: int) -> Decimal:
    """Return how much of a lot the supplier took back. A delivery that was called off is none:
    nothing of it ever came."""
    back = Posting.objects.filter(that_stand(), account=Account.SUPPLIER, kg__gt=0, lot=lot)
    return back.aggregate(back=Sum("kg"))["back"] or NOTHING


def _forward(
    root: int, links: list[Link], whole: Mapping[int, Decimal], holding: Mapping[int, Decimal]
) -> Trace:
    """Divide the root's mass over what was made of it: a child takes of each parent the parent's
    suspect part of the kilograms that went into it. What is held on a pallet may have been weighed
    anew, which changes the books and no genealogy."""
    kept = [Link(root, lot, kg, MADE, estimated=False) for lot, kg in holding.items()]
    given = given_masses({root, *holding} - whole.keys())
    masses = {**holding, **given, **whole, **_there(holding, links)}
    gone = sum((link.kg for link in [*kept, *links] if link.parent == root), NOTHING)
    mass = masses.setdefault(root, gone)  # what is not known is at least what was made of it
    suspect: dict[int, Decimal] = defaultdict(Decimal, {root: mass, **holding})
    for link in links:  # in the order of births: every parent is complete before its children
        if link.parent in suspect and link.child != root:
            suspect[link.child] += _part(link.kg, suspect[link.parent], masses[link.parent])
            kept.append(link)
    return Trace(root, Way.FORWARD, _parts(suspect, masses, mass), tuple(kept))


def _there(lots: Iterable[int], links: Iterable[Link]) -> dict[int, Decimal]:
    """Return the masses of lots by where the books have them now, and by what went on."""
    found = dict.fromkeys(lots, NOTHING)
    if not found:
        return {}
    for link in links:
        if link.parent in found:
            found[link.parent] += link.kg
    rows = Balance.objects.filter(lot__in=found.keys())
    rows = rows.exclude(account__in=[Account.SUPPLIER, Account.PROCESS])
    for lot, kg in rows.values_list("lot", "physical"):
        found[lot] += kg
    return {lot: kg for lot, kg in found.items() if kg > 0}


def _backward(
    root: int, links: list[Link], whole: Mapping[int, Decimal], holding: Mapping[int, Decimal]
) -> Trace:
    """Divide the root's mass over what it was made of: a parent answers for as much of a child as
    its kilograms were of all that went into the child."""
    kept = [Link(lot, root, kg, MADE, estimated=False) for lot, kg in holding.items()]
    ends = {root, *holding, *(link.parent for link in links)} - whole.keys()
    masses = defaultdict(Decimal, {**given_masses(ends), **whole})
    mass = masses[root] = masses[root] or sum(holding.values(), NOTHING)
    inside: dict[int, Decimal] = defaultdict(Decimal, {root: mass, **holding})
    for link in reversed(links):
        inside[link.parent] += _part(inside[link.child], link.kg, whole[link.child])
    return Trace(root, Way.BACKWARD, _parts(inside, masses, mass), (*kept, *reversed(links)))


def _part(kg: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return kg * part / whole if whole else NOTHING


def _parts(
    suspect: Mapping[int, Decimal], masses: Mapping[int, Decimal], total: Decimal
) -> dict[int, Part]:
    return {
        lot: Part(lot, masses[lot], round(kg, 3), round(_part(Decimal(100), kg, total), 2))
        for lot, kg in suspect.items()
    }


def few(lot: str) -> str:
    """Return the words that tell SQLite that a recursive query finds few lots: once its tables
    are analysed it expects a million and reads all edges into a filter for each question, which
    costs 27 ms of 160,000 edges in place of 2. PostgreSQL expects few by itself."""
    if connection.vendor != "sqlite":
        return ""
    return f" AND likelihood(+{lot} > 0, 0.000001)"


def _ask(query: str, way: Way, ids: list[int], carry_over: bool) -> list[tuple[Any, ...]]:
    rare, kinds = few("found.lot"), "" if carry_over else WEIGHED
    found = _SETS[way].format(ids=", ".join(["%s"] * len(ids)), kinds=kinds, few=rare)
    with connection.cursor() as cursor:
        cursor.execute(query.format(found=found, kinds=kinds, few=rare), ids)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
