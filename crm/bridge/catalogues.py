"""Catalogues as lists of choices, by the `CATALOGUES` of `crm/<app>/records.py`."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache

from django.db.models import Count, Model, Window

from crm.bridge.keys import key_of
from crm.bridge.listing import catalogues
from crm.bridge.records import RECORDS, just_read
from crm.fields import fold
from crm.prepared import NUMBER, Prepared
from crm.record import Catalogue
from crm.together import answered
from engine.errors import EngineError
from engine.model.values import Option
from engine.ports import Page

FIRST = 60  # options that are read with how many there are: a question shows a page and its count
ALIKE = 0.6  # share of common characters from which two names are called similar


class DjangoCatalogues:
    """The Catalogues port; only what may be chosen now, in the order of the catalogue."""

    def page(self, catalogue: str, query: str, offset: int, count: int) -> Page:
        """Return options whose name contains the query, ignoring case."""
        known, wanted = _known(catalogue), fold(query)
        rows = known.rows()
        if wanted and not known.key:
            found = [option for option in _options(known) if wanted in fold(option.title)]
            return Page(tuple(found[offset : offset + count]), len(found))
        if wanted:
            rows = rows.filter(**{f"{known.key}__contains": wanted})
        elif offset + count <= FIRST:
            first = answered(_first(catalogue))
            shown, total = first[offset : offset + count], first[0].among if first else 0
            return Page(tuple(_option(known, row) for row in shown), total)
        page = rows[offset : offset + count]
        return Page(tuple(_option(known, row) for row in page), rows.count())

    def exact(self, catalogue: str, title: str) -> Option | None:
        """Return the option with this name after trimming and ignoring case."""
        known, wanted = _known(catalogue), fold(title)
        if not known.key:
            return next((one for one in _options(known) if fold(one.title) == wanted), None)
        row = known.rows().filter(**{known.key: wanted}).first()
        return _option(known, row) if row else None

    def similar(self, catalogue: str, title: str, count: int) -> tuple[Option, ...]:
        """Return the options with the nearest names: one contains the other, or most characters
        agree."""
        wanted = fold(title)
        scored = []
        for option in _options(_known(catalogue)):
            name = fold(option.title)
            score = (
                1.0
                if wanted in name or name in wanted
                else SequenceMatcher(None, wanted, name).ratio()
            )
            if score >= ALIKE:
                scored.append((-score, name, option))
        return tuple(option for _, _, option in sorted(scored, key=lambda item: item[:2])[:count])

    def get(self, catalogue: str, code: str) -> Option | None:
        """Return the option with this id."""
        known = _known(catalogue)
        key = key_of(code)
        found = answered(by_key(catalogue), key) if key is not None else ()
        if RECORDS[known.kind].rows is None:  # a row of the list is all that the record is
            just_read(known.kind, found)
        return next((_option(known, row) for row in found), None)


def _known(catalogue: str) -> Catalogue:
    if catalogue not in catalogues():
        raise EngineError(f"no catalogue {catalogue}")
    return catalogues()[catalogue]


@cache
def by_key(catalogue: str) -> Prepared:
    """Return how the row of a catalogue that has a key is asked for."""
    return Prepared(lambda key: _known(catalogue).rows().filter(pk=key).order_by(), NUMBER)


@cache
def _first(catalogue: str) -> Prepared:
    return Prepared(lambda: _known(catalogue).rows().annotate(among=Window(Count("pk")))[:FIRST])


def _options(catalogue: Catalogue) -> list[Option]:
    return [_option(catalogue, row) for row in catalogue.rows()]


def _option(catalogue: Catalogue, row: Model) -> Option:
    return Option(str(row.pk), RECORDS[catalogue.kind].title(row))
