"""What one process does to the plant: it brings raw material, plans orders, loads freezers, lets
the dispatcher look, signs as a second person, and else tries any transition of any record that the
lifecycles know, as somebody of its role. Start at `Floor`.

Nothing here knows a lifecycle: whoever adds one has it soaked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from crm.bridge.lives import make_lives
from crm.bridge.operations import DjangoOperations
from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.bridge.records import RECORDS, row_of
from crm.catalogue.models import Freezer
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, RawBatch
from crm.work.models import Task
from engine.model.conversation import Actor
from engine.ports import Context
from engine.run.dispatcher import sweep
from engine.schema.lifecycle import SYSTEM, Transition
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.stock import batch_in_stock

FEW = 12  # records of a kind that are worked with, the first or the last: so that processes meet
# Orders at work: each look of a dispatcher is at all of them, and no plant has a thousand waiting.
BACKLOG = 40
AT_WORK = ("planned", "active", "paused")
# What only a form does, with what it asked: done here as that form does it, or not at all.
OF_FORMS = {"discharge"}
WHY = "проверка"


def prepare() -> None:
    """Put the first raw material on the store."""
    Floor(Random(0)).bring()


class Floor:
    """A process's acts, drawn from its chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.operations = DjangoOperations(program())
        self.people = [
            Actor(one.id, one.name, frozenset(program().project.roles), one.language)
            for one in map(actor_of, Person.objects.active().order_by("pk"))
        ]

    def act(self) -> None:
        """Do one plant operation. Raises Refused."""
        acts: dict[Callable[[], object], int] = {
            self.bring: 1, self.plan: 2, self.load: 3, self.look: 2, self.sign: 1, self.step: 12,
        }  # fmt: skip
        self.chance.choices([*acts], [*acts.values()])[0]()

    def _context(self) -> Context:
        return Context(self.chance.choice(self.people), "", timezone.localtime())

    @transaction.atomic
    def bring(self) -> None:
        batch_in_stock("carcass", Decimal(5_000), condition="chilled")

    def plan(self) -> None:
        """Plan an order, or with enough of them at work take any step."""
        if MincedOrder.objects.filter(state__in=AT_WORK).count() < BACKLOG:
            self._plan()
        else:
            self.step()

    @transaction.atomic
    def _plan(self) -> None:
        batches = RawBatch.objects.filter(state="released").order_by("-pk")[:FEW]
        order = new_order(
            [line(str(self.chance.randint(30, 900)), self.chance.choice(batches))],
            self.chance.randint(1, 3),
            line_mode=self.chance.choice(["line_1", "line_2", "both"]),
        )
        fire(order, "plan")

    @transaction.atomic
    def load(self) -> None:
        mixes = list(Mix.objects.filter(state="ready_to_discharge").order_by("pk")[:FEW])
        freezers = Freezer.objects.active().filter(kind="plate")
        if not mixes:
            return
        mix, context = self.chance.choice(mixes), self._context()
        freezer = self.chance.choice(list(freezers.filter(line=mix.line)))
        given = {"mix": row_of(mix), "freezer": row_of(freezer)}
        made = self.operations.run("load_plate_freezer", given, context)
        assert made is not None
        self.operations.fire(row_of(mix), "discharge", context)
        self.operations.fire(made, "load", context)

    @transaction.atomic
    def look(self) -> None:
        """Let a dispatcher look at every queue."""
        lives = make_lives(program(), self.operations.run)
        sweep(lives, timezone.localtime())

    def sign(self) -> None:
        """Confirm as a second person what a first one asked for."""
        asked = [str(one.pk) for one in Task.objects.waiting() if one.body.get("signature")]
        if asked:
            self.operations.confirm(self.chance.choice(asked), self._context())

    def step(self) -> None:
        """Try any transition of a record that is not at its end."""
        lives = [one for one in program().lifecycles.values() if one.lifecycle.record in RECORDS]
        machine = self.chance.choice(lives)
        life = machine.lifecycle
        ends = [name for name, state in life.states.items() if state.final]
        rows = RECORDS[life.record].model._default_manager.exclude(**{f"{life.field}__in": ends})
        found = list(rows.order_by(self.chance.choice(["pk", "-pk"]))[:FEW])
        if not found:
            return
        row = self.chance.choice(found)
        names = [
            name
            for name in machine.leaving(getattr(row, life.field))
            if name not in OF_FORMS and all(map(_by_hand, life.forms(name)))
        ]
        if names:
            self.operations.fire(row_of(row), self.chance.choice(names), self._context(), WHY)


def _by_hand(form: Transition) -> bool:
    return SYSTEM not in form.by.roles and not form.given
