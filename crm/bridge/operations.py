"""Plant operations and transitions: the Operations port.

An operation is a file of `crm/<app>/operations/`, found by listing. Transitions are done by
`engine.run.fire` over `crm.bridge.lives`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from crm.asked_once import remembering
from crm.bridge.connection import repeatable
from crm.bridge.convert import convert
from crm.bridge.listing import operations
from crm.bridge.lives import make_lives
from crm.bridge.people import person_of
from crm.bridge.records import row_of
from crm.ledger.forms import under_forms
from crm.operation import Operation
from engine.errors import EngineError
from engine.model.values import Row, Value
from engine.ports import Context
from engine.run.fire import confirm, fire, retry, settle
from engine.run.lives import Lives
from engine.run.program import Program

Parameters = Mapping[str, Value]


class DjangoOperations:
    """The Operations port over the lifecycles of a Program.

    A command that is refused takes back what it wrote. A turn begins a part of its transaction for
    its commands anyway: with `part=False` they begin none of their own, which would be two
    statements more for each; Django stops whoever goes on after a refusal inside of that part."""

    def __init__(self, program: Program, *, part: bool = True) -> None:
        self.program, self.part = program, part

    @repeatable
    def run(self, operation: str, parameters: Parameters, context: Context) -> Row | None:
        """Run one operation and return its result as a record. Raises Refused."""
        with self._under(context), self._whole():
            return self._run(operation, parameters, context)

    def _run(self, operation: str, parameters: Parameters, context: Context) -> Row | None:
        known = operations().get(operation)
        if known is None or parameters.keys() - known.parameters.keys():
            raise EngineError(f"no operation {operation}({', '.join(parameters)})")
        made = _run(known, parameters, context)
        return row_of(made, known.result) if known.result and made is not None else None

    @repeatable
    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
        touched: Sequence[Row] = (),
    ) -> Row:
        """Do one transition on a locked row, with its `do:` and what the system does then, and
        return the row read anew.

        Raises Refused."""
        with self._under(context), self._whole(), remembering():
            return fire(self._lives(), record, transition, context, reason, given, touched)

    @repeatable
    def confirm(self, task: str, context: Context) -> Row:
        """Do what a first person asked for and a second confirms. Raises Refused."""
        with self._under(context), self._whole(), remembering():
            return confirm(self._lives(), task, context)

    @repeatable
    def settle(self, touched: Sequence[Row], context: Context) -> None:
        """Do what the system does after operations."""
        with self._under(context), self._whole(), remembering():
            settle(self._lives(), touched, context)

    @repeatable
    def retry(self, task: str, context: Context) -> bool:
        """Let a parked system transition be tried again. Raises Refused."""
        with self._under(context), self._whole(), remembering():
            return retry(self._lives(), task, context)

    def _whole(self) -> AbstractContextManager[None]:
        """Begin a transaction, or a part of the one that is open when commands are parts."""
        return transaction.atomic(savepoint=self.part)

    def _under(self, context: Context) -> AbstractContextManager[None]:
        """Write the books under the version of the form that saves, or the present one."""
        return under_forms(context.digest or self.program.digest)

    def _lives(self) -> Lives:
        return make_lives(self.program, self._run)


def _run(operation: Operation, parameters: Parameters, context: Context) -> Model | None:
    """Run an operation with its arguments converted, the rows of its records locked."""
    names = [*operation.parameters]
    values = [parameters.get(name) for name in names]
    types = [*operation.parameters.values()]
    arguments = convert(values, types, operation.answers, lock=True)
    session = UUID(context.session) if context.session else None
    second = person_of(context.second) if context.second else None
    words = {"session": session, "at": context.at, "second": second}
    by = person_of(context.actor) if context.actor.id else None
    given = dict(zip(names, arguments, strict=True))
    made = operation.inside(by, **{name: words[name] for name in operation.wants()}, **given)
    if made is not None and operation.result and not isinstance(made, Model):
        raise EngineError(f"an operation with a {operation.result} made a {type(made).__name__}")
    return made if isinstance(made, Model) else None
