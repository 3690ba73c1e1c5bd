"""«Заменить фото и акт» of a raw batch (domain 4.7, 4.9, 11.4): what stood there stays in the
history, marked as replaced. Start at `page`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.uploads import LARGEST, keep_photo, keep_word
from crm.documents.operations.replace_certificate import replace_certificate
from crm.office import acts
from crm.office.base import acting
from crm.office.correction import reason
from crm.office.language import in_russian, said
from crm.office.links import link
from crm.people.roles import Duty, OfficeRole, on_duty
from crm.production.models import RawBatch
from crm.work.models import File
from crm.work.operations.replace_photos import KINDS, replace_photos
from engine.errors import Refusal, Refused
from engine.languages.message import Message

NAME = "files"  # the last part of the address
MOST = 20  # photos that replace those of a kind, as many as a chat takes (domain 3.18)


def may() -> set[str]:
    """Return the roles that replace files: who corrects in the office."""
    return {OfficeRole.PRODUCTION_OFFICE.value, *on_duty(Duty.OFFICE)}


class _Several(forms.FileInput):
    """Several files at once; the view reads them all, the form checks that there is one."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give the form one of them to check."""
        del data
        return files.get(name)


class _Photos(forms.Form):
    """New photos of a kind."""

    kind = forms.ChoiceField(
        label=_("Что заменить"), choices=[one for one in File.KINDS if one[0] in KINDS]
    )
    uploads = forms.FileField(
        label=_("Новые фото или PDF"),
        widget=_Several(attrs={"accept": "image/*,.pdf"}),
    )
    reason = reason()


class _Certificate(forms.Form):
    """A corrected certificate."""

    uploads = forms.FileField(
        label=_("Исправленный акт, .docx"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )
    reason = reason()


FORMS: dict[str, type[forms.Form]] = {"photos": _Photos, "certificate": _Certificate}


def page(request: HttpRequest, admin: ModelAdmin[Any], batch: RawBatch) -> HttpResponse:
    """Show both forms, or do what one of them asks."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    shown = {name: form(label_suffix="", prefix=name) for name, form in FORMS.items()}
    error, step = "", request.POST.get("step", "")
    if step in FORMS:
        shown[step] = FORMS[step](request.POST, request.FILES, label_suffix="", prefix=step)
        if shown[step].is_valid():
            try:
                done = _replaced(request, step, batch, shown[step].cleaned_data)
            except Refused as refused:
                error = said(refused.refusal.said)
            else:
                admin.log_change(request, batch, str(done))
                messages.success(request, said(done))
                return HttpResponseRedirect(link(batch))
    context = {
        **admin.admin_site.each_context(request),
        "title": gettext("Заменить фото и акт"),
        "opts": admin.opts,
        "original": batch,
        "back": link(batch),
        "error": error,
        "photos": shown["photos"],
        "certificate": shown["certificate"],
        "analysed": batch.analysis is not None,
    }
    return TemplateResponse(request, "office/batch_files.html", context)


@transaction.atomic
def _replaced(request: HttpRequest, step: str, batch: RawBatch, given: dict[str, Any]) -> Message:
    """Store what was uploaded and put it in the place of what stood there. Raises Refused."""
    by, at = acting(request), timezone.localtime()
    uploads = request.FILES.getlist(f"{step}-uploads")
    if len(uploads) > MOST:
        raise Refused(Refusal("За раз не больше {most} файлов", {"most": str(MOST)}))
    if any((one.size or 0) > LARGEST for one in uploads):
        raise Refused(Refusal("Файл больше 20 МБ"))
    keep: Callable[..., Any] = keep_photo if step == "photos" else keep_word
    kept = [keep(one.name or "", one.read(), at) for one in uploads]
    why, session = given["reason"], uuid4()
    if step == "photos":
        replace_photos(
            by, session=session, at=at, batch=batch, kind=given["kind"], reason=why, photos=kept
        )
        with in_russian():
            what = Message(str(dict(File.KINDS)[given["kind"]]))
        return acts.PHOTOS_REPLACED.with_values({"what": what, "why": why})
    replace_certificate(by, session=session, at=at, batch=batch, file=kept, note=why)
    return acts.PAPER_REPLACED.with_values({"why": why})
