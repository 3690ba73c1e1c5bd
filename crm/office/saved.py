"""Saved filters of a list: each account's own, by name, at an address that anyone who may read the
list can be given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from crm.office.links import list_link
from crm.office.models import ColumnSet, SavedFilter
from crm.office.numbers import is_id

MOST = 2000  # characters of a filter
NOT_KEPT = ("p", "_changelist_filters")  # which page was open is no filter

if TYPE_CHECKING:
    from unfold.admin import ModelAdmin as _Page
else:
    _Page = object


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an account wants of a list: its columns (None: the usual ones), its filters as id, name
    and query, by name."""

    columns: frozenset[str] | None
    filters: tuple[tuple[int, str, str], ...]


class SavingFilters(_Page):
    """What a list adds: `saved/` keeps and forgets, `saved/<id>/` leads to a kept one."""

    @property
    def page(self) -> str:
        """The name of the list."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def get_urls(self) -> list[URLPattern]:
        """Add the two addresses."""
        view = self.admin_site.admin_view
        return [
            path("saved/", view(self.save_filter), name=f"{self.page}_saved"),
            path("saved/<int:saved>/", view(self.open_filter), name=f"{self.page}_shared"),
            *super().get_urls(),
        ]

    def save_filter(self, request: HttpRequest) -> HttpResponse:
        """Keep the present filter under a name, the same name anew, or forget one of one's own."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        query, name = kept(request), " ".join(request.POST.get("name", "").split())[:60]
        mine = SavedFilter.objects.filter(account=request.user.pk, page=self.page)
        forgotten = request.POST.get("forget", "")
        if is_id(forgotten):
            mine.filter(pk=int(forgotten)).delete()
        elif name and len(query) <= MOST:
            mine.update_or_create(
                account_id=request.user.pk, page=self.page, name=name, defaults={"query": query}
            )
            messages.success(request, gettext("Фильтр «{name}» сохранён").format(name=name))
        return HttpResponseRedirect(list_link(self.model, query))

    def open_filter(self, request: HttpRequest, saved: int) -> HttpResponse:
        """Show the list as somebody filtered it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = SavedFilter.objects.filter(pk=saved, page=self.page).first()
        if found is None:
            messages.warning(request, gettext("Такого фильтра больше нет"))
        return HttpResponseRedirect(list_link(self.model, found.query if found else ""))

    def saved_filters(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the tools of the list show: the account's filters, the open one marked."""
        query = kept(request)
        return {
            "save": f"{reverse(f'admin:{self.page}_saved')}?{query}",
            "filtered": bool(query),
            "saved": [
                {
                    "pk": pk,
                    "name": name,
                    "href": reverse(f"admin:{self.page}_shared", args=[pk]),
                    "open": own == query,
                }
                for pk, name, own in self.remembered(request).filters
            ],
        }

    def remembered(self, request: HttpRequest) -> Remembered:
        """Read once a request what its account wants of this list, in one query; a row without a
        name is of the columns."""
        seen = vars(request)
        if "office_remembered" not in seen:
            mine = {"account": request.user.pk, "page": self.page}
            nameless = Value("", output_field=TextField())
            columns = ColumnSet.objects.filter(**mine).annotate(
                name=nameless, query=Cast("columns", TextField())
            )
            filters = SavedFilter.objects.filter(**mine).values_list("pk", "name", "query")
            both = filters.union(columns.values_list("pk", "name", "query"), all=True)
            rows = sorted(both, key=lambda row: row[1])
            chosen = next((frozenset(json.loads(row[2])) for row in rows if not row[1]), None)
            seen["office_remembered"] = Remembered(chosen, tuple(row for row in rows if row[1]))
        found: Remembered = seen["office_remembered"]
        return found


def kept(request: HttpRequest) -> str:
    """Return the filter of a request as a query."""
    query = request.GET.copy()
    for name in NOT_KEPT:
        query.pop(name, None)
    return query.urlencode()
