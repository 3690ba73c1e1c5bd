"""Another version of the forms: files from a technologist's disk or a version of before, shown with
its diff and its mistakes, then published (domain 2.2, 11.2)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm.bridge import form_files, publishing
from crm.bridge.program import folder, program
from crm.bridge.publishing import Change
from crm.bridge.stranded import Stranded
from crm.office import acts, exports
from crm.office.base import acting
from crm.office.card import Table, cell
from crm.office.forms import allowed, findings_of, live_by_flow, may_publish
from crm.office.language import said
from crm.work.models import Proposal, Version
from engine.errors import Refusal, Refused

MOST_LINES = 400  # of the diff of one file
WHAT = {"added": "good", "changed": "info", "removed": "bad"}


@require_POST
def forms_upload(request: HttpRequest) -> HttpResponse:
    """Take files and lead to the preview of what they would change."""
    _may(request)
    try:
        given, roots = _given(request)
        proposal = publishing.propose_files(
            acting(request),
            given,
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
            whole=roots if request.POST.get("whole") else (),
        )
    except Refused as refused:
        return _refused(request, refused, reverse("admin:forms"))
    return HttpResponseRedirect(reverse("admin:forms_proposal", args=[proposal.pk]))


@require_POST
def forms_roll_back(request: HttpRequest, version: str) -> HttpResponse:
    """Propose the forms of a version of before and lead to the preview."""
    _may(request)
    row, reason = _version(version), request.POST.get("reason", "")
    try:
        proposal = publishing.propose_version(
            acting(request), row, reason=reason, at=timezone.now()
        )
    except Refused as refused:
        return _refused(request, refused, reverse("admin:forms_version", args=[version]))
    return HttpResponseRedirect(reverse("admin:forms_proposal", args=[proposal.pk]))


@require_POST
def forms_publish(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Publish a proposal."""
    _may(request)
    row = _proposal(proposal)
    try:
        digest = publishing.publish(acting(request), row, timezone.now())
    except Refused as refused:
        return _refused(request, refused, reverse("admin:forms_proposal", args=[proposal]))
    done = gettext("Опубликована версия форм {version}").format(version=digest[:8])
    words = {"version": digest[:8], "reason": row.reason}
    exports.record(request, Version, digest[:8], acts.PUBLISHED.with_values(words))
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:forms"))


@require_safe
def forms_proposal(request: HttpRequest, proposal: UUID, site: Any) -> HttpResponse:
    """Show what a proposal changes and what is wrong in it."""
    allowed(request)
    row = _proposal(proposal)
    shown = publishing.preview(row)
    context = {
        **site.each_context(request),
        "title": gettext("Новая версия форм"),
        "proposal": row,
        "stale": shown.stale,
        "findings": findings_of(shown.looked),
        "changes": list(map(_shown, shown.changes)),
        "stranded": _stranded(shown.stranded) if shown.stranded else None,
        "live": sum(live_by_flow().values()),
        "may_publish": may_publish(request),
        "wrong": shown.wrong,
        "ready": not (shown.broken or shown.stale or row.version),
    }
    return TemplateResponse(request, "office/forms_proposal.html", context)


@require_safe
def forms_version(request: HttpRequest, version: str, site: Any) -> HttpResponse:
    """Show a version: how it differs from the present forms, who is still at it."""
    allowed(request)
    row = _version(version)
    now, files = form_files.present().files, form_files.of_version(row)
    live = {flow: n for (flow, digest), n in live_by_flow().items() if digest == row.pk}
    context = {
        **site.each_context(request),
        "title": gettext("Версия форм {version}").format(version=row),
        "version": row,
        "present": row.pk == program().digest,
        "changes": list(map(_shown, publishing.changes(now, files))),
        "live": sum(live.values()),
        "published": Proposal.objects.filter(version=row.pk).select_related("published_by"),
        "may_publish": may_publish(request),
    }
    return TemplateResponse(request, "office/forms_version.html", context)


def _may(request: HttpRequest) -> None:
    if not may_publish(request):
        raise PermissionDenied


def _proposal(key: UUID) -> Proposal:
    row = Proposal.objects.select_related("by", "published_by").filter(pk=key).first()
    if row is None or (not row.version and row.ends_at <= timezone.now()):
        raise Http404
    return row


def _version(digest: str) -> Version:
    row = Version.objects.filter(pk=digest).first()
    if row is None:
        raise Http404
    return row


def _refused(request: HttpRequest, refused: Refused, address: str) -> HttpResponse:
    messages.error(request, said(refused.refusal.said))
    return HttpResponseRedirect(address)


def _given(request: HttpRequest) -> tuple[dict[str, bytes], set[str]]:
    """Return the uploaded files by their places, and the folders that they come from."""
    found: dict[str, bytes] = {}
    for file in request.FILES.getlist("files"):
        if (file.size or 0) > form_files.LARGEST:
            raise Refused(form_files.TOO_LARGE)
        name, content = str(file.name), file.read()
        if name.endswith(".zip"):
            found |= form_files.unpacked(content)
        else:
            found[_place(name, request.POST.get("area", ""))] = content
    if not found:
        raise Refused(Refusal("Приложите файлы форм: .yaml или архив .zip"))
    return found, {name.partition("/")[0] for name in found}


def _place(name: str, area: str) -> str:
    """Return where a single file goes: where the only file of its name is, else into the area."""
    if PurePosixPath(name).suffix != ".yaml":
        raise Refused(Refusal("Приложите файлы форм: .yaml или архив .zip"))
    same = [one for one in form_files.present().files if one.rpartition("/")[2] == name]
    if len(same) == 1:
        return same[0]
    if same or not area:
        raise Refused(Refusal("Выберите раздел для нового файла {name}", {"name": name}))
    return form_files.placed(f"{folder().name}/{area}/{name}")


def _stranded(found: Iterable[Stranded]) -> Table:
    """Show in which states records stand that the new version does not know."""
    say, language = program().languages.say, get_language() or ""
    return Table(
        gettext("Записи в состояниях, которых в новой версии нет: опубликовать нельзя"),
        (_("Жизненный цикл"), _("Состояние"), _("Записей")),
        [
            (cell(say(one.lifecycle, language)), cell(say(one.state, language)), cell(one.count))
            for one in found
        ],
    )


def _shown(change: Change) -> dict[str, Any]:
    titles = {
        "added": gettext("новый файл"),
        "changed": gettext("изменён"),
        "removed": gettext("удалён"),
    }
    return {
        "name": change.name,
        "what": titles[change.what],
        "tone": WHAT[change.what],
        "lines": [(_kind(line), line) for line in change.lines[:MOST_LINES]],
        "more": max(0, len(change.lines) - MOST_LINES),
    }


def _kind(line: str) -> str:
    return {"+": "added", "-": "removed", "@": "place"}.get(line[:1], "")
