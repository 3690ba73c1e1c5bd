"""Which limit of вторфарш a composition breaks (domain 14.4)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.fact import Fact, Line
from crm.production.rework import refusal
from engine.languages.message import Message


def rework_refusal(recipe: Recipe, lines: Sequence[Line]) -> str:
    """Say the rule and the lot; empty when the recipe allows what is drawn."""
    found = refusal(recipe.norm_at(timezone.now()), lines)
    return found.said if found else Message("")


FACT = Fact(params=("recipe", "list of plan_line"), result="text", answer=rework_refusal)
