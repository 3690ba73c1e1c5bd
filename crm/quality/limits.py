"""Limits as operations ask them: those in force, and those of what raw meat is made of, by material
(domain 4.8): versions of `raw_fat`, `raw_protein` and `raw_moisture`, a row a material."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from crm.catalogue.models import RawMaterial
from crm.prepared import MOMENT, TEXT, Prepared
from crm.quality.models import LimitVersion
from crm.quality.norms import COMPOSITION, Norm
from crm.together import answered
from engine.errors import EngineError
from engine.languages.message import Message

PREFIX = "raw_"


def title_of(name: str, title: str) -> Message:
    """Return what rows keep a limit to be called, as each reader has it: a text of the forms."""
    return Message(title, context=f"limit/{name}:title")


def source_of(name: str, source: str) -> Message:
    """Return what rows keep a limit to be taken from, as each reader has it."""
    return Message(source, context=f"limit/{name}:source")


VERSIONS = Prepared(
    lambda name: LimitVersion.objects.filter(name=name).order_by("position", "id"), TEXT
)
_OF_PRODUCT = Prepared(
    lambda at: LimitVersion.objects.filter(
        name__in=[f"{PREFIX}{part}" for part in COMPOSITION], since__lte=at
    ).order_by("-since", "-version", "position", "id"),
    MOMENT,
)


def in_force(name: str, at: datetime) -> list[LimitVersion]:
    """Return the rows of the version of a limit that holds at `at`, as `LimitVersion.in_force`
    finds it: of all its versions, which are kept while nobody makes another."""
    rows: list[LimitVersion] = answered(VERSIONS, name)
    begun = [(row.since, row.version) for row in rows if row.since <= at]
    return [row for row in rows if row.version == max(begun)[1]] if begun else []


def most_in_force(name: str, without: Decimal | None = None) -> Decimal:
    """Return the upper bound of a limit of one case that holds now, or `without` any row of it.
    Raises EngineError when there is neither."""
    return _bound(name, "most", without)


def least_in_force(name: str, without: Decimal | None = None) -> Decimal:
    """Return the lower bound of a limit of one case that holds now, or `without` any row of it.
    Raises EngineError when there is neither."""
    return _bound(name, "least", without)


def _bound(name: str, side: str, without: Decimal | None) -> Decimal:
    for row in in_force(name, timezone.now()):
        bound: Decimal | None = getattr(row, side)
        if bound is not None:
            return bound
    if without is None:
        raise EngineError(f"limit {name} has no row in force")
    return without


def product_limits(material: RawMaterial | None, at: datetime) -> dict[str, Norm]:
    """Return the limits in force for a material by part: its own row (`material == code`), else the
    row for all of them; a part without a row has no limit."""
    own = f"material == {material.code}" if material else ""
    newest: dict[str, dict[str, LimitVersion]] = {}
    for row in _OF_PRODUCT.rows(at):  # those that began last come first
        rows = newest.setdefault(row.name, {})
        if all(other.version == row.version for other in rows.values()):
            rows.setdefault(row.when, row)
    found = {}
    for part in COMPOSITION:
        rows = newest.get(f"{PREFIX}{part}", {})
        row = rows.get(own) or rows.get("")
        if row is not None:
            found[part] = Norm(row.least, row.most)
    return found
