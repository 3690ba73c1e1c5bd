"""The office of the simulated plant. What is ready leaves with a truck: one person drafts and
confirms, another lets it go (domain 5.8); seldom a truck does not come, or a pallet comes back.
Once a day a sample of raw material goes to an outer laboratory. Some days no shocker has a place
for hours: they are full, those that stand empty out of use.

Start at `Office.act`; the operations are those of the office's page."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from crm.audit.operations.overwrite import Why, overwrite
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer, Freezer
from crm.ledger.operations.sample import sample
from crm.ledger.stock import available
from crm.people.models import Person
from crm.people.roles import OfficeRole
from crm.plant.slips import Slips
from crm.production.freezers import with_free
from crm.production.models import Pallet, RawBatch, Shipment
from crm.production.operations.freezers import activate_freezer, deactivate_freezer
from crm.production.shippable import why_not
from engine.run.program import Program

SAMPLED, SAMPLE = 4.0, Decimal("0.5")  # hours after 07:00, kilograms
TRUCKS = (8.0, 10.5, 13.0)  # hours after 07:00
MOST = 20  # pallets on a truck
FEWEST = 3  # pallets that a truck comes for
LOADING = (20, 90)  # minutes
NO_TRUCK, LEFT_BEHIND, COMES_BACK = 0.05, 0.1, 0.1  # of the shipments
FULL_FROM, FULL_FOR = (5.0, 18.0), (1.5, 4.0)  # hours after 07:00, hours
REPAIR = "Ремонт компрессора"
Act = Callable[[datetime], None]


class Office:
    """Who ships. `next_due` is when something is to be done next."""

    def __init__(self, program: Program, chance: Random, slips: Slips) -> None:
        self.shipping, self.chance, self.slips = Shipping(program), chance, slips
        self._full: dict[int, int] = {}  # places that shockers have on other days
        self._due: list[tuple[datetime, int, Act]] = []
        self._count = 0

    @property
    def next_due(self) -> datetime | None:
        """When something is to be done next; None when nothing is."""
        return self._due[0][0] if self._due else None

    def plan(self, morning: datetime, now: datetime) -> None:
        """Order the trucks of a day, and see whether it is one without places in the shockers."""
        if self.slips.happens("full shocker", self.chance):
            at = morning + timedelta(hours=self.chance.uniform(*FULL_FROM))
            self._later(max(at, now), self._fill_up)
        sampled = morning + timedelta(hours=SAMPLED)
        if sampled > now:
            self._later(sampled, self._sample)
        for hours in TRUCKS:
            at = morning + timedelta(hours=hours + self.chance.uniform(-0.5, 0.5))
            if at > now:
                self._later(at, self._draft)

    def end(self, now: datetime) -> None:
        """Leave the plant as other days are."""
        self._open_up(now)

    def act(self, now: datetime) -> None:
        """Do what is due first."""
        heapq.heappop(self._due)[2](now)

    def _later(self, at: datetime, act: Act) -> None:
        self._count += 1
        heapq.heappush(self._due, (at, self._count, act))

    def _fill_up(self, now: datetime) -> None:
        """Let no shocker have a place: what stands in one is all that it takes, one that is empty
        is out of use."""
        for shocker, free in with_free(Freezer.Kind.SHOCK):
            row = Freezer.objects.get(pk=shocker.pk)
            self._full[row.pk] = row.capacity
            if free == row.capacity:
                deactivate_freezer(None, freezer=row, reason=REPAIR, at=now)
            else:
                overwrite(row, {"capacity": row.capacity - free}, Why(None, now, REPAIR))
        after = now + timedelta(hours=self.chance.uniform(*FULL_FOR))
        self._later(after, self._open_up)

    def _open_up(self, now: datetime) -> None:
        for shocker in Freezer.objects.filter(pk__in=self._full).order_by("pk"):
            if not shocker.active:
                activate_freezer(None, freezer=shocker, reason=REPAIR, at=now)
            elif shocker.capacity != self._full[shocker.pk]:
                overwrite(shocker, {"capacity": self._full[shocker.pk]}, Why(None, now, REPAIR))
        self._full.clear()

    def _sample(self, now: datetime) -> None:
        """Take a sample of the newest batch that has enough to give, if there is one."""
        by = Person.objects.holding(OfficeRole.QUALITY_MANAGER).order_by("pk").first()
        rows = RawBatch.objects.filter(state=RawBatch.State.RELEASED).order_by("-pk")
        batch = next((row for row in rows if available(row.lot) > SAMPLE), None)
        if batch is not None:
            session = UUID(int=self.chance.getrandbits(128), version=4)
            sample(by, lot=batch.lot, kg=SAMPLE, session=session, at=now)

    def _draft(self, now: datetime) -> None:
        rows = Pallet.objects.filter(state=Pallet.State.IN_STOCK).order_by("pk")
        ready = [pallet for pallet in rows if why_not(pallet) is None][:MOST]
        if len(ready) < FEWEST:
            return
        first, second = self._clerks()
        customer = self.chance.choice([*Customer.objects.order_by("pk")])
        shipment = self.shipping.draft(first, customer=customer, pallets=ready, at=now)
        if self.chance.random() < LEFT_BEHIND:
            left = self.chance.choice(ready)
            self.shipping.remove(first, shipment=shipment, pallet=left, at=now)
        self.shipping.confirm(first, shipment=shipment, at=now)
        after = now + timedelta(minutes=self.chance.uniform(*LOADING))
        self._later(after, lambda at: self._let_go(second, shipment, at))

    def _let_go(self, by: Person, shipment: Shipment, now: datetime) -> None:
        if self.chance.random() < NO_TRUCK:
            reason = "Машина не пришла"
            self.shipping.cancel(by, shipment=shipment, reason=reason, at=now)
            return
        kept = [one for one in self._pallets(shipment) if why_not(one) is not None]
        for pallet in kept:  # held while the truck was loaded
            self.shipping.remove(by, shipment=shipment, pallet=pallet, at=now)
        if not self._pallets(shipment):
            self.shipping.cancel(by, shipment=shipment, reason="Всё заблокировано", at=now)
            return
        self.shipping.ship(by, shipment=shipment, at=now)
        if self.chance.random() < COMES_BACK:
            back = self.chance.choice(self._pallets(shipment))
            after = now + timedelta(hours=self.chance.uniform(3, 30))
            self._later(after, lambda at: self._take_back(by, back, at))

    def _take_back(self, by: Person, pallet: Pallet, now: datetime) -> None:
        reason = "Заказчик не принял: повреждена упаковка"
        self.shipping.take_back(by, pallet=pallet, reason=reason, at=now)

    def _pallets(self, shipment: Shipment) -> list[Pallet]:
        rows = Pallet.objects.filter(
            shipment_lines__shipment=shipment, shipment_lines__removed_at=None
        )
        return [*rows.order_by("pk")]

    def _clerks(self) -> tuple[Person, Person]:
        """Return who confirms and who lets go."""
        both = Person.objects.holding(OfficeRole.SHIPPING_CLERK).order_by("pk")[:2]
        first, second = self.chance.sample([*both], 2)
        return first, second
