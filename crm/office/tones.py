"""The colours of states: one meaning each, everywhere in the office."""

from __future__ import annotations

from typing import Any

from crm.office.card import Cell, Tone

TONES: dict[str, Tone] = {
    # raw batch
    "new": "calm",
    "expected": "calm",
    "received": "info",
    "released": "good",
    "quarantine": "warn",
    "rejected": "bad",
    "depleted": "calm",
    "returned": "calm",
    "disposed": "calm",
    "refused": "bad",
    "cancelled": "calm",
    # deviation
    "open": "warn",
    "approved": "good",
    "withdrawn": "calm",
    # task, session
    "claimed": "info",
    "done": "good",
    "talking": "info",
    "parked": "warn",
    "saved": "good",
    "expired": "calm",
    # notice
    "pending": "info",
    "sent": "good",
    "retrying": "warn",
    "undeliverable": "bad",
    "superseded": "calm",
    # document
    "draft": "warn",
    "issued": "good",
    "replaced": "calm",
    "void": "bad",
}
# Names that Unfold's labels know.
LABELS: dict[Tone, str] = {
    "good": "success",
    "bad": "danger",
    "warn": "warning",
    "info": "info",
    "calm": "",
    "": "",
}
UNFOLD_LABELS = {state: LABELS[tone] for state, tone in TONES.items() if LABELS[tone]}


def badge(record: Any) -> Cell:
    """Return the state of a record as a coloured cell."""
    return Cell(record.get_state_display(), tone=TONES.get(record.state, ""))
