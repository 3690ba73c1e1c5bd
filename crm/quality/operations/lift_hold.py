"""Release a hold, alone or with all that was placed together with it, or ask for that where two
people are needed (domain 4.42, 5.12)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.lock import lock_lots
from crm.operation import Operation
from crm.people.models import Person
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.together import open_with
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def lift_hold(by: Person, *, at: datetime, hold: Hold, whole: bool, reason: str) -> Hold:
    """Return the hold as it stands then: released, or asked for by a first person. With `whole`
    the others of its group go the same way.

    Raises Refused for who may not, and when somebody asks for it already: the second person
    answers him (`answer_release`)."""
    chosen = list(open_with(hold)) if whole else [hold]
    lock_lots([one.lot_id for one in chosen])
    asked = Hold.objects.filter(pk__in=[one.pk for one in chosen], asked_by__isnull=False).first()
    if asked is not None and asked.released_at is None:
        text = Message("Снять уже просит {who}. Второй подтверждает в «Моих задачах»")
        raise Refused(Refusal(text, {"who": str(asked.asked_by)}))
    done = {one.pk: release_hold(by, hold=one, reason=reason, at=at) for one in chosen}
    return done.get(hold.pk) or Hold.objects.get(pk=hold.pk)


OPERATION = Operation({"hold": "hold", "whole": "bool", "reason": "text"}, lift_hold, "hold")
