"""The stations of the plant, as the present forms say (`resources:` of flows/project.yaml): what
they are called and how many places they have.

The bridge says it when a Program becomes the present one, so that facts can count free places and
know nothing of the forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from crm.catalogue.models import Freezer
from crm.production.models import Place, Stop
from engine.errors import EngineError
from engine.languages.message import Message


class Station(NamedTuple):
    """What people call a resource and how many it takes at once; `many`: it has a place for each
    freezer of a kind, and each of them is a station."""

    title: str
    capacity: int
    many: bool = False


_STATIONS: dict[str, Station] = {}


def use_stations(stations: Mapping[str, Station]) -> None:
    """Take over which stations there are."""
    _STATIONS.clear()
    _STATIONS.update(stations)


def free_places(resource: str) -> int:
    """Return how many places of a resource are free; none while it stands still. Raises EngineError
    for a resource that the forms do not name."""
    if resource not in _STATIONS:
        raise EngineError(f"the forms name no resource {resource}")
    if Stop.objects.standing().filter(resource=resource).exists():
        return 0
    held = Place.objects.filter(resource=resource).count()
    return max(0, _STATIONS[resource].capacity - held)


def most_places(resource: str) -> int:
    """Return how many places a station of a resource may have, as the forms say; none of one that
    they do not name."""
    station = _STATIONS.get(resource.partition("/")[0])
    return station.capacity if station else 0


def title_of(resource: str) -> str:
    """Return what people call a station, with its place; its code when the forms do not name it."""
    name, _, place = resource.partition("/")
    station = _STATIONS.get(name)
    if station is None or not place:
        return station.title if station else resource
    return Message("{station} {place}", {"station": station.title, "place": place})


def stations() -> Iterator[str]:
    """Give the stations by their codes: those of the forms in their order, in the place of one that
    is many its freezers that work, by number."""
    freezers = [one.resource for one in Freezer.objects.active()]
    for name, station in _STATIONS.items():
        if station.many:
            yield from (one for one in freezers if one.partition("/")[0] == name)
        else:
            yield name
