"""Pages of records: commands that POST, and cards, in place of forms or beside them. `lists.py` is
their lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext

from crm.office import acts, exports, parts, sheets
from crm.office.card import Card, Command
from crm.office.language import in_russian, said
from crm.office.links import link, list_link
from crm.office.lists import OfficeAdmin
from crm.office.named import Called
from crm.people.models import Person
from crm.people.operations.save_person import person_of
from engine.errors import Refused

# What the log keeps of a command where the answer holds a secret.
TOLD = {"invite": acts.INVITED}


class CommandAdmin(OfficeAdmin):
    """A page with commands: buttons that ask in a dialog and POST.

    `commands` names methods `(request, record) -> text said on success` with the permission that
    each needs; it is reached at `<id>/<name>/`. `offered` says which are shown now. A command may
    answer with a page of its own instead: then `TOLD` says what the log keeps."""

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
        return HttpResponseRedirect(list_link(self.model))

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
                self.log_change(request, record, str(TOLD.get(name, done)))
                if isinstance(done, HttpResponse):
                    return done
                messages.success(request, said(done))
            return HttpResponseRedirect(link(record))

        return view


class Carded(CommandAdmin):
    """A page whose records have a card, also as a workbook."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the workbook."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_sheets"
        view = self.admin_site.admin_view(self.sheets)
        return [path("<path:object_id>/sheets/", view, name=name), *super().get_urls()]

    def card(self, request: HttpRequest, record: Any) -> Card:
        """Return what the card of a record shows."""
        raise NotImplementedError

    def card_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows as a card reads them: those of the list, unless a page needs less."""
        rows: QuerySet[Any] = self.get_queryset(request)
        return rows

    def more(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Return what the template of the card gets besides."""
        return {}

    def _of_card(self, request: HttpRequest, object_id: str) -> Any:
        try:
            return self.card_rows(request).get(pk=self.opts.pk.to_python(object_id))
        except (self.model.DoesNotExist, ValidationError, ValueError, OverflowError):
            return None

    def sheets(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the card as a workbook: what is on the screen, numbers as numbers."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self._of_card(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._missing(request, object_id)
        card = parts.settled(self.card(request, record))
        with in_russian():  # what it is called goes on record
            exports.record(request, self.model, str(record), acts.CARD_EXPORTED)
        name = f"{sheets.plain_name(card.title)}.xlsx"
        return exports.answer(name, exports.MIMES["xlsx"], sheets.workbook(card))

    def show_card(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the card."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        record = self._of_card(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._missing(request, object_id)
        card = parts.settled(self.card(request, record))
        context = {
            **self.admin_site.each_context(request),
            "title": card.title,
            "opts": self.opts,
            "original": Called(record),
            "card": card,
            "commands": self.offered(request, record),
            "sheets": link(record, "sheets"),
            **self.more(request, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "office/card.html", context)


class CardAdmin(Carded):
    """Facts: a list, and a card instead of a form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Facts come from operations."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Facts are never edited in place."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the card."""
        return self.show_card(request, object_id, extra_context)


def acting(request: HttpRequest) -> Person:
    """Return the person who gives a command in the office."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return person_of(request.user)


def choices_of(people: Sequence[Person] | QuerySet[Person]) -> list[tuple[str, str]]:
    """Return people as options of a list."""
    return [(str(person.pk), person.full_name) for person in people]
