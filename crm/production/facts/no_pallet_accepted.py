"""Whether a discharge may still be undone (domain 5.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.facts.pallets_accepted import DONE
from crm.production.models import Mix, Pallet


def no_pallet_accepted(mix: Mix) -> bool:
    """Tell whether no pallet of a mix is on stock, shipped or gone."""
    return not Pallet.objects.filter(items__lot=mix.lot_id, state__in=DONE).exists()


FACT = Fact(params=("mix",), result="bool", answer=no_pallet_accepted)
