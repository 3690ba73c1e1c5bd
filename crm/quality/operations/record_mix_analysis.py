"""Keep an attempt of the analysis of a mix, also one that fails (domain 4.22)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.mix_norms import analysis_text, norms_of_mix, verdict_of
from crm.quality.models import HoldKind, MixAnalysis, Verdict
from crm.quality.norms import snapshot
from crm.quality.operations.attempts import (
    checked_composition,
    next_attempt,
    refuse_other_norm,
    refuse_unless,
)
from crm.quality.operations.note_deviation import note_deviation
from engine.languages.message import Message


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
    """Keep an attempt with its verdict and the norms of its moment; one that is outside of them, or
    has none, with a deviation.

    Parts are per cents, `in_norm` is what the form said of them. Done twice with one session it
    returns the first attempt. Raises Refused when the mix is not in the laboratory."""
    known = MixAnalysis.objects.filter(session=session).first()
    if known:
        return known
    refuse_unless(mix, mix.state == Mix.State.IN_LAB)
    parts = checked_composition(fat=fat, protein=protein, moisture=moisture)
    norms = norms_of_mix(mix)
    verdict = verdict_of(parts, norms)
    refuse_other_norm(in_norm, verdict, again="fat")
    analysis = MixAnalysis.objects.create(
        mix=mix,
        attempt=next_attempt(mix.analyses),
        session=session,
        verdict=verdict,
        limits_snapshot=snapshot(norms),
        by=by,
        at=at,
        **parts,
    )
    if verdict != Verdict.PASS:
        note_deviation(
            by,
            lot=mix.lot,
            kind=HoldKind.FHP,
            label=Message("ФХП замеса {number}", {"number": str(mix)}),
            value=analysis_text(mix),
            session=session,
            at=at,
        )
    return analysis


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
