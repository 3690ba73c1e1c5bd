"""What is done with the pallets that are ticked on «Склад ГП» (domain 11.3): «Заблокировать» and
«Этикетки». What becomes a shipment stands in `shipping.py`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from crm.bridge.files import open_files
from crm.bridge.papers import PaperMaker
from crm.bridge.program import program
from crm.office import acts, exports
from crm.office.base import acting
from crm.office.corrected import given_by, kept, session_of
from crm.office.correction import Asks, Given
from crm.office.holding import HOLD, hold_all, hold_asks
from crm.office.language import in_russian, said
from crm.office.numbers import is_id
from crm.office.preview import preview
from crm.office.rights import account_roles
from crm.office.store import RIGHT
from crm.production.models import Pallet
from crm.production.shippable import ON_STOCK
from engine.documents import pdf
from engine.errors import Refusal, Refused
from engine.model.effects import Paper

MOST = 50  # pallets at once: labels of more take longer than a request may
LABEL = "pallet_label"


@require_POST
def hold(request: HttpRequest, site: Any) -> HttpResponse:
    """«Заблокировать»: ask why, show what will change, hold all of the pallets or none."""
    if not request.user.has_perm(RIGHT) or account_roles(request.user).isdisjoint(HOLD.may()):
        raise PermissionDenied
    pallets, step, error, sections = _ticked(request), request.POST.get("step", ""), "", None
    try:
        _refuse_number(pallets)
    except Refused as refused:
        return _back(request, messages.ERROR, said(refused.refusal.said))
    command = replace(HOLD, asks=_asks, do=_hold)
    form = command.form(pallets, request.POST if step else None)
    try:
        if step in ("show", "apply") and form.is_valid():
            given = given_by(request, form)
            if step == "apply":
                return _apply(request, pallets, given)
            sections = preview(partial(_hold, pallets, given), given.at)
            form = kept(form)
    except Refused as refused:
        error = said(refused.refusal.said)
    context = {
        **site.each_context(request),
        "title": HOLD.title(),
        "opts": Pallet._meta,
        "original": _numbers(pallets),
        "correction": command,
        "session": session_of(request),
        "back": reverse("admin:store"),
        "form": form,
        "sections": sections,
        "error": error,
    }
    return TemplateResponse(request, "office/correction.html", context)


@require_POST
def labels(request: HttpRequest) -> HttpResponse:
    """«Этикетки»: print the labels anew, each kept as the next edition of its pallet's, and give
    them as one file."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    pallets, person = _ticked(request), str(acting(request).pk)
    make = PaperMaker(program(), open_files())
    try:
        _refuse_number(pallets)
        made = [
            make(Paper(f"office:{uuid4()}", LABEL, Pallet.RECORD, str(one.pk), person))
            for one in pallets
        ]
        if any(stored.mime != pdf.MIME for _name, _content, stored in made):
            raise Refused(Refusal("Этикетки не печатаются: на сервере нет шрифтов"))
    except Refused as refused:
        return _back(request, messages.ERROR, said(refused.refusal.said))
    title = gettext("Этикетки")
    told = acts.LABELLED.with_values({"numbers": _numbers(pallets)})
    with in_russian():  # the title goes on record
        exports.record(request, Pallet, gettext("Этикетки"), told)
    content = pdf.joined(content for _name, content, _stored in made)
    return exports.answer(f"{title}{pdf.ENDING}", pdf.MIME, content)


def _ticked(request: HttpRequest) -> list[Pallet]:
    """Return the pallets of the store that a form names, by their numbers."""
    wanted = [int(one) for one in request.POST.getlist("pallet") if is_id(one)]
    rows = Pallet.objects.filter(pk__in=wanted[: MOST + 1], state__in=ON_STOCK)
    return list(rows.order_by("production_day", "number"))


def _refuse_number(pallets: list[Pallet]) -> None:
    if not pallets:
        raise Refused(Refusal("Выберите хотя бы один паллет"))
    if len(pallets) > MOST:
        raise Refused(Refusal("Не больше {most} паллетов за раз", {"most": str(MOST)}))


def _asks(pallets: list[Pallet]) -> Asks:
    chosen = [one.pk for one in pallets]
    rows = Pallet.objects.filter(pk__in=chosen)
    hidden = forms.MultipleHiddenInput()
    named = forms.ModelMultipleChoiceField(rows, initial=chosen, label="", widget=hidden)
    return {**hold_asks(None), "pallet": named}


def _hold(pallets: list[Pallet], given: Given) -> None:
    hold_all(pallets, given)


def _apply(request: HttpRequest, pallets: list[Pallet], given: Given) -> HttpResponse:
    with transaction.atomic():
        _hold(pallets, given)
    done = acts.HELD.with_values({"numbers": _numbers(pallets), "reason": given.reason})
    exports.record(request, Pallet, acts.command(HOLD, ""), done)
    return _back(request, messages.SUCCESS, said(done))


def _back(request: HttpRequest, level: int, text: str) -> HttpResponse:
    messages.add_message(request, level, text)
    return HttpResponseRedirect(reverse("admin:store"))


def _numbers(pallets: list[Pallet]) -> str:
    return ", ".join(map(str, pallets))
