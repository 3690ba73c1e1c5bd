"""The workbook of traceability of two orders, as wide as a plant makes it: made-up raw batches with
long names in as many mixes as wanted, two pallets a mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from decimal import Decimal

from engine.documents.reports import Asked, fill, prepare
from engine.documents.xlsx import render
from engine.load.project import Project
from engine.model.values import Row, Value
from tests.engine.documents.plenty import NOW, rows

LOTS = 40
RECIPE = "Вторфарш ММО механической обвалки Каркас с добавлением шеи"
SUPPLIERS = ("Птицефабрика «Примерная» имени Тридцатилетия хозяйства", "ООО «Северная птица»")
MATERIALS = ("Каркас цыплёнка-бройлера замороженный", "Шея ЦБ без кожи")
CONDITIONS = ("Замороженное", "Охлаждённое")


def traced(project: Project, mixes: int, lots: int = LOTS) -> bytes:
    """Return the workbook of two orders with so many mixes of so many raw batches each."""
    form, vocabulary = project.reports["traceability"], project.vocabulary
    answers = {
        "traced_orders": tuple(_orders(project)),
        "order_raw_use": tuple(_uses(mixes, lots)),
        "order_pallets": tuple(_pallets(mixes)),
    }

    def ask(fact: str, _arguments: tuple[Value, ...]) -> Value:
        return answers[fact]

    decimals = {unit: each.decimals for unit, each in project.project.units.items()}
    asked = Asked({}, "Орлова М. С.", project.project.plant.name, NOW, time(7), ask)
    return render(fill(prepare(form, vocabulary, decimals), asked))


def _orders(project: Project) -> Iterator[Row]:
    recipe = next(rows(project.vocabulary, "recipe", 1))
    recipe = replace(recipe, title=RECIPE, fields={**recipe.fields, "name": RECIPE})
    for order in rows(project.vocabulary, "minced_order", 2):
        yield replace(order, fields={**order.fields, "number": "Ф241120261/3", "recipe": recipe})


def _uses(mixes: int, lots: int) -> Iterator[Row]:
    for lot in range(lots):
        batch: dict[str, Value] = {
            "number": f"2026-2411/{lot + 1}",
            "supplier": SUPPLIERS[lot % 2],
            "material": MATERIALS[lot % 2],
            "whole": Decimal("18250.500"),
            "condition": CONDITIONS[lot % 2],
            "separator": "С-1",
            "separator_mode": "700",
        }
        for mix in range(1, mixes + 1):
            pallets = f"{2 * mix + 100}, {2 * mix + 101}"
            fields = {**batch, "mix": mix, "pallets": pallets, "kg": Decimal("216.667")}
            yield Row("order_raw_line", f"{lot}-{mix}", str(lot), fields)


def _pallets(mixes: int) -> Iterator[Row]:
    for number in range(2 * mixes):
        label = f"{RECIPE}/{number // 2 + 1}/{number + 102}"
        fields: dict[str, Value] = {
            "label": label,
            "customer": "Торговый дом «Образцовый мясокомбинат»" if number % 3 else None,
            "shipment": "О-2026-7" if number % 3 else None,
            "net": Decimal("922.000"),
            "gross": Decimal("962.500"),
            "pallet_weight": Decimal("22.000"),
            "packaging_weight": Decimal("18.500"),
            "freezer": f"Плиточник {number % 14 + 1}",
            "core_temp": Decimal("-18.4"),
            "held": "рекламация: металл в продукте" if number == 3 else None,
        }
        yield Row("order_pallet_line", str(number), label, fields)
