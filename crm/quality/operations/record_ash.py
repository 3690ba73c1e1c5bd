"""Keep an attempt of the ash analysis of a mix, also one that fails (domain 4.24)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.facts.ash_text import ash_text
from crm.quality.mix_norms import norms_of_mix, verdict_of
from crm.quality.models import AshAnalysis, HoldKind, Verdict
from crm.quality.norms import ASH, snapshot
from crm.quality.operations.attempts import next_attempt, refuse_other_norm, refuse_unless
from crm.quality.operations.note_deviation import note_deviation
from engine.errors import Refusal, Refused
from engine.languages.message import Message

MOST = Decimal(15)  # per cent; more ash than that is a typing error


@transaction.atomic
def record_ash(
    by: Person, *, session: UUID, at: datetime, mix: Mix, ash: Decimal, in_norm: bool
) -> AshAnalysis:
    """Keep an attempt with its verdict and the norm of its moment; one outside of it, or without
    any, with a deviation.

    `ash` is in per cent, `in_norm` what the form said of it. Done twice with one session it returns
    the first attempt. Raises Refused when no ash analysis of the mix is wanted."""
    known = AshAnalysis.objects.filter(session=session).first()
    if known:
        return known
    refuse_unless(mix, mix.ash_state == Mix.AshState.MISSING)
    if not 0 <= ash <= MOST:
        raise Refused(Refusal("Зола — от 0 до 15 %", again="ash"))
    norms = norms_of_mix(mix, (ASH,))
    verdict = verdict_of({ASH: ash}, norms)
    refuse_other_norm(in_norm, verdict, again="ash")
    analysis = AshAnalysis.objects.create(
        mix=mix,
        attempt=next_attempt(mix.ash_analyses),
        session=session,
        verdict=verdict,
        limits_snapshot=snapshot(norms),
        by=by,
        at=at,
        ash=ash,
    )
    if verdict != Verdict.PASS:
        note_deviation(
            by,
            lot=mix.lot,
            kind=HoldKind.ASH,
            label=Message("зола замеса {number}", {"number": str(mix)}),
            value=ash_text(mix),
            session=session,
            at=at,
        )
    return analysis


OPERATION = Operation({"mix": "mix", "ash": "number %", "in_norm": "bool"}, record_ash)
