"""What the search box of the sidebar finds: records by the number that people call them, people by
their names, and pages of the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from unfold.dataclasses import SearchResult

from crm.fields import fold
from crm.office import parts
from crm.office.card import cell
from crm.office.links import link
from crm.people.models import Person
from crm.production.lots import find_lots
from crm.production.models import MincedOrder, Pallet, Shipment
from crm.together import read_together
from engine.run.codes import code_in

MOST = 10  # finds of a kind; whoever wants more opens the list
LEAST = 2  # characters of a name or of a page


def found(user: Any, word: str, at: datetime) -> list[SearchResult]:
    """Return the records that a word means and this account may read."""
    return [*_seen(user, named(word, at))]


def named(word: str, at: datetime) -> list[Model]:
    """Return the records that a word means: orders and shipments first, lots, then people. Numbers
    are matched whole, as everywhere (`find_lots`)."""
    whole = code_in(word)
    orders = MincedOrder.objects.filter(number=whole).order_by("-id")[:MOST]
    shipments = Shipment.objects.filter(number=whole)[:MOST]
    named = Person.objects.filter(name_key__contains=fold(word)).order_by("name_key", "id")
    people = named[:MOST] if len(word) >= LEAST else named.none()
    read_together(orders, shipments, people)
    return [*orders, *shipments, *_lots(whole, at), *people]


def _lots(word: str, at: datetime) -> list[Model]:
    """Return the records of the lots that a word means, in the order of `find_lots`."""
    ids = find_lots(word, at)[: 10 * MOST]
    lots = parts.lots_by_id(ids) if ids else {}
    return [lots[one].record for one in ids]


def _seen(user: Any, records: Iterable[Model]) -> Iterator[SearchResult]:
    """Give those that an account may read, up to `MOST` of a kind."""
    told: dict[str, int] = {}
    for record in records:
        kind = f"{record._meta.app_label}.view_{record._meta.model_name}"
        told[kind] = told.get(kind, 0) + 1
        if told[kind] <= MOST and user.has_perm(kind):
            yield SearchResult(parts.kind_cell(record).text, _about(record), link(record), None)


def _about(record: Any) -> str:
    """Say what tells a record from others of the same number."""
    if isinstance(record, Person):
        return "" if record.active else gettext("больше не работает")
    when = record.production_day if isinstance(record, Pallet) else getattr(record, "year", "")
    said = (cell(when).text if when else "", str(record.get_state_display()))
    return ", ".join(part for part in said if part)
