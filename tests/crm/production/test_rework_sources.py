"""Out of which recipes вторфарш may come (domain 14.4)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.catalogue.models import Recipe
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, SecondMinced
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.register_second_minced import register_second_minced
from crm.production.operations.weigh_pallet import weigh_pallet
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.rework import available
from engine.errors import Refused
from engine.model.files import FileRef
from tests.crm.production.orders import line, new_order, planned
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
STANDARD, LUX, PET_FOOD, REWORK = 1, 2, 15, 17  # numbers of recipes
kg = Decimal


def someone() -> Person:
    return Person.objects.holding("technologist").earliest("id")


def made_by(recipe: int) -> Mix:
    """Return a mix of carcass that has left the mixer."""
    batch = batch_in_stock("carcass", kg(500), condition="chilled")
    mix = planned([line("500", batch)], 1, recipe).mixes.get()
    write_off_mix(None, at=timezone.localtime(), mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="on_pallets", quality="passed")
    return Mix.objects.get(pk=mix.pk)


def taken(order: MincedOrder | None = None, mix: Mix | None = None) -> SecondMinced:
    """Register 100 kg of вторфарш."""
    second = register_second_minced(
        someone(), session=uuid4(), at=timezone.localtime(), kind=SecondMinced.Kind.REWORK,
        net=kg(100), produced_on=timezone.localdate(), key=str(uuid4()), order=order, mix=mix,
    )  # fmt: skip
    SecondMinced.objects.filter(pk=second.pk).update(state="registered")
    return second


def only(recipe: int, *sources: int) -> None:
    """Let a recipe take вторфарш of some recipes only."""
    version = Recipe.objects.get(number=recipe).norm_at(timezone.now())
    assert version is not None
    version.rework_sources.set(Recipe.objects.filter(number__in=sources))


def sources(second: SecondMinced) -> set[int]:
    return set(second.source_recipes.values_list("number", flat=True))


def test_a_lot_knows_the_recipes_of_its_order_its_mix_or_its_whole_shift() -> None:
    standard, lux = made_by(STANDARD), made_by(LUX)
    assert sources(taken(order=standard.order)) == {STANDARD}
    assert sources(taken(mix=lux)) == {LUX}
    assert sources(taken()) == {STANDARD, LUX}


def test_of_an_order_of_which_nothing_came_out_nothing_is_registered() -> None:
    batch = batch_in_stock("carcass", kg(500), condition="chilled")
    order = planned([line("500", batch)], 1, STANDARD)
    with pytest.raises(Refused, match="ещё ничего не вышло"):
        taken(order=order)
    assert not SecondMinced.objects.exists()


def test_what_is_registered_before_anything_came_out_is_held_without_origin() -> None:
    second = taken()
    assert [hold.kind for hold in second.lot.holds.all()] == ["no_origin"]
    made_by(STANDARD)
    assert not taken().lot.holds.exists()


def test_a_pallet_made_into_rework_hands_its_recipe_on() -> None:
    now = timezone.localtime()
    pallet = pallet_of_mix(someone(), made_by(LUX), 7, now)
    weigh_pallet(
        someone(), session=uuid4(), at=now, pallet=pallet, block_count=40, gross=kg("440"),
        pallet_weight=kg(22), packaging_weight=kg(18),
        photos=[FileRef("p/1", "a" * 64, 10, "image/jpeg", "p.jpg")],
    )  # fmt: skip
    convert_pallet(someone(), at=now, pallet=pallet, reason="не подошёл")
    assert sources(SecondMinced.objects.get()) == {LUX}


def test_rework_of_a_recipe_that_is_not_allowed_is_refused_by_name_also_at_saving() -> None:
    second = taken(order=made_by(LUX).order)
    assert new_order([line("50")], 1, recipe=REWORK).items.count() == 1
    only(REWORK, STANDARD, PET_FOOD)
    with pytest.raises(
        Refused,
        match=f"Лот {second}: он из рецепта Люкс, а рецепт берёт вторфарш только из: "
        "Стандарт, Пет-фуд",
    ):
        new_order([line("50")], 1, recipe=REWORK)
    only(REWORK, STANDARD, LUX)
    assert new_order([line("50")], 1, recipe=REWORK).items.count() == 1


def test_a_lot_that_does_not_know_its_recipe_is_refused_where_recipes_are_named() -> None:
    taken(order=made_by(LUX).order).source_recipes.clear()
    only(REWORK, LUX)
    with pytest.raises(Refused, match="неизвестно, из какого он рецепта, а рецепт берёт"):
        new_order([line("50")], 1, recipe=REWORK)


def test_what_is_free_of_it_is_sought_among_balances_that_are_not_empty() -> None:
    with CaptureQueriesContext(connection) as asked:
        available()
    (sql,) = (one["sql"] for one in asked)
    assert '"ledger_balance"."physical_grams" > 0' in sql  # what the index `balance_kept` is of
    assert "ledger_lot" not in sql  # of all years
