"""Samples for flows whose talks are not written yet: somebody of every role, an answer to every
fact, rows in every catalogue, a result of every job, made up by the explorer's `Maker`. Start at
`supplied`."""

from __future__ import annotations

from engine.expressions.types import Record, bare, read_type
from engine.load.project import Project
from engine.talk.explore.made import Maker, written
from engine.talk.plant import START
from engine.talk.samples import SampleJob, SamplePerson, Samples

STATELESS = 2  # records of a kind that has no life


def making(project: Project) -> Maker:
    """Return what makes values; a record that has a life is in each of its states in turn."""
    lives = project.lifecycles.values()
    states = {(life.record, life.field): tuple(life.states) for life in lives}
    return Maker(project.vocabulary, START.astimezone(), states)


def supplied(project: Project, samples: Samples) -> Samples:
    """Return samples that leave nothing of the Vocabulary unanswered; what they say is kept."""
    words, maker = project.vocabulary, making(project)
    held = {role for person in samples.people for role in person.roles}
    more = [role for role in project.project.roles if role not in held]
    people = [SamplePerson(name=f"Работник {role}", roles=(role,)) for role in more]
    facts = {name: maker.of(fact.result, 0) for name, fact in words.facts.items()}
    rows = dict.fromkeys(words.catalogues, ("Первый", "Второй", "Третий"))
    results = {name: job.result for name, job in words.jobs.items() if job.result}
    jobs = {
        name: (SampleJob(result=written(maker.of(result, 0))),) for name, result in results.items()
    }
    counts = dict.fromkeys(_given(project), STATELESS)
    counts |= {kind: len(states) for (kind, _), states in maker.states.items()}
    records = tuple(
        written(maker.numbered(kind, at)) for kind, count in counts.items() for at in range(count)
    )
    return samples.model_copy(
        update={
            "people": (*samples.people, *people),
            "facts": {**facts, **samples.facts},
            "catalogues": {**rows, **samples.catalogues},
            "jobs": {**jobs, **samples.jobs},
            "records": (*samples.records, *records),
        }
    )


def _given(project: Project) -> set[str]:
    """Return the kinds of records that flows are given."""
    kinds = (bare(read_type(one)) for flow in project.flows.values() for one in flow.given.values())
    return {kind.kind for kind in kinds if isinstance(kind, Record)}
