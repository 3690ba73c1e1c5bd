"""Keep the image of a person's signature (domain 10.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.people.models import Person, Signature
from engine.model.files import StoredFile


@transaction.atomic
def keep_signature(
    by: Person | None, *, person: Person, stored: StoredFile, at: datetime
) -> Signature:
    """Let papers print this image for a person from now on, in the place of the one before."""
    values = {
        "key": stored.key,
        "sha256": stored.sha256,
        "size": stored.size,
        "uploaded_at": at,
        "uploaded_by": by,
    }
    kept, _ = Signature.objects.update_or_create(person=person, defaults=values)
    return kept
