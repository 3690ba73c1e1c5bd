"""A short day of the plant, from the truck to the customer, that stops before each save that must
never be lost: raw intake, weighing, discharge, acceptance, shipment. Start at `Day.goes_by`.

What is tried there with a save must leave the plant as it was; then the save is done, and once
more, which changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import OperationalError, connection

from crm.bridge.ports import make_ports
from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.verify import verify
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.plant.phone import Phone
from crm.plant.talker import Talker
from crm.production.models import Pallet, Shipment
from engine.errors import Refused
from engine.run.arrival import Arrival
from engine.run.perform import serve
from tests.crm.production.stock import batch_in_stock
from tests.crm.walk import analyse, lead, palletize, plan, receive

SAVES = {  # a form and its button that saves
    "raw_intake": "Сохранить",
    "weigh_blank": "Сохранить",
    "load_plate": "Загрузить",
    "palletize": "Принять",
}
ROWS = ("production", "ledger", "quality", "outbox", "documents", "catalogue", "work")
MAY_BREAK = ("operations", "deviations", "people", "chats", "outbox", "tasks", "jobs")


class Lost(OperationalError):
    """The database is away."""


@dataclass
class Steps:
    """Counts steps and breaks at the n-th; from then on everything is refused, as when a connection
    is lost."""

    at: int = 0
    done: int = 0

    def take(self) -> None:
        """Count a step. Raises Lost."""
        self.done += 1
        if self.at and self.done >= self.at:
            raise Lost(f"step {self.done} is one too many")

    @contextmanager
    def over_statements(self) -> Iterator[None]:
        """Count every statement, and the commit."""
        commit = connection._commit  # type: ignore[attr-defined]

        def counting(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            self.take()
            return execute(sql, *rest)

        def committing() -> None:
            self.take()
            commit()

        connection._commit = committing  # type: ignore[attr-defined]
        try:
            with connection.execute_wrapper(counting):
                yield
        finally:
            del connection._commit  # type: ignore[attr-defined]

    def over(self, port: Any) -> Any:
        """Return a port whose every call is a step: it is done, and then the database is lost."""
        return _Counted(port, self)


class _Counted:
    def __init__(self, port: Any, steps: Steps) -> None:
        self._port, self._steps = port, steps

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._port, name)

        def done(*given: Any, **named: Any) -> Any:
            result = asked(*given, **named)
            self._steps.take()
            return result

        return done if callable(asked) else asked


@dataclass(frozen=True)
class Save:
    """A save that waits to be done: what it is called, how, and how its chat stands."""

    title: str
    do: Callable[..., object]  # given steps, the calls of the ports are counted
    standing: Callable[[], object]


class Day(Talker):
    """The people of the plant; whoever presses what saves has it tried first."""

    def __init__(self, clock: PlantClock, trial: Callable[[Save], None]) -> None:
        super().__init__(clock)
        self._trial = trial

    def now(self) -> datetime:
        """Return what the clock of the plant shows."""
        return self.clock.now()

    def goes_by(self) -> None:
        """Live the day: a blank is weighed, a mix discharged, its pallet accepted and shipped."""
        receive(self)
        analyse(self)
        batch_in_stock("carcass", Decimal(2000))  # frozen, as a blank's
        self.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/4…]", "500")
        self.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
        self.say("storekeeper", "[Ввести фактический вес сырья]", "480", "[Сохранить]")
        plan(self)
        lead(self)
        palletize(self)
        self._ships()
        assert [found.title for found in verify() if found.count] == []

    def press(self, who: str | int, title: str) -> Phone:
        """Press a button; if it saves, try the save, do it, and let it come twice more."""
        state = self.state(who)
        flow = state.top.flow if state and state.top else ""
        if SAVES.get(flow) != title:
            return super().press(who, title)
        data = self.phone(who).find(title)
        assert data is not None
        self.turns += 1
        arrival = Arrival(self.chat(who), -(self.turns + self._before), None, data)
        serving = partial(self._does, arrival)
        self._tries(Save(flow, serving, partial(self._stored, arrival.chat)))
        self._last = arrival
        self._serve(arrival)
        self.deliver()
        saved = contents()
        self.repeat()
        assert contents() == saved, "the same update was done twice"
        self.arrive(who, data=data)
        assert "Уже" in str(self.phone(who).toast), f"{flow}: {self.phone(who).toast!r}"
        return self.phone(who)

    def _does(self, arrival: Arrival, steps: Steps | None = None) -> object:
        ports = make_ports(self.program, self.clock)
        if steps is not None:
            ports = replace(ports, **{one: steps.over(getattr(ports, one)) for one in MAY_BREAK})
        return serve(self.program, ports, arrival)

    def _stored(self, chat: int) -> object:
        with self.ports.transaction():
            return self.ports.chats.load(chat)

    def _tries(self, save: Save) -> None:
        before, standing = contents(), save.standing()
        self._trial(save)
        assert contents() == before, f"{save.title}: something of what failed was kept"
        assert save.standing() == standing, f"{save.title}: an answer was lost"

    def _ships(self) -> None:
        """Let a shipment of the pallet be drafted, confirmed and let go by another person."""
        clerk, other = (
            Person.objects.holding(role).earliest("id")
            for role in ("shipping_clerk", "production_office")
        )
        other.roles.get_or_create(role="shipping_clerk")
        at, session = self.now(), uuid4()

        def act(name: str, by: Person, steps: Steps | None = None) -> object:
            """Do it as a new request does: nothing is known of an earlier try."""
            shipping = Shipping(program())
            if steps is not None:
                shipping.operations = steps.over(shipping.operations)
            who = Person.objects.get(pk=by.pk)
            if name == "draft":
                customer, pallets = Customer.objects.earliest("id"), [Pallet.objects.get()]
                return shipping.draft(
                    who, customer=customer, pallets=pallets, at=at, session=session
                )
            return getattr(shipping, name)(who, shipment=Shipment.objects.get(), at=at)

        for name, by in (("draft", clerk), ("confirm", clerk), ("ship", other)):
            doing = partial(act, name, by)
            self._tries(Save(name, doing, lambda: None))
            doing()
            saved = contents()
            with suppress(Refused):
                doing()
            assert contents() == saved, f"{name} was done twice"


def rows() -> dict[str, int]:
    """Count the rows of every table that a turn may write, all by one question."""
    tables = [model._meta.db_table for model in _models()]
    asked = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return dict(zip(tables, cursor.fetchone() or (), strict=True))


def contents() -> dict[str, str]:
    """Return a digest of what stands in every table that a turn may write."""
    found = {}
    with connection.cursor() as cursor:
        for model in _models():
            key = model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{key}"')
            said = repr(cursor.fetchall()).encode()
            found[model._meta.db_table] = hashlib.sha256(said).hexdigest()
    return found


def _models() -> list[Any]:
    return [model for name in ROWS for model in apps.get_app_config(name).get_models()]
