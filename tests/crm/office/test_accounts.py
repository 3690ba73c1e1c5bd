"""«Учётные записи» and «Группы офиса»: what the log says of rights that change."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_change_of_roles_says_what_they_were_and_what_they_became(office: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    first, second = (Group.objects.create(name=name) for name in ("Аудитор", "Администратор"))
    clerk.groups.add(first)
    sent = {"username": "clerk", "last_name": "Рыбин", "is_active": "on",
            "groups": [first.pk, second.pk], "date_joined_0": "27.11.2026",
            "date_joined_1": "10:00:00"}  # fmt: skip
    answer = office.post(f"/admin/auth/user/{clerk.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["adminform"].errors
    said = LogEntry.objects.get().get_change_message()
    assert "Аудитор → Администратор, Аудитор" in said
    assert "да → нет" in said
    assert "Рыбин" not in said


@pytest.mark.usefixtures("seeded")
def test_groups_are_called_as_whoever_looks_at_them_speaks(office: Client) -> None:
    auditors = Group.objects.get(name="Аудитор")
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.groups.add(auditors, Group.objects.create(name="Гости"))
    office.cookies["django_language"] = "en"
    for page in ("user/", f"user/{clerk.pk}/change/", "group/"):
        shown = office.get(f"/admin/auth/{page}").content.decode()
        assert "Auditor" in shown, page
        assert "Аудитор" not in shown, page
    assert "Гости" in office.get("/admin/auth/user/").content.decode()


def test_rights_that_a_group_gets_and_loses_are_named(office: Client) -> None:
    one, other = Permission.objects.order_by("pk")[:2]
    group = Group.objects.create(name="Аудитор")
    group.permissions.add(one)
    page = f"/admin/auth/group/{group.pk}/change/"
    assert office.post(page, {"name": group.name, "permissions": [other.pk]}).status_code == 302
    said = LogEntry.objects.get().get_change_message()
    assert f"+ {other}; − {one}" in said


def test_a_new_password_is_on_record_and_stands_nowhere(office: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    secret = "очень-длинный-пароль-7"
    page = f"/admin/auth/user/{clerk.pk}/password/"
    assert office.post(page, {"password1": secret, "password2": secret}).status_code == 302
    assert secret not in str(LogEntry.objects.values())
    assert LogEntry.objects.count() == 1
