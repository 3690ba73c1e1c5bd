"""A new version of a recipe's norm (domain 11.2): never overwritten, in force from its moment or
from one that is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

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
    since: datetime | None = None,
) -> RecipeVersion:
    """Keep the twelve `NUMBERS` as the next version, which begins at once or at `since`; what else
    the version that holds until then says (вторфарш, the guide) goes on. One that is planned for
    later begins all the same.

    Raises Refused for a part without one of its three numbers (ash may have none at all), for
    bounds outside of 0–100 %, for a beginning in the past, and for a version that says nothing
    new."""
    begins = begin_of(since, at)
    before = version_before(recipe, begins)
    for part in PARTS:
        _refuse(part, [numbers[f"{part}{end}"] for end in ENDS])
    if before and all(getattr(before, name) == numbers[name] for name in NUMBERS):
        raise Refused(Refusal("Норма такая и есть"))
    return next_version(by, recipe, before, dict(numbers), reason, at, begins)


def begin_of(since: datetime | None, at: datetime) -> datetime:
    """Return when a version begins that is written at a moment. Raises Refused for the past: what
    was measured then keeps what it was measured by."""
    if since is not None and since < at:
        raise Refused(Refusal("Начать можно только с этой минуты или позже"))
    return since or at


def version_before(recipe: Recipe, begins: datetime) -> RecipeVersion | None:
    """Return the version of a recipe's norm that another one follows, under the recipe's lock: as
    of now for one that begins at once, as whoever waited for the lock began before the other."""
    Recipe.objects.select_for_update().get(pk=recipe.pk)
    return recipe.norm_at(max(begins, timezone.now()))


def next_version(
    by: Person | None,
    recipe: Recipe,
    before: RecipeVersion | None,
    values: Mapping[str, Any],
    reason: str,
    at: datetime,
    begins: datetime,
) -> RecipeVersion:
    """Keep the next version: what the one before says, but for these values. It never begins before
    that one."""
    goes_on = {name: getattr(before, name) for name in SAID} if before else {}
    last = RecipeVersion.objects.filter(recipe=recipe).aggregate(last=Max("version"))["last"]
    made = RecipeVersion.objects.create(
        recipe=recipe,
        version=(last or 0) + 1,
        since=max(begins, before.since) if before else begins,
        author=by,
        reason=reason,
        made_at=at,
        **{**goes_on, **values},
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
