"""What the processes of `tests.rounds` do at once: they close mixes, cancel orders, load freezers,
take places and tasks, accept, hold and ship pallets, correct acts, run dispatchers."""

from __future__ import annotations

import time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from crm.bridge.connection import once_more, repeatable
from crm.bridge.operations import DjangoOperations
from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.bridge.shipping import Shipping
from crm.bridge.tasks import DjangoTasks
from crm.catalogue.models import Freezer
from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.ledger.models import Lot
from crm.ledger.operations.lock import lock_lots
from crm.ledger.stock import physical
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, Pallet, Shipment
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.places import take_place
from crm.quality.operations.hold_lot import hold_lot
from crm.quality.operations.place_hold import place_hold
from engine.errors import Refusal, Refused
from engine.model.files import StoredFile
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR
from tests.crm.production.orders import fire
from tests.crm.production.pallets import by_hand


def discharge(mix: int) -> str:
    """Let the mixer of line 1 take a mix out of the mixer."""
    fire(Mix.objects.get(pk=mix), "discharge", who="mixer_line_1")
    return "discharged"


def finish_unpacking(mix: int) -> str:
    """Press «Замес растарен»."""
    fire(Mix.objects.get(pk=mix), "finish_unpacking", who="unpacker_line_1")
    return "unpacked"


def discharge_or_cancel(given: tuple[str, int, float]) -> str:
    """Let a mix out of the mixer or cancel an order with all its mixes at once, after a pause."""
    what, number, pause_s = given
    time.sleep(pause_s)
    if what == "cancel":
        fire(MincedOrder.objects.get(pk=number), "cancel", reason="проверка")
        return what
    return discharge(number)


@repeatable
@transaction.atomic
def cross(given: tuple[int, int]) -> str:
    """Lock two lots in the given order, with time between for somebody who comes the other way."""
    for number in given:
        lock_lots([number])
        time.sleep(0.05)
    return "crossed"


@repeatable
def load(given: tuple[int, int]) -> int:
    """Load a mix into a freezer, as the form of 4.26 does; return the number of the load."""
    mix, freezer = given
    person = Person.objects.holding("mixer_line_1").first()
    assert person is not None
    context, operations = (
        Context(actor_of(person), "", timezone.localtime()),
        DjangoOperations(program()),
    )
    with transaction.atomic():
        made = operations.run(
            "load_plate_freezer",
            {
                "mix": row_of(Mix.objects.get(pk=mix)),
                "freezer": row_of(Freezer.objects.get(pk=freezer)),
            },
            context,
        )
        assert made is not None
        operations.fire(made, "load", context)
    return int(made.id)


@transaction.atomic
def freeze(given: tuple[int, int]) -> int:
    """Load a pallet into a shocker, as the form of 4.32 does; return the number of the load. It is
    never rolled back for another's sake: not repeated, it would break."""
    pallet, freezer = given
    person = Person.objects.holding("freezer_storekeeper").first()
    assert person is not None
    context, operations = (
        Context(actor_of(person), "", timezone.localtime()),
        DjangoOperations(program()),
    )
    row = row_of(Pallet.objects.get(pk=pallet))
    weights = {"pallet_weight": Decimal(20), "gross": Decimal(520), "box_count": 0}
    where = {"pallet": row, "freezer": row_of(Freezer.objects.get(pk=freezer))}
    made = operations.run("load_shocker", {**where, **weights, "net": Decimal(500)}, context)
    assert made is not None
    operations.fire(row, "load", context)
    operations.fire(made, "load", context)
    return int(made.id)


@repeatable
def take(given: tuple[str, str]) -> int:
    """Take a place of a resource for a record; return which place."""
    resource, record = given
    place = take_place(
        resource=resource,
        capacity=1,
        record="mix",
        record_id=record,
        title=f"замес {record}",
        lifecycle="mix",
        at=timezone.localtime(),
    )
    return place.slot


def claim(given: tuple[str, int]) -> str:
    """Take a task as somebody; return who has it."""
    task, number = given
    person = Person.objects.get(pk=number)
    with transaction.atomic():
        taken = DjangoTasks().claim(task, actor_of(person), "", timezone.localtime())
        if isinstance(taken, Refusal):
            raise Refused(taken)
    return taken.by


def hold_or_ship(given: tuple[int, int, int, float]) -> str:
    """Hold a lot and tell how much of a pallet was here at that moment, or, of no lot, let its
    confirmed shipment go; after a pause."""
    lot, pallet, shipment, pause_s = given
    time.sleep(pause_s)
    if lot:
        return str(_hold(lot, pallet))
    shipper = Person.objects.holding("production_office").first()
    assert shipper is not None
    shipping = Shipping(program(), standing=["shipping_clerk"])
    shipping.ship(shipper, shipment=Shipment.objects.get(pk=shipment), at=timezone.localtime())
    return "shipped"


@repeatable
@transaction.atomic
def _hold(lot: int, pallet: int) -> Decimal:
    by = Person.objects.holding("quality_manager").first()
    assert by is not None
    held = Lot.objects.get(pk=lot)
    hold_lot(by, at=timezone.localtime(), lot=held, kind="manual", scope="one", reason="проверка")
    return physical(Pallet.objects.get(pk=pallet).lot_id)


@repeatable
@transaction.atomic
def take_from_remainder(number: int) -> str:
    """Accept a pallet of 300 kg of what is registered of вторфарш."""
    made = by_hand(accept_from_remainder, "rework", number)
    fire(made, "accept", who="storekeeper")
    return "accepted"


def dispatch(times: int) -> None:
    """Look at every queue, one time after another."""
    operations = DjangoOperations(program())
    for _ in range(times):
        once_more(lambda: look(operations))


@transaction.atomic
def look(operations: DjangoOperations) -> None:
    """Look at every queue once, as a commit does: whoever has locked one is waited for."""
    operations.settle([], Context(SYSTEM_ACTOR, "", timezone.localtime()))


@repeatable
@transaction.atomic
def hold_or_issue(given: tuple[str, int, float]) -> str:
    """Hold what a mix is made of, as a form does, and tell where the mix stood at that moment, some
    time before it is committed; or let the dispatcher look. Below zero the pause is that of who
    holds."""
    what, number, pause_s = given
    time.sleep(max(0, -pause_s if what == "hold" else pause_s))
    operations = DjangoOperations(program())
    if what == "issue":
        look(operations)
        return what
    mix, at = Mix.objects.get(pk=number), timezone.localtime()
    assert mix.order is not None
    lot = mix.order.items.get().lot
    hold = place_hold(None, lot=lot, kind="manual", reason="проверка", at=at)
    operations.settle([row_of(hold), row_of(lot.record)], Context(SYSTEM_ACTOR, "", at))
    stood = Mix.objects.get(pk=number).state
    time.sleep(0.2)  # nobody sees the hold yet
    return stood


@repeatable
def correct_act(given: tuple[int, int]) -> int:
    """Keep a corrected act of the lot of a batch; return which edition it is."""
    lot, number = given
    document = issue(
        None,
        source_key=f"act:{number}",
        kind="incoming_control",
        title="Акт",
        number="1",
        lot_id=lot,
        stored=StoredFile(f"document/2026/11/{number}", "0" * 64, 10, "application/x"),
        name="Акт.docx",
        state=Document.State.ISSUED,
        session=None,
        at=timezone.localtime(),
    )
    return document.edition
