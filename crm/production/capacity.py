"""How many places a resource has, as the present forms say (`resources:` of flows/project.yaml).

The bridge says it when a Program becomes the present one, so that facts can count free places and
know nothing of the forms."""

from __future__ import annotations

from collections.abc import Mapping

from crm.production.models import Place, Stop
from engine.errors import EngineError

_PLACES: dict[str, int] = {}


def use_capacities(places: Mapping[str, int]) -> None:
    """Take over how many places each resource has."""
    _PLACES.clear()
    _PLACES.update(places)


def free_places(resource: str) -> int:
    """Return how many places of a resource are free; none while it stands still. Raises EngineError
    for a resource that the forms do not name."""
    if resource not in _PLACES:
        raise EngineError(f"the forms name no resource {resource}")
    if Stop.objects.filter(resource=resource).exists():
        return 0
    return max(0, _PLACES[resource] - Place.objects.filter(resource=resource).count())
