"""Keep an attempt of the incoming analysis of a raw batch, also one that fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from crm.operation import Operation
from crm.own_words import OF_BATCH
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.limits import product_limits
from crm.quality.models import HoldKind, RawAnalysis, Verdict
from crm.quality.norms import COMPOSITION, snapshot
from crm.quality.operations.attempts import checked_composition, next_attempt
from crm.quality.operations.note_deviation import note_deviation
from crm.quality.raw_failures import failures, failures_text, has_antibiotic
from crm.titles import code_said
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.model.files import FileRef

ANALYSED_IN = (RawBatch.State.RECEIVED, RawBatch.State.RELEASED, RawBatch.State.QUARANTINE)


@transaction.atomic
def record_raw_analysis(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    batch: RawBatch,
    photos: Sequence[FileRef],
    failed: bool,
    **answers: Any,
) -> RawAnalysis:
    """Keep an attempt with its verdict, the limits of its moment and its photos; a failed one with
    a deviation. The last attempt is what the batch is known by: its composition and separator.

    `answers` are the columns of an attempt: parts in per cent, marks of the senses, signs of
    antibiotics, separator and so on; `failed` is what the form said of them. Done twice with one
    session it returns the first attempt. Raises Refused when the batch waits for no analysis, or
    its limits have changed since the form said whether it passes."""
    known = RawAnalysis.objects.filter(session=session).first()
    if known:
        return known
    _check_state(batch)
    parts = checked_composition(**{part: answers[part] for part in COMPOSITION})
    norms = product_limits(batch.raw_material, at)
    bad = failures(answers, parts, norms)
    if bool(bad) != failed:
        raise Refused(Refusal("Нормы этого сырья изменились. Проверьте состав", again="fat"))
    analysis = RawAnalysis.objects.create(
        raw_batch=batch,
        attempt=next_attempt(batch.analyses),
        session=session,
        verdict=Verdict.FAIL if bad else Verdict.PASS,
        limits_snapshot=snapshot(norms),
        by=by,
        at=at,
        failures=bad,
        **answers,
    )
    attach(by, lot_id=batch.lot_id, files={"organoleptic": photos}, session=session, at=at)
    know_by(batch, analysis)
    if bad:
        _note(by, analysis)
    return analysis


def know_by(batch: RawBatch, analysis: RawAnalysis) -> None:
    """Write on the batch how it was separated and when its waybill was made out."""
    RawBatch.objects.filter(pk=batch.pk).update(
        ttn_date=analysis.ttn_date,
        separator=analysis.separator.name,
        separator_mode=analysis.separator_mode.name,
        version=F("version") + 1,
    )


def _note(by: Person, analysis: RawAnalysis) -> None:
    batch = analysis.raw_batch
    note_deviation(
        by,
        lot=batch.lot,
        kind=HoldKind.ANTIBIOTIC if has_antibiotic(analysis.failures) else HoldKind.LAB,
        label=OF_BATCH.with_values({"number": str(batch)}),
        value=failures_text(analysis),
        session=analysis.session,
        at=analysis.at,
    )


def _check_state(batch: RawBatch) -> None:
    if batch.state not in ANALYSED_IN:
        raise Refused(
            Refusal(
                "Партия {number} не ждёт анализа: «{state}»",
                {"number": str(batch), "state": code_said(batch, "state")},
            )
        )


MARK = "choice(good, bad)"
SIGN = "choice(positive, negative)"
OPERATION = Operation(
    {
        "batch": "raw_batch",
        "responsible": "responsible_person",
        "ttn_date": "date",
        "separator": "separator",
        "separator_mode": "separator_mode",
        "fat": "number %",
        "protein": "number %",
        "moisture": "number %",
        **dict.fromkeys(("appearance", "smell", "colour", "broth_aroma"), MARK),
        "broth_quality": "choice(cloudy, clear, translucent)",
        **dict.fromkeys(
            ("beta_lactams", "chloramphenicols", "tetracyclines", "streptomycins"), SIGN
        ),
        "photos": "files",
        "failed": "bool",
    },
    record_raw_analysis,
)
