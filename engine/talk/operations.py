"""The rehearsal plant's operations and transitions: a generic pretence made from the Vocabulary.

An operation makes a row of its result's kind and fills it from the parameters; a transition asks
`engine.run.move`.
Nothing here knows what the plant does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from engine.actions.base import Action, Planning, RunOperation
from engine.errors import EngineError, Refusal, Refused
from engine.expressions.compile import compile_expression
from engine.model.conversation import Answer
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary
from engine.ports import Context
from engine.run.machine import BEFORE_BIRTH
from engine.run.move import move
from engine.run.program import Program
from engine.talk.memory import Memory

FIRST_NUMBER = 3  # of a date: 1 and 2 belong to bone (domain 8.2)


class PretendedOperations:
    """Operations and transitions on rows in memory. One session runs one operation once."""

    def __init__(self, program: Program, vocabulary: Vocabulary, memory: Memory) -> None:
        self._program, self._vocabulary, self._memory = program, vocabulary, memory

    def run(self, operation: str, parameters: Mapping[str, Value], context: Context) -> Row | None:
        """Pretend an operation: make a row of its result's kind; None when it has no result."""
        if operation not in self._vocabulary.operations:
            raise EngineError(f"no operation {operation} in flows/.vocabulary.json")
        kind = self._vocabulary.operations[operation].result
        if not kind:
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
        row = Row(kind, identity, "", {**self._filled(kind, settled), "state": BEFORE_BIRTH})
        self._memory.rows[identity] = row
        self._memory.results[key] = identity
        return row

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
    ) -> Row:
        """Do one transition as its lifecycle says. Raises `Refused`."""
        machine = self._program.lifecycles[record.kind]
        row = self._memory.rows.get(record.id)
        if row is None:
            raise EngineError(f"no {record.kind} {record.id}")
        state = str(row.fields["state"])
        moved = move(machine, row, state, transition, context.actor, context.at, reason)
        if isinstance(moved, Refusal):
            raise Refused(moved)
        fields = {**row.fields, "state": moved.to}
        numbered = "number" in self._vocabulary.records.get(row.kind, {})
        if numbered and state == BEFORE_BIRTH and not machine.lifecycle.states[moved.to].final:
            fields["number"] = self._number(row.kind, context.at)
        row = replace(row, title=str(fields.get("number") or row.title), fields=fields)
        self._memory.rows[row.id] = row
        for action in moved.do:
            self._do(action, row, context, {"reason": reason, **(given or {})})
        return self._memory.rows[row.id]

    def _do(self, action: Action, row: Row, context: Context, given: Mapping[str, Value]) -> None:
        env: dict[str, Value] = {row.kind: row, **given}

        def evaluate(text: str) -> Value:
            value: Value = compile_expression(text)(env, None, context.at)
            return value

        planned = action.plan(Planning(evaluate, Text.of, context.actor, f"{row.id}:{action.kind}"))
        if isinstance(planned, RunOperation):
            self.run(planned.operation, planned.parameters, context)

    def _number(self, kind: str, at: datetime) -> str:
        day = f"{at:%d%m}"
        number = self._memory.numbers.get((kind, day), FIRST_NUMBER - 1) + 1
        self._memory.numbers[kind, day] = number
        return f"{day}/{number}"

    def _filled(self, kind: str, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """Fill a record's fields: from the parameter of the same name, else of the same kind,
        else of the same beginning."""
        fields = self._vocabulary.records.get(kind, {})
        filled: dict[str, Value] = dict.fromkeys(fields)
        spare = {name: value for name, value in parameters.items() if name not in fields}

        def means(parameter: str, field: str, kind: str) -> bool:
            of_kind = kind in self._vocabulary.records and parameter in kind
            return of_kind or field.startswith(f"{parameter}_")

        for name, notation in fields.items():
            bare = notation.rstrip("?")
            value = parameters.get(name)
            if value is None:
                value = next((spare[other] for other in spare if means(other, name, bare)), None)
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


def _flat(parameters: Mapping[str, Value]) -> dict[str, Value]:
    """Lay out a parameter that holds the answers of a form as parameters of their own."""
    flat: dict[str, Value] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            flat |= {key: one.value for key, one in value.items() if isinstance(one, Answer)}
        else:
            flat[name] = value
    return flat
