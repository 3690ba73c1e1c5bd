"""Which recipes a composition would meet (domain 14.6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from crm.fact import Fact, Line
from crm.production.blend import blend
from crm.production.facts.blend_text import part_of_line
from crm.production.forecast import Forecast, normed
from crm.quality.norms import norms_of
from engine.languages.message import Message, listed


def fitting_recipes(product_line: str, lines: Sequence[Line]) -> str:
    """Say the names of the recipes whose norm is met by the prediction; «нет» of none."""
    made = blend(part_of_line(line) for line in lines)
    found = [
        recipe.name
        for recipe, norm in normed(product_line, timezone.now())
        if Forecast.of(made, norms_of(norm)).fits
    ]
    return listed(found) if found else Message("нет")


FACT = Fact(params=("choice(mmo, mko)", "list of plan_line"), result="text", answer=fitting_recipes)
