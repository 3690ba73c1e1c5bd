"""Box goods: what a box weighs, how many a buffer pallet takes, what is in them (domain Q3)."""

from __future__ import annotations

from decimal import Decimal

BOX_TARE = Decimal("1.600")  # kg, domain 13.7
BUFFER_BOXES = 45


def box_net(gross: Decimal, boxes: int, pallet_weight: Decimal) -> Decimal:
    """Return the net kilograms of box goods: gross less the boxes and the pallet.

    >>> box_net(Decimal(812), 40, Decimal(21))
    Decimal('727.000')
    """
    return gross - boxes * BOX_TARE - pallet_weight
