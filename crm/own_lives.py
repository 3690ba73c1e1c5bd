"""The lives that the program itself leads (domain 5.8–5.10): which state may follow which.

Those of what the plant makes are YAML (`flows/lifecycles`); these are the same for all plants.
`crm.ledger.operations.move_state` refuses whatever is not written here. Start at `may_follow`."""

from __future__ import annotations

from collections.abc import Mapping

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
        "open": ("approved", "rejected", "withdrawn"),
        "approved": ("withdrawn",),  # of a form that was left after all
        "rejected": (),
        "withdrawn": (),
    },
    "task": {
        "open": ("claimed", "done", "cancelled"),
        "claimed": ("claimed", "open", "done", "cancelled"),  # by another; back to the queue
        "done": (),
        "cancelled": (),
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
