"""Recipes, norms and limits in the office: versions that overwrite nothing (domain 11.2, 14.3)."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge.limits import DjangoLimits
from crm.catalogue.models import Recipe, RecipeVersion
from crm.catalogue.operations.new_norm import NUMBERS
from crm.office.standards import norm_now
from crm.people.operations.save_person import person_of
from crm.quality.limits import most_in_force
from crm.quality.models import LimitVersion
from crm.quality.operations.new_limit import new_limit
from engine.errors import Refused
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
    before, other = norm_now(recipe), Recipe.objects.get(number=12)
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
    assert norm_now(recipe) == before
    sent("apply")
    after = norm_now(recipe)
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


def test_the_administrator_changes_a_setting_that_stands_among_the_limits(seeded: None) -> None:
    """Domain 2.2, 11.2: how many people let a shipment go is a setting, and settings are his."""
    setting = LimitVersion.objects.get(name="shipment_people")
    given = {"step": "apply", "least": "1", "most": "", "reason": "в смене один человек"}
    member("admin", "Администратор").post(f"{LIMITS}{setting.pk}/new_version/", given)
    (present,) = LimitVersion.objects.in_force("shipment_people", now())
    assert (present.version, present.least) == (2, Decimal(1))
    assert present.author is not None


def test_who_waited_for_another_one_does_not_write_over_his_limit() -> None:
    """What two at once see on PostgreSQL: he began before the other one, and got the lock after."""
    case, at = LimitVersion.objects.get(name="core_temperature"), now()
    by = person_of(User.objects.create_user("panina", is_staff=True))
    change = partial(new_limit, by, case=case, least=None, reason="новый план ХАССП")
    change(most=Decimal(-20), at=at)
    with pytest.raises(Refused, match="Эта версия уже не действует"):
        change(most=Decimal(-19), at=at - timedelta(seconds=5))
    assert LimitVersion.objects.filter(name=case.name).count() == 2


def limit(client: Client, case: LimitVersion, most: str, since: datetime | None = None) -> str:
    """Make a new version of a limit of one bound; return what is said."""
    typed = f"{timezone.localtime(since):%Y-%m-%dT%H:%M}" if since else ""
    given = {"least": "", "most": most, "since": typed, "reason": "новый план ХАССП"}
    path = f"{LIMITS}{case.pk}/new_version/"
    shown = words(client.post(path, {"step": "show", **given}).content)
    return shown + words(client.post(path, {"step": "apply", **given}, follow=True).content)


@pytest.fixture
def tomorrow() -> datetime:
    """A minute of the next day."""
    return (now() + timedelta(days=1)).replace(second=0, microsecond=0)


def core_at(at: datetime) -> tuple[Any, Any]:
    """Return the version of the limit of the core that holds at a moment, and its bound."""
    bounds = DjangoLimits().bounds("core_temperature", {}, at)
    return bounds.version, bounds.most


def test_a_limit_begins_when_it_was_asked_to_by_itself_and_the_page_tells_which_holds_when(
    quality: Client, tomorrow: datetime
) -> None:
    case = LimitVersion.objects.get(name="core_temperature")
    day = f"{tomorrow:%d.%m.%Y %H:%M}"
    assert f"2 {day} ≤ −20,0 °C" in limit(quality, case, "−20", tomorrow)
    moments = [now(), tomorrow - timedelta(seconds=1), tomorrow]
    assert [core_at(one) for one in moments] == [(1, -18), (1, -18), (2, -20)]
    with time_machine.travel(tomorrow + timedelta(hours=1)):
        assert most_in_force("core_temperature") == -20
    told = words(quality.get(LIMITS, {"q": "толще"}).content)
    assert f"2 {day} — Ещё не началась" in told
    assert re.search(rf"1 \d\d\.\d\d\.\d{{4}} \d\d:\d\d {day} Действует", told)
    card = words(quality.get(f"{LIMITS}{case.pk}/change/").content)
    assert f"2 {day} — Ещё не началась ≤ −20,0 °C" in card
    assert f"Действует до {day} Когда действует Действует" in card


def test_a_planned_limit_is_written_anew_and_an_urgent_one_holds_until_then(
    quality: Client, tomorrow: datetime
) -> None:
    first = LimitVersion.objects.get(name="core_temperature")
    limit(quality, first, "−20", tomorrow)
    planned = LimitVersion.objects.get(name=first.name, version=2)
    assert "Эта версия уже не действует" not in limit(quality, planned, "−21", tomorrow)
    assert "действует версия 3. Откройте её" in limit(quality, first, "−22", tomorrow)
    urgent = limit(quality, first, "−19")
    assert f"3 {tomorrow:%d.%m.%Y %H:%M} ≤ −21,0 °C" in urgent  # what follows is shown before
    assert [core_at(one) for one in (now(), tomorrow)] == [(4, -19), (3, -21)]
    told = words(quality.get(f"{LIMITS}{planned.pk}/change/").content)
    assert "Когда действует Заменена" in told
    assert "Эта версия уже не действует" in limit(quality, planned, "−23")


def test_nothing_begins_in_the_past(quality: Client, technologist: Client, recipe: Recipe) -> None:
    case, before = LimitVersion.objects.get(name="core_temperature"), norm_now(recipe)
    past = now() - timedelta(days=1)
    assert "только с этой минуты или позже" in limit(quality, case, "−20", past)
    typed = {"fat": "21,5", "since": f"{past:%Y-%m-%dT%H:%M}"}
    assert "только с этой минуты или позже" in norm(technologist, recipe, **typed)
    assert "Введите правильную дату и время" in norm(technologist, recipe, since="завтра")
    assert LimitVersion.objects.filter(name=case.name).count() == 1
    assert norm_now(recipe) == before


def test_a_norm_begins_when_it_was_asked_to_and_one_that_comes_first_holds_until_then(
    technologist: Client, recipe: Recipe, tomorrow: datetime
) -> None:
    since = f"{tomorrow:%Y-%m-%dT%H:%M}"
    norm(technologist, recipe, fat="21,5", since=since)
    norm(technologist, recipe, fat="20,5")

    def fat_at(at: datetime) -> tuple[int, Decimal]:
        found = recipe.norm_at(at)
        assert found is not None
        return found.version, found.fat

    moments = [now(), tomorrow - timedelta(seconds=1), tomorrow]
    assert [fat_at(one) for one in moments] == [
        (3, Decimal("20.5")), (3, Decimal("20.5")), (2, Decimal("21.5")),
    ]  # fmt: skip
    day = f"{tomorrow:%d.%m.%Y %H:%M}"
    told = words(technologist.get(f"{RECIPES}{recipe.pk}/change/").content)
    assert f"2 {day} — Ещё не началась" in told
    assert re.search(rf"3 \S+ \S+ {day} Действует", told)


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
    latest = norm_now(recipe)
    assert latest is not None
    assert latest.fat == Decimal("17.30")
