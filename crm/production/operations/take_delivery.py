"""Save a delivery as a raw batch, before it is accepted or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, TypeVar, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.catalogue.models import Company, Entry, Nomenclature, RawMaterial, Supplier
from crm.catalogue.operations.add import add
from crm.fact import Line
from crm.fresh import fresh
from crm.ledger.models import Lot
from crm.new_rows import insert
from crm.operation import Operation
from crm.people.models import Person
from crm.prepared import KEY, Prepared
from crm.production.models import RawBatch, VetDocument
from crm.quality.models import Deviation
from crm.quality.operations.measure import measure
from crm.together import answered, ask_ahead
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Measured
from engine.model.files import FileRef
from engine.model.values import Value

E = TypeVar("E", bound=Entry)
MOST_KG = Decimal(40_000)
DOCUMENT_TEXTS = ("uuid", "product_name", "sender", "producer", "doc_number", "public_link")
DOCUMENT = (
    *DOCUMENT_TEXTS, "weight", "doc_date", "produced_from", "produced_to", "expires", "shelf_days"
)  # fmt: skip

SAVED = Prepared(lambda session: RawBatch.objects.filter(session=session).order_by(), KEY)
DECISIONS = Prepared(
    lambda session: (
        Deviation.objects.filter(session=session).order_by().values_list("state", flat=True)
    ),
    KEY,
)
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
TYPES = {
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
}


class Answers(TypedDict, total=False):
    """What a receiver may answer. A text in place of a row is a typed new name: its row is made
    here.

    Masses are kilograms, temperatures °C; None or an absent key is "not given"."""

    company: Company | None
    material: RawMaterial | str | None
    nomenclature: Nomenclature | str | None
    supplier: Supplier | str | None
    condition: str | None
    manufacturer: str | None
    accounting_type: str | None
    ttn_number: str | None
    manufacture_date: date | None
    body_temp: Decimal | None
    product_temp: Decimal | None
    weight: Decimal | None
    weight_vet: Decimal | None
    weight_diff_reason: str | None
    min_shelf_days: int | None
    tags_number: int | None


Files = Mapping[str, Sequence[FileRef]]
Documents = Sequence[Mapping[str, Value]]  # each as a search found it, domain 12.1.3


def take_delivery(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    files: Files | None = None,
    measurements: Sequence[Measured] = (),
    expected: RawBatch | None = None,
    documents: Documents = (),
    **answers: Unpack[Answers],
) -> RawBatch:
    """Make the raw batch of a session in state `new`, or go on with an `expected` one, with its
    files, veterinary documents, measurements and deviations.

    `files` are stored files by kind (truck_unit, body_temp, upd, ttn, tn, vet, product_temp,
    pallet). Done twice with
    one session it returns the first batch. Raises Refused when an answer is missing or a decision
    is open."""

    def save() -> RawBatch:
        _check(answers)
        asked = _decided(session)
        batch = write_batch(by, session, at, answers, expected)
        keep_evidence(by, batch, files or {}, measurements, asked=asked)
        keep_documents(batch, documents)
        return batch

    ask_ahead([(SAVED, (session,)), (DECISIONS, (session,))])
    return once(session, save)


def once(session: UUID, save: Callable[[], RawBatch]) -> RawBatch:
    """Save the batch of a session in one transaction, or return the one that is there already."""
    try:
        with transaction.atomic():
            return next(iter(answered(SAVED, session)), None) or save()
    except IntegrityError:
        done = RawBatch.objects.filter(session=session).first()
        if done is None:
            raise
        return done  # somebody saved the same session at the same moment


def keep_evidence(
    by: Person,
    batch: RawBatch,
    files: Files,
    measurements: Sequence[Measured],
    *,
    asked: bool = True,
) -> None:
    """Tie files, measurements and the session's deviations to its batch; none of these when nobody
    was `asked`."""
    at = batch.created_at
    attach(by, lot_id=batch.lot_id, files=files, session=batch.session, at=at)
    measure(by, lot_id=batch.lot_id, measured=measurements, at=at)
    if asked:
        Deviation.objects.filter(session=batch.session).update(lot=batch.lot)


def keep_documents(batch: RawBatch, documents: Documents) -> None:
    """Write the chosen veterinary documents of a batch, each with its own number, dates, link."""
    for found in documents:
        given = {name: found.get(name) for name in DOCUMENT}
        texts = {name: given[name] or "" for name in DOCUMENT_TEXTS}
        VetDocument.objects.create(raw_batch=batch, **{**given, **texts})


def write_batch(
    by: Person, session: UUID, at: datetime, answers: Answers, expected: RawBatch | None = None
) -> RawBatch:
    """Write the row of a batch in state `new` with its lot, or into an expected one what has come,
    and the catalogue rows of typed names.

    Raises Refused when the expected one is taken or cancelled meanwhile."""
    if expected is not None and expected.state != RawBatch.State.EXPECTED:
        raise Refused(Refusal("Эту поставку уже приняли или отменили", again="expected"))
    batch = expected or fresh(RawBatch, lot=insert(fresh(Lot, kind=Lot.Kind.RAW_BATCH)))
    values = {
        "session": session,
        "year": timezone.localtime(at).year,
        "company": answers.get("company"),
        "raw_material": entry(by, RawMaterial, answers.get("material")),
        "nomenclature": entry(by, Nomenclature, answers.get("nomenclature")),
        "supplier": entry(by, Supplier, answers.get("supplier")),
        "condition": answers.get("condition") or "",
        "manufacturer": answers.get("manufacturer") or "",
        "accounting_type": answers.get("accounting_type") or "",
        "ttn_number": answers.get("ttn_number") or "",
        "manufacture_date": answers.get("manufacture_date"),
        "body_temp": answers.get("body_temp"),
        "product_temp": answers.get("product_temp"),
        "weight_received": answers.get("weight"),
        "weight_vet": answers.get("weight_vet"),
        "weight_diff_reason": answers.get("weight_diff_reason") or "",
        "min_shelf_days": answers.get("min_shelf_days"),
        "tags_number": answers.get("tags_number"),
        "created_at": at,
        "created_by": by,
    }
    for name, value in values.items():
        setattr(batch, name, value)
    if expected is None:
        return insert(batch)
    batch.save()
    return batch


def _check(answers: Answers) -> None:
    for name, title, step in (
        ("company", Message("компания"), "company"),
        ("material", Message("вид сырья"), "material"),
        ("nomenclature", Message("вид по номенклатуре"), "nomenclature"),
        ("condition", Message("кондиция"), "condition"),
        ("supplier", Message("поставщик"), "supplier"),
        ("weight", Message("масса"), "weight"),
    ):
        if not answers.get(name):
            raise Refused(Refusal("Не хватает ответа: {what}", {"what": title}, again=step))
    weight = answers["weight"]
    if weight is None or not 0 < weight <= MOST_KG:
        raise Refused(
            Refusal("Масса должна быть больше нуля и не больше 40 000 кг", again="weight")
        )


def _decided(session: UUID) -> bool:
    """Tell whether a decision was asked for. Raises Refused without a good one."""
    found = set(answered(DECISIONS, session))
    if found & {Deviation.State.OPEN, Deviation.State.REJECTED}:
        raise Refused(Refusal("Партию нельзя принять: решение не принято или отрицательное"))
    return bool(found)


def entry(by: Person, model: type[E], value: E | str | None) -> E | None:
    """Return a row of a catalogue, made when a new name was typed."""
    return add(by, model=model, name=value) if isinstance(value, str) else value


def answers_of(given: Mapping[str, Any]) -> Answers:
    """Return what a form gives of the answers; a supplier that was not asked is the sender of the
    veterinary documents."""
    found = {name: given.get(name) for name in Answers.__annotations__}
    return Answers(**{**found, "supplier": found["supplier"] or given.get("vet_sender")})  # type: ignore[typeddict-item]


def files_of(given: Mapping[str, Any]) -> Files:
    """Return the photos of a form by their kinds."""
    return {kind: given[name] for name, kind in PHOTOS.items() if given.get(name)}


def documents_of(lines: Sequence[Line] | None) -> Documents:
    """Return the fields of the chosen documents."""
    return tuple(line.fields for line in lines or ())


def _run(by: Person, *, session: UUID, at: datetime, **given: Any) -> RawBatch:
    return take_delivery(
        by,
        session=session,
        at=at,
        files=files_of(given),
        measurements=given["measurements"] or (),
        expected=given["batch"],
        documents=documents_of(given["documents"]),
        **answers_of(given),
    )


OPERATION = Operation({**TYPES, "measurements": "measurements"}, _run, "raw_batch")
