"""Corrections that two persons make (domain 5, rule 8): the first one's command is kept, another
one with the same right looks at what it changes and confirms it, or either declines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext

from crm.bridge.outbox import put_notice
from crm.office.correction import Correction, Given
from crm.office.models import Asked
from crm.office.rights import actor_in_office
from crm.people.models import Person
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import Text

NOT_TYPED = {"csrfmiddlewaretoken", "step", "session"}
ASKED = Message("{who} просит: {command}, {what}. {reason}. Подтверждает второй человек в офисе")


def asked_for(page: str, record: Any, correction: Correction) -> Asked | None:
    """Return the command that waits for a second person; None when none does."""
    waiting = Asked.objects.filter(page=page, record_id=str(record.pk), name=correction.name)
    return waiting.select_related("asked_by").filter(answered_at__isnull=True).first()


@transaction.atomic
def ask(page: str, record: Any, correction: Correction, given: Given, typed: QueryDict) -> Asked:
    """Keep the first person's command once a session, and tell those who may confirm it."""
    kept = {name: typed.getlist(name) for name in typed if name not in NOT_TYPED}
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
    if made:
        words = {
            "who": given.by.full_name,
            "command": correction.title(),
            "what": str(record),
            "reason": given.reason,
        }
        said = Text.of(Message(ASKED, words))
        put_notice(Notice(f"asked:{asked.pk}", said, roles=tuple(correction.may())), given.at)
    return asked


def form_of(asked: Asked, correction: Correction, record: Any) -> forms.Form:
    """Return the form as the first person filled it in."""
    typed = QueryDict(mutable=True)
    for name, values in asked.typed.items():
        typed.setlist(name, values)
    return correction.form(record, typed)


def given_by_two(asked: Asked, form: forms.Form, second: Person, at: datetime) -> Given:
    """Return what the first person gave, confirmed by the second. Raises Refused for a form that
    does not fit the record any more."""
    if not form.is_valid():
        raise Refused(Refusal("Запись изменилась. Отклоните команду и дайте её заново"))
    values = dict(form.cleaned_data)
    reason = values.pop("reason")
    first = asked.asked_by
    return Given(first, actor_in_office(first), at, asked.session, reason, values, second)


@transaction.atomic
def answer(asked: Asked, by: Person, at: datetime, *, confirmed: bool) -> None:
    """Keep who answered and what. Raises Refused for the first person who confirms, and when
    somebody has answered."""
    row = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if row.answered_at is not None:
        raise Refused(Refusal("На это уже ответили"))
    if confirmed and row.asked_by_id == by.pk:
        raise Refused(Refusal("Подтверждает другой человек, не вы"))
    row.answered_by, row.answered_at, row.confirmed = by, at, confirmed
    row.save(update_fields=["answered_by", "answered_at", "confirmed"])


def somebody() -> Person:
    """Return the person who is still to confirm, for a look at what would change then."""
    return Person(full_name=gettext("второй человек"))
