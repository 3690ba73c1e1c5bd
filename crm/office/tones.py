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
    "correcting": "warn",
    "verifying": "warn",
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
    "placed": "bad",
    "superseded": "calm",
    # document
    "draft": "warn",
    "issued": "good",
    "replaced": "calm",
    "void": "bad",
    # blank, order, mix
    "planned": "calm",
    "weighing": "info",
    "weighed": "info",
    "unpacking": "info",
    "problem": "bad",
    "unpacked": "info",
    "defrosting": "info",
    "defrosted": "info",
    "redefrost_requested": "warn",
    "ready": "good",
    "active": "info",
    "paused": "warn",
    "finished": "good",
    "queued": "calm",
    "pressing": "info",
    "pressed": "info",
    "mixing": "info",
    "in_lab": "info",
    "lab_decision": "warn",
    "ready_to_discharge": "info",
    "in_plate_freezer": "info",
    "on_pallets": "info",
    "untested": "calm",
    "passed": "good",
    "passed_with_deviation": "warn",
    "blocked": "bad",
    "not_needed": "calm",
    "missing": "warn",
    "in_norm": "good",
    "out_of_norm": "bad",
    "accepted": "warn",
    # help, handover, drill
    "going": "info",
    "solved": "good",
    "offered": "warn",
    "questioned": "warn",
    "drafted": "info",
    "frozen": "info",
    "acting": "info",
    "reconciled": "warn",
    # second minced, pallet, load, shipment
    "registered": "good",
    "on_pallet": "info",
    "scrapped": "calm",
    "freezing": "info",
    "unloaded": "info",
    "palletizing": "info",
    "in_stock": "good",
    "reserved": "info",
    "shipped": "good",
    "converted": "calm",
    "due": "warn",
    "overdue": "bad",
    "voided": "calm",
    "confirmed": "info",
    "closed": "calm",
}
# Names that Unfold's labels know.
LABELS: dict[Tone, str] = {
    "good": "success",
    "bad": "danger",
    "warn": "warning",
    "info": "info",
    "calm": "default",
    "": "default",
}
# A state without a label would be shown by its code.
UNFOLD_LABELS = {state: LABELS[tone] for state, tone in TONES.items()}


def badge(record: Any) -> Cell:
    """Return the state of a record as a coloured cell."""
    return Cell(record.get_state_display(), tone=TONES.get(record.state, ""))


SIGN_INS: dict[str, Tone] = {
    "entered": "good",
    "password": "info",  # pragma: allowlist secret
    "wrong": "warn",
    "locked": "bad",
}
VERDICTS: dict[str, Tone] = {"pass": "good", "fail": "bad", "no_standard": "calm"}


def verdict_tone(attempt: Any) -> Tone:
    """Return the colour of an attempt of an analysis; of one that was taken back, grey."""
    return "calm" if attempt.voided_at else VERDICTS.get(attempt.verdict, "")
