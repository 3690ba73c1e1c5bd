"""Which names an expression may use at a place, and of which type. Start at `Names`.

Names of broken parts are `unknown`: nothing is said about them twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.actions.base import Action
from engine.actions.run import RunAction
from engine.expressions.check import Scope, held, infer
from engine.expressions.known import PERSON, known, type_of
from engine.expressions.parse import ExpressionError, Node, names, parse
from engine.expressions.scope import Condition
from engine.expressions.types import ListOf, Opaque, Optional, Record, Text, Type, bare
from engine.load.project import Project
from engine.load.sketch import Actions
from engine.load.tree import Path
from engine.schema.document import DocumentForm

DEVIATION_WORDS = ("reason", "value", "limit")
VERDICT_WORDS = (*DEVIATION_WORDS, "decider", "comment")


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named at one place: typed names, and names of broken parts."""

    scope: Scope
    unknown: frozenset[str] = frozenset()

    def plus(self, fields: Mapping[str, Type]) -> Names:
        """Return these names and some more; what was known of others of the same name is gone."""
        old = self.scope
        if fields.keys() & old.fields.keys():
            old = _without(old, fields.keys())
        scope = replace(old, fields={**old.fields, **fields})
        return replace(self, scope=scope, unknown=self.unknown - set(fields))

    def with_records(self, records: Mapping[str, Mapping[str, Type]]) -> Names:
        """Return these names and the fields of some more kinds of records."""
        scope = replace(self.scope, records={**self.scope.records, **records})
        return replace(self, scope=scope)

    def without_type(self, name: str) -> Names:
        """Return these names and one whose type cannot be told."""
        return replace(self, unknown=self.unknown | {name})

    def holding(self, when: str | None, *, holds: bool = True) -> Names:
        """Return these names where a condition holds: what it asks about is given."""
        node = read(when) if when else None
        if node is None:
            return self
        return replace(self, scope=held(self.scope, node.tree, holds=holds))

    def given_if(self, name: str, conditions: tuple[Condition, ...]) -> Names:
        """Return these names, one of which is given when some conditions hold."""
        scope = replace(self.scope, given_if={**self.scope.given_if, name: conditions})
        return replace(self, scope=scope)

    def positive(self, path: str) -> Names:
        """Return these names, one of which is surely above zero."""
        return replace(self, scope=replace(self.scope, positive=self.scope.positive | {path}))

    def type_of(self, text: str) -> Type | None:
        """Return the type of an expression; None when it cannot be told, or is wrong."""
        node = read(text)
        if node is None or not self.unknown.isdisjoint(names(node)):
            return None
        found, problems = infer(node, self.scope)
        return None if problems else found

    def item_of(self, text: str) -> Type | None:
        """Return the type of a member of a list; None when it is none or cannot be told."""
        found = self.type_of(text)
        plain = bare(found) if found is not None else None
        return plain.item if isinstance(plain, ListOf) else None


def _without(scope: Scope, gone: Collection[str]) -> Scope:
    def stays(path: str) -> bool:
        return path.partition(".")[0] not in gone

    return replace(
        scope,
        known_set=frozenset(filter(stays, scope.known_set)),
        positive=frozenset(filter(stays, scope.positive)),
        nonzero=frozenset(filter(stays, scope.nonzero)),
        given_if={name: one for name, one in scope.given_if.items() if stays(name)},
        options={path: one for path, one in scope.options.items() if stays(path)},
        true=frozenset(),
    )


def read(text: str) -> Node | None:
    """Read an expression; None when it cannot be read, which is a finding of its own."""
    try:
        return parse(text)
    except ExpressionError:
        return None


def condition(text: str, *, holds: bool = True) -> tuple[Condition, ...]:
    """Return a condition that is written; none when it cannot be read."""
    node = read(text)
    return () if node is None else (Condition(node.tree, holds),)


def base_names(project: Project) -> Names:
    """Return the names of an expression that knows no field: records, facts and roles."""
    return Names(known(project.vocabulary, tuple(project.project.roles)))


def document_names(project: Project, form: DocumentForm) -> Names:
    """Return what the fields of a document may name: those of its record, and the record itself by
    the name of its kind (`shipment_pallets(shipment)`)."""
    fields = project.vocabulary.records.get(form.record)
    if fields is None:
        return base_names(project)
    own = {form.record: Record(form.record)}
    return base_names(project).plus(own | {name: type_of(kind) for name, kind in fields.items()})


def texts(words: tuple[str, ...]) -> dict[str, Type]:
    """Return names that are texts."""
    return dict.fromkeys(words, Text())


def given_type(notation: str) -> Type | None:
    """Return the type of a parameter; None when it is no type."""
    try:
        return type_of(notation)
    except ValueError:
        return None


def block_names(names_: Names) -> Names:
    """Return what the first action of a block may name beside some names."""
    own: dict[str, Type] = {
        "answers": Opaque("answers"),
        "measurements": Opaque("measurements"),
        "actor": Record(PERSON),
    }
    return names_.plus(own)


def with_results(
    project: Project, actions: Actions, names_: Names
) -> Iterator[tuple[Path, Action, Names]]:
    """Give each action with what it may name: results of earlier ones stand under `as:`."""
    for path, action in actions:
        yield path, action, names_
        names_ = _with_result(project, action, names_)


def names_after(project: Project, actions: Actions, names_: Names) -> Names:
    """Return what may be named after a block of actions."""
    for _, action in actions:
        names_ = _with_result(project, action, names_)
    return names_


def in_action(action: Action, names_: Names) -> Names:
    """Return what an action may name in its own keys: its condition holds, its member is named."""
    for name, text in action.each.items():
        item = names_.item_of(text)
        names_ = names_.without_type(name) if item is None else names_.plus({name: item})
    return names_.holding(action.when)


def _with_result(project: Project, action: Action, names_: Names) -> Names:
    if not isinstance(action, RunAction) or not action.as_:
        return names_
    form = project.vocabulary.operations.get(action.run)
    if form is None or form.result is None:
        return names_.without_type(action.as_)
    kind = type_of(form.result)
    if action.when is None and not action.each:
        return names_.plus({action.as_: kind})
    after = names_.plus({action.as_: Optional(bare(kind))})
    if action.when is None or action.each or isinstance(kind, Optional):
        return after
    return after.given_if(action.as_, condition(action.when))
