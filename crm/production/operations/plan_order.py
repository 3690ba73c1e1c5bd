"""Save an order as it was planned: its lines, its number, its mixes, what it will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.catalogue.models import Recipe, RecipeVersion
from crm.fact import Line
from crm.ledger.models import Lot
from crm.ledger.operations.number import next_number
from crm.operation import Operation
from crm.people.models import Person
from crm.production.blend import blend, part_of
from crm.production.composition import Planned, composed
from crm.production.models import MincedOrder, Mix, OrderItem
from crm.production.models.choices import ProductLine
from crm.production.models.order import LineMode, Route
from crm.production.numbers import first_number
from engine.errors import Refusal, Refused
from engine.languages.message import Message

DAY_BEGINS, NIGHT_BEGINS = time(7), time(19)
# Where the mixes of an order go from the mixer (domain 5.4).
ROUTES = {
    (ProductLine.MMO, LineMode.LINE_1): Route.PLATE,
    (ProductLine.MMO, LineMode.LINE_2): Route.PLATE,
    (ProductLine.MMO, LineMode.BOTH): Route.PLATE,
    (ProductLine.MKO, LineMode.LINE_1): Route.PLATE,
    (ProductLine.MKO, LineMode.LINE_2): Route.SHOCK,
}


@transaction.atomic
def plan_order(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    product_line: str,
    items: Sequence[Line],
    number_mix: int,
    recipe: Recipe,
    line_mode: str,
    is_night: bool,
    arrival_date: date,
    forecast_reason: str | None = None,
) -> MincedOrder:
    """Make the order of a session in state `new` with its number ФДДММГГГГ{recipe}/N of the arrival
    date, its lines and its mixes; nothing is reserved yet. Done twice with one session it returns
    the first one. `forecast_reason` is why it is made although its forecast misses the norm.

    Raises Refused for what may not be planned: a component, a recipe without a norm, a line."""
    done = MincedOrder.objects.filter(session=session).first()
    if done:
        return done
    norm = _norm(recipe, product_line, at)
    route = _route(product_line, line_mode)
    lines = composed(product_line, norm, items)
    made = blend(part_of(lot, kg) for lot, kg in lines)
    number = next_number("minced_order", arrival_date.isoformat(), first=first_number)
    order = MincedOrder.objects.create(
        session=session,
        number=f"Ф{arrival_date:%d%m%Y}{recipe.number}/{number}",
        product_line=product_line,
        recipe=recipe,
        recipe_version=norm,
        number_mix=number_mix,
        line_mode=line_mode,
        route=route,
        is_night=is_night,
        arrival_date=arrival_date,
        start_not_before=starts(at, arrival_date, is_night=is_night),
        fat=made.fat,
        protein=made.protein,
        moisture=made.moisture,
        analysed_kg=made.analysed,
        forecast_reason=forecast_reason or "",
        created_at=at,
        created_by=by,
    )
    _take_lines(order, lines)
    add_mixes(order, range(1, number_mix + 1), at)
    return order


def _route(product_line: str, line_mode: str) -> str:
    route = ROUTES.get((ProductLine(product_line), LineMode(line_mode)))
    if route is None:
        raise Refused(Refusal("Пет-фуд идёт по одной линии: выберите её", again="line_mode"))
    return route


def starts(at: datetime, arrival_date: date, *, is_night: bool) -> datetime:
    """Return when an order may start: at once today in this shift, at 19:00 for the night, at 07:00
    of a later day (domain 4.17). `at` is plant time."""
    now = timezone.localtime(at)
    if not is_night and arrival_date <= now.date():
        return at
    begins = NIGHT_BEGINS if is_night else DAY_BEGINS
    return datetime.combine(arrival_date, begins, now.tzinfo)


def add_mixes(order: MincedOrder, indexes: range, at: datetime) -> None:
    """Make mixes of an order, each with its number and its lot, in state `new`."""
    lots = Lot.objects.bulk_create(Lot(kind=Lot.Kind.MIX) for _ in indexes)
    Mix.objects.bulk_create(
        Mix(
            order=order,
            index=index,
            number=f"{order.number}/{index}",
            year=order.arrival_date.year,
            lot=lot,
            created_at=at,
        )
        for index, lot in zip(indexes, lots, strict=True)
    )


def _norm(recipe: Recipe, product_line: str, at: datetime) -> RecipeVersion:
    """Return the norm that holds. Raises Refused without one, and for a foreign recipe."""
    norm = recipe.norm_at(at)
    lacks_ash = norm is not None and product_line == ProductLine.MKO and norm.ash is None
    if not recipe.active or recipe.product_line != product_line or norm is None or lacks_ash:
        text = Message(
            "По рецепту «{name}» планировать нельзя: нет действующей нормы. Выберите другой"
        )
        raise Refused(Refusal(text, {"name": recipe.name}, again="recipe"))
    return norm


def _take_lines(order: MincedOrder, lines: Sequence[Planned]) -> None:
    OrderItem.objects.bulk_create(
        OrderItem(order=order, position=position, lot=lot, kg_planned=kg)
        for position, (lot, kg) in enumerate(lines, 1)
    )


OPERATION = Operation(
    {
        "product_line": "choice(mmo, mko)",
        "items": "list of plan_line",
        "number_mix": "integer",
        "recipe": "recipe",
        "line_mode": "choice(line_1, line_2, both)",
        "is_night": "bool",
        "arrival_date": "date",
        "forecast_reason": "text?",
    },
    plan_order,
    "minced_order",
)
