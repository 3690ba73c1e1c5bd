"""The site of the office: its start page and its sidebar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from crm.bridge.program import program
from crm.fields import fold
from crm.office import dashboard, first_admin, forms, second_factor
from crm.office import forms_change as change
from crm.office.board import board, board_now
from crm.office.control_charts import control_charts
from crm.office.deviation_causes import deviation_causes
from crm.office.door import SignInForm, begin, note_try
from crm.office.equipment import equipment
from crm.office.first import first_steps
from crm.office.health import health
from crm.office.home import home
from crm.office.imports import import_template, imports
from crm.office.journal import journal, journal_export
from crm.office.links import page_link
from crm.office.report_days import report_days, report_recalculated
from crm.office.reports import report, reports
from crm.office.search import found as records
from crm.office.sidebar import SIDEBAR, Entry
from crm.office.sidebar import shown as entry_shown
from crm.office.stages import stages
from crm.office.stocktake import stocktake
from crm.office.store import export, store
from crm.office.store_acts import hold, labels
from crm.office.sums import RIGHT, sums
from crm.office.views import genealogy
from crm.office.waiting import waiting
from crm.people.models import SignIn


class OfficeSite(UnfoldAdminSite):
    """The office's admin site."""

    index_title = _("Сегодня")
    index_template = "office/index.html"
    enable_nav_sidebar = True
    empty_value_display = "—"
    login_form = SignInForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages that belong to no list."""
        picture = self.admin_view(genealogy, cacheable=True)
        return [
            path("lots/<int:lot>/genealogy.svg", picture, name="genealogy"),
            path("second-factor/", self._view(second_factor.page), name="second_factor"),
            path("store/", self._view(store), name="store"),
            path("store/export/<str:form>/", self.admin_view(export), name="store_export"),
            path("store/hold/", self._view(hold), name="store_hold"),
            path("store/labels/", self.admin_view(labels), name="store_labels"),
            path("totals/", self.admin_view(sums), name="sums"),
            path("stocktake/", self._view(stocktake), name="stocktake"),
            path("board/", self.admin_view(board), name="board"),
            path("equipment/", self.admin_view(equipment), name="equipment"),
            path("board/now/", self.admin_view(board_now), name="board_now"),
            path("control-charts/", self._view(control_charts), name="control_charts"),
            path("deviation-causes/", self._view(deviation_causes), name="deviation_causes"),
            path("health/", self._view(health), name="health"),
            path("journal/", self._view(journal), name="journal"),
            path(
                "journal/export/<str:form>/", self.admin_view(journal_export), name="journal_export"
            ),
            path("stages/", self._view(stages), name="stages"),
            path("forms/", self._view(forms.forms), name="forms"),
            path("forms/one/<str:form>/", self._view(forms.form), name="form"),
            path(
                "forms/one/<str:form>/picture.svg",
                self.admin_view(forms.form_picture, cacheable=True),
                name="form_picture",
            ),
            path(
                "forms/archive/<slug:version>/",
                self.admin_view(forms.archive),
                name="forms_archive",
            ),
            *self._form_changes(),
            path("import/", self._view(imports), name="imports"),
            path("import/template/", self.admin_view(import_template), name="import_template"),
            path("reports/", self._view(reports), name="reports"),
            path("made/<uuid:key>/", self._view(waiting), name="made"),
            path("reports/<str:report>/", self._view(report), name="report"),
            path("reports/<str:report>/days/", self._view(report_days), name="report_days"),
            path(
                "reports/<str:report>/days/recalculated/",
                self._view(report_recalculated),
                name="report_recalculated",
            ),
            *super().get_urls(),
        ]

    def _form_changes(self) -> list[URLPattern]:
        """Return the addresses where forms are changed."""
        return [
            path("forms/upload/", self.admin_view(change.forms_upload), name="forms_upload"),
            path(
                "forms/proposals/<uuid:proposal>/",
                self._view(change.forms_proposal),
                name="forms_proposal",
            ),
            path(
                "forms/proposals/<uuid:proposal>/publish/",
                self.admin_view(change.forms_publish),
                name="forms_publish",
            ),
            path(
                "forms/versions/<slug:version>/",
                self._view(change.forms_version),
                name="forms_version",
            ),
            path(
                "forms/versions/<slug:version>/roll-back/",
                self.admin_view(change.forms_roll_back),
                name="forms_roll_back",
            ),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page shows: the plant is called as in its forms."""
        return {**super().each_context(request), "site_header": program().project.plant.name}

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer the search box: records and people by what was typed, then pages of the office.
        Nothing is kept between requests: what an account may see changes."""
        word = request.GET.get("s", "").strip()
        if not word:
            return HttpResponse()
        pages = (
            SearchResult(str(entry.title), str(title), entry.address, entry.icon)
            for title, entries in SIDEBAR
            for entry in entries
            if fold(word) in fold(str(entry.title)) and entry.open_to(request.user)
        )
        found = [*records(request.user, word, timezone.now()), *pages]
        return TemplateResponse(request, "unfold/helpers/search_results.html", {"results": found})

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask who it is; a stay begins with the answer."""
        answer: HttpResponse = super().login(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            assert isinstance(request.user, User)
            begin(request)
            owes = second_factor.begin(request)
            first_admin.begin(request)
            outcome = SignIn.Outcome.PASSWORD if owes else SignIn.Outcome.ENTERED
            note_try(request, outcome, request.user)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Replace one's own password."""
        answer: HttpResponse = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            first_admin.changed(request)
        return answer

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the models of an app; none of all apps: the sidebar is this site's own, and to ask
        every model what an account may was two questions on every page, shown to nobody."""
        return super().get_app_list(request, app_label) if app_label else []

    def _view(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Return a page of this site, shown to staff alone."""
        view: Callable[..., HttpResponse] = self.admin_view(partial(page, site=self))
        return view

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the groups of the sidebar that this account may see, with what waits in each."""
        waiting = dashboard.waiting()
        home = {
            "title": gettext("Сегодня"),
            "icon": "home",
            "link": page_link("admin:index"),
            "active": request.path == page_link("admin:index"),
            "has_permission": True,
        }
        groups: list[dict[str, Any]] = [{"title": "", "items": [home]}]
        for title, entries in SIDEBAR:
            items = [
                self._entry(request, entry, waiting)
                for entry in entries
                if entry.open_to(request.user)
            ]
            if items:
                groups.append({"title": title, "items": items, "separator": True})
        return groups

    def _entry(
        self, request: HttpRequest, entry: Entry, waiting: dashboard.Waiting
    ) -> dict[str, Any]:
        address = page_link(entry.place)
        shown = bool(entry.page) or entry is entry_shown(request, entry.model)
        item: dict[str, Any] = {
            "title": entry.title,
            "icon": entry.icon,
            "link": entry.address,
            "active": request.path.startswith(address) and shown,
            "has_permission": True,
        }
        count = getattr(waiting, entry.counts) if entry.counts else 0
        if count:
            item |= {"badge": str(count), "badge_variant": "danger"}
        return item

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what happened today and what waits."""
        card = home(request) if request.user.has_perm(RIGHT) else None
        context = {"card": card, "steps": first_steps(request), **(extra_context or {})}
        page: TemplateResponse = super().index(request, context)
        return page
