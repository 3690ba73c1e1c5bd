"""The page of a file that is made beside the requests: how far it is, the file, or the button that
makes it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from crm.office import made
from crm.office.card import NO_BREAK
from crm.office.models import Making

AGAIN_S = 2  # a page that waits looks again
LATEST = 10  # files of the account that are shown besides


@require_safe
def waiting(request: HttpRequest, key: UUID, site: Any) -> HttpResponse:
    """Say how far a file is; only to the account that asked."""
    rows = Making.objects.filter(account=request.user.pk).select_related("document")
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404(gettext("Такого файла нет"))
    percent = made.share(row)
    context = {
        **site.each_context(request),
        "title": row.title,
        "row": row,
        "link": made.link(row),
        "failed": made.failed(row),
        "percent": percent,
        "share": f"{percent}{NO_BREAK}%",
        "seconds": int((timezone.now() - row.begun_at).total_seconds()),
        "others": [
            {"row": one, "link": made.link(one), "failed": made.failed(one)}
            for one in rows.exclude(pk=key)[:LATEST]
        ],
    }
    response = TemplateResponse(request, "office/made.html", context)
    if made.going(row) and not made.failed(row):
        response["Refresh"] = str(AGAIN_S)
    return response
