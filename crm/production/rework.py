"""Вторфарш for orders: which lots, how much, and the limits of its use (domain 4.18, 14.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from crm.catalogue.models import Recipe, RecipeVersion
from crm.fact import Line
from crm.fields import KgField
from crm.ledger.models import Account, Lot
from crm.ledger.stock import kept
from crm.prepared import Prepared
from crm.production.grams import NOTHING
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.quality.limits import most_in_force
from crm.quality.usable import Use, forbidden
from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.values import show_number

GENERATION, BEST_BEFORE = "rework_generation", "best_before"  # limits of flows/limits.yaml
REWORK = Lot.Kind.SECOND_MINCED
Portion = tuple[SecondMinced, Decimal]
Planned = tuple[Lot, Decimal]  # kilograms


@dataclass(frozen=True, slots=True)
class Limits:
    """The highest generation of вторфарш that may be used, and for how many days after its
    production."""

    generation: int
    days: int


def stock() -> list[Portion]:
    """Return the lots of вторфарш of which something may be planned, with the free kilograms,
    oldest first."""
    return [(one, one.free) for one in STOCK.rows()]


def available() -> Decimal:
    """Return the free kilograms of all of them: one number of the database, as they may be ten
    thousand."""
    return next(iter(KILOGRAMS.rows()), NOTHING)


def _stock() -> models.QuerySet[Any]:
    rows = _there().filter(
        Q(lot__balances__physical__gt=0),  # goes without saying, but names the index
        lot__balances__account=Account.REWORK_STORE,
        lot__balances__physical__gt=F("lot__balances__reserved"),
    )
    free = F("lot__balances__physical") - F("lot__balances__reserved")
    rows = rows.exclude(lot__in=forbidden(Use.PLANNING))
    rows = rows.annotate(free=models.ExpressionWrapper(free, output_field=KgField()))
    return rows.select_related("lot").order_by("produced_on", "pk")


def _kilograms() -> models.QuerySet[Any]:
    """Sum what `_stock` lists, asked of the balances: on the way from a lot to its balance Django
    looks each up among the lots of all years."""
    rows = kept(Account.REWORK_STORE).filter(
        physical__gt=F("reserved"), lot__in=_there().values("lot")
    )
    rows = rows.exclude(lot__in=forbidden(Use.PLANNING))
    free = Sum(F("physical") - F("reserved"), output_field=KgField())
    return rows.values("account").annotate(all=free).values_list("all", flat=True)


STOCK, KILOGRAMS = Prepared(_stock), Prepared(_kilograms)


def _there() -> models.QuerySet[SecondMinced]:
    """Return the lots that may be drawn: those on the store, and those whose pallet is."""
    pallets = PalletItem.objects.filter(lot=OuterRef("lot"), pallet__state=Pallet.State.IN_STOCK)
    on_pallet = Q(Exists(pallets), state=SecondMinced.State.ON_PALLET)
    return SecondMinced.objects.filter(
        Q(state=SecondMinced.State.REGISTERED) | on_pallet, kind=SecondMinced.Kind.REWORK
    )


def left(taken: Decimal) -> list[Portion]:
    """Return what may be planned when so many kilograms are drawn already, oldest first."""
    found: list[Portion] = []
    for lot, free in stock():
        part = min(free, taken)
        taken -= part
        if free > part:
            found.append((lot, free - part))
    return found


def drawn(kg: Decimal, after: Decimal = NOTHING) -> list[Portion]:
    """Return the lots that so many kilograms would be drawn of, oldest first, `after` so many
    others; together less when there is less."""
    found: list[Portion] = []
    for lot, free in left(after):
        part = min(free, kg)
        if part <= 0:
            break
        found.append((lot, part))
        kg -= part
    return found


def planned_of(lines: Iterable[Line]) -> Decimal:
    """Return the kilograms of вторфарш in a composition: its lines without a batch and a blank."""
    return sum(
        (
            line["kg"]
            for line in lines
            if line["batch"] is None and line["blank"] is None and line["kg"]
        ),
        NOTHING,
    )


def refusal(norm: RecipeVersion | None, lines: Sequence[Line]) -> Refusal | None:
    """Say which limit a composition breaks by its вторфарш, and with which lot; None when it may
    be made by the recipe."""
    kg = planned_of(lines)
    if not kg:
        return None
    total = sum((line["kg"] or NOTHING for line in lines), NOTHING)
    of_lots = (lot_refusal(norm, lot) for lot, _ in drawn(kg))
    return _share(norm, kg, total) or next(filter(None, of_lots), None)


def change_refusal(
    norm: RecipeVersion | None, before: Sequence[Planned], after: Sequence[Planned]
) -> Refusal | None:
    """Say why an order may not be planned anew, line by line of the same lots: when what changes
    gives it more вторфарш, or makes more of it вторфарш, than the recipe allows, or takes more of a
    lot that may not be used again; None when it may. What only comes nearer to a limit, may."""
    old, old_total = _rework_of(before)
    new, new_total = _rework_of(after)
    if new and (new > old or new * old_total > old * new_total):
        broken = _share(norm, new, new_total)
        if broken is not None:
            return broken
    raised = [lot for (lot, kg), (_, had) in zip(after, before, strict=True) if kg > had]
    of_lots = (lot_refusal(norm, lot.second_minced) for lot in raised if lot.kind == REWORK)
    return next(filter(None, of_lots), None)


def _rework_of(planned: Sequence[Planned]) -> tuple[Decimal, Decimal]:
    """Return how many kilograms are вторфарш, and all of them."""
    kg = sum((mass for lot, mass in planned if lot.kind == REWORK), NOTHING)
    return kg, sum((mass for _, mass in planned), NOTHING)


def _share(norm: RecipeVersion | None, kg: Decimal, total: Decimal) -> Refusal | None:
    limit = norm.rework_limit_pct if norm is not None else None
    if limit is None:
        return Refusal("По этому рецепту вторфарш не берут. Уберите его строку")
    share = 100 * kg / total
    if share <= limit:
        return None
    text = Message("Вторфарша {share} % при пределе рецепта {limit} %. Возьмите меньше")
    return Refusal(text, {"share": show_number(share, 1), "limit": show_number(limit, 1)})


def lot_refusal(norm: RecipeVersion | None, lot: SecondMinced) -> Refusal | None:
    """Say why a lot may not be used again: by its generation, its age, or the recipe it comes
    from."""
    limits = limits_in_force()
    if lot.rework_gen > limits.generation:
        text = Message(
            "Лот {lot}: поколение {generation}, а предел {limit}. В фарш его брать нельзя"
        )
        values = {"generation": str(lot.rework_gen), "limit": str(limits.generation)}
        return Refusal(text, {"lot": str(lot), **values})
    until = best_before(lot.produced_on, limits)
    if until < timezone.localdate():
        text = Message("Лот {lot}: срок годности вышел {until}. В фарш его брать нельзя")
        return Refusal(text, {"lot": str(lot), "until": f"{until:%d.%m.%Y}"})
    return _source(norm, lot)


def _source(norm: RecipeVersion | None, lot: SecondMinced) -> Refusal | None:
    """Say that a recipe takes no вторфарш of the recipes that a lot is of; not known is not
    allowed."""
    allowed = {*norm.rework_sources.all()} if norm is not None else set()
    made = {*lot.source_recipes.all()}
    if not allowed or (made and made <= allowed):
        return None
    text = Message("Лот {lot}: {source}, а рецепт берёт вторфарш только из: {allowed}")
    source = Message("он из рецепта {names}", {"names": _names(made - allowed)})
    unknown = Message("неизвестно, из какого он рецепта")
    values = {"lot": str(lot), "source": source if made else unknown}
    return Refusal(text, {**values, "allowed": _names(allowed)})


def _names(recipes: Iterable[Recipe]) -> str:
    return ", ".join(recipe.name for recipe in sorted(recipes, key=lambda one: one.number))


def best_before(produced_on: date, limits: Limits) -> date:
    """Return the last day on which a lot may be used."""
    return produced_on + timedelta(days=limits.days)


def limits_in_force() -> Limits:
    """Return the limits that hold now."""
    return Limits(int(most_in_force(GENERATION)), int(most_in_force(BEST_BEFORE)))
