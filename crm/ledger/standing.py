"""Lines of the books that stand: neither was their document undone, nor does it undo another."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from crm.ledger.models import Event


def that_stand() -> Q:
    """Keep postings that stand. Asked as a join, SQLite goes through all documents for each line:
    its index of what was undone is of hardly any, and so looks worthless to it."""
    undone = Event.objects.filter(reverses=OuterRef("event"))
    return Q(~Exists(undone), event__reverses=None)
