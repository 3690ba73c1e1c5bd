"""Stations as people pick them: a Line with the code, what it is called, why it stands still."""

from __future__ import annotations

from crm.fact import Line
from crm.production.capacity import title_of
from crm.production.models import Place
from engine.languages.message import Message


def station(code: str, why: str = "") -> Line:
    """Return a station as forms know it; `why` it stands still, if it does."""
    title = title_of(code)
    shown = Message("{title}: {why}", {"title": title, "why": why}) if why else title
    return Line(code, shown, {"code": code, "title": title, "why": why})


def station_held_by(record: str, record_id: str) -> str:
    """Return the code of the station that a record stands at, the first that it took; empty for
    none."""
    rows = Place.objects.filter(record=record, record_id=record_id).order_by("since", "pk")
    return rows.values_list("resource", flat=True).first() or ""
