"""Lots by the names that people use: what a lot is called, and which lots a typed word means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from crm.ledger.models import Lot
from crm.production.models import Blank, Mix, Pallet, RawBatch, SecondMinced, ShipmentPallet

_FULL = re.compile(r"(?P<year>\d{4})-(?P<number>.+)")


@dataclass(frozen=True, slots=True)
class Named:
    """How people call a lot: the kind of its record, the record's number and its state in words;
    `state` is the code."""

    lot: int
    kind: str
    number: str
    state: str
    state_title: str

    def __str__(self) -> str:
        return f"{Lot.Kind(self.kind).label} {self.number}"


def named(lots: Iterable[int]) -> dict[int, Named]:
    """Return how lots are called, a query a kind of record."""
    ids = list(lots)
    found: dict[int, Named] = {}
    for kind, model in (
        (Lot.Kind.RAW_BATCH, RawBatch),
        (Lot.Kind.BLANK, Blank),
        (Lot.Kind.MIX, Mix),
        (Lot.Kind.SECOND_MINCED, SecondMinced),
        (Lot.Kind.PALLET, Pallet),
    ):
        titles = {code: str(title) for code, title in model.State.choices}
        rows: QuerySet[Any] = model._default_manager.filter(lot__in=ids)
        for lot, number, state in rows.values_list("lot", "number", "state"):
            found[lot] = Named(lot, kind.value, str(number or ""), state, titles[state])
    return found


def find_lots(text: str, at: datetime) -> list[int]:
    """Return the ids of the lots that a typed number or the code of a label means: exact matches
    only, `2211/3` never `2211/30`.

    Those of this year come first, then the newest. An order means its mixes, a shipment its
    pallets; `2026-2211/3` is the number of one year."""
    word = text.strip()
    full = _FULL.fullmatch(word)
    year = int(full["year"]) if full else None
    number = full["number"] if full else word
    this_year = timezone.localtime(at).year
    found = [one for search in _SEARCHES for one in search(number) if year in (None, one[0])]
    found.sort(key=lambda one: (one[0] != this_year, -one[0], -one[1]))
    return list(dict.fromkeys(lot for _, lot in found))


def _by_year(rows: QuerySet[Any]) -> Iterator[tuple[int, int]]:
    yield from rows.values_list("year", "lot_id")


def _by_date(rows: QuerySet[Any], field: str) -> Iterator[tuple[int, int]]:
    for day, lot in rows.values_list(field, "lot_id"):
        yield day.year, lot


def _pallets(word: str) -> Iterator[tuple[int, int]]:
    is_number = word.isascii() and word.isdigit() and len(word) < 5
    meant = Q(number=int(word)) if is_number else Q(label_code=word)
    rows = Pallet.objects.filter(meant).exclude(state=Pallet.State.CANCELLED)
    yield from _by_date(rows, "production_day")


def _shipped(word: str) -> Iterator[tuple[int, int]]:
    rows = ShipmentPallet.objects.filter(shipment__number=word)
    rows = rows.filter(Q(removed_at__isnull=True) | Q(returned=True))
    yield from _by_date(rows.annotate(lot_id=F("pallet__lot_id")), "shipment__created_at")


_SEARCHES: tuple[Callable[[str], Iterator[tuple[int, int]]], ...] = (
    lambda word: _by_year(RawBatch.objects.filter(number=word)),
    lambda word: _by_year(SecondMinced.objects.filter(number=word)),
    lambda word: _by_year(Mix.objects.filter(Q(number=word) | Q(order__number=word))),
    lambda word: _by_date(Blank.objects.filter(number=word), "arrival_date"),
    _pallets,
    _shipped,
)
