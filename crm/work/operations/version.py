"""Keep a version of the forms that runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from crm.work.models import Version, VersionFile


@transaction.atomic
def keep_version(
    *, digest: str, texts: bytes, beside: Mapping[str, bytes], saved_by: str, at: datetime
) -> None:
    """Keep a version once with the files beside its texts, each content once, and that it became
    the current one at this moment."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in beside.items()}
    VersionFile.objects.bulk_create(
        [VersionFile(digest=files[name], content=content) for name, content in beside.items()],
        ignore_conflicts=True,
    )
    row, _ = Version.objects.get_or_create(
        pk=digest,
        defaults={
            "texts": texts,
            "files": files,
            "saved_by": saved_by,
            "first_at": at,
            "current_at": at,
        },
    )
    Version.objects.filter(pk=row.pk).update(current_at=at)
