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
    put back into it (domain 11.4) stood there until the later moment. A clock that was set back
    meanwhile gives a time of nothing: the machine must be switched off whatever the clock says."""
    del by
    if blank.defrost_started is None:
        raise Refused(Refusal("Дефростер для заготовки не включали"))
    started = blank.defrost_started
    DefrostRun.objects.update_or_create(
        blank=blank, started=started, defaults={"stopped": max(at, started)}
    )


OPERATION = Operation({"blank": "blank"}, keep_defrost)
