"""The Vocabulary of this plant, made from the tables of the bridge; `flows/.vocabulary.json` is its
written form."""

from __future__ import annotations

import json
from dataclasses import replace

from crm.bridge.declared import facts as declared_facts
from crm.bridge.declared import operations as declared_operations
from crm.bridge.declared import records as declared_records
from crm.bridge.listing import catalogues, facts, lines, operations, records
from crm.jobs.function import functions
from crm.people.roles import Duty, OfficeRole
from engine.model.vocabulary import FactForm, OperationForm, Vocabulary, write_vocabulary


def implemented() -> Vocabulary:
    """Return the names that work on this plant."""
    return Vocabulary(
        records={**{kind: record.fields for kind, record in records().items()}, **lines()},
        catalogues={name: catalogue.kind for name, catalogue in catalogues().items()},
        facts={name: FactForm(fact.params, fact.result) for name, fact in facts().items()},
        operations={
            name: OperationForm(operation.parameters, operation.result)
            for name, operation in operations().items()
        },
        roles=tuple(OfficeRole.values),
        duties=tuple(Duty),
        jobs={name: OperationForm(job.parameters, job.result) for name, job in functions().items()},
    )


def vocabulary() -> Vocabulary:
    """Return every name that YAML may use here: what works, and what is agreed and comes later."""
    works = implemented()
    kinds = dict.fromkeys((*works.records, *declared_records.RECORDS))
    return replace(
        works,
        records={
            kind: {**declared_records.RECORDS.get(kind, {}), **works.records.get(kind, {})}
            for kind in kinds
        },
        catalogues={**declared_records.CATALOGUES, **works.catalogues},
        facts={**declared_facts.FACTS, **works.facts},
        operations={**declared_operations.OPERATIONS, **works.operations},
    )


def text() -> str:
    """Return the content of `flows/.vocabulary.json`."""
    return (
        json.dumps(write_vocabulary(vocabulary()), ensure_ascii=False, indent=1, sort_keys=True)
        + "\n"
    )
