"""Whether a composition will miss the norm of a recipe (domain 14.6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.fact import Fact, Line
from crm.production.blend import blend
from crm.production.facts.blend_text import part_of_line
from crm.production.forecast import Forecast
from crm.quality.norms import norms_of


def norm_misses(recipe: Recipe, lines: Sequence[Line]) -> bool:
    """Tell whether a predicted value is outside of the norm; what nobody can predict is not."""
    made = blend(part_of_line(line) for line in lines)
    return Forecast.of(made, norms_of(recipe.norm_at(timezone.now()))).misses


FACT = Fact(params=("recipe", "list of plan_line"), result="bool", answer=norm_misses)
