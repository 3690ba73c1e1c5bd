"""Keep the photos of what was done about a check of the plan (domain 5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.quality.models import Check, Deviation
from crm.quality.operations.record_check import NAME
from crm.work.models import File
from crm.work.operations.attach import attach
from engine.errors import EngineError, Refusal, Refused
from engine.model.files import FileRef


@transaction.atomic
def note_correction(
    by: Person, *, session: UUID, at: datetime, check: Check, photo: Sequence[FileRef]
) -> None:
    """Add the photos to the evidence of the deviation. Done twice with one session they are kept
    once. Raises Refused without a photo, EngineError for a check without a deviation."""
    if check.deviation_id is None:
        raise EngineError(f"check {check.pk} has no deviation")
    if not photo:
        raise Refused(Refusal("К исправлению нужно фото", again="photo"))
    if File.objects.filter(session=session, kind=NAME).exists():
        return
    attach(by, lot_id=check.lot_id, files={NAME: photo}, session=session, at=at)
    deviation = Deviation.objects.select_for_update().get(pk=check.deviation_id)
    deviation.pictures = [*deviation.pictures, *(one.key for one in photo)]
    deviation.save(update_fields=["pictures"])


OPERATION = Operation({"check": "check", "photo": "files"}, note_correction)
