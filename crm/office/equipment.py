"""«Коды оборудования»: a QR code for each station and freezer, to be printed and hung on it. Its
photo in the chat opens what waits there (domain 14.8; `engine.run.codes`)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.bridge.program import program
from crm.office.language import said
from crm.production.capacity import stations
from crm.production.facts.label_of import link_to
from engine.documents.pictures import qr
from engine.run.around import resource_title
from engine.run.codes import code_of

RIGHT = "production.view_rawbatch"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment: what people call it, its code, the picture of that as a data link."""

    title: str
    code: str
    picture: str


@require_safe
def equipment(request: HttpRequest) -> HttpResponse:
    """Show the codes of all of it, cut to be printed."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    project = program().project
    pieces = [
        Piece(said(resource_title(project, one)), code_of(one), _picture(code_of(one)))
        for one in stations()
    ]
    told = {"plant": project.plant.name, "pieces": pieces}
    return render(request, "office/equipment.html", told)


def _picture(code: str) -> str:
    return f"data:image/png;base64,{b64encode(qr(link_to(code))).decode()}"
