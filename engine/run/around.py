"""What a lifecycle may look at beside the record: facts, places of resources, roles, the time.

Any error while something is evaluated counts as a violation, never as a pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError, Refusal
from engine.expressions.compile import Ask, EvaluationError, compile_expression
from engine.languages.message import listed
from engine.model.conversation import Actor
from engine.model.values import Row, Value
from engine.model.work import Holder, Receivers
from engine.schema.lifecycle import Transition
from engine.schema.project import ProjectFile, Resource

_CREW = re.compile(r"crew\(\s*([a-z][a-z0-9_]*)\s*\)")
_BROKEN = (EvaluationError, EngineError)
Env = Mapping[str, Value]
Unmet = Callable[[str, Transition, int, str], None]  # lifecycle, form, which one, its text
Alike = Callable[[str, str, datetime], Refusal | None]  # ids of two who must be two


def _nobody(resource: str) -> tuple[Holder, ...]:
    del resource
    return ()


def _runs(resource: str) -> str:
    del resource
    return ""


def unheard(lifecycle: str, form: Transition, at: int, said: str) -> None:
    """Tell nobody of a condition that does not hold."""
    del lifecycle, form, at, said


def strangers(one: str, other: str, now: datetime) -> None:
    """Take any two people for two."""
    del one, other, now


@dataclass(frozen=True, slots=True)
class Around:
    """The surroundings of one decision. `holders` and `stopped` are those of the Resources port;
    `unmet` is told of every condition of a transition that does not hold; `alike` says why two
    people who must be two may be one."""

    project: ProjectFile
    now: datetime
    ask: Ask | None = None
    holders: Callable[[str], tuple[Holder, ...]] = _nobody
    stopped: Callable[[str], str] = _runs
    unmet: Unmet = unheard
    alike: Alike = strangers

    def value(self, text: str, env: Env) -> Value:
        """Evaluate an expression. Raises EvaluationError or EngineError."""
        found: Value = compile_expression(text)(env, self.ask, self.now)
        return found

    def holds(self, text: str | None, env: Env) -> bool:
        """Tell whether a condition holds; none always does, one that breaks never."""
        if text is None:
            return True
        try:
            return self.value(text, env) is True
        except _BROKEN:
            return False

    def person(self, text: str, env: Env) -> str | None:
        """Return the id of a person that a field names, "" when it is not given; None when it
        cannot be told."""
        try:
            found = self.value(text, env)
        except _BROKEN:
            return None
        if found is None:
            return ""
        return found.id if isinstance(found, Row) else None

    def receivers(self, words: tuple[str, ...], env: Env) -> Receivers:
        """Return whose something is: `words` are roles, `crew(name)`, or fields that are persons.

        A crew whose condition breaks is nobody: a right is never passed on by an error."""
        roles: list[str] = []
        people: list[str] = []
        for word in words:
            crew = crew_named(word)
            if crew is not None:
                roles += self.crew(crew, env)
            elif word in self.project.roles:
                roles.append(word)
            else:
                person = self.person(word, env)
                people += [person] if person else []
        return Receivers(tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(people)))

    def crew(self, name: str, env: Env) -> tuple[str, ...]:
        """Return the role of a crew for a record; none when nobody can be told."""
        return crew_roles(self.project, name, env, self.ask, self.now)

    def may(self, actor: Actor, to: Receivers) -> bool:
        """Tell whether a person is one of the receivers."""
        return actor.id in to.people or not actor.roles.isdisjoint(to.roles)


def crew_roles(
    project: ProjectFile,
    crew: str,
    env: Env,
    ask: Ask | None = None,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Return the role of a crew: that of the first line whose condition holds; nobody when none
    does, and nobody when one cannot be computed: a right is never passed on by an error."""
    for line in project.crews.get(crew, ()):
        try:
            if line.when is None or compile_expression(line.when)(env, ask, now) is True:
                return (line.role,)
        except _BROKEN:
            return ()
    return ()


def crew_named(word: str) -> str | None:
    """Return the name of a crew.

    >>> crew_named("crew(unpack)"), crew_named("lab")
    ('unpack', None)
    """
    match = _CREW.fullmatch(word.strip())
    return match[1] if match else None


def resource_of(project: ProjectFile, name: str) -> Resource | None:
    """Return the resource of a name that may have a place after a slash; None for no such one."""
    bare, slash, place = name.partition("/")
    found = project.resources.get(bare)
    return found if found is not None and bool(slash and place) == bool(found.places) else None


def resource_title(project: ProjectFile, name: str) -> str:
    """Return how people call a resource, with its place, in whatever language they read.

    >>> from engine.schema.project import ProjectFile
    >>> plant = {"name": "З", "zone": "UTC", "production_day": "07:00"}
    >>> press = {"title": "Пресс линии 1"}
    >>> data = {"plant": plant, "languages": {"ru": "Р"}, "roles": {"lab": "Л"}}
    >>> resource_title(ProjectFile(**data, resources={"press": press}), "press")
    'Пресс линии 1'
    """
    bare, _, place = name.partition("/")
    title = project.resources[bare].title if bare in project.resources else bare
    return listed([title, place], " ") if place else title
