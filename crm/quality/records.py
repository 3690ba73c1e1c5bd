"""The records of quality."""

from __future__ import annotations

from collections.abc import Mapping

from crm.quality.checks import title_of
from crm.quality.models import (
    ANTIBIOTICS,
    ORGANOLEPTIC,
    Check,
    Hold,
    HoldKind,
    RawAnalysis,
    RecallDrill,
)
from crm.quality.told import what_is_held
from crm.record import Record

RECORDS: Mapping[str, Record] = {
    "hold": Record(
        Hold,
        {
            "lot": "lot",
            "kind": f"choice({', '.join(HoldKind.values)})",
            "reason": "text",
            "placed_by": "person?",
            "placed_at": "datetime",
            "asked_by": "person?",
            "released_at": "datetime?",
            "release_reason": "text?",
        },
        title=what_is_held,
        states=(),
    ),
    "check": Record(
        Check,
        {
            "state": f"choice({', '.join(Check.State.values)})",
            "limit": "text",
            "line": "integer?",
            "freezer": "freezer?",
            "entry": f"choice({', '.join(Check.Entry.values)})",
            "photo": "bool",
            "opens_at": "datetime",
            "half_at": "datetime",
            "closes_at": "datetime",
            "note": "text?",
            "made_by": "person?",
            "made_at": "datetime?",
            "corrected_by": "person?",
            "correction": "text?",
            "verified_by": "person?",
        },
        title=title_of,
        rows=lambda: Check.objects.select_related("freezer", "lot", "deviation"),
    ),
    "recall_drill": Record(
        RecallDrill,
        {
            "state": f"choice({', '.join(RecallDrill.State.values)})",
            "lot": "lot",
            "scope": "choice(genealogy, carry_over, line, equipment)",
            "result": "text",
            "started_by": "person",
            "started_at": "datetime",
            "conclusion": "text?",
            "concluded_by": "person?",
            "concluded_at": "datetime?",
            "signed_by": "person?",
            "signed_at": "datetime?",
        },
    ),
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
