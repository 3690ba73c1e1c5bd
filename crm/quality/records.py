"""The records of the laboratory."""

from __future__ import annotations

from collections.abc import Mapping

from crm.quality.models import ANTIBIOTICS, ORGANOLEPTIC, RawAnalysis
from crm.record import Record

RECORDS: Mapping[str, Record] = {
    "raw_analysis": Record(
        RawAnalysis,
        {
            "attempt": "integer",
            "verdict": "choice(pass, fail, no_standard)",
            "responsible": "responsible_person",
            "ttn_date": "date",
            "separator": "separator",
            "separator_mode": "separator_mode",
            "fat": "number %",
            "protein": "number %",
            "moisture": "number %",
            **dict.fromkeys(ORGANOLEPTIC, "choice(good, bad)"),
            "broth_quality": "choice(cloudy, clear, translucent)",
            **dict.fromkeys(ANTIBIOTICS, "choice(positive, negative)"),
            "by": "person",
            "at": "datetime",
            "certified_by": "person?",
            "certified_at": "datetime?",
        },
    ),
}
