"""Whether a mix may go from the press into the mixer (domain 4.20)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix, Place, Stop


def is_mixer_free(mix: Mix) -> bool:
    """Tell whether nobody holds the mixer of the mix's line and it does not stand still."""
    name = mixer_of(mix)
    taken = Place.objects.filter(resource=name).exists()
    return not taken and not Stop.objects.standing().filter(resource=name).exists()


def mixer_of(mix: Mix) -> str:
    """Return the resource that is the mixer of the mix's line."""
    return f"mixer_line_{mix.line}"


FACT = Fact(params=("mix",), result="bool", answer=is_mixer_free)
