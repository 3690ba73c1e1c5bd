"""A furnished plant and programs with tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from crm.api.models import Scope, Token
from crm.api.operations.tokens import issue
from tests.crm.office.floor import furnish
from tests.seeded import seed

GIVEN = timedelta(days=30)


@dataclass(frozen=True)
class Asker:
    """A program: its token, and what it asks by."""

    token: Token
    secret: str

    def __call__(self, path: str, **query: Any) -> Any:
        """Ask and return the answer of Django's client."""
        header = {"Authorization": f"Bearer {self.secret}"}
        return Client(headers=header).get(f"/api/v1/{path}", query)

    def read(self, path: str, **query: Any) -> Any:
        """Ask and return what was read."""
        answer = self(path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def keeper(db: None) -> User:
    return User.objects.create_superuser("keeper")


@pytest.fixture
def program(keeper: User) -> Callable[..., Asker]:
    """Make a program that may read these scopes."""

    def make(*scopes: Scope) -> Asker:
        now = timezone.now()
        return Asker(*issue(keeper, name="ERP", scopes=scopes, until=now + GIVEN, at=now))

    return make


@pytest.fixture
def reader(program: Callable[..., Asker]) -> Asker:
    """A program that may read everything."""
    return program(*Scope)


@pytest.fixture(scope="module")
def plant(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A plant with two of everything, made once for the tests of a file: each takes back only what
    it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        furnish(2)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)
