"""Add an entry to a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import IntegrityError, transaction
from django.db.models import Manager

from crm.catalogue.models import Entry
from crm.catalogue.transliterate import free_code, transliterate
from crm.fields import fold

if TYPE_CHECKING:
    from crm.people.models import Person

E = TypeVar("E", bound=Entry)


def add(
    by: Person | None,
    *,
    model: type[E],
    name: str,
    code: str = "",
    custom: bool = True,
    values: dict[str, Any] | None = None,
) -> E:
    """Return the entry with this name, ignoring case and spaces; make it when there is none. The
    name of one that was merged stands for the one that is left.

    `code` is made by transliteration when empty; `custom` marks what a worker typed."""
    rows = cast(Manager[E], model._default_manager)
    name = " ".join(name.split())
    try:
        with transaction.atomic():
            found = rows.filter(name_key=fold(name)).select_related("merged_into").first()
            if found:
                return cast(E, found.merged_into or found)
            taken = set(
                rows.filter(code__startswith=transliterate(name)).values_list("code", flat=True)
            )
            return rows.create(
                code=code or free_code(name, taken),
                name=name,
                custom=custom,
                created_by=by,
                **(values or {}),
            )
    except IntegrityError:
        # Somebody typed the same name at the same moment: his row is ours.
        return rows.get(name_key=fold(name))
