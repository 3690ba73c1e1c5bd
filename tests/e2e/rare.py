"""What few days of a plant leave waiting for the office, put down beside what they made: rejected
meat, a mix that is blocked, ash out of its norm, a receiver who waits for a decision, checks
outside their limit in each of their states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

WARM = (
    *("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Шея ЦБ без кожи]"),
    *("[Замороженное]", "[Пропустить]", "[Пропустить]", "-5,5"),
)
REASON = "ещё не решено"


def make_rare(now: datetime) -> None:
    """Put all of it down."""
    from crm.plant.clock import PlantClock
    from crm.plant.talker import Talker

    _reject(2)
    _hold_mixes(now)
    _check_outside(now)
    with PlantClock(now) as clock:
        Talker(clock).say("receiver", "/cancel", *WARM)


def _reject(count: int) -> None:
    """Reject some batches that nobody took of, and let one more wait for its analysis."""
    from crm.production.models import RawBatch

    fresh = RawBatch.objects.filter(
        state="released", blank_items=None, lot__order_items=None
    ).order_by("-pk")
    *rejected, received = fresh[: count + 1]
    RawBatch.objects.filter(pk__in=[one.pk for one in rejected]).update(state="rejected")
    RawBatch.objects.filter(pk=received.pk).update(state="received")


def _hold_mixes(now: datetime) -> None:
    from crm.production.models import Mix
    from crm.quality.operations.place_hold import place_hold

    blocked, warm, ashen = Mix.objects.filter(state="finished").order_by("pk")[:3]
    Mix.objects.filter(pk=blocked.pk).update(quality="blocked")
    Mix.objects.filter(pk__in=[warm.pk, ashen.pk]).update(ash_state="out_of_norm")
    for mix, kind in ((blocked, "fhp"), (warm, "ash"), (ashen, "ash")):
        place_hold(None, lot=mix.lot, kind=kind, reason=REASON, at=now)


def _check_outside(now: datetime) -> None:
    """One that waits for a decision, two that wait for whoever confirms what was done."""
    from crm.quality.operations.open_check import open_check
    from crm.quality.operations.record_check import record_check

    for number in range(3):
        check = open_check(
            None, at=now, by_limit="store_temperature", entry="temperature", minutes=60
        )
        _fire(check, "open")
        made = record_check(
            _holder("storekeeper"), session=uuid4(), at=now, check=check,
            temperature=Decimal("-16.4"),
        )  # fmt: skip
        _fire(made, "fail", "storekeeper")
        if number:
            _fire(made, "decide", "technologist", "продукт цел, закрыть дверь")
            _corrected(made, now)


def _corrected(check: Any, now: datetime) -> None:
    from PIL import Image

    from crm.bridge.files import open_files
    from crm.quality.operations.note_correction import note_correction
    from engine.files.keys import object_key
    from engine.model.files import FileRef

    drawn = BytesIO()
    Image.new("RGB", (320, 240), "teal").save(drawn, "PNG")
    kept = open_files().put(object_key("correction", now), drawn.getvalue(), "image/png")
    photo: Sequence[FileRef] = [FileRef(kept.key, kept.sha256, kept.size, kept.mime, "дверь.png")]
    note_correction(_holder("technologist"), session=uuid4(), at=now, check=check, photo=photo)
    _fire(check, "correct", "technologist", words="дверь закрыта")


def _fire(record: Any, name: str, role: str = "", reason: str = "", **given: str) -> None:
    from django.utils import timezone

    from crm.bridge.operations import DjangoOperations
    from crm.bridge.program import program
    from crm.bridge.records import row_of
    from engine.model.conversation import Actor
    from engine.ports import Context
    from engine.run.lives import SYSTEM_ACTOR

    person = _holder(role) if role else None
    actor = Actor(str(person.pk), str(person), frozenset({role})) if person else SYSTEM_ACTOR
    context = Context(actor, "", timezone.localtime())
    DjangoOperations(program()).fire(row_of(record), name, context, reason, given)
    record.refresh_from_db()


def _holder(role: str) -> Any:
    from crm.people.models import Person

    return Person.objects.holding(role).earliest("id")
