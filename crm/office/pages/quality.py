"""«Отклонения» and «Пределы»: facts of the quality department."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.office import columns, editions, files, parts, past
from crm.office.card import (
    Card,
    Fields,
    Later,
    Photos,
    Section,
    Table,
    bounds,
    cell,
    unit_name,
    valued,
)
from crm.office.columns import column, linked, own
from crm.office.corrected import CorrectedAdmin
from crm.office.deciding import DECIDE, OF_CHECK
from crm.office.deviation_filters import KindFilter, UndecidedFilter, WhoDecidesFilter
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.language import own_said, said, spans_said
from crm.office.links import link
from crm.office.named import called
from crm.office.roles import title
from crm.office.standards import NEW_LIMIT, case_of
from crm.office.tones import UNFOLD_LABELS, badge
from crm.quality.limits import source_of, title_of
from crm.quality.models import Check, Deviation, LimitVersion
from engine.model.values import show_number

LEVELS = (_("задан"), _("напомнили"), _("начальнику смены"), _("директору"))


@admin.register(Deviation)
class DeviationPage(CorrectedAdmin):
    """Deviations: those that a form or a check waits for are decided here as in the chats; what was
    done about a check is said there, with a photo."""

    corrections = (DECIDE, *OF_CHECK)

    comes = _("Отклонения появляются сами, когда значение вышло за предел и спросили решения.")
    list_display = (
        "number",
        "show_state",
        "show_label",
        "show_value",
        "show_limit",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "show_lot",
    )
    more_columns = ("kind", "show_source", "level", "breach_at", "show_comment")
    list_filter = (
        ("asked_at", IntakeRangeFilter),
        ("decided_at", IntakeRangeFilter),
        ("value", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        KindFilter,
        WhoDecidesFilter,
        UndecidedFilter,
    )
    search_fields = ("=number", *parts.NUMBERS)
    folded = ("asked_by__name_key",)
    numbers = ("number",)
    search_help_text = _("Номер отклонения, партии, замеса или паллета, кто спросил")
    ordering = ("-asked_at",)
    show_lot = linked("lot.record", _("О чём"), "lot")
    show_label = own("label", _("Что"))
    show_comment = own("comment", _("Комментарий"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deviation]:
        """Read deviations with people and batches."""
        lots = [f"lot__{record}" for record in parts.RECORDS]
        return Deviation.objects.select_related("asked_by", "decided_by", "check_of", *lots)

    @column(description=_("Решение"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, deviation: Deviation) -> tuple[str, str]:
        """The decision in its colour."""
        return deviation.state, deviation.get_state_display()

    @column(description=_("Значение"))
    def show_value(self, deviation: Deviation) -> str:
        """What was measured, with its unit."""
        return valued(deviation)

    @column(description=_("Источник предела"), ordering="limit_source")
    def show_source(self, deviation: Deviation) -> str:
        """What the limit is taken from."""
        return cell(said(source_of(deviation.limit, deviation.limit_source))).text

    @column(description=_("Норма"))
    def show_limit(self, deviation: Deviation) -> str:
        """The bounds that were in force."""
        return bounds(deviation)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the value, the limit, the evidence, the decision, all times."""
        deviation: Deviation = record
        return Card(
            title=gettext("Отклонение {number}").format(number=deviation.number),
            badge=badge(deviation),
            subtitle=spans_said(deviation.card),
            main=(
                _measured(deviation),
                Photos(gettext("Фото"), [files.picture(key) for key in deviation.pictures]),
                *_of_lot(deviation),
                _history(deviation),
            ),
            side=(
                _decision(deviation),
                *_correction(deviation),
                *_kept_of_lot(deviation),
            ),
        )


def _history(deviation: Deviation) -> Table:
    """Show what was done with it: five columns, which want the width of the main part."""
    return Table(
        gettext("История"),
        (
            *(gettext("Когда"), gettext("Событие"), gettext("Состояние")),
            *(gettext("Кто"), gettext("Причина")),
        ),
        [
            (
                cell(change.at),
                cell(EVENTS.get(change.transition, change.transition)),
                cell(past.moved(change, parts.state_titles(Deviation))),
                cell(change.by or gettext("система")),
                cell(own_said(change.reason)),
            )
            for change in past.states_of(deviation)
        ],
    )


def _of_lot(deviation: Deviation) -> list[Section | Later]:
    if deviation.lot is None:
        return []
    lot = deviation.lot
    return [parts.genealogy(lot), parts.ledger(Q(lot=lot.pk))]


def _kept_of_lot(deviation: Deviation) -> list[Section | Later]:
    lot = deviation.lot
    return [] if lot is None else [parts.holds(lot), parts.documents(lot)]


def _measured(deviation: Deviation) -> Fields:
    record = deviation.lot.record if deviation.lot else None
    return Fields(
        gettext("Что измерено"),
        [
            (gettext("Что"), cell(own_said(deviation.label))),
            (gettext("Значение"), cell(valued(deviation))),
            (gettext("Норма"), cell(bounds(deviation))),
            (gettext("Источник"), cell(said(source_of(deviation.limit, deviation.limit_source)))),
            (gettext("Версия предела"), cell(deviation.limit_version or None)),
            (gettext("Запись"), cell(record, href=link(record) if record else "")),
            (gettext("Кто спросил"), cell(deviation.asked_by)),
            (gettext("Когда спросил"), cell(deviation.asked_at)),
        ],
    )


def _decision(deviation: Deviation) -> Fields:
    return Fields(
        gettext("Решение"),
        [
            (
                gettext("Кто решает"),
                cell(", ".join(title(role) for role in deviation.roles)),
            ),
            (gettext("Решение"), badge(deviation)),
            (gettext("Кто решил"), cell(deviation.decided_by)),
            (gettext("Когда решено"), cell(deviation.decided_at)),
            (gettext("Комментарий"), cell(own_said(deviation.comment))),
            (gettext("Напомнить в"), cell(deviation.warn_at)),
            (gettext("Срок"), cell(deviation.breach_at)),
            (gettext("Напомнили"), cell(deviation.warned_at)),
            (gettext("Срок вышел"), cell(deviation.breached_at)),
            (gettext("Уровень"), cell(LEVELS[deviation.level])),
        ],
    )


def _correction(deviation: Deviation) -> list[Section | Later]:
    """Tell what was done about a check, who did it and who verified it (domain 5.9)."""
    check: Check | None = getattr(deviation, "check_of", None)
    if check is None:
        return []
    lines = [
        (gettext("Что сделано"), check.correction),
        (gettext("Кто исправил"), cell(check.corrected_by)),
        (gettext("Кто подтвердил"), cell(check.verified_by)),
    ]
    return [parts.facts(gettext("Исправление"), lines), parts.tasks(Check.RECORD, check.pk)]


EVENTS = {
    "request": _("запрошено решение"),
    "approve": _("согласовано"),
    "reject": _("отклонено"),
    "withdraw": _("отозвано"),
    "escalate": _("повышен уровень"),
    "decide": _("решено"),
    "correct": _("исправлено"),
    "send_back": _("возвращено"),
    "verify": _("подтверждено"),
}


@admin.register(LimitVersion)
class LimitPage(CorrectedAdmin):
    """Limits with all their versions."""

    comes = _("Пределы берутся из форм при первом запуске, менять их можно здесь.")
    corrections = (NEW_LIMIT,)

    list_display = (
        "show_title",
        "show_when",
        "show_least",
        "show_most",
        "show_unit",
        "show_source",
        "version",
        "since",
        "show_until",
        "show_standing",
    )
    more_columns = ("made_at", "author", "show_reason")
    list_filter = ()
    search_fields = ("title", "name", "source")
    search_help_text = _("Название предела, источник")
    ordering = ("name", "-since", "-version", "position")
    show_until, show_standing = editions.show_until, editions.show_standing
    show_reason = columns.own("reason", _("Причина"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[LimitVersion]:
        """Read limits with their authors and until when they hold."""
        return editions.with_ends(LimitVersion.objects.select_related("author"), "name")

    @column(description=_("Название"), ordering="title")
    def show_title(self, limit: LimitVersion) -> str:
        """What it is called."""
        return cell(said(title_of(limit.name, limit.title))).text

    @column(description=_("Источник"), ordering="source")
    def show_source(self, limit: LimitVersion) -> str:
        """What it is taken from."""
        return cell(said(source_of(limit.name, limit.source))).text

    @column(description=_("Когда"), ordering="when")
    def show_when(self, limit: LimitVersion) -> str:
        """Of what the case is."""
        return cell(case_of(limit)).text

    @column(description=_("Единица"), ordering="unit")
    def show_unit(self, limit: LimitVersion) -> str:
        """The unit in the reader's language."""
        return cell(unit_name(limit.unit)).text

    @column(description=_("Не меньше"), ordering="least")
    def show_least(self, limit: LimitVersion) -> str:
        """The lower bound."""
        return "—" if limit.least is None else show_number(limit.least)

    @column(description=_("Не больше"), ordering="most")
    def show_most(self, limit: LimitVersion) -> str:
        """The upper bound."""
        return "—" if limit.most is None else show_number(limit.most)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of one case of one version."""
        limit: LimitVersion = record
        return Card(
            title=called(limit),
            main=(
                Fields(
                    gettext("Предел"),
                    [
                        (gettext("Имя в формах"), cell(limit.name)),
                        (gettext("Когда"), cell(case_of(limit))),
                        (gettext("Норма"), cell(bounds(limit))),
                        (gettext("Источник"), cell(said(source_of(limit.name, limit.source)))),
                        (gettext("Версия"), cell(limit.version)),
                        *zip(
                            map(str, editions.HEADERS),
                            editions.cells(limit, timezone.now()),
                            strict=True,
                        ),
                        (gettext("Записано"), cell(limit.made_at)),
                        (gettext("Автор"), cell(limit.author)),
                        (gettext("Причина"), cell(own_said(limit.reason))),
                    ],
                ),
                _versions(limit),
            ),
        )


def _versions(limit: LimitVersion) -> Table:
    """Show which version of the limit holds when, the last to begin first."""
    now, found = timezone.now(), LimitVersion.objects.filter(name=limit.name)
    rows = editions.with_ends(found, "name").select_related("author")
    return Table(
        gettext("Версии предела"),
        (_("Версия"), *editions.HEADERS, _("Норма"), _("Автор"), _("Причина")),
        [
            (
                cell(one.version, href=link(one)),
                *editions.cells(one, now),
                cell(f"{bounds(one)} {case_of(one)}".strip()),
                cell(one.author),
                cell(own_said(one.reason)),
            )
            for one in rows.order_by("-since", "-version", "position")[: parts.MOST]
        ],
    )
