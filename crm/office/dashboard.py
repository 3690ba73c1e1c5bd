"""What the sidebar and the start page count as waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from crm.outbox.models import Notice
from crm.people.models import AccessRequest
from crm.quality.models import Deviation


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody in the office."""

    deviations: int
    undelivered: int
    access_requests: int


def waiting() -> Waiting:
    """Count what waits, in one query: every page asks."""
    return Waiting(
        **counted(
            deviations=Deviation.objects.open(),
            undelivered=Notice.objects.undelivered(),
            access_requests=AccessRequest.objects.filter(state="open"),
        )
    )


def counted(**rows: QuerySet[Any]) -> dict[str, int]:
    """Count several things in one query."""
    return _told("(SELECT COUNT(*) FROM ({query}) found)", rows)


def any_of(**rows: QuerySet[Any]) -> dict[str, bool]:
    """Tell in one query of which things there are any."""
    return {name: bool(found) for name, found in _told("EXISTS ({query})", rows).items()}


def _told(one: str, rows: Mapping[str, QuerySet[Any]]) -> dict[str, Any]:
    found = [each.order_by().values("pk").query.sql_with_params() for each in rows.values()]
    # The queries are compiled by Django, their values stay bound.
    asked = ", ".join(one.format(query=query) for query, _given in found)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [one for _query, given in found for one in given])
        return dict(zip(rows, cursor.fetchone(), strict=True))
