"""The recipes that an order may be planned by (domain 4.17, 4.18)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.fact import Fact
from crm.production.forecast import normed


def plannable_recipes(product_line: str) -> Iterator[Recipe]:
    """Give the active recipes of a product line that have a norm, by number."""
    yield from (recipe for recipe, _ in normed(product_line, timezone.now()))


FACT = Fact(params=("choice(mmo, mko)",), result="list of recipe", answer=plannable_recipes)
