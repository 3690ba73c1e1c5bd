"""The ledger against a model that fits on a page: whatever people do in whatever order, the books
are those of the model, the same things are refused, and every check of domain 7.6 finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import uuid4

from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from crm.ledger.models import REAL_ACCOUNTS, Account, Balance, Edge, Event, Lot, Reservation
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.operations.reserve import Consume, reserve, unreserve
from crm.ledger.operations.reverse import reverse
from crm.ledger.operations.scrap import scrap
from crm.ledger.verify import verify
from crm.production.models import Blank, MincedOrder, OrderItem, RawBatch
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import Use, refuse_blocked
from engine.errors import Refused
from tests.crm.ledger.genealogy import AT
from tests.sizes import sizes

EXAMPLES, STEPS = 300, 15
FEW = 100  # examples on PostgreSQL, where each takes three times as long
WHY = "проверка модели"
ORDER = Reservation.Holder.ORDER_ITEM
KG = st.integers(1, 3000).map(lambda grams: Decimal(grams).scaleb(-3))
Place = tuple[int, str]


@dataclass
class Written:
    """An event of the model: what it moved, what it made of what, whether it stands."""

    event: Event
    moves: dict[Place, Decimal]
    born: Lot | None = None
    parents: tuple[Lot, ...] = ()
    stands: bool = True


@dataclass
class Model:
    """What the books should say: kilograms by place, reservations by line, lots that are held."""

    stock: dict[Place, Decimal] = field(default_factory=dict)
    kept: dict[int, tuple[Lot, Decimal]] = field(default_factory=dict)
    events: list[Written] = field(default_factory=list)
    held: dict[int, Hold] = field(default_factory=dict)

    def on(self, place: Place) -> Decimal:
        return self.stock.get(place, Decimal(0))

    def free(self, lot: Lot, own: Iterable[int] = ()) -> Decimal:
        """What may be drawn by who keeps the lines `own`: stock without what others keep."""
        others = sum(
            (kg for line, (of, kg) in self.kept.items() if of == lot and line not in {*own}),
            Decimal(0),
        )
        return self.on(home(lot)) - others

    def move(self, moves: dict[Place, Decimal]) -> None:
        for place, kg in moves.items():
            self.stock[place] = self.on(place) + kg

    def origins(self, lot: Lot) -> set[int]:
        """The lot and all that it was made of, by events that stand."""
        found, before = {lot.pk}, set[int]()
        while found != before:
            before = set(found)
            found |= {
                parent.pk
                for one in self.events
                if one.stands and one.born and one.born.pk in found
                for parent in one.parents
            }
        return found


def home(lot: Lot) -> Place:
    account = Account.RAW_STORE if lot.kind == Lot.Kind.RAW_BATCH else Account.BLANK_STORE
    return lot.pk, account.value


def line(place: Place, kg: Decimal) -> Line:
    return Line(Lot.objects.get(pk=place[0]), Account(place[1]), kg)


class Ledger(RuleBasedStateMachine):
    """People receive, plan, make, throw away, hold, ship and take back."""

    lots = Bundle("lots")

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            self._verify()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize(target=lots, kg=KG)
    def first(self, kg: Decimal) -> object:
        return self._receive(kg).born

    @rule(target=lots, kg=KG)
    def receive(self, kg: Decimal) -> object:
        return self._receive(kg).born

    def _receive(self, kg: Decimal) -> Written:
        lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
        RawBatch.objects.create(lot=lot, year=AT.year, session=uuid4(), created_at=AT)
        bear(lot)
        return self._write({(lot.pk, "supplier"): -kg, home(lot): kg}, born=lot)

    @rule(lot=lots, kg=KG, number=st.integers(1, 3))
    def plan(self, lot: Lot, kg: Decimal, number: int) -> None:
        """A line of a plan keeps one lot; it may keep more of it later."""
        of, before = self.model.kept.get(number, (lot, Decimal(0)))
        if of != lot:
            return
        if self._refused(kg > self.model.free(lot), lambda: self._reserve(lot, kg, number)):
            return
        self.model.kept[number] = (lot, before + kg)

    def _reserve(self, lot: Lot, kg: Decimal, number: int) -> None:
        account = Account(home(lot)[1])
        reserve(lot=lot, account=account, kg=kg, holder=ORDER, holder_id=self.lines[number], at=AT)

    @rule(number=st.integers(1, 3), kg=KG | st.none())
    def give_back(self, number: int, kg: Decimal | None) -> None:
        lot, before = self.model.kept.pop(number, (None, Decimal(0)))
        back = before if kg is None else min(before, kg)
        assert unreserve(holder=ORDER, holder_id=self.lines[number], kg=kg) == back
        if lot and before > back:
            self.model.kept[number] = (lot, before - back)

    @rule(target=lots, parent=lots, other=lots, kg=KG, number=st.integers(0, 3))
    def make(self, parent: Lot, other: Lot, kg: Decimal, number: int) -> object:
        """A blank of one lot or of two; what line `number` keeps of the first is used with it."""
        parents = tuple({parent.pk: parent, other.pk: other}.values())
        own = number in self.model.kept and self.model.kept[number][0] == parent
        short = any(kg > self.model.free(one, [number] if own else []) for one in parents)
        child = Lot.objects.create(kind=Lot.Kind.BLANK)
        Blank.objects.create(
            lot=child, session=uuid4(), product_line="mmo", arrival_date=AT.date(), created_at=AT
        )
        moves = {home(one): -kg for one in parents} | {home(child): kg * len(parents)}
        written: list[Written] = []

        def do() -> None:
            bear(child)
            consume = [(ORDER, self.lines[number], kg)] if own else []
            written.append(self._write(moves, born=child, parents=parents, consume=consume))

        if self._refused(short, do):
            return multiple()
        if own:
            lot, before = self.model.kept.pop(number)
            if before > kg:
                self.model.kept[number] = (lot, before - kg)
        return written[0].born

    @rule(lot=lots, kg=KG)
    def throw_away(self, lot: Lot, kg: Decimal) -> None:
        moves = {home(lot): -kg, (lot.pk, "scrap"): kg}
        made: list[Event] = []

        def do() -> None:
            made.append(scrap(None, lot=lot, kg=kg, reason=WHY, session=uuid4(), at=AT))

        if not self._refused(kg > self.model.free(lot), do):
            self._keep(Written(made[0], moves))

    @rule(lot=lots, kg=KG)
    def ship(self, lot: Lot, kg: Decimal) -> None:
        moves = {home(lot): -kg, (lot.pk, "customer"): kg}
        held = not self.model.held.keys().isdisjoint(self.model.origins(lot))

        def do() -> None:
            refuse_blocked([lot], Use.SHIPPING)
            self._write(moves)

        self._refused(held or kg > self.model.free(lot), do)

    @rule(lot=lots)
    def hold(self, lot: Lot) -> None:
        self.model.held[lot.pk] = place_hold(None, lot=lot, kind="manual", reason=WHY, at=AT)

    @rule(lot=lots)
    def release(self, lot: Lot) -> None:
        if hold := self.model.held.pop(lot.pk, None):
            release_hold(None, hold=hold, reason=WHY, at=AT, decided=True)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """Undo any event, also one that is undone already."""
        number = data.draw(st.integers(0, len(self.model.events) - 1), label="event")
        one = self.model.events[number]
        back = {place: -kg for place, kg in one.moves.items()}
        short = one.stands and any(
            self.model.on(place) + kg < self.model.on(place) - self._free_at(place)
            for place, kg in back.items()
            if place[1] in REAL_ACCOUNTS
        )
        if self._refused(short, lambda: reverse(one.event, by=None, reason=WHY, occurred_at=AT)):
            return
        if one.stands:
            one.stands = False
            self.model.move(back)

    def _free_at(self, place: Place) -> Decimal:
        return self.model.free(Lot.objects.get(pk=place[0]))

    def _write(
        self,
        moves: dict[Place, Decimal],
        born: Lot | None = None,
        parents: tuple[Lot, ...] = (),
        consume: Sequence[Consume] = (),
    ) -> Written:
        edges = [EdgeLine(parent, born, -moves[home(parent)]) for parent in parents if born]
        event = post(
            "step", [line(place, kg) for place, kg in moves.items()], by=None, session=None,
            source="machine", key=str(uuid4()), occurred_at=AT, edges=edges,
            consume=consume,
        )  # fmt: skip
        return self._keep(Written(event, moves, born, parents))

    def _keep(self, written: Written) -> Written:
        self.model.events.append(written)
        self.model.move(written.moves)
        return written

    def _refused(self, expected: bool, do: Callable[[], object]) -> bool:
        """Do it; it is refused exactly when it should be, and then changes nothing."""
        try:
            with transaction.atomic():
                do()
        except Refused:
            assert expected
            return True
        assert not expected
        return False

    @cached_property
    def lines(self) -> dict[int, int]:
        """Real lines of a real order, by their number in the model."""
        return dict(OrderItem.objects.values_list("position", "pk"))

    @invariant()
    def the_books_are_those_of_the_model(self) -> None:
        rows = Balance.objects.exclude(physical=0).values_list("lot", "account", "physical")
        assert {(lot, account): kg for lot, account, kg in rows} == {
            place: kg for place, kg in self.model.stock.items() if kg
        }
        kept = {row.holder_id: row.kg for row in Reservation.objects.all()}
        assert kept == {self.lines[line]: kg for line, (_, kg) in self.model.kept.items()}
        live = Edge.objects.filter(voided_by__isnull=True).values_list("parent", "child")
        assert set(live) == {
            (parent.pk, one.born.pk)
            for one in self.model.events
            if one.stands and one.born
            for parent in one.parents
        }

    @invariant()
    def every_check_of_the_books_finds_nothing(self) -> None:
        """After every act on SQLite; PostgreSQL, where twelve questions cost more than an act, is
        asked them once at the end."""
        if connection.vendor == "sqlite":
            self._verify()

    def _verify(self) -> None:
        assert [found for found in verify() if found.count] == []


def test_whatever_people_do_the_books_are_those_of_the_model(order: MincedOrder) -> None:
    examples = sizes().examples(EXAMPLES if connection.vendor == "sqlite" else FEW)
    run_state_machine_as_test(
        Ledger, settings=settings(max_examples=examples, stateful_step_count=STEPS, deadline=None)
    )
