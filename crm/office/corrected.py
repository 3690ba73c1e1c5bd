"""Cards whose records can be corrected: a form, what it will change, «Применить» (domain 11.4).

Start at `CorrectedAdmin.corrections`; what a correction is stands in `correction.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from crm.office import acts, past, signing
from crm.office.base import CardAdmin, acting
from crm.office.correction import REASON, Correction, Given, locked
from crm.office.language import said
from crm.office.links import command_link, link
from crm.office.models import Asked
from crm.office.preview import preview
from crm.office.rights import account_roles, acting_as
from crm.people.hands import SameHands
from engine.errors import Refusal, Refused
from engine.languages.message import Message

CHANGED = Message(
    "Запись изменилась, пока вы смотрели: или команда уже применена, или её изменил кто-то ещё. "
    "Проверьте снова, что изменится"
)


class CorrectedAdmin(CardAdmin):
    """A card with corrections, each a page of its own at `<id>/<name>/`."""

    corrections: ClassVar[tuple[Correction, ...]] = ()

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the corrections."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        mine = [
            path(
                f"<path:object_id>/{one.name}/",
                self.admin_site.admin_view(self._page_of(one)),
                name=f"{name}_{one.name}",
            )
            for one in self.corrections
        ]
        return [*mine, *super().get_urls()]

    def more(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Add the corrections that the reader of the card may make now."""
        return {**super().more(request, record), "corrections": self._offered(request, record)}

    def _offered(self, request: HttpRequest, record: Any) -> list[tuple[str, str, str]]:
        roles = account_roles(request.user)
        return [
            (said(one.title()), command_link(record, one.name), one.tone)
            for one in self.corrections
            if one.stands(record) and not roles.isdisjoint(one.may())
        ]

    def _page_of(self, correction: Correction) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if account_roles(request.user).isdisjoint(correction.may()):
                raise PermissionDenied
            record = self.get_object(request, object_id)
            if record is None:
                return self._missing(request, object_id)
            asked = signing.asked_for(self.page, record, correction)
            if asked is not None:
                return self._answer(request, correction, record, asked)
            return self._correct(request, correction, record)

        return view

    def _correct(self, request: HttpRequest, correction: Correction, record: Any) -> HttpResponse:
        """Ask, show what will change, and do it when that was seen."""
        step = request.POST.get("step", "") if request.method == "POST" else "ask"
        form = correction.form(record, request.POST if request.method == "POST" else None)
        error, sections, seen_at = "", None, past.mark(record)
        if step in ("show", "apply") and form.is_valid():
            given = given_by(request, form)
            two = correction.two(record, given.values)
            try:
                if step == "apply":
                    return self._apply(request, correction, record, given, two=two)
                seen = replace(given, second=signing.somebody()) if two else given
                sections = preview(partial(correction.do, record, seen), given.at)
            except Refused as refused:
                error = said(refused.refusal.said)
        shown = {
            "sections": sections,
            "error": error,
            "two": sections is not None and two,
            "seen": seen_at,
        }
        form = kept(form) if sections is not None else form
        return self._shown(request, correction, record, {**shown, "form": form})

    def _apply(
        self, request: HttpRequest, correction: Correction, record: Any, given: Given, *, two: bool
    ) -> HttpResponse:
        with transaction.atomic():
            _refuse_changed(request, record)
            if two:
                signing.ask(self.page, record, correction, given, request.POST)
                told = acts.WAITS
            else:
                correction.do(record, given)
                told = acts.APPLIED
        return self._done(request, correction, record, given.reason, told)

    def _answer(
        self, request: HttpRequest, correction: Correction, record: Any, asked: Asked
    ) -> HttpResponse:
        """Show what the first person asked for, and take the answer to it."""
        step = request.POST.get("step", "") if request.method == "POST" else ""
        me, at, error, sections = acting(request), timezone.localtime(), "", []
        seen_at = past.mark(record)
        form = signing.form_of(asked, correction, record)
        try:
            if step == "decline":
                why = request.POST.get("declined", "").strip()
                signing.decline(asked, correction, record, me, at, why)
                told = acts.DECLINED
                return self._done(request, correction, record, why, told)
            given = signing.given_by_two(asked, form, me, at)
            if step == "confirm":
                with transaction.atomic():
                    _refuse_changed(request, record)
                    signing.confirm(asked, correction, record, me, at)
                    correction.do(record, given)
                told = acts.APPLIED
                return self._done(request, correction, record, given.reason, told)
            if asked.asked_by == me:
                given = replace(given, second=signing.somebody())
            sections = preview(partial(correction.do, record, given), at)
        except Refused as refused:
            error = said(refused.refusal.said)
            if step == "confirm" and isinstance(refused, SameHands):
                told = acts.NOT_CONFIRMED.with_values({"why": str(refused.refusal.said)})
                self.log_change(request, record, str(told))
        shown = {
            "sections": sections,
            "error": error,
            "mine": asked.asked_by == me,
            "seen": seen_at,
            "declined": request.POST.get("declined", ""),
            "lengths": REASON,
        }
        return self._shown(request, correction, record, {**shown, "form": form, "asked": asked})

    def _shown(
        self, request: HttpRequest, correction: Correction, record: Any, shown: dict[str, Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": said(correction.title()),
            "opts": self.opts,
            "original": record,
            "correction": correction,
            "session": session_of(request),
            "back": link(record),
            **shown,
        }
        return TemplateResponse(request, "office/correction.html", context)

    def _done(
        self, request: HttpRequest, correction: Correction, record: Any, reason: str, told: Message
    ) -> HttpResponse:
        done = told.with_values({"log": acts.command(correction, reason)})
        self.log_change(request, record, str(done))
        messages.success(request, said(done))
        return HttpResponseRedirect(link(record))


def _refuse_changed(request: HttpRequest, record: Any) -> None:
    """Refuse to do anything but what was looked at: the record is as it was then. Sent twice, it is
    done once."""
    seen = request.POST.get("seen")
    if seen is not None and past.mark(locked(record)) != seen:
        raise Refused(Refusal(CHANGED))


def given_by(request: HttpRequest, form: forms.Form) -> Given:
    """Return what a valid form of a request gives, and who gives it."""
    values = dict(form.cleaned_data)
    reason = values.pop("reason", "")
    at, session = timezone.localtime(), session_of(request)
    return Given(acting(request), acting_as(request), at, session, reason, values)


def session_of(request: HttpRequest) -> UUID:
    """Return the key of a form, the same however often it is sent; a new one for a new form."""
    try:
        return UUID(request.POST.get("session", ""))
    except ValueError:  # a new form
        return uuid4()


def kept(form: forms.Form) -> forms.Form:
    """Keep what was typed in a form without showing it: what is applied is what was looked at."""
    for bound in form.fields.values():
        bound.widget = bound.hidden_widget()
    return form
