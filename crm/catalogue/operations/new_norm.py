"""A new version of a recipe's norm (domain 11.2): never overwritten, in force from its moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from crm.catalogue.models import Recipe, RecipeVersion
from crm.catalogue.models.recipe import PARTS
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    from crm.people.models import Person

WHOLE = Decimal(100)  # per cent
ENDS = ("", "_minus", "_plus")
NUMBERS = tuple(f"{part}{end}" for part in PARTS for end in ENDS)  # twelve, in per cent
SAID = (*NUMBERS, "rework_limit_pct", "guide")  # what a version says, beside its sources


@transaction.atomic
def new_norm(
    by: Person | None,
    *,
    recipe: Recipe,
    numbers: Mapping[str, Decimal | None],
    reason: str,
    at: datetime,
) -> RecipeVersion:
    """Keep the twelve `NUMBERS` as the next version; what else the version before says (вторфарш,
    the guide) goes on.

    Raises Refused for a part without one of its three numbers (ash may have none at all), for
    bounds outside of 0–100 %, and for a version that says nothing new."""
    before = newest_version(recipe)
    for part in PARTS:
        _refuse(part, [numbers[f"{part}{end}"] for end in ENDS])
    if before and all(getattr(before, name) == numbers[name] for name in NUMBERS):
        raise Refused(Refusal("Норма такая и есть"))
    return next_version(by, recipe, before, dict(numbers), reason, at)


def newest_version(recipe: Recipe) -> RecipeVersion | None:
    """Return the newest version of a recipe's norm, under the recipe's lock."""
    Recipe.objects.select_for_update().get(pk=recipe.pk)
    return RecipeVersion.objects.filter(recipe=recipe).order_by("-version").first()


def next_version(
    by: Person | None,
    recipe: Recipe,
    before: RecipeVersion | None,
    values: Mapping[str, Any],
    reason: str,
    at: datetime,
) -> RecipeVersion:
    """Keep the next version: what the one before says, but for these values."""
    goes_on = {name: getattr(before, name) for name in SAID} if before else {}
    version = before.version + 1 if before else 1
    made = RecipeVersion.objects.create(
        recipe=recipe, version=version, since=at, author=by, reason=reason, **{**goes_on, **values}
    )
    if before:
        made.rework_sources.set(before.rework_sources.all())
    return made


def _refuse(part: str, three: list[Decimal | None]) -> None:
    given = [number for number in three if number is not None]
    if part == PARTS[-1] and not given:
        return
    if len(given) < len(three):
        raise Refused(Refusal("У каждой нормы нужны все три числа: значение, минус и плюс"))
    value, minus, plus = given
    if minus < 0 or plus < 0 or value - minus < 0 or value + plus > WHOLE:
        raise Refused(Refusal("Границы нормы должны быть от 0 до 100 %"))
