"""Plant operations and transitions: the Operations port.

`OPERATIONS` names each operation that YAML may run, with its typed parameters, and the function
that runs it. Transitions are done by `engine.run.fire` over `crm.bridge.lives`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from crm.bridge.lives import make_lives
from crm.bridge.people import person_of
from crm.bridge.records import find, row_of
from crm.catalogue.models import Company, Entry, Nomenclature, RawMaterial, Supplier
from crm.ledger.forms import under_forms
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import receive_into_stock
from crm.production.operations.refuse_delivery import refuse_delivery
from crm.production.operations.reverse_receipt import reverse_receipt
from crm.production.operations.take_delivery import Answers, take_delivery
from engine.errors import EngineError
from engine.model.conversation import Answer
from engine.model.effects import Measured
from engine.model.files import FileRef
from engine.model.values import Option, Row, Value
from engine.ports import Context
from engine.run.fire import confirm, fire
from engine.run.lives import Lives
from engine.run.program import Program

Parameters = Mapping[str, Value]

PHOTOS = {
    "truck_unit_photo": "truck_unit",
    "body_temp_photo": "body_temp",
    "upd_photo": "upd",
    "ttn_photos": "ttn",
    "tn_photo": "tn",
    "vet_photos": "vet",
    "product_temp_photo": "product_temp",
    "pallet_photo": "pallet",
}
DELIVERY = {
    "batch": "raw_batch?",
    "company": "company",
    "material": "raw_material",
    "nomenclature": "nomenclature",
    "condition": "choice(chilled, frozen)",
    "supplier": "supplier?",
    "vet_sender": "text?",
    "manufacturer": "text?",
    "accounting_type": "text",
    "manufacture_date": "date?",
    "ttn_number": "text?",
    "body_temp": "number °C?",
    "product_temp": "number °C?",
    "weight": "number kg",
    "weight_vet": "number kg?",
    "weight_diff_reason": "text?",
    "min_shelf_days": "integer?",
    "documents": "list of vet_document?",
    "tags_number": "integer",
    **dict.fromkeys(PHOTOS, "files?"),
    "measurements": "measurements",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the Vocabulary: typed parameters, kind of the result, the function."""

    parameters: Mapping[str, str]
    result: str | None
    run: Callable[[Parameters, Context], Model | None]


def _entry(value: Value, model: type[Entry]) -> Entry | str | None:
    if not isinstance(value, Option | Row):
        return None
    typed = isinstance(value, Option) and value.typed
    return value.title if typed else model._default_manager.get(pk=int(value.code))


def _title(value: Value) -> str | None:
    return value.title if isinstance(value, Option) else cast("str | None", value)


def _answers(given: Parameters) -> Answers:
    tags, shelf = given.get("tags_number"), given.get("min_shelf_days")
    condition = given.get("condition")
    return Answers(
        company=cast("Company | None", _entry(given.get("company"), Company)),
        material=cast("RawMaterial | str | None", _entry(given.get("material"), RawMaterial)),
        nomenclature=cast(
            "Nomenclature | str | None", _entry(given.get("nomenclature"), Nomenclature)
        ),
        supplier=cast(
            "Supplier | str | None",
            _entry(given.get("supplier"), Supplier) or given.get("vet_sender"),
        ),
        condition=condition.code if isinstance(condition, Option) else None,
        manufacturer=_title(given.get("manufacturer")),
        accounting_type=_title(given.get("accounting_type")),
        ttn_number=_title(given.get("ttn_number")),
        manufacture_date=cast("date | None", given.get("manufacture_date")),
        body_temp=cast("Decimal | None", given.get("body_temp")),
        product_temp=cast("Decimal | None", given.get("product_temp")),
        weight=cast("Decimal | None", given.get("weight")),
        weight_vet=cast("Decimal | None", given.get("weight_vet")),
        weight_diff_reason=cast("str | None", given.get("weight_diff_reason")),
        min_shelf_days=int(shelf) if isinstance(shelf, Decimal | int) else None,
        tags_number=int(tags) if isinstance(tags, Decimal | int) else None,
    )


def _files(given: Parameters) -> dict[str, tuple[FileRef, ...]]:
    found = {kind: given.get(name) for name, kind in PHOTOS.items()}
    return {kind: refs for kind, refs in found.items() if isinstance(refs, tuple)}


def _expected(value: Value) -> RawBatch | None:
    """Return the expected batch that a delivery goes on with, locked."""
    if not isinstance(value, Row):
        return None
    return cast(RawBatch, find("raw_batch", value.id, lock=True))


def _documents(value: Value) -> tuple[Mapping[str, Value], ...]:
    rows = value if isinstance(value, tuple) else ()
    return tuple(one.fields for one in rows if isinstance(one, Row))


def _take_delivery(given: Parameters, context: Context) -> Model:
    measured = cast("tuple[Measured, ...]", given["measurements"])
    return take_delivery(
        person_of(context.actor),
        session=UUID(context.session),
        at=context.at,
        files=_files(given),
        measurements=measured,
        expected=_expected(given.get("batch")),
        documents=_documents(given.get("documents")),
        **_answers(given),
    )


def _refuse_delivery(given: Parameters, context: Context) -> Model:
    answers = cast("Mapping[str, Answer]", given["answers"])
    values = {name: answer.value for name, answer in answers.items()}
    measured = tuple(
        Measured(name, answer.value, answer.bounds, answer.deviation, answer.approved)
        for name, answer in answers.items()
        if answer.bounds is not None
    )
    return refuse_delivery(
        person_of(context.actor),
        session=UUID(context.session),
        at=context.at,
        files=_files(values),
        measurements=measured,
        expected=_expected(values.get("expected")),
        documents=_documents(values.get("vet.chosen")),
        **_answers(values),
    )


def _batch(given: Parameters) -> RawBatch:
    record = given["batch"]
    if not isinstance(record, Row):
        raise EngineError("batch is not a record")
    return cast(RawBatch, find("raw_batch", record.id, lock=True))


def _receive_into_stock(given: Parameters, context: Context) -> None:
    receive_into_stock(person_of(context.actor), batch=_batch(given), at=context.at)


def _reverse_receipt(given: Parameters, context: Context) -> None:
    reason = cast(str, given.get("reason", ""))
    reverse_receipt(person_of(context.actor), batch=_batch(given), reason=reason, at=context.at)


OPERATIONS: dict[str, Operation] = {
    "take_delivery": Operation(DELIVERY, "raw_batch", _take_delivery),
    "refuse_delivery": Operation({"answers": "answers"}, "raw_batch", _refuse_delivery),
    "receive_into_stock": Operation({"batch": "raw_batch"}, None, _receive_into_stock),
    "reverse_receipt": Operation({"batch": "raw_batch", "reason": "text"}, None, _reverse_receipt),
}


class DjangoOperations:
    """The Operations port over the lifecycles of a Program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def run(self, operation: str, parameters: Parameters, context: Context) -> Row | None:
        """Run one operation and return its result as a record. Raises Refused."""
        if operation not in OPERATIONS:
            raise EngineError(f"no operation {operation}")
        with self._under(context), transaction.atomic():
            result = OPERATIONS[operation].run(parameters, context)
        return row_of(result) if result is not None else None

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
    ) -> Row:
        """Do one transition on a locked row, with its `do:` and what the system does then, and
        return the row read anew.

        Raises Refused."""
        with self._under(context), transaction.atomic():
            return fire(self._lives(), record, transition, context, reason, given)

    def confirm(self, task: str, context: Context) -> Row:
        """Do what a first person asked for and a second confirms. Raises Refused."""
        with self._under(context), transaction.atomic():
            return confirm(self._lives(), task, context)

    def _under(self, context: Context) -> AbstractContextManager[None]:
        """Write the books under the version of the form that saves, or the present one."""
        return under_forms(context.digest or self.program.digest)

    def _lives(self) -> Lives:
        return make_lives(self.program, self.run)
