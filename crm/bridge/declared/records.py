"""Agreed records with the types of their fields, and agreed catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from crm.bridge.declared.types import PRODUCT_LINE

# Fields of records, 1.3. A record that rows implement in part is completed here.
RECORDS: Mapping[str, Mapping[str, str]] = {
    # a line of a composition as a form has it, 4.11, 4.17 and 4.18; a weighed line, 4.12
    # what a composition would be, Q1
    # a task of the desk, as a flow opened over its card is told of it, rule 24
    "task": {"title": "text"},
    "help_request": {
        "author": "person",
        "topic_title": "text",
        "text": "text?",
        "state": "choice(open, going, solved, withdrawn)",
    },
    "freezer": {
        "kind": "choice(plate, shock)",
        "number": "integer",
        "line": "integer?",
        "capacity": "integer",
        "free": "integer",
        "min_minutes": "integer",
    },
    "freezer_load": {
        "state": ("choice(new, freezing, due, overdue, unloaded, voided)"),
        "freezer": "freezer",
        "mix": "mix?",
        "pallet": "pallet?",
        "loaded_at": "datetime?",
        "due_at": "datetime?",
        "unloaded_at": "datetime?",
        "core_temp_out": "number °C?",
    },
    "pallet": {
        "number": "integer",
        "state": (
            "choice(new, open, freezing, unloaded, palletizing, in_stock, reserved, "
            "shipped, converted, scrapped, cancelled)"
        ),
        "production_day": "date?",
        "product_line": PRODUCT_LINE + "?",
        "recipe": "recipe?",
        "kind": "choice(mix, second, buffer)",
        "gross": "number kg?",
        "pallet_weight": "number kg?",
        "packaging_weight": "number kg?",
        "box_count": "integer?",
        "block_count": "integer?",
        "net": "number kg?",
        "net_expected": "number kg?",
        "unloaded_at": "datetime?",
        "created_at": "datetime",
    },
    # Rows of reports: 10.2 and 10.3 (without a batch it is the blank itself), 10.8, 10.12.
    "second_minced": {
        "number": "text",
        "state": "text",
        "kind": "choice(rework, mko1, mko2, mko3)",
        "for_sale": "bool",
        "produced_on": "date",
        "registered_at": "datetime",
        "source_line": "integer?",
        "gross": "number kg?",
        "cart_tare": "number kg?",
        "net": "number kg",
        "rework_gen": "integer",
        "available": "number kg",
    },
    "shipment": {
        "number": "text",
        "state": "text",
        "customer": "text",
        "planned_at": "datetime?",
        "shipped_at": "datetime?",
        "confirmed_by": "person?",
        "reviewed_by": "person?",
    },
    "shipment_line": {
        "pallet": "pallet",
        "recipe": "text",
        "mix": "text?",
        "produced_on": "date?",
        "best_before": "date?",
        "gross": "number kg",
        "pallet_weight": "number kg",
        "packaging_weight": "number kg",
        "net": "number kg",
        "raw": "text",
    },
}

# Catalogues, 13.
CATALOGUES: Mapping[str, str] = {
    "plate_freezers": "freezer",
    "shock_freezers": "freezer",
}
