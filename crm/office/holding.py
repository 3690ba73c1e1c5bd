"""Holds from the office (domain 4.42, 5.12): placed on the card of a lot, released by one or two
persons on their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.countersign import end_second, want_second
from crm.bridge.operations import DjangoOperations
from crm.bridge.outbox import put_notice
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Lot
from crm.office.correction import Asks, Correction, Given
from crm.office.language import in_russian
from crm.people.roles import Duty, on_duty
from crm.production.lots import called
from crm.quality.facts.mixes_freed import mixes_freed
from crm.quality.facts.next_people import next_people
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.answer_release import answer_release
from crm.quality.operations.hold_lot import hold_lot
from crm.quality.operations.lift_hold import lift_hold
from crm.quality.together import open_with
from crm.quality.told import what_is_held
from crm.quality.usable import RULES
from engine.errors import Refusal, Refused
from engine.languages.message import Message, listed
from engine.model.effects import Notice
from engine.model.text import Text

# What becomes of a mix that failed an analysis, when the hold of that is released.
FREED = {HoldKind.FHP: "release_blocked", HoldKind.ASH: "accept_ash"}
SCOPES = (("one", _("Только это")), ("forward", _("И всё, что сделано из этого")))
PLACED = Message("Из офиса заблокировано: {what}. {kind}: {reason}")
RELEASED = Message("Из офиса снята блокировка: {what}. {kind}: {reason}")
WANTED = Message("Подтвердить снятие блокировки: {what}")
ASKED = Message(
    "{who} просит снять блокировку: {what}. {kind}: {reason}. Подтверждает второй человек в офисе"
)


def hold_asks(record: Any) -> Asks:
    """Ask of which kind, and whether what was made of it is held too."""
    del record
    kind = forms.ChoiceField(label=_("Вид"), choices=HoldKind.choices, initial=HoldKind.MANUAL)
    scope = forms.ChoiceField(label=_("Что блокируется"), choices=SCOPES, widget=forms.RadioSelect)
    return {"kind": kind, "scope": scope}


def hold_all(records: Sequence[Any], given: Given) -> None:
    """Hold the lots of records, all or none, and tell people of all of them once. Raises Refused,
    which names the record where there are several."""
    held = []
    for record in records:
        try:
            held.append(_held(record, given))
        except Refused as refused:
            if len(records) == 1:
                raise
            text = Message("{what}: {why}")
            values = {"what": str(record), "why": refused.refusal.said}
            raise Refused(Refusal(text, values)) from refused
    _tell(PLACED, held, given, on_duty(Duty.TOLD_OF_HOLDS))


def _hold(record: Any, given: Given) -> None:
    hold_all([record], given)


def _held(record: Any, given: Given) -> Hold:
    values = given.values
    lot = Lot.objects.get(pk=record.lot_id)
    hold = hold_lot(
        given.by,
        at=given.at,
        lot=lot,
        kind=values["kind"],
        scope=values["scope"],
        reason=given.reason,
    )
    _settle(hold, given)
    return hold


HOLD = Correction(
    "hold",
    title=lambda: gettext("Заблокировать"),
    explains=_("Пока блокировка не снята, это нельзя использовать или отгрузить."),
    may=lambda: on_duty(Duty.HOLD),
    stands=lambda record: True,
    do=_hold,
    asks=hold_asks,
    tone="bad",
)


def _release_asks(hold: Hold) -> Asks:
    if open_with(hold).count() < 2:
        return {}
    together = forms.BooleanField(label=_("Снять со всего, что заблокировано вместе"))
    together.required, together.initial = False, True
    return {"whole": together}


def _release(hold: Hold, given: Given) -> None:
    whole = bool(given.values.get("whole"))
    lifted = lift_hold(given.by, at=given.at, hold=hold, whole=whole, reason=given.reason)
    if lifted.released_at is None:
        _want_second(lifted, given)
        return
    for mix in mixes_freed(lifted):
        DjangoOperations(program()).fire(
            row_of(mix), FREED[HoldKind(lifted.kind)], given.context, given.reason
        )
    _settle(lifted, given)
    _tell(RELEASED, [lifted], given, on_duty(Duty.TOLD_OF_HOLDS))


def _want_second(hold: Hold, given: Given) -> None:
    roles = on_duty(RULES[HoldKind(hold.kind)].release)
    title, text = _said(WANTED, [hold], given), _said(ASKED, [hold], given)
    want_second(hold, title, text, given.by, roles=roles, at=given.at, barred=[hold.placed_by])


def _confirm(hold: Hold, given: Given) -> None:
    _end_second(hold, given, confirmed=True)
    released = answer_release(given.by, at=given.at, hold=hold, confirm=True, reason=given.reason)
    _settle(released, given)
    _tell(RELEASED, [released], given, on_duty(Duty.TOLD_OF_HOLDS))


def _keep(hold: Hold, given: Given) -> None:
    _end_second(hold, given, confirmed=False)
    answer_release(given.by, at=given.at, hold=hold, confirm=False, reason=given.reason)


def _end_second(hold: Hold, given: Given, *, confirmed: bool) -> None:
    """End the task of the second person, wherever it was asked for and of whichever hold of the
    group."""
    for one in open_with(hold):
        if one.asked_by_id == hold.asked_by_id:
            end_second(one, given.by, at=given.at, confirmed=confirmed, why=given.reason)


def _releasers() -> set[str]:
    return {role for rule in RULES.values() for role in on_duty(rule.release)}


RELEASE = Correction(
    "release",
    title=lambda: gettext("Снять блокировку"),
    explains=_("Где нужны двое, первый просит, второй подтверждает."),
    may=_releasers,
    stands=lambda hold: hold.released_at is None and hold.asked_by_id is None,
    do=_release,
    asks=_release_asks,
)
CONFIRM = Correction(
    "confirm",
    title=lambda: gettext("Подтвердить снятие"),
    explains=_("Подтверждает второй человек: не тот, кто поставил, и не тот, кто попросил."),
    may=_releasers,
    stands=lambda hold: hold.released_at is None and hold.asked_by_id is not None,
    do=_confirm,
)
KEEP = Correction(
    "keep",
    title=lambda: gettext("Оставить блокировку"),
    explains=_("Просьба снять будет отклонена, блокировка останется."),
    may=_releasers,
    stands=CONFIRM.stands,
    do=_keep,
)


def _settle(hold: Hold, given: Given) -> None:
    """Let the system do what a hold makes possible: pause orders, or go on with them."""
    touched = [row_of(hold), row_of(hold.lot.record)]
    DjangoOperations(program()).settle(touched, given.context)


def _what(holds: Sequence[Hold]) -> str:
    """Name everything that one command holds; what was made of it is counted."""
    if len(holds) == 1 or open_with(holds[0]).count() > len(holds):
        return what_is_held(holds[0])
    year = timezone.localdate().year
    return listed([called(one.lot).among(year) for one in holds], ", ")


def _tell(text: Message, holds: Sequence[Hold], given: Given, roles: tuple[str, ...]) -> None:
    hold = holds[0]  # all were placed or released by one command
    ahead = [line["person"] for one in holds for line in next_people(one.lot, " ".join(roles))]
    people = tuple(dict.fromkeys(str(person.pk) for person in ahead))
    said = Text.of(_said(text, holds, given))
    put_notice(Notice(f"hold:{hold.pk}:{uuid4()}", said, roles=roles, people=people), given.at)


def _said(text: Message, holds: Sequence[Hold], given: Given) -> Message:
    with in_russian():
        what = _what(holds)
    kind, who = holds[0].kind_said, given.by.full_name
    return Message(text, {"what": what, "kind": kind, "reason": given.reason, "who": who})
