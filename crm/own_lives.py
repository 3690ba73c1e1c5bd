"""The lives that the program itself leads (domain 5.8–5.11): which state may follow which.

Those of what the plant makes are YAML (`flows/lifecycles`); these are the same for all plants.
Whatever is not written here is refused by the two that move states: `crm.ledger.operations`'
`move_state` a row with its history, `move_rows` all of some rows in one statement. Forms, which the
engine moves, are kept by `crm.bridge.chats` alone. Start at `may_follow`."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import EngineError

Ways = Mapping[str, tuple[str, ...]]

OWN: Mapping[str, Ways] = {
    "shipment": {
        "draft": ("confirmed", "cancelled"),
        "confirmed": ("shipped", "cancelled"),
        "shipped": ("closed",),
        "closed": (),
        "cancelled": (),
    },
    "deviation": {
        "open": ("approved", "rejected", "withdrawn", "correcting"),
        "approved": ("withdrawn",),  # of a form that was left after all
        "rejected": (),
        "withdrawn": (),
        "correcting": ("verifying",),  # of a check of the plan: its lifecycle leads it
        "verifying": ("closed", "correcting"),
        "closed": (),
    },
    "task": {
        "open": ("claimed", "done", "cancelled"),
        "claimed": ("claimed", "open", "done", "cancelled"),  # by another; back to the queue
        "done": (),
        "cancelled": (),
    },
    "notice": {
        "pending": ("sent", "retrying", "undeliverable", "superseded"),
        "retrying": ("sent", "retrying", "undeliverable", "superseded"),
        "undeliverable": ("pending",),  # tried again by the office
        "sent": (),
        "superseded": (),
    },
    "document": {
        "draft": ("issued", "replaced", "void"),
        "issued": ("replaced", "void"),
        "replaced": (),
        "void": (),
    },
    "job": {"running": ("done", "failed", "cancelled"), "done": (), "failed": (), "cancelled": ()},
    "making": {"going": ("done", "failed"), "done": (), "failed": ()},
    "hold": {"placed": ("released",), "released": ()},
    "session": {
        "talking": ("talking", "parked", "saved", "refused", "cancelled", "expired"),
        "parked": ("parked", "talking", "saved", "refused", "cancelled", "expired"),
        "saved": (),
        "refused": (),
        "cancelled": (),
        "expired": (),
    },
}


def may_follow(record: str, before: str, after: str) -> bool:
    """Tell whether a record of the program may go from a state to another; one whose life is YAML
    may here go anywhere.

    >>> may_follow("shipment", "draft", "shipped"), may_follow("mix", "new", "queued")
    (False, True)
    """
    ways = OWN.get(record)
    return ways is None or after in ways[before]


def must_follow(record: str, key: object, before: str, after: str) -> None:
    """Refuse a step that the life of a record does not have. Raises EngineError: whoever asks for
    it is a broken program."""
    if not may_follow(record, before, after):
        raise EngineError(f"{record} {key}: {before} → {after} is no step of its life")


def states_before(record: str, after: str) -> tuple[str, ...]:
    """Return the states that a record of the program may leave for another.

    >>> states_before("notice", "sent"), states_before("notice", "pending")
    (('pending', 'retrying'), ('undeliverable',))
    """
    return tuple(before for before, ways in OWN[record].items() if after in ways)
