"""The first data: loaded twice it is the same, and edits stay."""

from __future__ import annotations

import gettext
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.catalogue.models import Freezer, RawMaterial, Recipe, RecipeVersion
from crm.configuration import ROOT
from crm.office.models import GivenRight
from crm.office.seed import FIRST_DEMO_CHAT, PEOPLE, seed
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.people.roles import OfficeRole
from crm.plant.crew import COLLEAGUES
from crm.quality.models import LimitVersion
from engine.load.project import load_project
from tests import seeded


@pytest.mark.django_db
def test_a_right_of_a_later_version_reaches_the_groups_that_are_there_once() -> None:
    seed()
    group = Group.objects.get(name="Администратор")
    new = Permission.objects.get(codename="view_signin")
    rest = Permission.objects.get(codename="change_person")
    group.permissions.remove(new, rest)
    GivenRight.objects.filter(group=group, right="people.view_signin").delete()  # not given yet
    seed()
    assert new in group.permissions.all()
    assert rest not in group.permissions.all()  # it was given, and taken away
    group.permissions.remove(new)
    seed()
    assert new not in group.permissions.all()


@pytest.mark.django_db
def test_loaded_again_it_undoes_no_edit() -> None:
    seed()
    receiver = Person.objects.get(full_name="Ветров П. А.")
    save_person(None, person=receiver, roles=["lab"], telegram_id=None)
    RawMaterial.objects.filter(code="cb").update(exit_pct=Decimal("29.5"))
    Group.objects.get(name="Директор").permissions.clear()
    seed()
    receiver.refresh_from_db()
    assert (set(receiver.role_codes), receiver.telegram_id) == ({"lab"}, None)
    assert RawMaterial.objects.get(code="cb").exit_pct == Decimal("29.50")
    assert not Group.objects.get(name="Директор").permissions.exists()
    counts = (Person.objects.count(), RawMaterial.objects.count(), LimitVersion.objects.count())
    project, _ = load_project(ROOT / "flows")
    assert project is not None
    limits = sum(len(limit.values) for limit in project.limits.values())
    assert counts == (25, 11, limits)
    assert (Recipe.objects.count(), RecipeVersion.objects.count()) == (18, 18)
    assert (Freezer.objects.filter(kind="plate").count(), Freezer.objects.count()) == (14, 18)
    codes = set(RawMaterial.objects.values_list("code", flat=True))
    assert {code for one in RecipeVersion.objects.all() for code in one.guide} <= codes


@pytest.mark.django_db
def test_the_demo_has_a_chat_for_everybody_and_a_group_for_each_role_with_a_desk() -> None:
    seed()
    chats = set(Person.objects.values_list("telegram_id", flat=True))
    assert chats == set(range(FIRST_DEMO_CHAT, FIRST_DEMO_CHAT + len(PEOPLE)))
    assert set(Group.objects.values_list("name", flat=True)) == {
        *(str(role.label) for role in OfficeRole),
        "Главный технолог",
    }


def test_the_office_s_roles_are_called_as_in_the_flows_and_all_people_have_roles_of_the_flows():
    project, findings = load_project(ROOT / "flows")
    assert project is not None, findings
    written = project.project.roles
    assert {**written, **{role.value: str(role.label) for role in OfficeRole}} == written
    assert {role for _, role in (*PEOPLE, *COLLEAGUES) if role} <= {*written}


@pytest.mark.django_db
def test_every_limit_of_the_forms_begins_as_they_say_and_stays_as_the_office_changed_it() -> None:
    seed()
    project, _ = load_project(ROOT / "flows")
    assert project is not None
    written = {
        (name, line.when or "", line.min, line.max, limit.unit, limit.source)
        for name, limit in project.limits.items()
        for line in limit.values
    }
    rows = LimitVersion.objects.values_list("name", "when", "least", "most", "unit", "source")
    assert set(rows) == written
    first = LimitVersion.objects.filter(name="receiving_temperature", when="condition == frozen")
    newer = {**first.values().get(), "id": None, "version": 2, "most": Decimal(-12)}
    LimitVersion.objects.create(**newer)
    seed()
    assert LimitVersion.objects.filter(name="receiving_temperature").count() == 3


def test_the_compiled_words_of_the_theme_are_those_that_are_written() -> None:
    folder = ROOT / "locales/ru/LC_MESSAGES"
    with (folder / "django.mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    written = (folder / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.MULTILINE)
    assert len(pairs) > 80
    assert [source for source, russian in pairs if words.gettext(source) != russian] == []


@pytest.mark.django_db
def test_what_tests_keep_of_it_is_kept_anew_after_permissions_were_made_anew() -> None:
    def asked() -> int:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            seeded.seed()
            transaction.set_rollback(True)
        return len(queries)

    asked()
    last = Permission.objects.latest("pk")
    last.delete()
    last.pk = None
    last.save(force_insert=True)
    loaded, written = asked(), asked()
    assert written < loaded / 4
