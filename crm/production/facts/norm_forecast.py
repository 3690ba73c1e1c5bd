"""What a composition will measure beside the norm of a recipe (domain 14.6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.fact import Fact, Line
from crm.production.blend import blend
from crm.production.facts.blend_text import part_of_line
from crm.production.forecast import told


def norm_forecast(recipe: Recipe, lines: Sequence[Line]) -> str:
    """Say the predicted values, each with its light, and what would mend them."""
    made = blend(part_of_line(line) for line in lines)
    return told(made, recipe.norm_at(timezone.now()), recipe.product_line)


FACT = Fact(params=("recipe", "list of plan_line"), result="text", answer=norm_forecast)
