"""Recipes, norms and limits in the office: versions that overwrite nothing (domain 11.2, 14.3)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.catalogue.models import Recipe, RecipeVersion
from crm.catalogue.operations.new_norm import NUMBERS
from crm.office.standards import latest_norm
from crm.quality.models import LimitVersion
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
RECIPES, NORMS, LIMITS = (
    f"/admin/{name}/"
    for name in ("catalogue/recipe", "catalogue/recipeversion", "quality/limitversion")
)
AT_MOST = 12


@pytest.fixture
def technologist(seeded: None) -> Client:
    return member("orlova", "Главный технолог")


@pytest.fixture
def quality(seeded: None) -> Client:
    return member("panina", "Менеджер по качеству")


@pytest.fixture
def recipe(seeded: None) -> Recipe:
    return RecipeVersion.objects.filter(ash__isnull=False).earliest("pk").recipe


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page.decode())))


def numbers(recipe: Recipe, **more: str) -> dict[str, str]:
    """Return the present norm as it is typed, some numbers otherwise."""
    norm = RecipeVersion.objects.filter(recipe=recipe).latest("version")
    typed = {name: str(getattr(norm, name) or "").replace(".", ",") for name in NUMBERS}
    return {**typed, "reason": "письмо заказчика", **more}


def norm(client: Client, recipe: Recipe, step: str = "apply", **more: str) -> str:
    path = f"{RECIPES}{recipe.pk}/new_norm/"
    given = {"step": step, **numbers(recipe, **more)}
    return words(client.post(path, given, follow=True).content)


def test_recipes_and_the_twelve_numbers_of_their_norms_are_listed(
    office: Client, recipe: Recipe
) -> None:
    assert recipe.name in words(office.get(RECIPES).content)
    text = words(office.get(NORMS).content)
    version = RecipeVersion.objects.filter(recipe=recipe).latest("version")
    assert recipe.name in text
    for name in NUMBERS:
        assert f"{getattr(version, name):.2f}".rstrip("0").rstrip(".").replace(".", ",") in text
    card = words(office.get(f"{RECIPES}{recipe.pk}/change/").content)
    assert "Версии нормы" in card
    assert "первые значения" in card


def test_a_new_norm_is_the_next_version_and_the_one_before_stays(
    technologist: Client, recipe: Recipe
) -> None:
    before = RecipeVersion.objects.filter(recipe=recipe).latest("version")
    shown = norm(technologist, recipe, "show", fat="21,5")
    assert "Нормы и пределы" in shown
    assert RecipeVersion.objects.filter(recipe=recipe).count() == 1
    norm(technologist, recipe, fat="21,5")
    after = RecipeVersion.objects.filter(recipe=recipe).latest("version")
    assert (after.version, after.fat) == (before.version + 1, Decimal("21.50"))
    assert (after.reason, after.guide) == ("письмо заказчика", before.guide)
    assert after.author is not None
    kept = RecipeVersion.objects.get(pk=before.pk)
    assert (kept.fat, kept.since) == (before.fat, before.since)
    assert recipe.norm_at(now()) == after
    assert recipe.norm_at(after.since - timedelta(seconds=1)) == before


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"fat_minus": ""}, "все три числа"),
        ({"ash": ""}, "все три числа"),
        ({"fat": "1", "fat_minus": "2"}, "от 0 до 100"),
        ({"moisture": "99", "moisture_plus": "2"}, "от 0 до 100"),
        ({}, "Норма такая и есть"),
    ],
)
def test_a_norm_that_makes_no_sense_is_refused_in_words(
    quality: Client, recipe: Recipe, given: dict[str, str], why: str
) -> None:
    assert why in norm(quality, recipe, **given)
    assert RecipeVersion.objects.filter(recipe=recipe).count() == 1


def test_what_a_recipe_is_made_of_and_its_rework_are_the_next_version(recipe: Recipe) -> None:
    before, other = latest_norm(recipe), Recipe.objects.get(number=12)
    assert before is not None
    client = member("office", "Производственный отдел")
    path = f"{RECIPES}{recipe.pk}/new_guide/"
    given = {
        "reason": "другое сырьё", "share_carcass": "70", "share_neck": "30",
        "rework_limit_pct": "7,5", "rework_sources": [str(other.pk)],
    }  # fmt: skip

    def sent(step: str, **more: str) -> str:
        return words(client.post(path, {"step": step, **given, **more}, follow=True).content)

    assert "Доли вместе не больше 100 %" in sent("apply", share_neck="31")
    assert "Каркас 70 %, Шея 30 %; вторфарша не больше 7,5 %" in sent("show")
    assert latest_norm(recipe) == before
    sent("apply")
    after = latest_norm(recipe)
    assert after is not None
    assert (after.guide, after.rework_limit_pct) == ({"carcass": 70, "neck": 30}, Decimal("7.5"))
    assert [*after.rework_sources.all()] == [other]
    assert [getattr(after, one) for one in NUMBERS] == [getattr(before, one) for one in NUMBERS]
    assert "Состав такой и есть" in sent("apply")


def test_a_recipe_is_added_with_its_number_and_switched_off(
    technologist: Client, recipe: Recipe
) -> None:
    given = {"number": "99", "name": "Фарш новый", "report_name": "Новый", "product_line": "mmo"}
    technologist.post(f"{RECIPES}add/", given)
    made = Recipe.objects.get(number=99)
    assert (made.name, made.report_name, made.custom) == ("Фарш новый", "Новый", False)
    assert "Нормы нет" in words(technologist.get(f"{RECIPES}{made.pk}/change/").content)
    off = {"step": "apply", "reason": "не выпускаем", "report_name": "Старый"}
    technologist.post(f"{RECIPES}{made.pk}/rename/", off)
    made.refresh_from_db()
    assert (made.active, made.report_name) == (False, "Старый")
    again = technologist.post(f"{RECIPES}add/", {**given, "name": "Фарш другой"})
    assert Recipe.objects.filter(number=99).count() == 1
    assert again.status_code == 200


def test_a_new_limit_takes_its_other_cases_along(quality: Client) -> None:
    frozen = LimitVersion.objects.get(name="receiving_temperature", when="condition == frozen")
    path = f"{LIMITS}{frozen.pk}/new_version/"
    given = {"least": "", "most": "−10,5", "reason": "новый план ХАССП"}
    assert "≤ −10,5 °C" in words(quality.post(path, {"step": "show", **given}).content)
    quality.post(path, {"step": "apply", **given})
    present = LimitVersion.objects.in_force("receiving_temperature", now())
    assert {one.when: (one.version, one.least, one.most) for one in present} == {
        "condition == frozen": (2, None, Decimal("-10.500")),
        "condition == chilled": (2, Decimal(-2), Decimal(4)),
    }
    frozen.refresh_from_db()
    assert (frozen.version, frozen.most) == (1, Decimal(-8))
    late = words(quality.post(path, {"step": "apply", **given, "most": "−11"}).content)
    assert "Эта версия уже не действует" in late


def test_a_limit_is_never_numbered_as_one_that_came_first(quality: Client) -> None:
    """What two at once see on PostgreSQL: the one in force was read before the next was written."""
    case = LimitVersion.objects.get(name="core_temperature")
    LimitVersion.objects.create(
        name=case.name, unit=case.unit, source=case.source, version=2, most=Decimal(-20),
        since=now() + timedelta(hours=1),
    )  # fmt: skip
    given = {"step": "apply", "least": "", "most": "−19", "reason": "новый план ХАССП"}
    late = words(quality.post(f"{LIMITS}{case.pk}/new_version/", given).content)
    assert "Эта версия уже не действует" in late
    assert LimitVersion.objects.filter(name=case.name).count() == 2


@pytest.mark.parametrize(
    ("least", "most", "why"),
    [("", "", "хотя бы одну"), ("5", "1", "больше верхней"), ("", "-8", "такой и есть")],
)
def test_a_limit_that_makes_no_sense_is_refused_in_words(
    quality: Client, least: str, most: str, why: str
) -> None:
    frozen = LimitVersion.objects.get(name="receiving_temperature", when="condition == frozen")
    given = {"step": "apply", "least": least, "most": most, "reason": "новый план"}
    assert why in words(quality.post(f"{LIMITS}{frozen.pk}/new_version/", given).content)
    assert LimitVersion.objects.filter(name="receiving_temperature").count() == 2


def test_the_pages_cost_a_dozen_queries_at_most(quality: Client, recipe: Recipe) -> None:
    for path in (RECIPES, NORMS, f"{RECIPES}{recipe.pk}/change/", LIMITS):
        with CaptureQueriesContext(connection) as queries:
            assert quality.get(path).status_code == 200
        assert len(queries) <= AT_MOST, (path, len(queries))


def test_a_norm_that_changed_since_it_was_looked_at_is_not_written_over(
    technologist: Client, quality: Client, recipe: Recipe
) -> None:
    path = f"{RECIPES}{recipe.pk}/new_norm/"
    typed = numbers(recipe, protein="14,20")
    page = technologist.post(path, {"step": "show", **typed}).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    norm(quality, recipe, fat="17,30")
    said = technologist.post(path, {"step": "apply", **typed, "seen": seen[1]})
    assert "Запись изменилась" in said.text
    latest = latest_norm(recipe)
    assert latest is not None
    assert latest.fat == Decimal("17.30")
