"""`flows/samples.yaml`: invented people and catalogues that talks are rehearsed with."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from engine.errors import EngineError
from engine.expressions.written import Written
from engine.load.forms import Reader
from engine.load.tree import read_tree

FILE = "samples.yaml"


class SamplePerson(Written):
    """A person of the samples; each has a chat of his own."""

    name: str = Field(min_length=1, description="Full name.")
    roles: tuple[str, ...] = Field(default=(), description="Roles of project.yaml.")
    language: str = Field(default="ru", description="A language of project.yaml.")


class Samples(Written):
    """The whole file."""

    people: tuple[SamplePerson, ...] = Field(min_length=1, description="People, in order.")
    catalogues: dict[str, tuple[str, ...]] = Field(default={}, description="Catalogue to titles.")
    facts: dict[str, str] = Field(default={}, description="Fact to what it answers, as a text.")
    invitations: dict[str, str] = Field(default={}, description="Invitation code to full name.")


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
