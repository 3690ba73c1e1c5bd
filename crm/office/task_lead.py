"""What a shift lead does with a task from the office (domain 11.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.leading import Leading
from crm.bridge.program import program
from crm.office.correction import Asks, Correction, Given, nothing
from crm.people.models import Person
from crm.people.roles import OfficeRole
from crm.work.models import Task
from crm.work.models.task import WAITING


def _people(task: Task) -> Asks:
    holders = Person.objects.holding(*task.roles).values("pk")
    able = Person.objects.active().filter(Q(pk__in=holders) | Q(pk__in=task.people))
    person = forms.ModelChoiceField(
        label=_("Кому"), queryset=able.order_by("full_name"), empty_label=gettext("Выберите")
    )
    return {"person": person}


def _lead(
    name: str,
    title: Callable[[], str],
    explains: str | Promise,
    do: Callable[[Leading, Task, Given], object],
    *,
    states: tuple[str, ...] = WAITING,
    asks: Callable[[Any], Asks] = nothing,
) -> Correction:
    return Correction(
        name,
        title=title,
        explains=explains,
        may=lambda: {OfficeRole.SHIFT_LEAD.value},
        stands=lambda task: task.state in states,
        do=lambda task, given: do(Leading(program()), task, given),
        asks=asks,
    )


LEADS = (
    _lead(
        "send_again",
        lambda: gettext("Отправить заново"),
        _("Сообщения о задаче придут ещё раз всем, кто может её сделать."),
        lambda leading, task, given: leading.send_again(task, given.at),
    ),
    _lead(
        "give",
        lambda: gettext("Передать другому"),
        _("Задача перейдёт к выбранному человеку, остальные увидят, у кого она."),
        lambda leading, task, given: leading.give(task, given.values["person"], given.at),
        asks=_people,
    ),
    _lead(
        "put_back",
        lambda: gettext("Вернуть в очередь"),
        _("Задачу снова сможет взять любой, у кого есть её роль."),
        lambda leading, task, given: leading.put_back(task, given.at),
        states=(Task.State.CLAIMED,),
    ),
    _lead(
        "cancel",
        lambda: gettext("Снять задачу"),
        _("Задача закроется без выполнения. Ту, которую ставит состояние записи, снять нельзя."),
        lambda leading, task, given: leading.cancel(task, given.reason, given.at),
    ),
)
