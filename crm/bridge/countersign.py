"""The task of a second person for a command that the office keeps until he answers it there
(domain 5, rule 8; 9.2): reminded of like any other, no work of the first person.

The office's own commands and the releases of holds wait so; what a lifecycle signs makes its task
by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Model

from crm.audit.operations.overwrite import name_of
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.bridge.tasks import DjangoTasks
from crm.people.models import Person
from engine.languages.message import Message
from engine.model.text import Text
from engine.model.work import COUNTERSIGN, Receivers, Signature, TaskWanted
from engine.run.cards import close_card
from engine.run.lives import make_task

WARN_S, BREACH_S = 15 * 60, 45 * 60  # domain 9.2


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
