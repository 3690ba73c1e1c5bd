"""Declare the documents of a record void."""

from __future__ import annotations

from django.db import transaction

from crm.documents.models import Document
from crm.documents.operations.issue import VALID


@transaction.atomic
def void_documents(*, lot_id: int) -> int:
    """Void the valid documents of a lot; return how many."""
    return Document.objects.filter(lot_id=lot_id, state__in=VALID).update(state=Document.State.VOID)
