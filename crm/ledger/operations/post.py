"""Write a posting document: the only way kilograms move."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.at_once import Said, write
from crm.fresh import fresh
from crm.ledger.forms import forms_digest
from crm.ledger.models import (
    REAL_ACCOUNTS,
    Account,
    Balance,
    Edge,
    Event,
    Lot,
    Posting,
)
from crm.ledger.operations.change_balances import changed
from crm.ledger.operations.lock import Place, lock_balances
from crm.ledger.operations.reserve import Consume, kept, shortage, take_off
from crm.new_rows import new, new_all
from crm.prepared import OTHER_TEXT, TEXT, Prepared
from crm.whole import whole
from engine.errors import EngineError, Refused

if TYPE_CHECKING:
    from crm.people.models import Person
    from crm.production.models import MincedOrder, Mix


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting document: a lot, an account, signed kilograms; a line of `process`
    names its order and its mix."""

    lot: Lot
    account: Account
    kg: Decimal
    order: MincedOrder | None = None
    mix: Mix | None = None

    def of(self, event: Event) -> Posting:
        """Return the row of this line in an event."""
        return fresh(
            Posting,
            event_id=event.pk,
            lot_id=self.lot.pk,
            account=self.account,
            kg=self.kg,
            order_id=self.order.pk if self.order is not None else None,
            mix_id=self.mix.pk if self.mix is not None else None,
        )


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """What a lot was made of: kilograms of the parent that went into the child; `estimated` ones
    are divided, not weighed. Both lots must be born."""

    parent: Lot
    child: Lot
    kg: Decimal
    kind: str = Edge.Kind.MADE.value
    estimated: bool = False


WRITTEN = Prepared(
    lambda source, key: Event.objects.filter(source=source, key=key).order_by(), TEXT, OTHER_TEXT
)


@whole
def post(
    kind: str,
    lines: Sequence[Line],
    *,
    by: Person | None,
    session: uuid.UUID | None,
    source: str,
    key: str,
    occurred_at: datetime,
    reverses: Event | None = None,
    reason: str = "",
    edges: Sequence[EdgeLine] = (),
    consume: Sequence[Consume] = (),
) -> Event:
    """Write an event with its postings and edges and move the balances; the same (source, key)
    writes once.

    `occurred_at` is when it happened at the plant. `consume` takes reservations off in the same
    locking, never more than there is, so that who draws what he reserved is not refused. Raises
    Refused with the exact remainder when a real account would go below what is reserved,
    EngineError when the lines do not sum to zero or an edge joins a lot that is not born."""
    if sum(line.kg for line in lines) != 0 or len(lines) < 2:
        raise EngineError(f"{kind}: the postings do not sum to zero")
    moves = _summed(lines)
    balances = lock_balances([*moves, *((row.lot_id, row.account) for row in kept(consume))])
    # Whoever posts the same at the same moment waits for the locks above: look only after them.
    for done in WRITTEN.rows(source, key):
        found: Event = done
        return found
    writes = _moved(balances, moves, consume)
    event = fresh(
        Event,
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=timezone.now(),
        by=by,
        session=session,
        source=source,
        key=key,
        reverses=reverses,
        reason=reason,
        digest=forms_digest(),
    )
    joins = new_all(_joined(event, edges))
    # The postings go first: the trigger on the event sums them (see crm.ledger.models).
    write(*writes, *new_all([line.of(event) for line in lines]))
    write(*joins, new(event))
    event._state.adding = False
    return event


def _summed(lines: Sequence[Line]) -> dict[Place, Decimal]:
    moves: dict[Place, Decimal] = defaultdict(Decimal)
    for line in lines:
        moves[line.lot.pk, line.account.value] += line.kg
    return moves


def _moved(
    balances: Mapping[Place, Balance], moves: Mapping[Place, Decimal], consume: Sequence[Consume]
) -> list[Said]:
    """Return what moves what is on the balances and uses up what was reserved of it. Raises
    Refused."""
    used, writes = take_off(balances, consume)
    for place, moved in moves.items():
        balance = balances[place]
        left = balance.physical - balance.reserved + used.get(place, Decimal(0))
        if balance.account in REAL_ACCOUNTS and left + moved < 0:
            raise Refused(shortage(left, -moved))
    return [*writes, *changed(balances, moves, {place: -part for place, part in used.items()})]


def _joined(event: Event, edges: Sequence[EdgeLine]) -> list[Edge]:
    """Return the rows of the edges of an event; those of the same two lots and kind are one."""
    if not edges:
        return []
    summed: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    estimated: set[tuple[int, int, str]] = set()
    for edge in edges:
        joint = (edge.parent.pk, edge.child.pk, str(edge.kind))
        summed[joint] += edge.kg
        if edge.estimated:
            estimated.add(joint)
    ids = {lot for parent, child, _ in summed for lot in (parent, child)}
    born = dict(Lot.objects.filter(pk__in=ids).values_list("pk", "born"))
    rows = []
    for joint, amount in summed.items():
        parent, child, kind = joint
        older, younger = born[parent], born[child]
        if older is None or younger is None or older >= younger:
            raise EngineError(f"{event.kind}: lot {parent} is not born before lot {child}")
        rows.append(
            fresh(
                Edge,
                event_id=event.pk,
                parent_id=parent,
                child_id=child,
                kg=amount,
                kind=kind,
                parent_born=older,
                child_born=younger,
                estimated=joint in estimated,
            )
        )
    return rows
