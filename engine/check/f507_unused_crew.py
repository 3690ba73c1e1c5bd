"""F507: a crew, a unit or a resource of project.yaml that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import PROJECT
from engine.check.fires import is_partly_read
from engine.check.mentions import named
from engine.check.places import places_of
from engine.check.roles import named_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.types import ListOf, Number, bare, read_type
from engine.load.project import notations
from engine.model.vocabulary import Vocabulary
from engine.run.around import crew_named

REMEDY = "уберите строку или назовите это там, где оно нужно"


def find(subject: Subject) -> Iterator[Finding]:
    """Compare what project.yaml has with what flows and lifecycles name; a broken file may name
    anything."""
    project = subject.project
    if project.broken or is_partly_read(project):
        return
    tree = project.tree("project")
    crews = {crew_named(word) for *_, word in named_roles(project)}
    for crew in project.project.crews:
        if crew not in crews:
            message = say("бригаду «{crew}» никто не зовёт", crew=crew)
            yield Finding(tree.key(("crews", crew)), "F507", message, REMEDY)
    measured = named(project, "unit") | _of_notations(project.vocabulary)
    for unit in project.project.units:
        if unit not in measured and measured <= {"", *project.project.units}:
            message = say("в «{unit}» ничего не меряют", unit=unit)
            yield Finding(tree.key(("units", unit)), "F507", message, REMEDY)
    places = tuple(places_of(subject))
    if any(place.missing for place in places):  # the slip in a name is a finding of its own
        return
    held = {name for place in places for name in place.matches}
    for name in project.project.resources:
        if name not in held:
            message = say("место «{name}» никто не занимает", name=name)
            yield Finding(tree.key(("resources", name)), "F507", message, REMEDY)


def _of_notations(vocabulary: Vocabulary) -> frozenset[str]:
    found = (read_type(notation) for notation in notations(vocabulary))
    bared = (bare(one.item if isinstance(one, ListOf) else one) for one in found)
    return frozenset(one.unit for one in bared if isinstance(one, Number))


RULE = Rule(
    "F507",
    "бригада, единица или место не используются",
    find,
    (
        Example(
            PROJECT,
            "resources:\n",
            "resources:\n  gate: {title: Проходная}\n",
            "resources: # ворота\n",
            "gate",
            "уберите",
        ),
        Example(
            PROJECT,
            "crews:\n",
            "crews:\n  guards: [{role: porter}]\n",
            "crews: # бригады\n",
            "guards",
            "уберите",
        ),
        Example(
            PROJECT,
            "  kg: {decimals: 3}\n",
            "  kg: {decimals: 3}\n  bar: {decimals: 1}\n",
            "  kg: {decimals:  3}\n",
            "bar",
            "уберите",
        ),
    ),
    "Скорее всего, в имени описка, и работает не то, что написано.",
)
