"""«Задачи» and «Сессии»: what goes on in the chats, to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RadioFilter

from crm.bridge.listing import records
from crm.office import parts, signing
from crm.office.base import CardAdmin
from crm.office.card import NOTHING, Card, Cell, Fields, cell
from crm.office.columns import Show, column
from crm.office.corrected import CorrectedAdmin
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.language import said
from crm.office.links import link
from crm.office.models import Asked
from crm.office.named import called, form_title
from crm.office.roles import title, titles
from crm.office.task_lead import LEADS
from crm.office.tones import UNFOLD_LABELS, badge
from crm.people.accounts import held_roles
from crm.production.models import RawBatch
from crm.quality.models import Deviation
from crm.work.models import Session, Task
from crm.work.models.task import WAITING
from crm.written import written
from engine.languages.packed import unpack


class RoleFilter(DropdownFilter):
    """The role that a task waits for."""

    title = _("Роль")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the roles of the present forms."""
        return titles()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """Keep the tasks of a role, or of several with commas between, those of others too among
        them; roles have no quotes."""
        wanted = Q()
        for role in filter(None, str(self.value() or "").split(",")):
            wanted |= Q(role=role) | Q(roles__icontains=f'"{role}"')
        return queryset.filter(wanted)


class LateFilter(RadioFilter):
    """«Просрочена»: past its time and still waiting."""

    title = _("Просрочена")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the late ones."""
        return [("yes", gettext("Да"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """Keep those whose time is over."""
        late = Q(state__in=written(WAITING), breach_at__lte=timezone.now())
        return queryset.filter(late) if self.value() == "yes" else queryset


def roles_of(task: Task) -> list[str]:
    """Return the roles that a task waits for."""
    return task.roles or ([task.role] if task.role else [])


def roles_said(task: Task) -> str:
    """Name the roles that a task waits for."""
    return ", ".join(map(title, roles_of(task)))


def _roles_column() -> Show:
    """«Роль»: red where it waits for roles that nobody holds (domain 2.3.2)."""

    def show(_page: Any, task: Any) -> Any:
        said = roles_said(task) or NOTHING
        red = '<span class="office-badge is-bad" title="{}">{}</span>'
        return format_html(red, _("Роли ни у кого нет"), said) if task.orphan else said

    show.written = roles_said  # type: ignore[attr-defined]
    return column(description=_("Роль"), ordering="role")(show)


@admin.register(Task)
class TaskPage(CorrectedAdmin):
    """Tasks."""

    comes = _("Задачи появляются сами, когда запись дошла до этапа, которым кто-то занимается.")
    list_display = (
        "show_title",
        "show_state",
        "show_role",
        "person",
        "created_at",
        "breach_at",
        "level",
    )
    more_columns = ("kind", "taken_at", "warn_at", "ended_at", "why", "issue")
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("level", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        RoleFilter,
        LateFilter,
    )
    search_fields = ("title", "subject_id")
    folded = ("person__name_key",)
    search_help_text = _("Что сделать, номер записи, кто взял")
    ordering = ("-created_at", "-id")
    corrections = LEADS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        """Read tasks with people and deviations."""
        return Task.objects.select_related("person", "deviation")

    @column(description=_("Что сделать"), ordering="title")
    def show_title(self, task: Task) -> str:
        """What is to be done, in the language of the page."""
        return called(task)

    @column(description=_("Состояние"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, task: Task) -> tuple[str, str]:
        """The state in its colour."""
        return task.state, task.get_state_display()

    def beside(self, rows: Sequence[Any]) -> None:
        """Read which roles somebody holds, in two queries."""
        held = held_roles()
        for task in rows:
            nobody = not task.people and held.isdisjoint(roles_of(task))
            task.orphan = nobody and task.state in WAITING

    show_role = _roles_column()

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a task."""
        task: Task = record
        deviation: Deviation | None = task.deviation
        about = _subject(task)
        return Card(
            title=called(task),
            badge=badge(task),
            main=(
                Fields(
                    gettext("Задача"),
                    [
                        (gettext("Роль"), cell(roles_said(task))),
                        (gettext("Кто взял"), cell(task.person)),
                        (gettext("О чём"), parts.record_cell(about)),
                        (
                            gettext("Отклонение"),
                            cell(deviation, href=link(deviation) if deviation else ""),
                        ),
                        (gettext("Создана"), cell(task.created_at)),
                        (gettext("Напомнить"), cell(task.warn_at)),
                        (gettext("Срок"), cell(task.breach_at)),
                        (gettext("Уровень"), cell(task.level)),
                        (gettext("Отправлена заново, раз"), cell(task.issue or None)),
                        (gettext("Закрыта"), cell(task.ended_at)),
                        (gettext("Почему снята"), cell(_why(task))),
                    ],
                ),
            ),
            side=(parts.history(task),),
        )


def _why(task: Task) -> str:
    """Say why a task was taken away."""
    return said(unpack(task.body.get("why", task.why)))


def _subject(task: Task) -> Any:
    """Return the record that a task is about; None for one without a table."""
    if task.subject == Asked._meta.label_lower:  # the second person's: what he is to confirm
        asked = Asked.objects.filter(pk=task.subject_id).first()
        return signing.record_of(asked) if asked else None
    known = records().get(task.subject)
    return known.all().filter(pk=task.subject_id).first() if known else None


@admin.register(Session)
class SessionPage(CardAdmin):
    """Sessions: who answers what now, and what became of it."""

    comes = _("Сессия появляется, когда человек начал форму в чате бота.")
    list_display = ("show_flow", "person", "show_state", "started_at", "updated_at", "ended_at")
    more_columns = ("step", "flow", "result")
    list_filter = (("state", ChoicesDropdownFilter),)
    folded = ("person__name_key",)
    search_fields = ("flow", "=chat__chat_id")
    ordering = ("-updated_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Read sessions with their people."""
        return Session.objects.select_related("person", "chat")

    @column(description=_("Форма"), ordering="flow")
    def show_flow(self, session: Session) -> str:
        """The form as people know it."""
        return form_title(session.flow)

    @column(description=_("Состояние"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, session: Session) -> tuple[str, str]:
        """The state in its colour."""
        return session.state, session.get_state_display()

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a session."""
        session: Session = record
        batch = RawBatch.objects.filter(session=session.pk).first()
        return Card(
            title=gettext("Сессия {number}").format(number=str(session.pk)[:8]),
            badge=badge(session),
            subtitle=session.result,
            main=(
                Fields(
                    gettext("Сессия"),
                    [
                        (gettext("Форма"), cell(form_title(session.flow))),
                        (gettext("Кто"), cell(session.person)),
                        (gettext("Чат"), Cell(str(session.chat.pk))),
                        (gettext("Вопрос"), cell(session.step)),
                        (gettext("Ответов"), cell(len(session.answers))),
                        (gettext("Начата"), cell(session.started_at)),
                        (gettext("Последний ответ"), cell(session.updated_at)),
                        (gettext("Закончена"), cell(session.ended_at)),
                        (gettext("Партия"), cell(batch, href=link(batch) if batch else "")),
                        (gettext("Версия форм"), cell(session.digest[:12])),
                        (gettext("Номер"), Cell(str(session.pk))),
                    ],
                ),
            ),
        )
