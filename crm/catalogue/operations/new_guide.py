"""What a recipe is usually made of, and how much вторфарш it takes (domain 11.2, 14.4): the next
version of its norm, in force from its moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from crm.catalogue.models import RawMaterial, Recipe, RecipeVersion
from crm.catalogue.operations.new_norm import WHOLE, next_version, version_before
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    from crm.people.models import Person


@transaction.atomic
def new_guide(
    by: Person | None,
    *,
    recipe: Recipe,
    shares: Mapping[str, int],
    rework_limit_pct: Decimal | None,
    rework_sources: Collection[Recipe],
    reason: str,
    at: datetime,
) -> RecipeVersion:
    """Keep the shares of materials by their codes, whole per cent, the limit of вторфарш (none: it
    takes none) and out of which recipes (none: out of any); the norms go on as they are.

    Raises Refused for a recipe without a norm, for more than all of it, and for a version that says
    nothing new."""
    before = version_before(recipe, at)
    if before is None:
        raise Refused(Refusal("Сначала задайте норму рецепта"))
    shares = {code: share for code, share in shares.items() if share}
    if sum(shares.values()) > WHOLE or (rework_limit_pct or 0) > WHOLE:
        raise Refused(Refusal("Доли вместе не больше 100 %"))
    values = {"guide": shares, "rework_limit_pct": rework_limit_pct}
    same = all(getattr(before, name) == value for name, value in values.items())
    if same and {*before.rework_sources.all()} == {*rework_sources}:
        raise Refused(Refusal("Состав такой и есть"))
    made = next_version(by, recipe, before, values, reason, at, at)
    made.rework_sources.set(rework_sources)
    return made


def guide_of(version: RecipeVersion) -> list[tuple[str, int]]:
    """Return what a version says its recipe is usually made of: names of materials, per cent, the
    largest first (databases keep the words of a JSON object in orders of their own)."""
    shares: dict[str, int] = version.guide
    named = dict(RawMaterial.objects.filter(code__in=[*shares]).values_list("code", "name"))
    found = [(named.get(code, code), share) for code, share in shares.items()]
    return sorted(found, key=lambda one: (-one[1], one[0]))
