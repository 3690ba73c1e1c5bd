"""Processes on PostgreSQL at one moment: somebody lets a confirmed pallet go while another holds
it, its mix or its raw material, and nothing that was held while it was here has left."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.models import Edge
from crm.ledger.verify import verify
from crm.production.models import Pallet, Shipment
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from tests.crm.production.acts import hold_or_ship
from tests.crm.production.pallets import now, stocked, who
from tests.rounds import COUNT, Writers
from tests.seeded import seed
from tests.sizes import sizes

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = COUNT // 2
MET = 25  # rounds in which who comes first has changed as often as it must
ROUNDS, MOST = max(MET, sizes().rounds // PAIRS), 4  # of four pallets; times on a busy machine
LEAD_S, LEAST_LEAD_S = 0.04, 0.005  # of who ships over who holds; then as the machine asks
SOONER, LATER = 0.7, 1.4  # of the lead, after who held came too late or too early
SPREAD = (0.0, 2.0)  # of each round's lead
REFUSALS = {
    "before he looked": "Заблокирован: Вручную, проверка",
    "while he shipped": ": заблокировано. Вручную: проверка. Сначала снимите блокировку",
}
NEXT = {"before he looked": LATER, "while he shipped": 1.0, "shipped": SOONER}


def test_what_is_held_is_not_shipped_and_what_is_shipped_was_not_held_yet(
    writers: Writers,
) -> None:
    seed()
    pallets = [stocked(number) for number in range(1, PAIRS + 1)]
    shipments = [confirmed(pallet) for pallet in pallets]
    lots = [with_origin(pallet) for pallet in pallets]
    chance, first, leads = Random(sizes().seed), Counter[str](), [LEAD_S] * PAIRS
    for number in range(MOST * ROUNDS):
        if number >= ROUNDS and {*first} == {*NEXT}:
            break
        acts = []
        for of, pallet, shipment, lead in zip(lots, pallets, shipments, leads, strict=True):
            acts.append((of[number % len(of)], pallet.pk, 0, lead * chance.uniform(*SPREAD)))
            acts.append((0, pallet.pk, shipment.pk, 0.0))
        done = writers.round(hold_or_ship, acts)
        for at, pallet in enumerate(pallets):
            holder, shipper = done[2 * at], done[2 * at + 1]
            if shipper.result:
                assert holder.result == "0.000"
                Shipping(program()).take_back(
                    who("shipping_clerk"), pallet=pallet, reason="проверка", at=now()
                )
            else:
                assert holder.result == str(pallet.net)
            first[came := shipper.result or told(shipper.refused)] += 1
            leads[at] = max(LEAST_LEAD_S, leads[at] * NEXT[came])
        for hold in Hold.objects.filter(released_at=None):
            release_hold(None, hold=hold, reason="проверка", at=now(), decided=True)
        for at, pallet in enumerate(pallets):
            if done[2 * at + 1].result:
                shipments[at] = confirmed(pallet)
    assert {*first} == {*NEXT}, f"never met: {first}"
    assert [found for found in verify() if found.count] == []


def told(refused: str) -> str:
    """Return when the hold came, by what who ships was told."""
    [when] = [when for when, text in REFUSALS.items() if refused.endswith(text)]
    return when


def confirmed(pallet: Pallet) -> Shipment:
    """Return a confirmed shipment of a pallet."""
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    clerk = who("shipping_clerk")
    made = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now())
    return shipping.confirm(clerk, shipment=made, at=now())


def with_origin(pallet: Pallet) -> list[int]:
    """Return the lots of a pallet, of its mix and of its raw material."""
    mix = Edge.objects.get(child=pallet.lot_id).parent_id
    return [pallet.lot_id, mix, Edge.objects.get(child=mix, kind=Edge.Kind.MADE).parent_id]
