"""Pages of lists of any length: what is shown costs as much on the last page as on the first.

Up to 50,000 rows are counted at once, and as many lines of them summed. A longer list is not
counted with its page: its pages are those from the beginning (1, 2, …) and those from the end (−1,
−2, …), links to those beside the open one name the row where they begin (`marks.py`), and the page
asks for the number and the sums when it stands. A number alone leads no further than `DEEPEST` rows
from either end: to count off what stands before it takes the longer the deeper it lies. Which rows
are on a page is asked by their keys alone, what they show for these fifty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from unfold.views import ChangeList

from crm.office.links import link
from crm.office.marks import Mark, beside, read, takes_marks

if TYPE_CHECKING:
    _Pages = Paginator[Any]
else:
    _Pages = Paginator
AT_ONCE = 50_000  # rows that are counted and summed with the page
DEEPEST = 250_000  # rows of a long list that are counted off before a page


class Rows(_Pages):
    """The pages of a filtered list. `count` of a long one is AT_ONCE + 1."""

    object_list: QuerySet[Any]
    mark: Mark | None = None  # where the wanted page of a long list begins
    opened = 0  # the page that was given

    @cached_property
    def count(self) -> int:
        """How many rows there are; of a long list, that there are more than are counted."""
        return self.object_list.order_by().values("pk")[: AT_ONCE + 1].count()

    @property
    def long(self) -> bool:
        """Tell whether there are more rows than are counted with a page."""
        return self.count > AT_ONCE

    def page(self, number: int | str) -> Page[Any]:
        """Return a page; one below zero counts from the end. Of a long list it is the deepest that
        a number may lead to when the wanted one lies deeper and nothing marks where."""
        at = int(number)
        if not self.long:
            return self._page(at if at > 0 else max(1, self.num_pages + 1 + at))
        ordered, begin, back = self._onward(at)
        if begin > DEEPEST:
            last = 1 + DEEPEST // self.per_page
            return self.page(last if at > 0 else -last)
        self.opened = at
        keys = list(ordered.values_list("pk", flat=True)[begin : begin + self.per_page])
        if not keys:
            raise EmptyPage(gettext("Такой страницы нет"))
        return Page(self._rows(keys[::-1] if back else keys), at, self)

    def get_elided_page_range(
        self, number: float | str = 1, *, on_each_side: int = 3, on_ends: int = 2
    ) -> Any:
        """Return the pages that are offered; of a long list those around the open one, the first
        and the last."""
        if not self.long:
            return super().get_elided_page_range(number, on_each_side=on_each_side, on_ends=on_ends)
        at = int(number) or 1
        near = [one for one in range(at - 1, at + 2) if one * at > 0]
        return list(dict.fromkeys([1, *near, -1]))

    def _onward(self, at: int) -> tuple[QuerySet[Any], int, bool]:
        """Return the rows of a long list from where a page of it is near, how many of them stand
        before it, whether they go backwards."""
        found = beside(self.object_list, self.mark) if self.mark else None
        if self.mark and found is not None:
            return found, 0, self.mark.before
        ordered = self.object_list if at > 0 else self.object_list.reverse()
        return ordered, (abs(at) - 1) * self.per_page if at else 0, at <= 0

    def _page(self, at: int) -> Page[Any]:
        number = self.validate_number(at)
        begin = (number - 1) * self.per_page
        ordered = sorted_apart(self.object_list)
        keys = list(ordered.values_list("pk", flat=True)[begin : begin + self.per_page])
        return Page(self._rows(keys), number, self)

    def _rows(self, keys: list[Any]) -> list[Any]:
        """Read the rows of a page in its order."""
        found = {row.pk: row for row in self.object_list.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


class RowList(ChangeList):
    """A list of the office: its pages, and where a long one is counted."""

    paginator: Rows
    result_list: Any
    page_num: int

    def get_results(self, request: HttpRequest) -> None:
        """Read a page; of a short list one is numbered from the beginning."""
        self.page_num, _mark = page_in(request)
        try:
            super().get_results(request)
        except OverflowError as error:  # SQLite: a number in the filter that no column holds
            raise IncorrectLookupParameters from error
        self._tell_of_another_page(request)
        self.result_list = list(self.result_list)
        self.model_admin.beside(self.result_list)
        if self.page_num < 1 and not self.paginator.long:
            self.page_num = max(1, self.paginator.num_pages + 1 + self.page_num)

    def _tell_of_another_page(self, request: HttpRequest) -> None:
        """Say that the wanted page lies too deep, and how one comes there."""
        if self.paginator.opened in (0, self.page_num):
            return
        self.page_num = self.paginator.opened
        text = gettext(
            "Так глубоко страницы не отсчитываются. Показана ближайшая: {page}. Дальше ведут "
            "ссылки под списком; быстрее сузить список фильтром или поиском."
        )
        messages.warning(request, text.format(page=_title(self.page_num)))

    def url_for_result(self, result: Any) -> str:
        """Lead from a row to its card."""
        return link(result)

    @property
    def counted_at(self) -> str:
        """Where a list is counted and summed that is long, by itself or by the lines of its rows
        that are summed; empty for one that already is."""
        lines = self.model_admin.summed_lines if self.model_admin.totals else 1
        if self.paginator.count * lines <= AT_ONCE:
            return ""
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_totals"
        return f"{reverse(page)}{self.get_query_string()}"  # without the page, which is no filter

    @property
    def long_pages(self) -> list[dict[str, Any]]:
        """The links to the pages of a long list."""
        return [
            {
                "title": _title(at),
                "href": self.get_query_string({PAGE_VAR: self._named(at)}),
                "open": at == self.page_num,
            }
            for at in self.paginator.get_elided_page_range(self.page_num)
        ]

    def _named(self, page: int) -> str:
        """Return how an address names a page: the first and the last by their numbers alone, those
        beside the open one with where they begin."""
        rows = self.result_list
        if page in (1, -1) or abs(page - self.page_num) != 1 or not rows:
            return str(page)
        if not takes_marks(self.queryset):
            return str(page)
        before = page < self.page_num
        return Mark(str(rows[0 if before else -1].pk), before).of(page)


def page_in(request: HttpRequest) -> tuple[int, Mark | None]:
    """Return which page of a list is wanted, and where it begins if the address says so."""
    return read(request.GET.get(PAGE_VAR, ""))


def sorted_apart(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return filtered rows in their order such that the database finds all of them and sorts them.
    It takes what a filter leaves to be spread evenly over an index of the order and would walk that
    from its end: to the events of a week of years ago, past those of the years between."""
    order = rows.query.order_by
    first = order[0] if order else None
    if not rows.query.where or not isinstance(first, str):
        return rows
    name = first.removeprefix("-")
    own = {one.name for one in rows.model._meta.concrete_fields if not one.is_relation}
    if name not in own:
        return rows
    value = Coalesce(F(name), F(name))  # the column's value, which is no column of an index
    return rows.order_by(value.desc() if first.startswith("-") else value.asc(), *order[1:])


def _title(page: int) -> str:
    if page > 0:
        return str(page)
    last = gettext("Последняя")
    return last if page == -1 else gettext("{number}-я с конца").format(number=-page)
