"""The first data of a plant for tests: what `crm.office.seed` loads by six hundred questions is
kept, and put into the next empty database by twenty, whose words are kept too: to make them anew
was two thirds of the work. Start at `seed`.

A test that begins with them does not even do that: it looks into a second database of its worker,
where they were committed once (`Begun`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models, transaction
from django.db.models import Max

from crm.catalogue.models import Edition
from crm.office import seed as real
from tests import database

TYPES: Any = ContentType.objects  # what Django remembers of them has no name outside of it


@dataclass(frozen=True)
class Kept:
    """Rows of the first data, model by model."""

    rows: tuple[tuple[type[models.Model], list[Any]], ...]
    permissions: int  # the rows name permissions, which a flush makes anew
    said: list[tuple[str, Any]] = field(default_factory=list)  # what writes them, once it was said

    def write(self) -> None:
        """Put the rows into their empty tables."""
        if self.said:
            with connection.cursor() as cursor:
                for sql, values in self.said:
                    cursor.execute(sql, values)
            return

        def hear(execute: Callable[..., Any], sql: str, values: Any, *rest: Any) -> Any:
            self.said.append((sql, values))
            return execute(sql, values, *rest)

        with connection.execute_wrapper(hear):
            for model, rows in self.rows:
                model._base_manager.bulk_create(rows)


_kept: list[Kept] = []


class Begun:
    """A second test database, that has the first data. Within it everything is asked of that one:
    `django.db.connection` is looked up anew by each question."""

    def __init__(self, url: str) -> None:
        self._url, self._own = url, connections["default"]
        self._name = f"{self._own.settings_dict['NAME']}_begun"
        database.copy(url, self._name)
        self._other = connections.create_connection("default")
        self._other.settings_dict = {**self._own.settings_dict, "NAME": self._name}
        self.untouched = False
        self._types: Any = ({}, TYPES._cache)
        with self:
            real.seed()

    def __enter__(self) -> Begun:
        connections["default"] = self._other
        self._exchange()
        self.untouched = True
        _begun[:] = [self]
        return self

    def __exit__(self, *_: object) -> None:
        connections["default"] = self._own
        self._exchange()
        _begun.clear()

    def _exchange(self) -> None:
        """Let Django remember the content types of this one, then of the other again: a flush makes
        those of one anew."""
        TYPES._cache, self._types = self._types[0], self._types[::-1]

    def end(self) -> None:
        """Delete it."""
        self._other.close()
        database.drop(self._url, self._name)


_begun: list[Begun] = []  # that of this worker, while a test looks into it


@transaction.atomic
def seed() -> None:
    """Do what the seed does. Into tables that are not empty the seed itself does it."""
    if _begun and _begun[0].untouched:
        _begun[0].untouched = False
        return
    if not _empty([model for model, _ in _kept[0].rows] if _kept else _ours()):
        real.seed()
        return
    if _kept and _kept[0].permissions == _permissions():
        _kept[0].write()
    else:  # the first time, and the first after a flush: the next hundred tests write again
        real.load()
        _kept[:] = [_read()]
    real.start_plant()


def _read() -> Kept:
    found = ((model, list(model._base_manager.all())) for model in _ours())
    return Kept(tuple((model, rows) for model, rows in found if rows), _permissions())


def _ours() -> list[type[models.Model]]:
    """Return the models, those between two models too, whose rows an application makes; marks of
    catalogues are made by the database itself."""
    every = apps.get_models(include_auto_created=True)
    return [
        model
        for model in every
        if model._meta.managed
        and not model._meta.proxy
        and model is not Edition
        and (model.__module__.startswith("crm.") or model in (Group, Group.permissions.through))
    ]


def _empty(among: list[type[models.Model]]) -> bool:
    said = ", ".join(f'EXISTS (SELECT 1 FROM "{model._meta.db_table}")' for model in among)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {said}")
        return not any(cursor.fetchone() or ())


def _permissions() -> int:
    return int(Permission.objects.aggregate(last=Max("pk"))["last"] or 0)
