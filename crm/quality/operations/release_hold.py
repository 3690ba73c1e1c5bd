"""Release a hold, by one person or by two, as its kind needs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.operations.move_state import move_state, write_history
from crm.ledger.operations.take_out import checked_reason
from crm.people.accounts import roles_of
from crm.people.hands import refuse_same_hands
from crm.people.models import Person
from crm.people.roles import named, on_duty
from crm.quality.models import Hold, HoldKind
from crm.quality.usable import RULES, Rule
from engine.errors import Refusal, Refused
from engine.languages.message import Message, listed

STAYS = (Hold.State.PLACED, Hold.State.PLACED)


@transaction.atomic
def release_hold(
    by: Person | None, *, hold: Hold, reason: str, at: datetime, decided: bool = False
) -> Hold:
    """Release a hold, or ask for it where two people are needed: the first call keeps who asked,
    the second, of another person who neither asked nor placed it, releases.

    What two people do is kept in its history. `decided` is what a transition of a lifecycle has
    decided already, with its own roles. A released hold is returned as it is. Raises Refused for
    who may not, or without a reason."""
    reason = checked_reason(reason)
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_at is not None:
        return hold
    rule = RULES[HoldKind(hold.kind)]
    if not decided:
        _check_role(by, rule)
    if rule.two and not decided:
        if hold.asked_by_id is None:
            hold.asked_by, hold.release_reason = by, reason
            hold.save(update_fields=["asked_by", "release_reason"])
            write_history(hold, *STAYS, "ask_release", by=by, at=at, reason=reason)
            return hold
        _check_second(by, hold, rule, at)
    move_state(
        hold,
        "release",
        sources=[Hold.State.PLACED],
        to=Hold.State.RELEASED,
        by=by,
        at=at,
        reason=reason,
        values={"released_by": by, "released_at": at, "release_reason": reason},
    )
    return hold


def _check_role(by: Person | None, rule: Rule) -> None:
    release = on_duty(rule.release)
    if by is None or roles_of(by).isdisjoint(release):
        roles = listed(map(named, release))
        raise Refused(Refusal(Message("Снять может только: {roles}"), {"roles": roles}))


def _check_second(by: Person | None, hold: Hold, rule: Rule, at: datetime) -> None:
    """The second is never the first, nor who placed it, nor another account of theirs; with `each`
    he brings the other role."""
    if by is None or by.pk in (hold.asked_by_id, hold.placed_by_id):
        raise Refused(
            Refusal("Снять должен второй человек: не тот, кто поставил, и не тот, кто попросил")
        )
    for first in (hold.asked_by, hold.placed_by):
        refuse_same_hands(first, by, at)
    asked = hold.asked_by
    if rule.each and asked is not None:
        release = on_duty(rule.release)
        both = (roles_of(asked) | roles_of(by)) & {*release}
        if len(both) < len(release):
            roles = listed(map(named, release))
            raise Refused(Refusal(Message("Нужны двое: {roles}"), {"roles": roles}))
