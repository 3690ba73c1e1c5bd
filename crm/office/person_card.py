"""The card of a person: what he may, has to do, did of late, corrected, and when he came in.

Start at `card_of`; his form and the commands are `pages/people.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import ValueChange
from crm.ledger.models import StateHistory
from crm.office import parts, past
from crm.office.acts import act_said, listed_said
from crm.office.card import Card, Cell, Fields, Figure, Later, Section, Table, cell
from crm.office.language import own_said
from crm.office.links import link, list_link
from crm.office.named import form_title, model_of
from crm.office.roles import title
from crm.office.tones import SIGN_INS, badge
from crm.people.models import Person, SignIn
from crm.quality.models import Deviation
from crm.work.models import Chat, Session, Task

LATELY = 10  # rows of a section; whoever wants more opens the list
TASKS = Task.RECORD  # their states are told as tasks


def card_of(person: Person, user: Any) -> Card:
    """Return the card of a person as an account may see it."""
    side: list[Section | Later] = [_chats(person)]
    if person.user_id and user.has_perm("people.view_signin"):
        side.append(_sign_ins(person))
    if person.user_id and user.has_perm("admin.view_logentry"):
        side.append(_journal(person))
    return Card(
        title=person.full_name,
        badge=_working(person),
        subtitle=", ".join(_roles(person)) or gettext("Ролей нет"),
        figures=_figures(person),
        main=(
            _tasks(
                gettext("Задачи сейчас"),
                Task.objects.filter(person=person, state=Task.State.CLAIMED),
                gettext("Ничего не взято"),
            ),
            _tasks(
                gettext("Сделанные задачи"),
                Task.objects.filter(person=person, state=Task.State.DONE),
                gettext("Пока ни одной"),
            ),
            _done(person),
            _forms(person),
            _decided(person),
            _corrected(person),
        ),
        side=(_facts(person), *side, parts.history(person)),
    )


def _working(person: Person) -> Cell:
    if person.active:
        return Cell(gettext("Работает"), tone="good")
    return Cell(gettext("Не работает"), tone="calm")


def _roles(person: Person) -> list[str]:
    return [title(held.role) for held in person.roles.all()]


def _figures(person: Person) -> list[Figure]:
    mine = Task.objects.filter(person=person).order_by()
    counts = dict(mine.values_list("state").annotate(Count("pk")))
    roles = sorted(person.role_codes)
    mine_too = Q(role__in=roles)
    for role in roles:
        mine_too |= Q(roles__icontains=f'"{role}"')
    waiting = Task.objects.filter(mine_too, state=Task.State.OPEN).order_by().count()
    waits = urlencode({"state__exact": Task.State.OPEN, "role": ",".join(roles)})

    def his(title: str, state: str) -> Figure:
        found = urlencode({"state__exact": state, "person__exact": person.pk})
        return Figure(title, str(counts.get(state, 0)), href=list_link(Task, found))

    return [
        his(gettext("Задачи сейчас"), Task.State.CLAIMED),
        Figure(
            gettext("Ждут его ролей"), str(waiting), href=list_link(Task, waits) if roles else ""
        ),
        his(gettext("Сделано задач"), Task.State.DONE),
        Figure(gettext("Был(а) на связи"), cell(person.last_seen).text),
    ]


def _facts(person: Person) -> Fields:
    signature = getattr(person, "signature", None)
    quiet = f"{person.quiet_from:%H:%M}–{person.quiet_to:%H:%M}" if person.quiet_from else ""
    return parts.facts(
        gettext("Кто это"),
        [
            (gettext("Роли"), cell(", ".join(_roles(person)))),
            (gettext("Язык"), cell(person.get_language_display())),
            (gettext("Тихие часы"), cell(quiet)),
            (gettext("Учётная запись офиса"), person.user),
            (gettext("Подпись в актах"), cell(signature.uploaded_at if signature else None)),
            (gettext("В списке с"), cell(person.created_at)),
            (gettext("Кто добавил"), person.created_by),
        ],
    )


def _chats(person: Person) -> Later:
    def make(chats: Iterable[Chat]) -> Table:
        last: dict[int, datetime | None] = {one.chat_id: one.updated_at for one in chats}
        if person.telegram_id is not None:
            last.setdefault(person.telegram_id, None)  # tied, and nothing said there yet
        rows = sorted(last.items(), key=lambda one: one[0] != person.telegram_id)
        tied = Cell(gettext("привязан"), tone="good"), Cell(gettext("прежний"), tone="calm")
        return Table(
            gettext("Чаты"),
            (_("Чат"), _("Сейчас"), _("Последний ход")),
            [(Cell(str(at)), tied[at != person.telegram_id], cell(when)) for at, when in rows],
            empty=gettext("Чата нет: пригласите человека в бот"),
        )

    return Later((Chat.objects.filter(person=person).defer("state")[:LATELY],), make)


def _tasks(heading: str, tasks: Any, empty: str) -> Later:
    def make(found: Iterable[Task]) -> Table:
        now = timezone.now()
        return Table(
            heading,
            (_("Задача"), _("О чём"), _("Взята"), _("Закончена или срок")),
            [
                (
                    parts.record_cell(task),
                    parts.later_record(task.subject, task.subject_id),
                    cell(task.taken_at),
                    cell(task.ended_at or task.breach_at, tone=_late(task, now)),
                )
                for task in found
            ],
            empty=empty,
        )

    return Later((tasks.order_by("-id")[:LATELY],), make)


def _late(task: Task, now: Any) -> Any:
    waits = task.ended_at is None and task.breach_at is not None
    return "bad" if waits and task.breach_at <= now else ""


def _done(person: Person) -> Later:
    """What he brought forward of late: records whose states he changed."""

    def make(changes: Iterable[StateHistory]) -> Table:
        return Table(
            gettext("Что сделано недавно"),
            (_("Когда"), _("Запись"), _("Что"), _("Почему")),
            [
                (
                    cell(one.at),
                    parts.later_record(one.record, one.record_id),
                    cell(_moved(one)),
                    cell(own_said(one.reason)),
                )
                for one in changes
            ],
            empty=gettext("Пока ничего"),
        )

    changes = StateHistory.objects.filter(by=person).exclude(record=TASKS)
    return Later((changes.order_by("-id")[:LATELY],), make)


def _moved(change: StateHistory) -> str:
    model = model_of(change.record)
    return past.moved(change, past.states_named(change.record, model) if model else {})


def _forms(person: Person) -> Later:
    def make(sessions: Iterable[Session]) -> Table:
        return Table(
            gettext("Формы в чате"),
            (_("Когда"), _("Форма"), _("Состояние"), _("Итог")),
            [
                (
                    cell(one.ended_at or one.updated_at, href=link(one)),
                    cell(form_title(one.flow)),
                    badge(one),
                    cell(one.result),
                )
                for one in sessions
            ],
            empty=gettext("Форм не было"),
        )

    asked = Session.objects.filter(person=person).defer("answers", "body")
    return Later((asked.order_by("-updated_at")[:LATELY],), make)


def _decided(person: Person) -> Later:
    def make(deviations: Iterable[Deviation]) -> Table:
        return Table(
            gettext("Решения"),
            (_("Когда"), _("Отклонение"), _("Решение"), _("Почему")),
            [
                (
                    cell(one.decided_at),
                    cell(f"{one.number} {own_said(one.label)}", href=link(one)),
                    badge(one),
                    cell(own_said(one.comment)),
                )
                for one in deviations
            ],
            empty=gettext("Решений не было"),
        )

    return Later((_decisions(person)[:LATELY],), make)


def _decisions(person: Person) -> Any:
    found = Deviation.objects.filter(decided_by=person)
    return found.defer("card", "pictures").order_by("-decided_at")


def _corrected(person: Person) -> Later:
    def make(changes: Iterable[ValueChange]) -> Table:
        return Table(
            gettext("Исправления"),
            (_("Когда"), _("Запись"), _("Что"), _("Почему")),
            [
                (
                    cell(one.at),
                    parts.later_record(one.record, one.record_id),
                    cell(_change(one)),
                    cell(own_said(one.reason)),
                )
                for one in changes
            ],
            empty=gettext("Исправлений не было"),
        )

    return Later((ValueChange.objects.filter(by=person).order_by("-id")[:LATELY],), make)


def _change(one: ValueChange) -> str:
    model = model_of(one.record)
    return past.corrected(one, model) if model else str(one)


def _sign_ins(person: Person) -> Later:
    def make(found: Iterable[SignIn]) -> Table:
        return Table(
            gettext("Входы в офис"),
            (_("Когда"), _("Что вышло"), _("Откуда")),
            [
                (
                    cell(one.at, href=link(one)),
                    Cell(one.get_outcome_display(), tone=SIGN_INS[one.outcome]),
                    cell(one.address),
                )
                for one in found
            ],
            empty=gettext("Входов не было"),
        )

    return Later((SignIn.objects.filter(account=person.user_id)[:LATELY],), make)


def _journal(person: Person) -> Later:
    def make(lines: Iterable[LogEntry]) -> Table:
        return Table(
            gettext("Действия в офисе"),
            (_("Когда"), _("Запись"), _("Что сделано")),
            [[*_line(one)] for one in lines],
            empty=gettext("Действий не было"),
        )

    return Later((LogEntry.objects.filter(user=person.user_id).order_by("-id")[:LATELY],), make)


def _line(one: LogEntry) -> Iterator[Cell]:
    yield cell(one.action_time, href=link(one))
    yield cell(one.object_repr if one.object_id else listed_said(one.object_repr))
    yield cell(act_said(one.get_change_message()) or gettext("Добавлено"))
