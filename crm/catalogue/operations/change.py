"""Change an entry of a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from crm.catalogue.models import Entry

if TYPE_CHECKING:
    from crm.people.models import Person

CHANGEABLE = frozenset({"name", "active", "tax_no", "report_name", "defrost_loss_pct", "exit_pct"})


@transaction.atomic
def change(by: Person | None, *, entry: Entry, values: dict[str, Any]) -> Entry:
    """Change columns of an entry, never its code: codes stand in flows and exports."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save(update_fields=[*values, "name_key"])
    return entry
