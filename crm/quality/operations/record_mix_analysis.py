"""Keep an attempt of the analysis of a mix, also one that fails (domain 4.22)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.own_words import FHP_OF_MIX
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.mix_norms import analysis_text
from crm.quality.models import HoldKind, MixAnalysis
from crm.quality.operations.attempts import checked_composition, keep_attempt, refuse_unless


@transaction.atomic
def record_mix_analysis(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    mix: Mix,
    fat: Decimal,
    protein: Decimal,
    moisture: Decimal,
    in_norm: bool,
) -> MixAnalysis:
    """Keep an attempt as `keep_attempt` does; parts are per cents, `in_norm` is what the form said
    of them. Done twice with one session it returns the first attempt.

    Raises Refused when the mix is not in the laboratory."""
    known = MixAnalysis.objects.filter(session=session).first()
    if known:
        return known
    refuse_unless(mix, mix.state == Mix.State.IN_LAB)
    parts = checked_composition(fat=fat, protein=protein, moisture=moisture)
    return keep_attempt(
        MixAnalysis,
        by,
        session=session,
        at=at,
        mix=mix,
        values=parts,
        in_norm=in_norm,
        kind=HoldKind.FHP,
        label=FHP_OF_MIX.with_values({"number": str(mix)}),
        said=analysis_text,
    )


OPERATION = Operation(
    {
        "mix": "mix",
        "fat": "number %",
        "protein": "number %",
        "moisture": "number %",
        "in_norm": "bool",
    },
    record_mix_analysis,
)
