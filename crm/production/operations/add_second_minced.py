"""Register МКО1 or вторфарш that was weighed on a cart (domain 4.35)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, SecondMinced
from crm.production.operations.register_second_minced import register_second_minced
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number


@transaction.atomic
def add_second_minced(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    kind: str,
    gross: Decimal,
    cart_tare: Decimal,
    net: Decimal,
    order: MincedOrder | None,
    line: str | None,
    mix: Mix | None,
) -> SecondMinced:
    """Make the lot of a session with its net (domain Q5); done twice it returns the first one.

    Raises Refused for a net that is not positive or not what the weights say, and for a mix that is
    not blocked."""
    done = SecondMinced.objects.filter(session=session).first()
    if done:
        return done
    there = gross - cart_tare
    if there <= 0 or there != net:
        text = Message("Вес нетто получается {net} кг")
        raise Refused(Refusal(text, {"net": show_number(there, 3)}, again="weight"))
    if mix is not None and mix.quality != Mix.Quality.BLOCKED:
        text = Message("Замес {number} не заблокирован")
        raise Refused(Refusal(text, {"number": str(mix)}, again="source"))
    return register_second_minced(
        by,
        session=session,
        at=at,
        kind=SecondMinced.Kind(kind),
        net=net,
        produced_on=timezone.localtime(at).date(),
        key=f"cart:{session}",
        order=order,
        line_mode=line,
        mix=mix,
        gross=gross,
        cart_tare=cart_tare,
    )


OPERATION = Operation(
    {
        "kind": "choice(rework, mko1)",
        "gross": "number kg",
        "cart_tare": "number kg",
        "net": "number kg",
        "order": "minced_order?",
        "line": "choice(line_1, line_2, both)?",
        "mix": "mix?",
    },
    add_second_minced,
    "second_minced",
)
