"""The records and the lists of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from crm.catalogue.models import Company, Nomenclature, RawMaterial, Supplier
from crm.record import Catalogue, Record

ENTRY = {"code": "text", "name": "text"}
RECORDS: Mapping[str, Record] = {
    "company": Record(Company, ENTRY),
    "raw_material": Record(RawMaterial, ENTRY),
    "nomenclature": Record(Nomenclature, ENTRY),
    "supplier": Record(Supplier, ENTRY),
}
CATALOGUES: Mapping[str, Catalogue] = {
    "companies": Catalogue("company", Company.objects.active),
    "raw_materials": Catalogue("raw_material", RawMaterial.objects.active),
    "nomenclature": Catalogue("nomenclature", Nomenclature.objects.active),
    "suppliers": Catalogue("supplier", Supplier.objects.active),
}
