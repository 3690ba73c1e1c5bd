"""Take the last analysis of a mix back (domain 11.4, «Вернуть на этап»)."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix


def void_mix_analysis(by: Person | None, *, at: datetime, mix: Mix) -> None:
    """Void the last attempt that counts; the one before counts again."""
    del by
    last = mix.analyses.filter(voided_at__isnull=True, superseded=False).order_by("attempt").last()
    if last is not None:
        last.voided_at = at
        last.save(update_fields=["voided_at"])


OPERATION = Operation({"mix": "mix"}, void_mix_analysis)
