"""Box goods: what a box weighs, how many a buffer pallet takes, what is in them (domain Q3, 13.7).

Both numbers are limits with versions, changed in the office."""

from __future__ import annotations

from decimal import Decimal

from crm.quality.limits import most_in_force

BOX_TARE, BUFFER_BOXES = "box_tare_weight", "buffer_pallet_boxes"  # limits of flows/limits.yaml
TARE, BOXES = Decimal("1.6"), Decimal(45)  # where the plant is not seeded with them yet (13.7)


def box_weight() -> Decimal:
    """Return the kilograms of an empty box."""
    return most_in_force(BOX_TARE, TARE)


def most_boxes() -> int:
    """Return how many boxes a buffer pallet takes."""
    return int(most_in_force(BUFFER_BOXES, BOXES))


def box_net(gross: Decimal, boxes: int, pallet_weight: Decimal) -> Decimal:
    """Return the net kilograms of box goods: gross less the boxes and the pallet."""
    return gross - boxes * box_weight() - pallet_weight
