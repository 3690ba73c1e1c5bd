"""What people choose from, as rows."""

from crm.catalogue.models.edition import Edition
from crm.catalogue.models.entry import (
    Company,
    Customer,
    Entry,
    EntryQuerySet,
    Nomenclature,
    RawMaterial,
    ResponsiblePerson,
    Separator,
    SeparatorMode,
    Supplier,
)
from crm.catalogue.models.freezer import Freezer
from crm.catalogue.models.recipe import PARTS, Recipe, RecipeVersion

__all__ = [
    "PARTS",
    "Company",
    "Customer",
    "Edition",
    "Entry",
    "EntryQuerySet",
    "Freezer",
    "Nomenclature",
    "RawMaterial",
    "Recipe",
    "RecipeVersion",
    "ResponsiblePerson",
    "Separator",
    "SeparatorMode",
    "Supplier",
]
