"""What a recall of a lot means: what was made of it, where it is, who has it, and whether the
kilograms add up (domain 14.2). It reads and writes nothing. Start at `recall`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Lot
from crm.ledger.trace import NOTHING, Trace, Way, sent_back, trace
from crm.production.customers import left_as
from crm.production.lots import Named, named
from crm.production.lying import put_on
from crm.production.models import Mix

LIMIT_S = 4 * 3600  # a recall is done within four hours
_LINES = {
    Account.CUSTOMER: "shipped",
    Account.LOSS_DRIP: "losses",
    Account.LOSS_FREEZING: "losses",
    Account.SAMPLE: "samples",
    Account.SCRAP: "scrap",
    Account.ADJUST: "corrections",
    **dict.fromkeys(REAL_ACCOUNTS, "on_hand"),
}
_ON_ITS_WAY = {*Mix.State.values} - {Mix.State.FINISHED.value, Mix.State.CANCELLED.value}


@dataclass(slots=True)
class MassBalance:
    """Where a mass is, in kilograms: the lines and what nothing explains make the whole."""

    received: Decimal = NOTHING
    on_hand: Decimal = NOTHING
    in_process: Decimal = NOTHING
    shipped: Decimal = NOTHING
    sent_back: Decimal = NOTHING
    losses: Decimal = NOTHING
    samples: Decimal = NOTHING
    scrap: Decimal = NOTHING
    corrections: Decimal = NOTHING

    @property
    def accounted_kg(self) -> Decimal:
        """All that is explained."""
        there = (self.on_hand, self.in_process, self.shipped, self.sent_back)
        return sum((*there, self.losses, self.samples, self.scrap, self.corrections), NOTHING)

    @property
    def unexplained(self) -> Decimal:
        """What is neither there nor written anywhere; below nothing: more is there than came."""
        return self.received - self.accounted_kg

    @property
    def accounted(self) -> Decimal:
        """What is explained, per cent with two digits; 100 of nothing."""
        if not self.received:
            return Decimal("100.00")
        return round(100 * self.accounted_kg / self.received, 2)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What a customer has; `contacts` are whom to call there."""

    lot: int
    customer: str
    shipment: str
    at: datetime | None
    kg: Decimal
    contacts: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """What a recall needs to know. `suspect` divides the mass of the recalled lot by shares,
    `product` counts affected pallets, and вторфарш that was sold, whole. `clock` is how many
    seconds after the start each step was done."""

    trace: Trace
    names: Mapping[int, Named]
    on_hand: Mapping[int, Decimal]
    in_process: Mapping[int, Decimal]
    shipped: tuple[Shipped, ...]
    suspect: MassBalance
    product: MassBalance
    clock: Mapping[str, float]


def recall(lot: int, started: float | None = None, *, carry_over: bool = False) -> Recall:
    """Collect what a recall of a lot needs, with `carry_over` also of what took it over on a line;
    of a pallet of вторфарш, of what was put on it, which the books keep under its own lots. The
    clock began at `started` (`time.monotonic`)."""
    begun = time.monotonic() if started is None else started
    clock: dict[str, float] = {}
    found = trace(lot, Way.FORWARD, carry_over=carry_over, holding=put_on([lot]))
    names = named(found.parts)
    clock["identified"] = time.monotonic() - begun
    sides: dict[int, dict[Account, Decimal]] = defaultdict(dict)
    rows = Balance.objects.filter(lot__in=[*found.parts]).exclude(physical=0)
    for one, account, kg in rows.values_list("lot", "account", "physical"):
        sides[one][Account(account)] = kg
    shipped = _shipped(sides)
    clock["customers"] = time.monotonic() - begun
    suspect, product, waiting = _balances(found, names, sides)
    clock["balanced"] = time.monotonic() - begun
    on_hand = {
        one: sum((kg for account, kg in where.items() if account in REAL_ACCOUNTS), NOTHING)
        for one, where in sides.items()
    }
    return Recall(
        trace=found,
        names=names,
        on_hand={one: kg for one, kg in on_hand.items() if kg},
        in_process=waiting,
        shipped=shipped,
        suspect=suspect,
        product=product,
        clock=clock,
    )


def _balances(
    found: Trace, names: Mapping[int, Named], sides: Mapping[int, Mapping[Account, Decimal]]
) -> tuple[MassBalance, MassBalance, dict[int, Decimal]]:
    """Return the balance of the suspect mass, that of the product, and what is in process.

    What a lot was and what of it went on are edges; the rest is where the books say. A mix that is
    on its way is in process with what did not leave it yet; of a finished one nobody knows."""
    out: dict[int, Decimal] = defaultdict(Decimal)
    for link in found.links:
        out[link.parent] += link.kg
    suspect, product = MassBalance(received=found.kg), MassBalance()
    # Only what nobody made came of a supplier.
    suspect.sent_back = sent_back(found.root)
    waiting: dict[int, Decimal] = {}
    for lot, part in found.parts.items():
        where: dict[str, Decimal] = defaultdict(Decimal)
        for account, kg in sides.get(lot, {}).items():
            if account in _LINES:
                where[_LINES[account]] += kg
        name = names[lot]
        if name.kind == Lot.Kind.MIX and name.state in _ON_ITS_WAY:
            where["in_process"] = max(part.kg - out[lot], NOTHING)
            waiting[lot] = where["in_process"]
        for line, kg in where.items():
            there = kg * part.suspect / part.kg if part.kg else NOTHING
            setattr(suspect, line, getattr(suspect, line) + there)
        if name.kind == Lot.Kind.PALLET:
            product.received += part.kg - out[lot]  # what was converted counts where it went
            for line, kg in where.items():
                setattr(product, line, getattr(product, line) + kg)
        elif sold := where.get("shipped"):  # вторфарш, which left under its own lot
            product.received += sold
            product.shipped += sold
    for line in {*_LINES.values(), "in_process"}:
        setattr(suspect, line, round(getattr(suspect, line), 3))
    return suspect, product, waiting


def _shipped(sides: Mapping[int, Mapping[Account, Decimal]]) -> tuple[Shipped, ...]:
    """Return what customers have, the latest first."""
    gone = {
        lot: where[Account.CUSTOMER] for lot, where in sides.items() if Account.CUSTOMER in where
    }
    there = [one for one in left_as(gone) if not one.back]
    found = []
    for one in sorted(there, key=lambda left: left.at, reverse=True):
        kg = gone[one.lot] if one.kg is None else min(one.kg, gone[one.lot])
        gone[one.lot] -= kg
        if kg:
            found.append(Shipped(one.lot, one.customer, one.shipment, one.at, kg, one.contacts))
    # Booked to a customer by no shipment: shown all the same, nothing is hidden.
    return (*found, *(Shipped(lot, "", "", None, kg) for lot, kg in sorted(gone.items()) if kg))
