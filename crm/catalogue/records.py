"""The records and the lists of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from crm.catalogue.models import (
    Company,
    Customer,
    Nomenclature,
    RawMaterial,
    Recipe,
    ResponsiblePerson,
    Separator,
    SeparatorMode,
    Supplier,
)
from crm.record import Catalogue, Record

ENTRY = {"code": "text", "name": "text"}
RECORDS: Mapping[str, Record] = {
    "company": Record(Company, ENTRY),
    "raw_material": Record(RawMaterial, ENTRY),
    "nomenclature": Record(Nomenclature, ENTRY),
    "supplier": Record(Supplier, ENTRY),
    "customer": Record(Customer, ENTRY),
    "responsible_person": Record(ResponsiblePerson, {"name": "text"}),
    "separator": Record(Separator, ENTRY),
    "separator_mode": Record(SeparatorMode, ENTRY),
    "recipe": Record(
        Recipe,
        {"code": "text", "number": "integer", "name": "text", "product_line": "choice(mmo, mko)"},
    ),
}
CATALOGUES: Mapping[str, Catalogue] = {
    "companies": Catalogue("company", Company.objects.active),
    "raw_materials": Catalogue("raw_material", RawMaterial.objects.active),
    "nomenclature": Catalogue("nomenclature", Nomenclature.objects.active),
    "customers": Catalogue("customer", Customer.objects.active),
    "suppliers": Catalogue("supplier", Supplier.objects.active),
    "responsible_persons": Catalogue("responsible_person", ResponsiblePerson.objects.active),
    "separators": Catalogue("separator", Separator.objects.active),
    "separator_modes": Catalogue("separator_mode", SeparatorMode.objects.active),
    "recipes": Catalogue("recipe", Recipe.objects.active),
}
