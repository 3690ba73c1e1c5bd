"""Keep an attempt of the ash analysis of a mix, also one that fails (domain 4.24)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.own_words import ASH_OF_MIX
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.facts.ash_text import ash_text
from crm.quality.models import AshAnalysis, HoldKind
from crm.quality.norms import ASH
from crm.quality.operations.attempts import keep_attempt, refuse_unless
from engine.errors import Refusal, Refused

MOST = Decimal(15)  # per cent; more ash than that is a typing error


@transaction.atomic
def record_ash(
    by: Person, *, session: UUID, at: datetime, mix: Mix, ash: Decimal, in_norm: bool
) -> AshAnalysis:
    """Keep an attempt as `keep_attempt` does; `ash` is in per cent, `in_norm` what the form said of
    it. Done twice with one session it returns the first attempt.

    Raises Refused when no ash analysis of the mix is wanted."""
    known = AshAnalysis.objects.filter(session=session).first()
    if known:
        return known
    refuse_unless(mix, mix.ash_state == Mix.AshState.MISSING)
    if not 0 <= ash <= MOST:
        raise Refused(Refusal("Зола — от 0 до 15 %", again="ash"))
    return keep_attempt(
        AshAnalysis,
        by,
        session=session,
        at=at,
        mix=mix,
        values={ASH: ash},
        in_norm=in_norm,
        kind=HoldKind.ASH,
        label=ASH_OF_MIX.with_values({"number": str(mix)}),
        said=ash_text,
    )


OPERATION = Operation({"mix": "mix", "ash": "number %", "in_norm": "bool"}, record_ash)
