"""How many photos show a pallet being palletized (domain 4.36)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet


def pallet_photos(pallet: Pallet) -> int:
    """Count the photos that were not replaced."""
    return pallet.lot.files.filter(kind="palletizing", replaced_by=None).count()


FACT = Fact(params=("pallet",), result="integer", answer=pallet_photos)
