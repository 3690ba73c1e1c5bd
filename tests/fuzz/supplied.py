"""Samples for flows whose talks are not written yet: somebody of every role, an answer to every
fact, rows in every catalogue, a result of every job. Start at `supplied`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.expressions.types import (
    Choice,
    Date,
    DayTime,
    Duration,
    Files,
    Integer,
    ListOf,
    Moment,
    Number,
    Optional,
    Person,
    Record,
    Text,
    Truth,
    Type,
    read_type,
)
from engine.load.project import Project
from engine.model.vocabulary import Vocabulary
from engine.talk.samples import SampleJob, SamplePerson, Samples

DEEPEST = 2  # records within records


def supplied(project: Project, samples: Samples) -> Samples:
    """Return samples that leave nothing of the Vocabulary unanswered; what they say is kept."""
    words = project.vocabulary
    making = Making(words, states(project))
    held = {role for person in samples.people for role in person.roles}
    more = [role for role in project.project.roles if role not in held]
    people = [SamplePerson(name=f"Работник {role}", roles=(role,)) for role in more]
    facts = {name: making.value(read_type(fact.result)) for name, fact in words.facts.items()}
    rows = dict.fromkeys(words.catalogues, ("Первый", "Второй", "Третий"))
    jobs = {
        name: (SampleJob(result=making.value(read_type(job.result))),)
        for name, job in words.jobs.items()
        if job.result
    }
    living = [row for kind in making.states for row in making.records(kind)]
    kept = {str(row.get("id")) for row in samples.records}
    return samples.model_copy(
        update={
            "people": (*samples.people, *people),
            "facts": {**facts, **samples.facts},
            "catalogues": {**rows, **samples.catalogues},
            "jobs": {**jobs, **samples.jobs},
            "records": (*samples.records, *(row for row in living if row["id"] not in kept)),
        }
    )


def states(project: Project) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the states of every record that has a life, by its kind and the field."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for life in project.lifecycles.values():
        found.setdefault(life.record, {})[life.field] = tuple(life.states)
    return found


@dataclass(frozen=True)
class Making:
    """Makes values as `flows/samples.yaml` writes them; a record that has a life is there once in
    each of its states."""

    words: Vocabulary
    states: Mapping[str, Mapping[str, tuple[str, ...]]]

    def value(self, kind: Type, depth: int = 0) -> Any:
        """Return a value of a type."""
        match kind:
            case Optional(item):
                return self.value(item, depth)
            case ListOf(Record(name)) if depth == 0:
                return self.records(name)
            case ListOf(item):
                return [self.value(item, depth)] * 2
            case Choice(options):
                return {"code": options[0], "title": options[0]}
            case Record(name):
                return self.record(name, 0, depth)
            case Person():
                return self.record("person", 0, depth)
        return SIMPLE.get(type(kind))

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Return a record in each of its states, or two of a kind that has none."""
        most = max(map(len, self.states.get(kind, {"": ("", "")}).values()))
        return [self.record(kind, at) for at in range(most)]

    def record(self, kind: str, at: int, depth: int = 0) -> dict[str, Any]:
        """Return a record of a kind; `at` tells its state."""
        fields = self.words.records.get(kind, {}) if depth < DEEPEST else {}
        given = {name: self.value(read_type(one), depth + 1) for name, one in fields.items()}
        lives = self.states.get(kind, {})
        given |= {name: states[at % len(states)] for name, states in lives.items()}
        name = f"{kind}-{at + 1}"
        return {"kind": kind, "id": name, "title": f"Запись {name}", "fields": given}


SIMPLE: dict[type[Type], Any] = {
    Number: "12.5",
    Integer: "3",
    Text: "текст",
    Truth: "true",
    Date: "2026-11-24",
    Moment: "2026-11-22T09:00:00+03:00",
    DayTime: None,
    Duration: None,
    Files: [],
}
