"""F608: a place that no resource has."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD, PROJECT
from engine.check.places import PlaceUse, places_of
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the places of states with the resources of project.yaml, and those with the
    catalogues."""
    project = subject.project
    for place in places_of(subject):
        yield from _of(subject, place)
    tree, catalogues = project.tree("project"), project.vocabulary.catalogues
    for name, resource in project.project.resources.items():
        if resource.places and resource.places not in catalogues:
            message = say("нет справочника «{name}»", name=resource.places)
            where = tree.place(("resources", name, "places"))
            yield Finding(where, "F608", message, hint(resource.places, catalogues, "справочники"))


def _of(subject: Subject, place: PlaceUse) -> Iterator[Finding]:
    resources = subject.project.project.resources
    where = place.tree.place(place.path)
    if place.missing:
        message = say("нет места «{name}»", name=place.missing[0])
        yield Finding(where, "F608", message, hint(place.missing[0], resources, "места"))
        return
    catalogues = subject.project.vocabulary.catalogues
    odd = [
        name
        for name in place.matches
        if bool(resources[name].places) != place.with_place
        and (not resources[name].places or resources[name].places in catalogues)
    ]
    if odd and place.with_place:
        message = say("у «{name}» нет отдельных мест", name=odd[0])
        yield Finding(where, "F608", message, "уберите «/» и то, что за ней")
    elif odd:
        message = say("не сказано, какое место «{name}» занято", name=odd[0])
        yield Finding(where, "F608", message, "добавьте «/» и поле с местом")


RULE = Rule(
    "F608",
    "нет такого места",
    find,
    (
        Example(
            LOAD,
            'occupies: ["dock_{line}"]',
            'occupies: ["dok_{line}"]',
            'occupies: [ "dock_{line}" ]',
            '"dok_{line}"',
            "dock",
        ),
        Example(
            LOAD,
            'occupies: ["dock_{line}"]',
            'occupies: ["dock_{line}/{number}"]',
            'occupies: [ "dock_{line}" ]',
            '"dock_{line}/{number}"',
            "уберите",
        ),
        Example(
            PROJECT,
            "dock_2: {title: Ворота 2}",
            "dock_2: {title: Ворота 2, places: compnies}",
            "dock_2: {title: Вторые ворота}",
            "compnies",
            "companies",
        ),
    ),
    "Запись не смогла бы войти в это состояние никогда.",
)
