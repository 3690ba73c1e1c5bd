"""What every expression may name without being told: the records and facts of a Vocabulary."""

from __future__ import annotations

from functools import lru_cache

from engine.expressions.scope import Scope, Signature
from engine.expressions.types import ListOf, Optional, Person, Record, Type, bare, read_type
from engine.model.vocabulary import Vocabulary

PERSON = "person"  # the record kind behind the type of that name


@lru_cache(maxsize=4096)
def type_of(notation: str) -> Type:
    """Read a type of the Vocabulary; a person is a record whose fields may be read."""
    found = read_type(notation)
    plain = _person_is_a_record(bare(found))
    return Optional(plain) if isinstance(found, Optional) else plain


def _person_is_a_record(found: Type) -> Type:
    if isinstance(found, ListOf):
        return ListOf(_person_is_a_record(bare(found.item)))
    return Record(PERSON) if isinstance(found, Person) else found


@lru_cache(maxsize=8)  # a check asks for it at every document, menu and lifecycle
def known(vocabulary: Vocabulary, roles: tuple[str, ...] | None = None) -> Scope:
    """Return the scope of an expression that knows no field; `roles` are those of the project,
    None where they were looked up before."""
    records = {
        kind: {name: type_of(notation) for name, notation in fields.items()}
        for kind, fields in vocabulary.records.items()
    }
    facts = {
        name: Signature(tuple(type_of(each) for each in fact.params), type_of(fact.result))
        for name, fact in vocabulary.facts.items()
    }
    return Scope({}, records, facts, roles=roles)
