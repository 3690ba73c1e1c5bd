"""The mixes that waited for a plate freezer (domain 4.26)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import Freezer
from crm.fact import Fact
from crm.production.facts.free_plate_freezers import free_plate_freezers, may_go_into
from crm.production.models import Mix
from crm.production.models.order import Route


def mixes_without_place(freezer: Freezer) -> Iterator[Mix]:
    """Give the mixes that are to leave their mixer and have no plate freezer while this one, which
    they may go into, is not free yet."""
    ready = Mix.objects.filter(state=Mix.State.READY_TO_DISCHARGE, order__route=Route.PLATE)
    for mix in ready.select_related("order").order_by("pk"):
        if may_go_into(mix, freezer) and not list(free_plate_freezers(mix)):
            yield mix


FACT = Fact(params=("freezer",), result="list of mix", answer=mixes_without_place)
