"""«Справочник статусов» (domain 11.2, F143): where each record of the plant may stand, who must do
something there, what is due when. Made from the lifecycles, so there is nothing to edit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.bridge.listing import records
from crm.bridge.program import program
from crm.office.card import Cell, Table, cell
from crm.office.language import said
from crm.office.roles import title, titles
from engine.languages.message import Message, holes
from engine.model.values import show_length
from engine.run.around import crew_named
from engine.run.program import Program
from engine.schema.lifecycle import Lifecycle, StateForm, TimerForm

RIGHT = "work.view_version"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@require_safe
def stages(request: HttpRequest, site: Any) -> HttpResponse:
    """Show the states of all records, or of the one that was chosen."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    present = program()
    lives = {name: machine.lifecycle for name, machine in present.lifecycles.items()}
    chosen = request.GET.get("record", "")
    shown = [chosen] if chosen in lives else sorted(lives)
    context = {
        **site.each_context(request),
        "title": gettext("Справочник статусов"),
        "known": sorted((name, _say(present, life.title)) for name, life in lives.items()),
        "chosen": chosen,
        "tables": [_table(present, name, lives[name]) for name in shown],
    }
    return TemplateResponse(request, "office/stages.html", context)


def _table(present: Program, name: str, life: Lifecycle) -> Table:
    return Table(
        _say(present, life.title),
        (_("Статус"), _("Код"), _("Кто ведёт"), _("Задачи"), _("По времени"), _("Куда дальше")),
        [
            (
                cell(_say(present, form.title), href=reverse("admin:form", args=[name])),
                cell(state),
                _owner(present, life.record, form),
                cell(", ".join(_task(present, task.title) for task in form.tasks)),
                cell(", ".join(_timer(life.record, timer) for timer in form.timers)),
                cell(", ".join(_onward(present, life, state))),
            )
            for state, form in life.states.items()
        ],
    )


def _task(present: Program, text: str) -> str:
    """Return the title of a task with «…» where it names its record."""
    if isinstance(text, Message):
        text = text.with_values(dict.fromkeys(holes(text.template), "…"))
    return _say(present, text)


def _owner(present: Program, record: str, form: StateForm) -> Cell:
    if form.final:
        return Cell(gettext("закончено"), tone="calm")
    crew = crew_named(form.owner)
    known = {role for role, _title in titles()}
    if crew or form.owner in known:
        lines = present.project.crews.get(crew, ()) if crew else ()
        roles = dict.fromkeys(line.role for line in lines) or (form.owner,)
        return cell(", ".join(map(title, roles)))
    return cell(_field(record, form.owner))


def _field(record: str, name: str) -> str:
    """Return what a field of a record is called; one that is computed, and has no name for people,
    by its own."""
    try:
        return str(records()[record].model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _timer(record: str, timer: TimerForm) -> str:
    if timer.after:
        return gettext("через {length}").format(length=_said(timer.after))
    if timer.every:
        return gettext("каждые {length}").format(length=_said(timer.every))
    if timer.daily:
        return gettext("каждый день в {time}").format(time=timer.daily)
    if timer.weekly:
        return gettext("каждую неделю: {time}").format(time=timer.weekly)
    at = re.sub(r"(\d+)([smhd])\b", _length, timer.at or "")
    return gettext("в срок: {name}").format(
        name=re.sub(r"\b[a-z_]+\b", lambda found: _field(record, found[0]), at)
    )


def _length(found: re.Match[str]) -> str:
    return said(show_length(timedelta(**{UNITS[found[2]]: int(found[1])})))


def _said(seconds: float) -> str:
    return said(show_length(timedelta(seconds=seconds)))


def _onward(present: Program, life: Lifecycle, state: str) -> Iterator[str]:
    """Give the titles of the states that transitions lead to from one."""
    led = (
        form.to
        for forms in life.transitions.values()
        for form in forms
        if state in form.sources and form.to in life.states and form.to != state
    )
    for other in dict.fromkeys(led):
        yield _say(present, life.states[other].title)


def _say(present: Program, text: str) -> str:
    return present.languages.say(text, get_language() or "")
