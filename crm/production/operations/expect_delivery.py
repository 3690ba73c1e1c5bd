"""Tell of a delivery that is on its way (domain 4.6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.utils import timezone

from crm.catalogue.models import Company, Nomenclature, RawMaterial, Supplier
from crm.ledger.models import Lot
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import MOST_KG, entry, once
from engine.errors import Refusal, Refused
from engine.languages.message import Message

FURTHEST_DAYS = 60  # domain 4.6


class Expected(TypedDict):
    """What is known of a delivery beforehand. A text in place of a row is a typed new name. The
    mass is in kilograms."""

    company: Company
    material: RawMaterial | str
    nomenclature: Nomenclature | str
    condition: str
    supplier: Supplier | str
    expected_weight: Decimal
    expected_date: date
    ttn_number: str | None


TYPES = {
    "company": "company",
    "material": "raw_material",
    "nomenclature": "nomenclature",
    "condition": "choice(chilled, frozen)",
    "supplier": "supplier",
    "expected_weight": "number kg",
    "expected_date": "date",
    "ttn_number": "text?",
}


def expect_delivery(
    by: Person, *, session: UUID, at: datetime, **given: Unpack[Expected]
) -> RawBatch:
    """Make the raw batch of an expected delivery in state `new`, without number and stock.

    Done twice with one session it returns the first. Raises Refused for a mass of no truck and a
    day that is over or further away than 60 days."""

    def save() -> RawBatch:
        refuse_day(given["expected_date"], at)
        lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
        year = timezone.localtime(at).year
        made = {"session": session, "year": year, "created_at": at, "created_by": by}
        return RawBatch.objects.create(lot=lot, **made, **columns(by, given))

    return once(session, save)


def refuse_day(day: date, at: datetime) -> None:
    """Refuse a day that is over or further away than 60 days."""
    today = timezone.localdate(at)
    if not today <= day <= today + timedelta(days=FURTHEST_DAYS):
        text = Message("Дата поставки: от сегодняшней до {days} дней вперёд")
        raise Refused(Refusal(text, {"days": str(FURTHEST_DAYS)}, again="expected_date"))


def columns(by: Person, given: Expected) -> dict[str, Any]:
    """Return the columns of an expected batch; rows of typed names are made. Raises Refused."""
    if not 0 < given["expected_weight"] <= MOST_KG:
        raise Refused(
            Refusal("Масса должна быть больше нуля и не больше 40 000 кг", again="expected_weight")
        )
    return {
        "company": given["company"],
        "raw_material": entry(by, RawMaterial, given["material"]),
        "nomenclature": entry(by, Nomenclature, given["nomenclature"]),
        "condition": given["condition"],
        "supplier": entry(by, Supplier, given["supplier"]),
        "expected_weight": given["expected_weight"],
        "expected_date": given["expected_date"],
        "ttn_number": given["ttn_number"] or "",
    }


OPERATION = Operation(TYPES, expect_delivery, "raw_batch")
