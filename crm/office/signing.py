"""Corrections that two persons make (domain 5, rule 8): the first one's command is kept, another
one with the same right looks at what it changes and confirms it, or declines with a reason; the
first may take it back. Unanswered it is good for a week (`Asked.LASTS`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from crm.bridge.countersign import end_second, lapse, want_second
from crm.bridge.outbox import put_notice
from crm.ledger.operations.take_out import checked_reason
from crm.office import acts
from crm.office.correction import Correction, Given
from crm.office.language import in_russian
from crm.office.models import Asked, AskedQuerySet
from crm.office.rights import account_roles, actor_in_office
from crm.people.hands import refuse_same_hands
from crm.people.models import Person
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import Text

NOT_TYPED = {"csrfmiddlewaretoken", "step", "session", "seen"}
ASKED = Message("{who} просит: {command}, {what}. {reason}. Подтверждает второй человек в офисе")
WANTED = Message("Подтвердить «{command}»: {what}")
CONFIRMED = Message("Подтверждено: {command}, {what}. {who}")
WITHDRAWN = Message("просьба отозвана")
DECLINED = Message("Отклонено: {command}, {what}. {who}: {reason}")


@dataclass(frozen=True, slots=True)
class Waits:
    """A command that waits for a second person, with the record that it is about."""

    asked: Asked
    correction: Correction
    record: Any


def record_of(asked: Asked) -> Any:
    """Return the record that a command is about; None when it is no more."""
    app, _, name = asked.page.partition("_")
    return apps.get_model(app, name)._default_manager.filter(pk=asked.record_id).first()


def waiting(user: Any) -> Iterator[Waits]:
    """Give the commands that an account may confirm, and those that it asked for, the oldest
    first."""
    rows = Asked.objects.waiting(timezone.now()).select_related("asked_by")
    for asked in rows.order_by("asked_at", "pk"):
        record = record_of(asked)
        if record is None:
            continue
        known: Any = admin.site.get_model_admin(type(record))
        correction = next((one for one in known.corrections if one.name == asked.name), None)
        if correction is None:  # of another version of the program
            continue
        mine = asked.asked_by.user_id == user.pk
        if mine or not account_roles(user).isdisjoint(correction.may()):
            yield Waits(asked, correction, record)


def asked_for(page: str, record: Any, correction: Correction) -> Asked | None:
    """Return the command that waits for a second person; None when none does, or too long."""
    waiting = _about(page, record, correction).waiting(timezone.now())
    return waiting.select_related("asked_by").first()


def _about(page: str, record: Any, correction: Correction) -> AskedQuerySet:
    return Asked.objects.filter(page=page, record_id=str(record.pk), name=correction.name)


@transaction.atomic
def ask(page: str, record: Any, correction: Correction, given: Given, typed: QueryDict) -> Asked:
    """Keep the first person's command once a session, with a task for those who may confirm it.
    Raises Refused when somebody asked for the same a moment before."""
    for over in _about(page, record, correction).over(given.at):
        lapse(over, given.at)
    kept = {name: typed.getlist(name) for name in typed if name not in NOT_TYPED}
    try:
        with transaction.atomic():
            asked, made = Asked.objects.get_or_create(
                session=given.session,
                defaults={
                    "page": page,
                    "record_id": str(record.pk),
                    "name": correction.name,
                    "typed": kept,
                    "asked_by": given.by,
                    "asked_at": given.at,
                },
            )
    except IntegrityError:
        raise Refused(Refusal("Об этом уже попросили. Откройте страницу заново")) from None
    if made:
        title = _said(WANTED, given.by, correction, record)
        text = _said(ASKED, given.by, correction, record, given.reason)
        want_second(asked, title, text, given.by, roles=correction.may(), at=given.at)
    return asked


def _said(
    text: Message, who: Person, correction: Correction, record: Any, reason: str = ""
) -> Message:
    with in_russian():
        words = {"command": acts.command(correction, ""), "what": str(record)}
    return Message(text, {**words, "who": who.full_name, "reason": reason})


def form_of(asked: Asked, correction: Correction, record: Any) -> forms.Form:
    """Return the form as the first person filled it in."""
    typed = QueryDict(mutable=True)
    for name, values in asked.typed.items():
        typed.setlist(name, values)
    return correction.form(record, typed)


def given_by_two(asked: Asked, form: forms.Form, second: Person, at: datetime) -> Given:
    """Return what the first person gave, confirmed by the second. Raises Refused for a form that
    does not fit the record any more, and for whoever may be the first person himself; that one may
    look."""
    refuse_same_hands(asked.asked_by, second, at)
    if not form.is_valid():
        raise Refused(Refusal("Запись изменилась. Отклоните команду и дайте её заново"))
    values = dict(form.cleaned_data)
    reason = values.pop("reason")
    first = asked.asked_by
    return Given(first, actor_in_office(first), at, asked.session, reason, values, second)


@transaction.atomic
def confirm(asked: Asked, correction: Correction, record: Any, by: Person, at: datetime) -> None:
    """Keep that a second person confirmed it, and tell the first. Raises Refused for the first
    person, by whichever of his accounts, and when somebody has answered."""
    if asked.asked_by_id == by.pk:
        raise Refused(Refusal("Подтверждает другой человек, не вы"))
    refuse_same_hands(asked.asked_by, by, at)
    _answer(asked, by, at, confirmed=True)
    _tell(asked, _said(CONFIRMED, by, correction, record), at)


@transaction.atomic
def decline(
    asked: Asked, correction: Correction, record: Any, by: Person, at: datetime, why: str
) -> None:
    """Keep who declined it and why, and tell the first person; who asked takes it back without a
    reason. Raises Refused without one, and when somebody has answered."""
    own = asked.asked_by_id == by.pk
    why = "" if own else checked_reason(why)
    _answer(asked, by, at, confirmed=False, declined=why)
    if not own:
        _tell(asked, _said(DECLINED, by, correction, record, why), at)


def _answer(asked: Asked, by: Person, at: datetime, *, confirmed: bool, declined: str = "") -> None:
    row = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if row.answered_at is not None or row.ends_at <= at:
        raise Refused(Refusal("На это уже ответили, или просьба больше не действует"))
    row.answered_by, row.answered_at = by, at
    row.confirmed, row.declined = confirmed, declined
    row.save(update_fields=["answered_by", "answered_at", "confirmed", "declined"])
    end_second(row, by, at=at, confirmed=confirmed, why=declined or WITHDRAWN)


def _tell(asked: Asked, said: Message, at: datetime) -> None:
    text = Text.of(said)
    put_notice(Notice(f"answered:{asked.pk}", text, people=(str(asked.asked_by_id),)), at)


def somebody() -> Person:
    """Return the person who is still to confirm, for a look at what would change then."""
    return Person(full_name=gettext("второй человек"))
