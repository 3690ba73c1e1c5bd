"""Which deviations were asked about in a period, with their limits and decisions (domain 10.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.fact import Fact, Line
from crm.quality.models import Deviation
from engine.model.values import Option

UNITS = {"kg": _("кг")}  # written as a code by the forms


def deviations_in(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give the deviations by the moment they were asked about at; `least` and `most` are the bounds
    of the limit as they were then, in the unit that the value has."""
    begins, ends = period
    rows = Deviation.objects.filter(asked_at__gte=begins, asked_at__lt=ends)
    for one in rows.select_related("asked_by", "decided_by").order_by("asked_at", "number"):
        fields = {
            "number": one.number,
            "at": one.asked_at,
            "label": one.label,
            "value": one.value,
            "said": None if one.value is not None else one.value_text or None,
            "least": one.least,
            "most": one.most,
            "unit": str(UNITS.get(one.unit, one.unit)) or None,
            "state": Option(one.state, one.get_state_display()),
            "asked_by": one.asked_by,
            "decided_by": one.decided_by,
            "decided_at": one.decided_at,
            "comment": one.comment or None,
        }
        yield Line(str(one.pk), one.number, fields)


FACT = Fact(
    params=("period",),
    result="list of deviation_line",
    answer=deviations_in,
    records={
        "deviation_line": {
            "number": "text",
            "at": "datetime",
            "label": "text",
            "value": "number?",
            "said": "text?",
            "least": "number?",
            "most": "number?",
            "unit": "text?",
            "state": f"choice({', '.join(Deviation.State.values)})",
            "asked_by": "person?",
            "decided_by": "person?",
            "decided_at": "datetime?",
            "comment": "text?",
        }
    },
)
