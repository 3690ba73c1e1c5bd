"""The rehearsal plant's operations and transitions: a generic pretence made from the Vocabulary.

An operation makes a row of its result's kind, or goes on with the one that it is given, and fills
it from the parameters; transitions are done by `engine.run.fire`. Nothing here knows what the plant
does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from engine.errors import EngineError
from engine.model.conversation import Answer
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary
from engine.ports import Context
from engine.run.fire import confirm, fire, retry, settle
from engine.run.lives import Lives, Run
from engine.run.machine import BEFORE_BIRTH
from engine.talk.memory import Memory, Ran


class PretendedOperations:
    """Operations and transitions on rows in memory. One session runs one operation once."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        memory: Memory,
        lives: Callable[[Run], Lives],
        spare: Callable[[str], Value] = lambda notation: None,
    ) -> None:
        self._vocabulary, self._memory, self._lives = vocabulary, memory, lives
        self._spare = spare

    def run(self, operation: str, parameters: Mapping[str, Value], context: Context) -> Row | None:
        """Pretend an operation: fill a row of its result's kind; None when it has no result."""
        if operation not in self._vocabulary.operations:
            raise EngineError(f"no operation {operation} in flows/.vocabulary.json")
        kind = self._vocabulary.operations[operation].result
        if not kind:
            self._memory.ran.append(Ran(operation, parameters))
            return None
        key = (context.session, operation)
        if context.session and key in self._memory.results:
            return self._memory.rows[self._memory.results[key]]
        identity = uuid5(NAMESPACE_OID, f"{context.session} {operation}").hex[:12]
        kinds = self._vocabulary.operations[operation].params
        settled = {
            name: self._settled(value, kinds.get(name, "").rstrip("?"))
            for name, value in _flat(parameters).items()
        }
        who = Row("person", context.actor.id, context.actor.name, {"full_name": context.actor.name})
        fields = self._filled(kind, settled, who)
        row = Row(kind, identity, "", {**fields, "state": BEFORE_BIRTH})
        there = next((self._memory.rows.get(one.id) for one in _rows(kind, settled)), None)
        if there is not None:
            fields = {name: value for name, value in fields.items() if value is not None}
            stands = {"state": there.fields["state"]} if "state" in there.fields else {}
            row = replace(there, fields={**there.fields, **fields, **stands})
        self._memory.rows[row.id] = row
        self._memory.results[key] = row.id
        self._memory.ran.append(Ran(operation, parameters, row.id))
        return row

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
        touched: Sequence[Row] = (),
    ) -> Row:
        """Do one transition as its lifecycle says, and what the system does then. Raises
        `Refused`."""
        return fire(self._lives(self.run), record, transition, context, reason, given, touched)

    def confirm(self, task: str, context: Context) -> Row:
        """Do what a first person asked for and a second confirms. Raises `Refused`."""
        return confirm(self._lives(self.run), task, context)

    def settle(self, touched: Sequence[Row], context: Context) -> None:
        """Do what the system does after operations."""
        settle(self._lives(self.run), touched, context)

    def retry(self, task: str, context: Context) -> bool:
        """Let a parked system transition be tried again. Raises `Refused`."""
        return retry(self._lives(self.run), task, context)

    def _filled(self, kind: str, parameters: Mapping[str, Value], who: Row) -> dict[str, Value]:
        """Fill a record's fields: from the parameter of the same name (`number`, `pallet_number` of
        a pallet), else of the same kind, else of the same beginning; a person who must be there
        is the one who does it, and whatever else must be there is spare."""
        fields = self._vocabulary.records.get(kind, {})
        filled: dict[str, Value] = dict.fromkeys(fields)
        spare = {name: value for name, value in parameters.items() if name not in fields}

        def means(parameter: str, field: str, kind: str) -> bool:
            of_kind = kind in self._vocabulary.records and parameter in kind
            return of_kind or field.startswith(f"{parameter}_")

        for name, notation in fields.items():
            bare = notation.rstrip("?")
            value = parameters.get(name, parameters.get(f"{kind}_{name}"))
            if value is None:
                value = next((spare[other] for other in spare if means(other, name, bare)), None)
            if value is None and notation == who.kind:
                value = who
            if value is None and not notation.endswith("?"):
                value = self._spare(notation)
            if bare in self._vocabulary.records and isinstance(value, Option):
                value = Row(bare, value.code, value.title, {"name": value.title})
            filled[name] = value
        return filled

    def _settled(self, value: Value, kind: str) -> Value:
        """Make the catalogue row of a typed new name; any other value stays as it is."""
        if not isinstance(value, Option) or not value.new:
            return value
        row = Option(f"new-{uuid5(NAMESPACE_OID, value.title).hex[:8]}", value.title)
        for catalogue, rows_kind in self._vocabulary.catalogues.items():
            there = self._memory.catalogues.get(catalogue, ())
            if rows_kind == kind and row not in there:
                self._memory.catalogues[catalogue] = (*there, row)
        return row


def _rows(kind: str, parameters: Mapping[str, Value]) -> tuple[Row, ...]:
    """Return the records of a kind that an operation is given."""
    given = parameters.values()
    return tuple(one for one in given if isinstance(one, Row) and one.kind == kind)


def _flat(parameters: Mapping[str, Value]) -> dict[str, Value]:
    """Lay out a parameter that holds the answers of a form as parameters of their own."""
    flat: dict[str, Value] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            flat |= {key: one.value for key, one in value.items() if isinstance(one, Answer)}
        else:
            flat[name] = value
    return flat
