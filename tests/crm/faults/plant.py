"""What tests of faults do to the plant: orders on the lines, presses from old screens, counts of
everything that is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps

from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant.phone import Phone
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, RawBatch
from crm.work.models import Task
from tests.crm.production.orders import fire, line, new_order

# Tables of what the plant knows; chats, forms and messages are not of it.
KEPT = ("production", "ledger", "quality", "documents", "catalogue")


def who(role: str) -> Person:
    """Return the first person of a role."""
    found = Person.objects.holding(role).earliest("id")
    return Person.objects.get(pk=found.pk)


def another(role: str, chat: int = 9_100_001) -> Person:
    """Let somebody new work in a role, with a phone."""
    return save_person(
        None, person=None, full_name=f"Новиков {chat % 100}. Н.", roles=[role], telegram_id=chat
    )


def at_work(
    talker: Talker, batch: RawBatch, kg: str = "900", mixes: int = 3, mode: str = "line_1"
) -> MincedOrder:
    """Plan an order by recipe 2 and let it begin: its first mix is unpacked, cards are out."""
    order = new_order([line(kg, batch)], mixes, recipe=2, line_mode=mode)
    fire(order, "plan")
    talker.deliver()
    return MincedOrder.objects.get(pk=order.pk)


def states(order: MincedOrder) -> list[str]:
    """Return the states of the mixes of an order."""
    return list(order.mixes.order_by("index").values_list("state", flat=True))


def waiting(kind: str) -> list[Task]:
    """Return the tasks of a kind that wait."""
    return list(Task.objects.waiting().filter(kind=kind))


def button(phone: Phone, title: str) -> str:
    """Return what pressing a button of a phone sends, to be pressed whenever one likes."""
    data = phone.find(title)
    assert data is not None, f"no [{title}]:{phone.described()}"
    return data


def kept(*, but: Sequence[str] = ()) -> dict[str, int]:
    """Count the rows of every table of what the plant knows."""
    models = [model for name in KEPT for model in apps.get_app_config(name).get_models()]
    return {
        model.__name__: model._default_manager.count()
        for model in models
        if model.__name__ not in but
    }
