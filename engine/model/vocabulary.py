"""Every name that YAML may use, as a value: `crm.bridge` writes it, the checker takes it, neither
needs the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OperationForm:
    """An operation: its parameters by name and its result, in the notation of types; None is no
    result."""

    params: Mapping[str, str]
    result: str | None = None


@dataclass(frozen=True, slots=True)
class FactForm:
    """A fact: the types of its arguments in order, and of its answer."""

    params: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Names and their types, one object for one reading. Catalogues map to the kind of their rows.
    `roles` and `duties` are those that the program itself asks for: the project names them, and may
    name more roles."""

    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    catalogues: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, FactForm] = field(default_factory=dict)
    operations: Mapping[str, OperationForm] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    jobs: Mapping[str, OperationForm] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def sources(self) -> Mapping[str, str]:
        """What `from:` may name, to the kind of its rows: catalogues, and facts that return a list
        of records."""
        lists = {
            name: fact.result.removeprefix("list of ")
            for name, fact in self.facts.items()
            if fact.result.startswith("list of ")
        }
        return {**self.catalogues, **lists}


def read_vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    """Make a Vocabulary of the JSON of `.vocabulary.json`.

    Raises KeyError or TypeError when it is no such thing."""
    return Vocabulary(
        records={kind: dict(fields) for kind, fields in data["records"].items()},
        catalogues=dict(data["catalogues"]),
        facts={
            name: FactForm(tuple(fact["params"]), fact["result"])
            for name, fact in data["facts"].items()
        },
        operations={
            name: OperationForm(dict(form["params"]), form["result"])
            for name, form in data["operations"].items()
        },
        roles=tuple(data["roles"]),
        duties=tuple(data.get("duties", ())),
        jobs={
            name: OperationForm(dict(form["params"]), form["result"])
            for name, form in data.get("jobs", {}).items()
        },
        documents=tuple(data.get("documents", ())),
        languages=tuple(data.get("languages", ())),
    )


def write_vocabulary(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a Vocabulary as JSON."""
    return {
        "records": {kind: dict(fields) for kind, fields in vocabulary.records.items()},
        "catalogues": dict(vocabulary.catalogues),
        "facts": {
            name: {"params": list(fact.params), "result": fact.result}
            for name, fact in vocabulary.facts.items()
        },
        "operations": {
            name: {"params": dict(form.params), "result": form.result}
            for name, form in vocabulary.operations.items()
        },
        "roles": list(vocabulary.roles),
        "duties": list(vocabulary.duties),
        "jobs": {
            name: {"params": dict(form.params), "result": form.result}
            for name, form in vocabulary.jobs.items()
        },
        "documents": list(vocabulary.documents),
        "languages": list(vocabulary.languages),
    }
