"""Accounts of the office and a browser for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from crm.configuration import settings
from engine.files.local import LocalFiles


@pytest.fixture
def seeded(first_data: None) -> None:
    """The first data, within which an office works."""


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", last_name="Админов", first_name="Админ")


@pytest.fixture
def office(boss: User) -> Client:
    """A browser in which the superuser is signed in."""
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    """The office's files in a folder of this test."""
    local = LocalFiles(
        tmp_path, settings().secret_key.get_secret_value(), "http://testserver/files/"
    )
    monkeypatch.setattr("crm.office.files.open_files", lambda: local)
    monkeypatch.setattr("crm.office.files.local_files", lambda: local)
    monkeypatch.setattr("crm.office.views.local_files", lambda: local)
    return local


def member(name: str, group: str) -> Client:
    """Return a browser of an account in one group of the seed."""
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client
