"""Keep a version of the forms that runs."""

from __future__ import annotations

from datetime import datetime

from crm.work.models import Version


def keep_version(*, digest: str, texts: bytes, saved_by: str, at: datetime) -> None:
    """Keep a version once, and that it became the current one at this moment."""
    row, _ = Version.objects.get_or_create(
        pk=digest,
        defaults={"texts": texts, "saved_by": saved_by, "first_at": at, "current_at": at},
    )
    Version.objects.filter(pk=row.pk).update(current_at=at)
