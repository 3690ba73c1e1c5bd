"""Lots by the names that people use: what a lot is called, and which lots a typed word means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from crm.ledger.models import Lot
from crm.production.models import Blank, Mix, Pallet, RawBatch, SecondMinced, ShipmentPallet
from crm.titles import titled
from engine.languages.message import Message
from engine.run.codes import code_in

FULL = re.compile(r"(?P<year>\d{4})-(?P<number>.+)")
KINDS_SAID: Mapping[Lot.Kind, Message] = {  # where each is read in the reader's own language
    Lot.Kind.RAW_BATCH: Message("Партия сырья"),
    Lot.Kind.BLANK: Message("Заготовка"),
    Lot.Kind.MIX: Message("Замес"),
    Lot.Kind.SECOND_MINCED: Message("Вторичная партия"),
    Lot.Kind.PALLET: Message("Паллет"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """How people call a lot: the kind of its record, the record's number and its state in words;
    `state` is the code, `day` the date that the number belongs to (of a number that is unique in
    its year, any day of that year)."""

    lot: int
    kind: str
    number: str
    state: str
    state_title: str
    day: date

    def __str__(self) -> str:
        return self._said(self.number)

    @property
    def full(self) -> str:
        """The number that no other year has (domain 8); of a pallet, that no other day has."""
        if self.kind == Lot.Kind.PALLET:
            return Message(
                "{number} от {day}", {"number": self.number, "day": f"{self.day:%d.%m.%Y}"}
            )
        return f"{self.day.year}-{self.number}"

    def among(self, year: int) -> str:
        """Return the kind and the number as they are said in a year: of another one in full."""
        short = self.kind != Lot.Kind.PALLET and self.day.year == year
        return self._said(self.number if short else self.full)

    def _said(self, number: str) -> Message:
        return Message(
            "{kind} {number}", {"kind": KINDS_SAID[Lot.Kind(self.kind)], "number": number}
        )


_TABLES: tuple[tuple[Lot.Kind, Any, str], ...] = (
    (Lot.Kind.RAW_BATCH, RawBatch, "year"),
    (Lot.Kind.BLANK, Blank, "arrival_date"),
    (Lot.Kind.MIX, Mix, "year"),
    (Lot.Kind.SECOND_MINCED, SecondMinced, "year"),
    (Lot.Kind.PALLET, Pallet, "production_day"),
)


def named(lots: Iterable[int]) -> dict[int, Named]:
    """Return how lots are called, a query a kind of record."""
    ids = list(lots)
    return {one.lot: one for kind, _, _ in _TABLES for one in _named(kind, ids)}


def called(lot: Lot) -> Named:
    """Return how one lot is called, in one query."""
    return next(_named(Lot.Kind(lot.kind), [lot.pk]))


def _named(wanted: Lot.Kind, ids: list[int]) -> Iterator[Named]:
    kind, model, when = next(one for one in _TABLES if one[0] is wanted)
    titles = {code: titled(str(title), get_language()) for code, title in model.State.choices}
    rows: QuerySet[Any] = model.objects.filter(lot__in=ids)
    for lot, number, state, day in rows.values_list("lot", "number", "state", when):
        its_day = day if isinstance(day, date) else date(day, 1, 1)
        yield Named(lot, kind.value, str(number or ""), state, titles[state], its_day)


def find_lots(text: str, at: datetime) -> list[int]:
    """Return the ids of the lots that a typed number, the code of a label or its link means: exact
    matches only, `2211/3` never `2211/30`.

    Those of this year come first, then the newest. An order means its mixes, a shipment its
    pallets; `2026-2211/3` is the number of one year."""
    word = code_in(text)
    full = FULL.fullmatch(word)
    year, number = (int(full["year"]), full["number"]) if full else (None, word)
    found = [one for one in _search(number) if year in (None, one[0])]
    found = found or [one for one in _search(word) if full]  # a code may look like a full number
    this_year = timezone.localtime(at).year
    found.sort(key=lambda one: (one[0] != this_year, -one[0], -one[1]))
    return list(dict.fromkeys(lot for _, lot in found))


def _search(word: str) -> Iterator[tuple[int, int]]:
    for search in _SEARCHES:
        yield from search(word)


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
