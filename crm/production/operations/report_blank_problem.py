"""Keep what went wrong while a blank was unpacked (domain 4.13, 4.14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.own_words import PROBLEM, UNPACKING
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.models.blank import PROBLEMS_SAID, BlankProblem
from crm.quality.models import Deviation, HoldKind
from crm.quality.operations.note_deviation import note_deviation
from crm.quality.operations.place_hold import place_hold
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.model.files import FileRef

PHOTO = "problem"
LONGEST = 500  # characters of what is wrong, with its kind


@transaction.atomic
def report_blank_problem(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    blank: Blank,
    kind: str,
    text: str,
    photo: Sequence[FileRef] | None = None,
) -> None:
    """Keep the deviation with its photos, and say on the blank what is wrong; a foreign body holds
    the blank until the hold is released. Done twice with one session it is one deviation.

    Raises Refused for a foreign body without a photo, and when the blank is unpacked no more."""
    if Deviation.objects.filter(lot=blank.lot_id, session=session).exists():
        return
    problem = BlankProblem(kind)
    if blank.state != Blank.State.UNPACKING:
        raise Refused(Refusal("Заготовка {number} уже не на растарке", {"number": str(blank)}))
    if problem == BlankProblem.FOREIGN_BODY and not photo:
        raise Refused(Refusal("Постороннему предмету нужно фото", again="photo"))
    said = PROBLEM.with_values({"kind": PROBLEMS_SAID[problem], "text": text.strip()})
    blank.problem_reason = str(said)[:LONGEST]
    blank.save(update_fields=["problem_reason"])
    files = tuple(photo or ())
    note_deviation(
        by, lot=blank.lot, kind=kind, label=UNPACKING, value=said, session=session, at=at,
        pictures=[one.key for one in files],
    )  # fmt: skip
    attach(by, lot_id=blank.lot_id, files={PHOTO: files}, session=session, at=at)
    if problem == BlankProblem.FOREIGN_BODY:
        place_hold(
            by, lot=blank.lot, kind=HoldKind.FOREIGN_BODY, reason=blank.problem_reason, at=at
        )


OPERATION = Operation(
    {
        "blank": "blank",
        "kind": "choice(wrong_batch, weight, packaging, foreign_body, other)",
        "text": "text",
        "photo": "files?",
    },
    report_blank_problem,
)
