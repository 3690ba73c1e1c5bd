"""What a composition will measure beside the norms of recipes, and what would mend it (domain
14.6). Start at `Forecast.of` and `advice`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import Enum

from django.db.models import prefetch_related_objects

from crm.catalogue.models import Recipe, RecipeVersion
from crm.ledger.models import Account
from crm.ledger.stock import free_on
from crm.production.blend import Blend, Part, part_of_batch, part_of_blank
from crm.production.component_waits import free_of_blank
from crm.production.facts.plannable_blanks import plannable_blanks
from crm.production.models import RawBatch
from crm.production.models.choices import ProductLine
from crm.production.plannable import plannable_batches
from crm.quality.norms import COMPOSITION, Norm, norms_of
from engine.languages.message import Message, listed
from engine.model.values import show_number

ENOUGH = Decimal(70)  # per cent of the mass that must be analysed to say anything
NEAR = Decimal("0.2")  # of the width of a norm, from an edge
KILO = Decimal(1)


class Light(Enum):
    """How a predicted value stands to its norm."""

    GREEN = "🟢"
    YELLOW = "🟡"
    RED = "🔴"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The predicted values of a composition with their lights, by part; None: too little of it is
    analysed to tell."""

    lights: Mapping[str, Light] | None

    @classmethod
    def of(cls, made: Blend, norms: Mapping[str, Norm]) -> Forecast:
        """Compare a composition with the norms of a recipe."""
        if not made.total or made.analysed * 100 < ENOUGH * made.total:
            return cls(None)
        values = {part: getattr(made, part) for part in norms}
        known = {part: value for part, value in values.items() if value is not None}
        return cls({part: light(norms[part], value) for part, value in known.items()})

    @property
    def misses(self) -> bool:
        """Tell whether a value is outside of its norm."""
        return self.lights is not None and Light.RED in self.lights.values()

    @property
    def fits(self) -> bool:
        """Tell whether every value is known and inside."""
        return bool(self.lights) and not self.misses


def light(norm: Norm, value: Decimal) -> Light:
    """Return how a value stands to a norm: yellow within a fifth of its width from an edge.

    >>> norm = Norm(Decimal("15.50"), Decimal("20.50"))
    >>> [light(norm, Decimal(value)).name for value in ("15.49", "16.49", "16.50", "20.50")]
    ['RED', 'YELLOW', 'GREEN', 'YELLOW']
    """
    if not norm.met(value):
        return Light.RED
    if norm.least is None or norm.most is None:
        return Light.GREEN
    near = NEAR * (norm.most - norm.least)
    inside = norm.least + near <= value <= norm.most - near
    return Light.GREEN if inside else Light.YELLOW


def normed(product_line: str, at: datetime) -> list[tuple[Recipe, RecipeVersion]]:
    """Return the active recipes of a product line that have a norm, with it; one of pet-food must
    have a norm of ash (domain 4.17, 4.18)."""
    rows = Recipe.objects.filter(active=True, product_line=product_line).order_by("number")
    pairs = ((recipe, recipe.norm_at(at)) for recipe in rows)
    return [
        (recipe, norm)
        for recipe, norm in pairs
        if norm is not None and (product_line != ProductLine.MKO or norm.ash is not None)
    ]


def told(made: Blend, norm: RecipeVersion | None, product_line: str) -> str:
    """Say «прогноз Ж 17,80 🟢 Б 12,87 🟢 В 66,30 🟡», with advice where it misses the norm; «нет
    данных» when too little is analysed."""
    norms = norms_of(norm)
    found = Forecast.of(made, norms)
    if found.lights is None:
        return Message("прогноз: нет данных")
    words = {part: show_number(getattr(made, part), 2) for part in COMPOSITION}
    lights = {f"{part}_light": one.value for part, one in found.lights.items()}
    text = Message(
        "прогноз Ж {fat} {fat_light} Б {protein} {protein_light} В {moisture} {moisture_light}"
    )
    said = text.with_values({**words, **lights})
    return listed([said, advice(made, norms, product_line)], ". ") if found.misses else said


def advice(made: Blend, norms: Mapping[str, Norm], product_line: str) -> Message:
    """Say the least mass of one component in stock that brings every value inside its norm."""
    best = min(
        (
            (kg, title)
            for title, free, part in _in_stock(product_line)
            if (kg := _least(made, norms, part, free)) is not None
        ),
        default=None,
    )
    if best is None:
        return Message("такой добавки нет")
    values = {"kg": show_number(best[0], 0), "material": best[1]}
    return Message("чтобы попасть в норму, добавьте {kg} кг: {material}", values)


def _in_stock(product_line: str) -> Iterator[tuple[str, Decimal, Part]]:
    """Give what may be added: its title, the free kilograms, one analysed kilogram of it."""
    if product_line == ProductLine.MMO:
        batches = plannable_batches(RawBatch.Condition.CHILLED)
        prefetch_related_objects(batches, "analyses")
        free = free_on(Account.RAW_STORE, (batch.lot_id for batch in batches))
        for batch in batches:
            title = f"{batch.raw_material} {batch}"
            yield title, free[batch.lot_id], part_of_batch(batch, KILO)
    for blank in plannable_blanks(product_line):
        yield str(blank), free_of_blank(blank), part_of_blank(blank, KILO)


def _least(made: Blend, norms: Mapping[str, Norm], part: Part, free: Decimal) -> Decimal | None:
    """Return the least whole kilograms of a component that bring every value inside; None when no
    mass up to `free` does."""
    if part.analysed != part.kg:
        return None
    least, most = Decimal(0), free
    for name, norm in norms.items():
        value, own = getattr(made, name), getattr(part, name)
        for edge, sign in ((norm.least, 1), (norm.most, -1)):
            if edge is None:
                continue
            gain = sign * (own - edge)  # of each kilogram added
            lack = sign * (edge - value) * made.analysed
            if gain > 0:
                least = max(least, lack / gain)
            elif gain < 0:
                most = min(most, lack / gain)
            elif lack > 0:
                return None
    kg = least.quantize(KILO, ROUND_CEILING)
    return kg if 0 < kg <= most else None
