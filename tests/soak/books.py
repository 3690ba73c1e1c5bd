"""What one process does to the ledger: it receives, makes, plans, gives back, throws away, ships,
holds, releases and takes back, of lots that all the others work with too. Start at `Books`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import uuid4

from django.db import transaction

from crm.catalogue.models import Recipe
from crm.ledger.models import Account, Event, Lot, Reservation
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.operations.reserve import reserve, unreserve
from crm.ledger.operations.reverse import reverse
from crm.ledger.operations.scrap import scrap
from crm.ledger.stock import account_of
from crm.production.models import Blank, MincedOrder, OrderItem, RawBatch
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import Use, refuse_blocked

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ORDER = Reservation.Holder.ORDER_ITEM
WHY = "проверка"
NUMBER, LINES = "Ф0", 24  # of the order whose lines reserve
LATEST = 24  # lots and events that are worked with: few, so that processes meet
LOOK_EVERY = 20  # acts between two looks at what is there now


@transaction.atomic
def prepare() -> None:
    """Make the order whose lines reserve, and the first lots; those of the plant are left alone."""
    order = MincedOrder.objects.create(
        state="active", number=NUMBER, session=uuid4(), product_line="mmo", number_mix=1,
        recipe=Recipe.objects.earliest("pk"), line_mode="line_1", route="plate",
        arrival_date=AT.date(), start_not_before=AT, created_at=AT,
    )  # fmt: skip
    for position in range(1, LINES + 1):
        lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
        OrderItem.objects.create(order=order, position=position, lot=lot, kg_planned=Decimal(1))
    for _ in range(LINES):
        Books(Random(0)).receive()


class Books:
    """A process's acts, drawn from its chance."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.acts = chance, 0
        self.lots: list[int] = []
        self.events: list[str] = []
        self.lines: list[int] = []

    def act(self) -> None:
        """Do one operation in one transaction. Raises Refused."""
        if self.acts % LOOK_EVERY == 0:
            self._look()
        self.acts += 1
        with transaction.atomic():
            self._drawn()()

    def _drawn(self) -> Callable[[], object]:
        acts: dict[Callable[[], object], int] = {
            self.receive: 3, self.make: 4, self.plan: 3, self.give_back: 2, self.throw_away: 3,
            self.ship: 3, self.hold: 1, self.release: 2, self.undo: 2,
        }  # fmt: skip
        return self.chance.choices([*acts], [*acts.values()])[0]

    def _look(self) -> None:
        lots = Lot.objects.filter(born__isnull=False).order_by("-pk")
        self.lots = list(lots.values_list("pk", flat=True)[:LATEST])
        events = Event.objects.filter(source="soak").order_by("-pk")
        self.events = [str(pk) for pk in events.values_list("pk", flat=True)[:LATEST]]
        lines = OrderItem.objects.filter(order__number=NUMBER)  # those of the plant end meanwhile
        self.lines = list(lines.order_by("pk").values_list("pk", flat=True))

    def _lot(self) -> Lot:
        return Lot.objects.get(pk=self.chance.choice(self.lots))

    def _kg(self) -> Decimal:
        return Decimal(self.chance.randint(1, 3000)).scaleb(-3)

    def receive(self) -> None:
        lot, kg = Lot.objects.create(kind=Lot.Kind.RAW_BATCH), self._kg() * 10
        RawBatch.objects.create(
            lot=lot, year=AT.year, session=uuid4(), created_at=AT, state="refused"
        )
        bear(lot)
        self._post([Line(lot, Account.SUPPLIER, -kg), Line(lot, Account.RAW_STORE, kg)])

    def make(self) -> None:
        parents = {lot.pk: lot for lot in (self._lot(), self._lot())}.values()
        child, kg = Lot.objects.create(kind=Lot.Kind.BLANK), self._kg()
        Blank.objects.create(
            lot=child,
            session=uuid4(),
            product_line="mmo",
            arrival_date=AT.date(),
            created_at=AT,
            state="cancelled",
        )
        refuse_blocked(parents, Use.PHYSICAL)
        bear(child)
        lines = [Line(one, account_of(one), -kg) for one in parents]
        lines.append(Line(child, account_of(child), kg * len(parents)))
        self._post(lines, tuple(EdgeLine(one, child, kg) for one in parents))

    def plan(self) -> None:
        lot = self._lot()
        reserve(
            lot=lot, account=account_of(lot), kg=self._kg(), at=AT,
            holder=ORDER, holder_id=self.chance.choice(self.lines),
        )  # fmt: skip

    def give_back(self) -> None:
        unreserve(holder=ORDER, holder_id=self.chance.choice(self.lines))

    def throw_away(self) -> None:
        scrap(None, lot=self._lot(), kg=self._kg(), reason=WHY, session=uuid4(), at=AT)

    def ship(self) -> None:
        lot, kg = self._lot(), self._kg()
        refuse_blocked([lot], Use.SHIPPING)
        self._post([Line(lot, account_of(lot), -kg), Line(lot, Account.CUSTOMER, kg)])

    def hold(self) -> None:
        place_hold(None, lot=self._lot(), kind="manual", reason=WHY, at=AT)

    def release(self) -> None:
        hold = Hold.objects.filter(released_at__isnull=True, reason=WHY).order_by("pk").first()
        if hold is not None:
            release_hold(None, hold=hold, reason=WHY, at=AT, decided=True)

    def undo(self) -> None:
        if self.events:
            event = Event.objects.get(pk=self.chance.choice(self.events))
            reverse(event, by=None, reason=WHY, occurred_at=AT)

    def _post(self, lines: list[Line], edges: tuple[EdgeLine, ...] = ()) -> None:
        post(
            "step", lines, by=None, session=None, source="soak", key=str(uuid4()), occurred_at=AT,
            edges=edges,
        )  # fmt: skip
