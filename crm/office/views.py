"""Pages beside the lists and cards: a stored file of the local folder by its signed link, the small
one of a picture, and the picture of a genealogy."""

from __future__ import annotations

import logging
import mimetypes

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from crm.bridge.files import local_files
from crm.bridge.small import TYPE as SMALL
from crm.bridge.traced import picture
from crm.ledger.models import Lot
from crm.office import files
from crm.office.numbers import is_id
from crm.office.parts import TOGETHER
from engine.errors import EngineError

log = logging.getLogger(__name__)

PDF = "application/pdf"
KEPT = "private, max-age=600"  # by a browser: less long than a link opens
NO_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M8 7h24v16H8zm0 13 8-8 '
    b'6 6 4-3 6 5" fill="none" stroke="#94a3b8" stroke-linejoin="round"/></svg>'
)
SHOWN = {"image/jpeg", "image/png", "image/webp", PDF}  # the rest is saved


@require_safe
def genealogy(request: HttpRequest, lot: int) -> HttpResponse:
    """Return the picture of a lot's genealogy both ways, with those of `?and=` together; the site
    lets in only staff."""
    if not request.user.has_perm("ledger.view_lot"):
        raise PermissionDenied
    if not is_id(str(lot)):
        raise Http404(gettext("Такого лота нет"))
    more = [int(one) for one in request.GET.getlist("and") if is_id(one)]
    lots = list(dict.fromkeys([lot, *more]))[:TOGETHER]
    if Lot.objects.filter(pk__in=lots).count() < len(lots):
        raise Http404(gettext("Такого лота нет"))
    response = HttpResponse(picture(*lots), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
@staff_member_required
def local_file(request: HttpRequest, token: str) -> HttpResponse:
    """Return the file behind a token: only with a link that is ours and not over, only to staff.

    The browser may show it but run nothing of it."""
    key, name = _opened(token)
    try:
        content = local_files().get(key)
    except EngineError as error:
        raise Http404(gettext("Ссылка устарела или неверна. Откройте карточку заново")) from error
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(content, content_type=mime)
    shown = mime in SHOWN
    if mime != PDF:  # a browser's own reader does not work in a sandbox
        response["Content-Security-Policy"] = (
            "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        )
    response["Cache-Control"] = KEPT
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "inline"
    return response


@require_safe
@staff_member_required
def local_small(request: HttpRequest, token: str) -> HttpResponse:
    """Return the small one of the picture behind a token; lead to the picture itself where none can
    be made of it, and show a sign in its place while the store is away."""
    key, name = _opened(token)
    try:
        content = files.small_of(key)
    except EngineError:
        log.exception("no small picture of %s", key)
        return HttpResponse(NO_PICTURE, content_type="image/svg+xml", status=503)
    if content is None:
        return redirect(files.href(key, name))
    return HttpResponse(content, content_type=SMALL, headers={"Cache-Control": KEPT})


def _opened(token: str) -> tuple[str, str]:
    """Return the key and the name behind a token. Raises Http404."""
    try:
        return local_files().open_link(token, timezone.now())
    except EngineError as error:
        raise Http404(gettext("Ссылка устарела или неверна. Откройте карточку заново")) from error
