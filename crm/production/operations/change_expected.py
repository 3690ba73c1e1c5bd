"""Change what is known of a delivery that is on its way (domain 4.6)."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.db.models import F

from crm.audit.operations.overwrite import Why, differing, keep
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.expect_delivery import TYPES, Expected, columns, refuse_day
from engine.errors import Refusal, Refused


@transaction.atomic
def change_expected(
    by: Person, *, at: datetime, batch: RawBatch, reason: str = "", **given: Unpack[Expected]
) -> None:
    """Write what is known now. Raises Refused when it was taken or called off meanwhile, and for
    another day that is over or further away than 60 days."""
    if batch.state != RawBatch.State.EXPECTED:
        raise Refused(Refusal("Эту поставку уже приняли или отменили", again="item"))
    if given["expected_date"] != batch.expected_date:
        refuse_day(given["expected_date"], at)
    values = columns(by, given)
    found = differing(batch, values)
    RawBatch.objects.filter(pk=batch.pk).update(**values, version=F("version") + 1)
    keep(batch, found, Why(by, at, reason))


OPERATION = Operation({"batch": "raw_batch", **TYPES}, change_expected)
