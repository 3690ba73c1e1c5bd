"""Records as expressions and documents see them: one table of fields and types, and rows read by
it.

`RECORDS` is the part of the Vocabulary that names records; `row_of` reads a row by it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from crm.catalogue.models import Company, Nomenclature, RawMaterial, Supplier
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.errors import EngineError
from engine.model.values import Option, Row, Value

ENTRY = {"code": "text", "name": "text"}
RECORDS: dict[str, dict[str, str]] = {
    "company": ENTRY,
    "raw_material": ENTRY,
    "nomenclature": ENTRY,
    "supplier": ENTRY,
    "person": {"full_name": "text"},
    "raw_batch": {
        "number": "text?",
        "year_number": "integer?",
        "state": (
            "choice(new, expected, received, released, quarantine, rejected, depleted, "
            "returned, disposed, refused, cancelled)"
        ),
        "company": "company?",
        "raw_material": "raw_material?",
        "nomenclature": "nomenclature?",
        "supplier": "supplier?",
        "condition": "choice(chilled, frozen)?",
        "manufacturer": "text?",
        "accounting_type": "text?",
        "ttn_number": "text?",
        "ttn_date": "date?",
        "manufacture_date": "date?",
        "body_temp": "number °C?",
        "product_temp": "number °C?",
        "weight_received": "number kg?",
        "weight_vet": "number kg?",
        "weight_diff_reason": "text?",
        "tags_number": "integer?",
        "min_shelf_days": "integer?",
        "separator": "text?",
        "separator_mode": "text?",
        "expected_date": "date?",
        "expected_weight": "number kg?",
        "received_at": "datetime?",
        "created_by": "person?",
    },
}
MODELS: dict[str, type[Model]] = {
    "company": Company,
    "raw_material": RawMaterial,
    "nomenclature": Nomenclature,
    "supplier": Supplier,
    "person": Person,
    "raw_batch": RawBatch,
}
KINDS = {model: kind for kind, model in MODELS.items()}


def row_of(record: Model) -> Row:
    """Return a record with every field of the Vocabulary; an empty text is "not given"."""
    kind = KINDS[type(record)]
    return Row(
        kind, str(record.pk), str(record), {name: _value(record, name) for name in RECORDS[kind]}
    )


def _value(record: Model, name: str) -> Value:
    value: Value = getattr(record, name)
    if isinstance(value, Model):
        return row_of(value)
    if isinstance(value, datetime):
        return timezone.localtime(value)
    if value == "":
        return None
    field = record._meta.get_field(name)
    if getattr(field, "choices", None) and name != "state":
        return Option(str(value), str(dict(field.flatchoices)[value]))  # type: ignore[union-attr]
    return value


def find(kind: str, identity: str, *, lock: bool = False) -> Model:
    """Return the row of a record, locked on request. Raises EngineError when it is not there."""
    rows = MODELS[kind]._default_manager.all()
    found = (
        (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=int(identity)).first()
    )
    if found is None:
        raise EngineError(f"no {kind} with id {identity}")
    return found


class DjangoRecords:
    """The Records port."""

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record read afresh with all its fields; None when there is none."""
        if kind not in MODELS or not identity.isdigit():
            return None
        found = MODELS[kind]._default_manager.filter(pk=int(identity)).first()
        return row_of(found) if found is not None else None
