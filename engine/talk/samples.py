"""`flows/samples.yaml`: invented people and catalogues that talks are rehearsed with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr

from engine.errors import EngineError
from engine.expressions.written import Duration, Expression, Written
from engine.load.forms import Reader
from engine.load.tree import read_tree
from engine.model.values import Row
from engine.model.vocabulary import Vocabulary
from engine.talk.scripted import value_of, whole

FILE = "samples.yaml"


class SamplePerson(Written):
    """A person of the samples; each has a chat of his own."""

    name: str = Field(min_length=1, description="Full name.")
    roles: tuple[str, ...] = Field(default=(), description="Roles of project.yaml.")
    language: str = Field(default="ru", description="A language of project.yaml.")


class SampleJob(Written):
    """What a background job comes to: the first line whose condition holds."""

    when: Expression | None = Field(default=None, description="Over the job's parameters.")
    after: Duration = Field(default=30, description="How long it takes by the talk's clock.")
    failed: bool = Field(default=False, description="It does not succeed.")
    result: dict[str, Any] = Field(
        default={}, description="A record: kind, id, title and its fields."
    )


class Samples(Written):
    """The whole file."""

    people: tuple[SamplePerson, ...] = Field(min_length=1, description="People, in order.")
    catalogues: dict[str, tuple[str, ...]] = Field(default={}, description="Catalogue to titles.")
    facts: dict[str, Any] = Field(
        default={}, description="Fact to what it answers: a value, a record, a list of records."
    )
    records: tuple[dict[str, Any], ...] = Field(
        default=(), description="Records that are there: kind, id, title and their fields."
    )
    jobs: dict[str, tuple[SampleJob, ...]] = Field(
        default={}, description="Job to what it comes to, line by line."
    )
    invitations: dict[str, str] = Field(default={}, description="Invitation code to full name.")
    _whole: dict[Vocabulary, tuple[Any, tuple[Row, ...]]] = PrivateAttr(default_factory=dict)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        """Return the records that are there, with every field of their kinds. They are made once:
        an explorer begins thousands of plants with them."""
        records, rows = self._whole.get(vocabulary, (None, ()))
        if records is not self.records:
            made = (whole(value_of(data), vocabulary) for data in self.records)
            rows = tuple(row for row in made if isinstance(row, Row))
            self._whole[vocabulary] = self.records, rows
        return rows


def read_samples(flows: Path) -> Samples:
    """Read the samples of a folder of flows. Raises EngineError with what is wrong and where."""
    path = flows / FILE
    if not path.is_file():
        raise EngineError(f"нет файла {FILE} рядом с формами: в нём люди и списки для разговоров")
    tree, findings = read_tree(f"{flows.name}/{FILE}", path.read_text(encoding="utf-8"))
    reader = Reader(tree)
    found = list(findings)
    samples = None if found else reader.model(Samples, tree.data)
    found += reader.findings
    if samples is None or found:
        listed = "; ".join(f"{one.place}: {one.message} ({one.hint})" for one in found)
        raise EngineError(listed)
    return samples
