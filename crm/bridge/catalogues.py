"""Catalogues as lists of choices: one table of names, models and columns."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.db.models import Model, QuerySet

from crm.catalogue.models import Company, Nomenclature, RawMaterial, Supplier
from crm.fields import fold
from engine.errors import EngineError
from engine.model.values import Option
from engine.ports import Page

MODELS: dict[str, type[Model]] = {
    "companies": Company,
    "raw_materials": RawMaterial,
    "nomenclature": Nomenclature,
    "suppliers": Supplier,
}
ALIKE = 0.6  # share of common characters from which two names are called similar


class DjangoCatalogues:
    """The Catalogues port; only active rows, in the order of their names."""

    def page(self, catalogue: str, query: str, offset: int, count: int) -> Page:
        """Return options whose name contains the query, ignoring case."""
        rows = _rows(catalogue)
        if query:
            rows = rows.filter(name_key__contains=fold(query))
        return Page(tuple(_option(row) for row in rows[offset : offset + count]), rows.count())

    def exact(self, catalogue: str, title: str) -> Option | None:
        """Return the option with this name after trimming and ignoring case."""
        row = _rows(catalogue).filter(name_key=fold(title)).first()
        return _option(row) if row else None

    def similar(self, catalogue: str, title: str, count: int) -> tuple[Option, ...]:
        """Return the options with the nearest names: one contains the other, or most characters
        agree."""
        wanted = fold(title)
        scored = []
        for row in _rows(catalogue):
            name = fold(str(row))
            score = (
                1.0
                if wanted in name or name in wanted
                else SequenceMatcher(None, wanted, name).ratio()
            )
            if score >= ALIKE:
                scored.append((-score, name, _option(row)))
        return tuple(option for _, _, option in sorted(scored, key=lambda item: item[:2])[:count])

    def get(self, catalogue: str, code: str) -> Option | None:
        """Return the option with this id."""
        row = (
            _rows(catalogue).filter(pk=int(code)).first()
            if code.isascii() and code.isdigit()
            else None
        )
        return _option(row) if row else None


def _rows(catalogue: str) -> QuerySet[Model]:
    if catalogue not in MODELS:
        raise EngineError(f"no catalogue {catalogue}")
    return MODELS[catalogue]._default_manager.filter(active=True).order_by("name_key", "pk")


def _option(row: Model) -> Option:
    return Option(str(row.pk), str(row))
