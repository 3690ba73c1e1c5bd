"""What the sidebar of the office leads to, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.office.imports import sees_import
from crm.office.links import page_link


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the sidebar: it leads to the list of a model (`app_model`), perhaps filtered."""

    title: str | Promise
    icon: str
    model: str
    counts: str = ""  # a field of dashboard.Waiting
    query: str = ""
    page: str = ""  # the name of a page that is no list; `model` then says who may see it
    right: str = ""  # to see it, where that is not the right to see the list
    may: Callable[[Any], bool] | None = None  # who sees it, where no one right says so

    @property
    def permission(self) -> str:
        """The right to see the list."""
        app, model = self.model.split("_")
        return self.right or f"{app}.view_{model}"

    def open_to(self, user: Any) -> bool:
        """Whether an account is led there."""
        return self.may(user) if self.may else user.has_perm(self.permission)

    @property
    def place(self) -> str:
        """The name of the page."""
        return self.page or f"admin:{self.model}_changelist"

    @property
    def address(self) -> str:
        """Where it leads."""
        return f"{page_link(self.place)}?{self.query}" if self.query else page_link(self.place)


SIDEBAR: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Производство"),
        (
            Entry(_("Табло"), "tv", "production_rawbatch", page="admin:board"),
            Entry(_("Партии сырья"), "local_shipping", "production_rawbatch"),
            Entry(_("Заготовки"), "deployed_code", "production_blank"),
            Entry(_("Фарш"), "assignment", "production_mincedorder"),
            Entry(_("Замесы"), "blender", "production_mix"),
            Entry(_("Вторфарш и МКО"), "recycling", "production_secondminced"),
            Entry(_("Проводки"), "receipt_long", "ledger_event"),
            Entry(
                _("Инвентаризация"),
                "checklist",
                "ledger_event",
                page="admin:stocktake",
                right="ledger.add_event",
            ),
            Entry(_("Документы"), "description", "documents_document"),
            Entry(_("Отчёты"), "summarize", "documents_document", page="admin:reports"),
        ),
    ),
    (
        _("Заморозка и склад"),
        (
            Entry(_("Склад ГП"), "warehouse", "production_pallet", page="admin:store"),
            Entry(_("Камеры"), "ac_unit", "catalogue_freezer"),
            Entry(
                _("Коды оборудования"),
                "qr_code_2",
                "production_rawbatch",
                page="admin:equipment",
            ),
            Entry(_("Загрузки"), "move_to_inbox", "production_freezerload"),
            Entry(_("Паллеты"), "pallet", "production_pallet"),
            Entry(
                _("Буферные паллеты"),
                "inventory_2",
                "production_pallet",
                query="kind__exact=buffer",
            ),
            Entry(_("Отгрузки"), "outbound", "production_shipment"),
            Entry(
                _("Добавить отгрузку"),
                "add_box",
                "production_shipment",
                page="admin:production_shipment_add",
                right="production.add_shipment",
            ),
        ),
    ),
    (
        _("Качество"),
        (
            Entry(_("Отклонения"), "report", "quality_deviation", counts="deviations"),
            Entry(_("Блокировки"), "block", "quality_hold"),
            Entry(_("Учебные отзывы"), "assignment_return", "quality_recalldrill"),
            Entry(_("Пределы"), "thermostat", "quality_limitversion"),
            Entry(
                _("Контрольные карты"),
                "monitoring",
                "quality_limitversion",
                page="admin:control_charts",
            ),
            Entry(
                _("Причины отклонений"),
                "bar_chart",
                "quality_deviation",
                page="admin:deviation_causes",
            ),
        ),
    ),
    (
        _("Работа"),
        (
            Entry(_("Задачи"), "task_alt", "work_task"),
            Entry(_("Просьбы о помощи"), "sos", "work_helprequest"),
            Entry(_("Сдачи смены"), "sync_alt", "work_handover"),
            Entry(_("Сессии"), "forum", "work_session"),
            Entry(_("Формы"), "account_tree", "work_version", page="admin:forms"),
            Entry(_("Справочник статусов"), "list_alt", "work_version", page="admin:stages"),
            Entry(_("Здоровье"), "monitor_heart", "outbox_notice", page="admin:health"),
            Entry(_("Сбои"), "report_problem", "production_failure"),
            Entry(
                _("Недоставленные"),
                "unsubscribe",
                "outbox_notice",
                counts="undelivered",
                query="state__exact=undeliverable",
            ),
            Entry(_("Все уведомления"), "outbox", "outbox_notice"),
        ),
    ),
    (
        _("Люди"),
        (
            Entry(_("Люди"), "groups", "people_person"),
            Entry(
                _("Запросы доступа"), "how_to_reg", "people_accessrequest", counts="access_requests"
            ),
            Entry(_("Учётные записи"), "badge", "auth_user"),
            Entry(_("Группы"), "shield_person", "auth_group"),
            Entry(_("Токены API"), "key", "api_token"),
            Entry(_("Приглашения"), "qr_code_2", "people_invitation"),
            Entry(_("Входы"), "login", "people_signin"),
            Entry(_("Журнал"), "history", "admin_logentry", page="admin:journal"),
        ),
    ),
    (
        _("Справочники"),
        (
            Entry(_("Рецепты"), "menu_book", "catalogue_recipe"),
            Entry(_("Нормы"), "rule", "catalogue_recipeversion"),
            Entry(_("Виды сырья"), "egg_alt", "catalogue_rawmaterial"),
            Entry(_("Номенклатура"), "sell", "catalogue_nomenclature"),
            Entry(_("Поставщики"), "agriculture", "catalogue_supplier"),
            Entry(_("Заказчики"), "storefront", "catalogue_customer"),
            Entry(_("Компании"), "apartment", "catalogue_company"),
            Entry(
                _("Загрузка из Excel"),
                "upload_file",
                "catalogue_company",
                page="admin:imports",
                may=sees_import,
            ),
        ),
    ),
)


def shown(request: HttpRequest, model: str) -> Entry:
    """Return the entry of a list that is open: the one whose filter is on, else the plain one."""
    query = request.META.get("QUERY_STRING", "")
    twins = [
        entry
        for _title, entries in SIDEBAR
        for entry in entries
        if entry.model == model and not entry.page
    ]
    return max(twins, key=lambda one: (bool(one.query) and one.query in query, not one.query))
