"""Keep one pair of on and off of the defroster."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank, DefrostRun
from engine.errors import Refusal, Refused


@transaction.atomic
def keep_defrost(by: Person | None, *, at: datetime, blank: Blank) -> None:
    """Keep that a blank stood in the defroster from `defrost_started` until `at`; one that was
    put back into it (domain 11.4) stood there until the later moment."""
    del by
    if blank.defrost_started is None:
        raise Refused(Refusal("Дефростер для заготовки не включали"))
    DefrostRun.objects.update_or_create(
        blank=blank, started=blank.defrost_started, defaults={"stopped": at}
    )


OPERATION = Operation({"blank": "blank"}, keep_defrost)
