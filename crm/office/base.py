"""What the office's pages have in common: 50 rows, totals, search that knows Russian, cards of
facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, cast

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from crm.fields import fold
from crm.office.card import Card, Command
from crm.office.language import said
from crm.people.models import Person
from crm.people.operations.save_person import person_of
from engine.errors import Refused
from engine.model.values import show_number

# What the log keeps of a command where the answer holds a secret.
TOLD = {"invite": _("Выдан код приглашения")}

M = TypeVar("M", bound=Callable[..., Any])


def column(
    *,
    description: str | Promise,
    ordering: str | None = None,
    label: Mapping[str, str] | None = None,
    header: bool = False,
    boolean: bool | None = None,
) -> Callable[[M], M]:
    """Make a method a column of a list. `label` colours the first of the two texts that the method
    returns, `header` shows the second one below the first."""
    decorate = display(
        description=description, ordering=ordering, label=label, header=header, boolean=boolean
    )
    return cast(Callable[[M], M], decorate)


class OfficeAdmin(ModelAdmin):
    """A list and a form. Nothing is ever deleted in the office.

    `totals` names columns whose kilograms are summed over the page and over the whole filter;
    `folded` the columns that hold folded names, searched ignoring case in any alphabet."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    actions_on_top = True
    totals: ClassVar[dict[str, str | Promise]] = {}
    folded: ClassVar[tuple[str, ...]] = ()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody deletes: things are deactivated, cancelled or reversed."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the plain columns as they are typed and the folded ones ignoring case."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term or not self.folded:
            return found, duplicates
        named = Q()
        for column in self.folded:
            named |= Q(**{f"{column}__contains": fold(search_term)})
        plain = Q(pk__in=found.values("pk")) if self.search_fields else Q()
        return queryset.filter(named | plain), duplicates

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with its totals."""
        name = str(self.opts.verbose_name_plural)
        titled = {"title": name[:1].upper() + name[1:], **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, titled)
        if self.totals and isinstance(response, TemplateResponse) and response.context_data:
            changelist = response.context_data.get("cl")
            if changelist is not None:
                response.context_data["totals"] = self._totals(changelist)
        return response

    def _totals(self, changelist: ChangeList) -> list[dict[str, str | Promise]]:
        """Sum the columns over the page and over the whole filter, in one query."""
        whole = changelist.queryset.order_by().aggregate(
            **{f"sum_{name}": Sum(name) for name in self.totals}
        )
        page = list(changelist.result_list)
        return [
            {
                "title": title,
                "page": show_number(sum(getattr(row, name) or Decimal(0) for row in page), 3),
                "filter": show_number(whole[f"sum_{name}"] or Decimal(0), 3),
            }
            for name, title in self.totals.items()
        ]


class CommandAdmin(OfficeAdmin):
    """A page with commands: buttons that ask in a dialog and POST.

    `commands` names methods `(request, record) -> text said on success` with the permission that
    each needs; it is reached at `<id>/<name>/`. `offered` says which are shown now."""

    commands: ClassVar[dict[str, str]] = {}
    change_form_outer_before_template = "office/commands.html"

    def offered(self, request: HttpRequest, record: Any) -> Sequence[Command]:
        """Return the commands that make sense for a record now."""
        return ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the commands to the form's page."""
        record = context.get("original")
        if record is not None and self.has_change_permission(request, record):
            context["commands"] = self.offered(request, record)
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the commands."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        mine = [
            path(
                f"<path:object_id>/{command}/",
                self.admin_site.admin_view(self._command(command, permission)),
                name=f"{name}_{command}",
            )
            for command, permission in self.commands.items()
        ]
        return [*mine, *super().get_urls()]

    def _missing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that there is no such record and lead to the list."""
        messages.warning(request, gettext("Записи {number} нет").format(number=object_id))
        opts = self.opts
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))

    def _command(self, name: str, permission: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            if not request.user.has_perm(permission):
                raise PermissionDenied
            record = self.get_object(request, object_id)
            if record is None:
                return self._missing(request, object_id)
            try:
                done = getattr(self, name)(request, record)
            except Refused as refused:
                messages.error(request, said(refused.refusal.said))
            else:
                self.log_change(request, record, TOLD.get(name, done))
                messages.success(request, done)
            return HttpResponseRedirect(link(record))

        return view


class CardAdmin(CommandAdmin):
    """Facts: a list, and a card instead of a form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Facts come from operations."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Facts are never edited in place."""
        return False

    def card(self, request: HttpRequest, record: Any) -> Card:
        """Return what the card of a record shows."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the card."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        record = self.get_object(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._missing(request, object_id)
        card = self.card(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": card.title,
            "opts": self.opts,
            "original": record,
            "card": card,
            "commands": self.offered(request, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "office/card.html", context)


class IntakeRangeFilter(RangeDateTimeFilter):
    """A range of date and time with one or both ends open; without a time the whole day counts."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep rows inside the range; an unreadable date is no bound."""
        bounds = {}
        for end, lookup, whole_day in (("from", "gte", time.min), ("to", "lte", time.max)):
            moment = self._moment(end, whole_day)
            if moment:
                bounds[f"{self.parameter_name}__{lookup}"] = moment
        return queryset.filter(**bounds)

    def _moment(self, end: str, whole_day: time) -> datetime | None:
        day = str(self.used_parameters.get(f"{self.parameter_name}_{end}_0") or "")
        clock = str(self.used_parameters.get(f"{self.parameter_name}_{end}_1") or "")
        for form in ("%d.%m.%Y", "%Y-%m-%d"):
            try:
                parsed = datetime.strptime(day, form).date()  # noqa: DTZ007 - the zone comes below
                at = (parse_time(clock) if clock else None) or whole_day
            except ValueError:
                continue
            return timezone.make_aware(datetime.combine(parsed, at))
        return None


def link(record: models.Model, page: str = "change") -> str:
    """Return the address of a record's page; empty for a kind that has none."""
    opts = record._meta
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])
    except NoReverseMatch:
        return ""


def command_link(record: models.Model, command: str) -> str:
    """Return the address to which a command of a record is POSTed."""
    return link(record, command)


def acting(request: HttpRequest) -> Person:
    """Return the person who gives a command in the office."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return person_of(request.user)


def choices_of(people: Sequence[Person] | QuerySet[Person]) -> list[tuple[str, str]]:
    """Return people as options of a list."""
    return [(str(person.pk), person.full_name) for person in people]
