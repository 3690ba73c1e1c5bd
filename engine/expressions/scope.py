"""What an expression may name, and what is found wrong in it: plain values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.expressions.types import Type


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters and the result of a fact."""

    params: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that holds, or one that does not."""

    part: ast.expr
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: fields, the fields of records, facts, roles in quotes.

    The sets hold fields or paths such as `batch.weight`: `known_set` are surely given, `positive`
    surely above zero, `nonzero` surely not zero. `given_if` are fields that are given when all of
    some conditions stand so; `options` what a choice may still be, `true` other conditions that
    hold, as texts; `given` keeps which of `given_if` are found to be. Roles are not looked up where
    `roles` are None."""

    fields: Mapping[str, Type]
    records: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    facts: Mapping[str, Signature] = field(default_factory=dict)
    known_set: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    nonzero: frozenset[str] = frozenset()
    given_if: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    true: frozenset[str] = frozenset()
    given: dict[str, bool] = field(default_factory=dict, init=False, compare=False, repr=False)
    roles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in an expression: column from 0 and width in its text, code, message,
    remedy."""

    offset: int
    width: int
    code: str
    message: str
    hint: str = ""
