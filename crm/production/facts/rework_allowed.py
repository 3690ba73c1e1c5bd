"""Whether a recipe allows the вторфарш of a composition (domain 14.4)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.fact import Fact, Line
from crm.production.rework import refusal


def rework_allowed(recipe: Recipe, lines: Sequence[Line]) -> bool:
    """Tell whether its share, its generation and its age are within their limits."""
    return refusal(recipe.norm_at(timezone.now()), lines) is None


FACT = Fact(params=("recipe", "list of plan_line"), result="bool", answer=rework_allowed)
