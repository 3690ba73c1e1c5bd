"""Change an entry of a catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from crm.audit.operations.overwrite import Why, differing, keep
from crm.catalogue.models import Entry

if TYPE_CHECKING:
    from crm.people.models import Person

CHANGEABLE = frozenset(
    {"name", "active", "tax_no", "contacts", "report_name", "defrost_loss_pct", "exit_pct"}
)


@transaction.atomic
def change(
    by: Person | None,
    *,
    entry: Entry,
    values: dict[str, Any],
    at: datetime,
    reason: str = "",
) -> Entry:
    """Change columns of an entry and keep what they were; never its code: codes stand in flows and
    exports."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    before = type(entry)._default_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    found = differing(before, values)  # a form has changed the row in hand already
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save(update_fields=[*values, "name_key"])
    keep(entry, found, Why(by, at, reason))
    return entry
