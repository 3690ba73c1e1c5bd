"""What was measured against limits in a period, with the limit as it was then (domain 10.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import QuerySet

from crm.fact import Fact, Line
from crm.production.lots import Named, named
from crm.quality.checks import title_of
from crm.quality.models import Deviation, LimitVersion, Measurement
from engine.model.values import Option

VERDICTS = ("within", "outside")


def checks_in(period: tuple[datetime, datetime], limits: str) -> Iterator[Line]:
    """Give the measurements by the moment they were taken at: value and bounds in the unit of the
    limit, the version and the source that the limit had, and what was decided about a value
    outside. `limits` are the names of limits with spaces between: the forms say which are critical
    control points."""
    begins, ends = period
    rows = Measurement.objects.filter(at__gte=begins, at__lt=ends, limit__in=limits.split())
    rows = rows.order_by("at", "name", "pk")
    yield from _lines(
        rows.select_related("deviation__decided_by", "by", "check_made__freezer", "check_made__lot")
    )


def _lines(rows: QuerySet[Measurement]) -> Iterator[Line]:
    found = list(rows)
    names = named({one.lot_id for one in found if one.lot_id is not None})
    titles = {
        (name, version): title
        for name, version, title in LimitVersion.objects.values_list("name", "version", "title")
    }
    for one in found:
        verdict = VERDICTS[0] if one.within else VERDICTS[1]
        deviation: Deviation | None = one.deviation
        fields = {
            "at": one.at,
            "limit": one.limit,
            "title": titles.get((one.limit, one.limit_version)) or one.limit,
            "subject": _subject(one, names),
            "value": one.value,
            "least": one.least,
            "most": one.most,
            "unit": one.unit or None,
            "source": one.limit_source or None,
            "version": one.limit_version,
            "verdict": Option(verdict, verdict),
            "by": one.by,
            "deviation": deviation.number if deviation else None,
            "decision": deviation.get_state_display() if deviation else None,
            "decided_by": deviation.decided_by if deviation else None,
        }
        yield Line(str(one.pk), f"{one.limit} {one.value}", fields)


def _subject(one: Measurement, names: Mapping[int, Named]) -> str | None:
    """Say what was measured: a lot by its name, a point of the plan by its title."""
    if one.lot_id is None:
        return title_of(one.check_made) if one.check_made else None
    return str(names[one.lot_id]) if one.lot_id in names else None


FACT = Fact(
    params=("period", "text"),
    result="list of check_line",
    answer=checks_in,
    records={
        "check_line": {
            "at": "datetime",
            "limit": "text",
            "title": "text",
            "subject": "text?",
            "value": "number",
            "least": "number?",
            "most": "number?",
            "unit": "text?",
            "source": "text?",
            "version": "integer",
            "verdict": f"choice({', '.join(VERDICTS)})",
            "by": "person?",
            "deviation": "text?",
            "decision": "text?",
            "decided_by": "person?",
        }
    },
)
