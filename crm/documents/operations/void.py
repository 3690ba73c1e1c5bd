"""Declare the documents of a record void."""

from __future__ import annotations

from django.db import transaction

from crm.documents.models import Document
from crm.ledger.operations.move_rows import move_rows


@transaction.atomic
def void_documents(*, lot_id: int) -> int:
    """Void the valid documents of a lot; return how many."""
    return move_rows(Document.objects.filter(lot_id=lot_id), Document.State.VOID)
