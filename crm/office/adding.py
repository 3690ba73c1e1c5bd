"""Records that the office makes by an operation of the plant: a form, one transaction, the card.

Start at `Adding`; `AddingAdmin` is a card page with one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from crm.office import acts
from crm.office.corrected import CorrectedAdmin, given_by, session_of
from crm.office.correction import Asks, Given
from crm.office.language import in_russian, said
from crm.office.links import link, list_link
from crm.office.rights import account_roles
from engine.errors import Refused


@dataclass(frozen=True, slots=True)
class Adding:
    """How a record is added: `may` are the roles that add one, `asks` the fields of the form; `do`
    returns the row, the same one for one session, and raises Refused."""

    title: str | Promise
    explains: str | Promise
    may: Callable[[], Collection[str]]
    asks: Callable[[], Asks]
    do: Callable[[Given], Any]

    def form(self, data: Any = None) -> forms.Form:
        """Return the form, filled from a request."""
        made: forms.Form = type("AddingForm", (forms.Form,), {**self.asks()})(data, label_suffix="")
        return made


class AddingAdmin(CorrectedAdmin):
    """A card page whose list has «Добавить»."""

    adding: ClassVar[Adding]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has one of the roles that add."""
        return not account_roles(request.user).isdisjoint(self.adding.may())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, and add what was asked for."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, error = self.adding.form(request.POST if request.method == "POST" else None), ""
        if form.is_valid():
            try:
                with transaction.atomic():
                    record = self.adding.do(given_by(request, form))
            except Refused as refused:
                error = said(refused.refusal.said)
            else:
                why = str(form.cleaned_data.get("reason", ""))
                told = acts.ADDED_WHY if why else acts.ADDED
                with in_russian():  # a freezer is called in the language of the page
                    kept = told.with_values({"record": str(record), "why": why})
                self.log_addition(request, record, str(kept))
                done = told.with_values({"record": str(record), "why": why})
                messages.success(request, said(done))
                return HttpResponseRedirect(link(record))
        context = {
            **self.admin_site.each_context(request),
            "title": self.adding.title,
            "opts": self.opts,
            "adding": self.adding,
            "form": form,
            "error": error,
            "session": session_of(request),
            "back": list_link(self.model),
        }
        return TemplateResponse(request, "office/adding.html", context)
