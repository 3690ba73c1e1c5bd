"""The task of a second person for a command that the office keeps until he answers it there
(domain 5, rule 8; 9.2): reminded of like any other, no work of the first person.

The office's own commands and the releases of holds wait so; what a lifecycle signs makes its task
by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from crm.audit.operations.overwrite import name_of
from crm.bridge.outbox import DjangoOutbox, put_notice
from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.bridge.tasks import DjangoTasks
from crm.office.models import Asked
from crm.people.models import Person
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import Text
from engine.model.work import COUNTERSIGN, Receivers, Signature, TaskWanted
from engine.run.cards import close_card
from engine.run.lives import make_task

WARN_S, BREACH_S = 15 * 60, 45 * 60  # domain 9.2
LAPSED = Message("никто не подтвердил за {days} дней", {"days": str(Asked.LASTS.days)})
TOLD = Message("Просьба больше не действует, {why}: {what}", {"why": LAPSED})


def want_second(
    about: Model,
    title: Message,
    text: Message,
    first: Person,
    *,
    roles: Collection[str],
    at: datetime,
    barred: Collection[Person | None] = (),
) -> None:
    """Open the task of a second person about a row, and tell those who may do it: holders of the
    roles, never the first nor who is `barred`."""
    excluded = dict.fromkeys(str(one.pk) for one in (first, *barred) if one is not None)
    wanted = TaskWanted(
        COUNTERSIGN,
        name_of(type(about)),
        str(about.pk),
        title,
        Text.of(text),
        Receivers(tuple(sorted(roles))),
        warn_s=WARN_S,
        breach_s=BREACH_S,
        signature=Signature("", "", str(first.pk), first.full_name, (), excluded=(*excluded,)),
    )
    make_task(program(), DjangoTasks(), DjangoOutbox(), wanted, at)


def end_second(
    about: Model, by: Person, *, at: datetime, confirmed: bool, why: str | Message = ""
) -> None:
    """End the task of a second person about a row, if one waits: done by who confirmed, else
    cancelled because of `why`."""
    tasks, outbox = DjangoTasks(), DjangoOutbox()
    for task in tasks.of(name_of(type(about)), str(about.pk)):
        if task.wanted.kind == COUNTERSIGN:
            ended = (
                tasks.complete(task.id, actor_of(by), at)
                if confirmed
                else tasks.cancel(task.id, why, at)
            )
            if ended is not None:
                close_card(outbox, ended)


@transaction.atomic
def lapse(asked: Asked, at: datetime) -> bool:
    """End a command of the office that nobody has answered in its time, and tell who asked; tell
    whether nobody was faster."""
    row = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if row.answered_at is not None:
        return False
    row.answered_at, row.confirmed, row.declined = at, False, str(LAPSED)
    row.save(update_fields=["answered_at", "confirmed", "declined"])
    tasks = DjangoTasks().of(name_of(Asked), str(row.pk))
    what = next((one.wanted.title for one in tasks if one.wanted.kind == COUNTERSIGN), str(row))
    end_second(row, row.asked_by, at=at, confirmed=False, why=LAPSED)
    text = Text.of(TOLD.with_values({**TOLD.values, "what": what}))
    put_notice(Notice(f"answered:{row.pk}", text, people=(str(row.asked_by_id),)), at)
    return True
