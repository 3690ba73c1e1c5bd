"""What the office's lists have in common: 50 rows, totals, search that knows Russian, columns that
each account chooses for itself, exports of exactly what is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http import HttpResponseRedirect as Redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from unfold.admin import ModelAdmin

from crm.fields import fold
from crm.office import exports
from crm.office.amounts import total, total_of_few
from crm.office.columns import title_of
from crm.office.links import list_link
from crm.office.models import ColumnSet
from crm.office.numbers import numbered, of_year
from crm.office.paging import RowList, Rows, page_in
from crm.office.saved import SavingFilters, kept
from engine.model.values import show_number

LONGEST = 200  # characters of a search


class OfficeAdmin(SavingFilters, ModelAdmin):
    """A list and a form. Nothing is ever deleted in the office.

    `totals` names columns whose kilograms are summed over the page and over the whole filter;
    `summed_lines` about how many lines of other tables that takes for a row;
    `folded` the columns that hold folded names, searched ignoring case in any alphabet; `numbers`
    those of numbers (`numbers.py`);
    `more_columns` those that are shown only to whoever asks for them; `list_title` is what the
    list is called where its records' name will not do; `comes` says where records come from, to
    whoever sees an empty list."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    actions_on_top = True
    list_before_template = "office/tools.html"
    list_after_template = "office/totals.html"
    paginator = Rows
    list_title: ClassVar[str | Promise] = ""
    comes: ClassVar[str | Promise] = ""
    totals: ClassVar[dict[str, str | Promise]] = {}
    summed_lines: ClassVar[int] = 1
    folded: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[tuple[str, ...]] = ()
    more_columns: ClassVar[tuple[str, ...]] = ()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody deletes: things are deactivated, cancelled or reversed."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the plain columns as they are typed, the folded ones ignoring case, those of
        numbers as numbers; of a long text its beginning: a condition a word, of thousands, would
        be more than a database takes."""
        search_term = search_term[:LONGEST]
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term or not (self.folded or self.numbers):
            return found, duplicates
        named = of_year(self.model, search_term)
        for column in self.folded:
            named |= Q(**{f"{column}__contains": fold(search_term)})
        for column in self.numbers:
            named |= numbered(column, search_term)
        others = {*self.search_fields} - {f"={column}" for column in self.numbers}
        plain = Q(pk__in=found.values("pk")) if others else Q()
        return queryset.filter(named | plain), duplicates

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the columns, of the exports and of the totals of a long list."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("columns/", view(self.choose_columns), name=f"{name}_columns"),
            path("export/<str:form>/", view(self.export), name=f"{name}_export"),
            path("totals/", view(self.whole), name=f"{name}_totals"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RowList]:
        """Return a list that may be long."""
        return RowList

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Rows:
        """Return the pages of a list, which know where the wanted one begins."""
        pages: Rows = super().get_paginator(request, *args, **kwargs)
        _page, pages.mark = page_in(request)
        return pages

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        """Return the columns that this account chose; the first one is always there."""
        chosen = self.remembered(request).columns
        usual = [str(name) for name in self.list_display]
        if chosen is None:
            return usual
        return [
            name
            for at, name in enumerate((*usual, *self.more_columns))
            if at == 0 or name in chosen
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with its tools and its totals."""
        titled = {"title": self.list_name, **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, titled)
        if isinstance(response, TemplateResponse) and response.context_data:
            changelist = response.context_data.get("cl")
            if changelist is not None:
                response.context_data["totals"] = self._totals(changelist)
                response.context_data["tools"] = self._tools(request, changelist)
        return response

    def choose_columns(self, request: HttpRequest) -> HttpResponse:
        """Keep the columns that an account wants to see; without any, the usual ones again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = set(request.POST.getlist("column"))
        known = [str(name) for name in (*self.list_display, *self.more_columns)]
        mine = ColumnSet.objects.filter(account=request.user.pk, page=self.page)
        if "usual" in request.POST or not wanted & {*known}:
            mine.delete()
        else:
            kept = [name for name in known if name in wanted]
            mine.update_or_create(
                account_id=request.user.pk, page=self.page, defaults={"columns": kept}
            )
        return Redirect(list_link(self.model, request.GET.urlencode()))

    def export(self, request: HttpRequest, form: str) -> HttpResponse:
        """Give the whole filtered list as a file, in the columns that the account sees."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        if form not in exports.MIMES:
            raise Http404
        changelist = self.get_changelist_instance(request)
        names = [name for name in changelist.list_display if name != "action_checkbox"]
        wanted = exports.List(self, names, changelist.queryset)
        return exports.give(request, wanted, form)

    @property
    def list_name(self) -> str:
        """What stands above the list, in the language of the page."""
        name = str(self.list_title or self.opts.verbose_name_plural)
        return name[:1].upper() + name[1:]

    def _tools(self, request: HttpRequest, changelist: ChangeList) -> dict[str, Any]:
        """Return what stands above the list: its columns to tick, its exports."""
        query = request.GET.urlencode()
        known = [str(name) for name in (*self.list_display, *self.more_columns)]
        return {
            "columns": [(name, title_of(self, name), name in changelist.list_display)
                        for name in known[1:]],
            "choose": f"{reverse(f'admin:{self.page}_columns')}?{query}",
            "exports": [
                (title, f"{reverse(f'admin:{self.page}_export', args=[form])}?{query}")
                for form, title in (("xlsx", "Excel"), ("csv", "CSV"))
            ],
            "ways": self.ways(request),
            **self.saved_filters(request),
            "empty": self._empty(request, changelist),
        }  # fmt: skip

    def _empty(self, request: HttpRequest, changelist: ChangeList) -> str:
        """Say what to do about a list without rows."""
        if changelist.result_count or kept(request):
            return ""
        return str(self.comes)

    def ways(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return what stands above the list besides: titles with addresses; of most, nothing."""
        return []

    def beside(self, rows: Sequence[Any]) -> None:
        """Read what some rows show that their own query does not give; of most lists, nothing."""

    def whole(self, request: HttpRequest) -> HttpResponse:
        """Count and sum a long list, whose page stands already."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset
        context = {
            "count": rows.order_by().values("pk").count(),
            "sums": [show_number(one, 3) for one in total(rows, [*self.totals]).values()],
        }
        return TemplateResponse(request, "office/whole.html", context)

    def _totals(self, changelist: RowList) -> list[dict[str, str | Promise]]:
        """Sum the columns over the page and, unless it is long, over the whole filter."""
        short = self.totals and not changelist.counted_at
        whole = total_of_few(changelist.queryset, [*self.totals]) if short else {}
        page = list(changelist.result_list)
        return [
            {
                "title": title,
                "page": show_number(sum(getattr(row, name) or Decimal(0) for row in page), 3),
                "filter": show_number(whole[name], 3) if name in whole else "",
            }
            for name, title in self.totals.items()
        ]
