"""The records of production."""

from __future__ import annotations

from collections.abc import Mapping

from crm.production.models import Blank, BlankItem, MincedOrder, Mix, MixUse, OrderItem, RawBatch
from crm.record import Record

RECORDS: Mapping[str, Record] = {
    "raw_batch": Record(
        RawBatch,
        {
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
            "vet_document_numbers": "text?",
            "vet_document_dates": "text?",
            "expiration_date": "date?",
            "separator": "text?",
            "separator_mode": "text?",
            "expected_date": "date?",
            "expected_weight": "number kg?",
            "received_at": "datetime?",
            "created_by": "person?",
            "created_at": "datetime",
            "analysis": "raw_analysis?",
            "analysed_by": "person?",
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
        },
    ),
    "blank": Record(
        Blank,
        {
            "number": "text?",
            "state": (
                "choice(new, planned, weighing, weighed, unpacking, problem, unpacked, "
                "defrosting, defrosted, redefrost_requested, ready, depleted, cancelled)"
            ),
            "product_line": "choice(mmo, mko)",
            "arrival_date": "date",
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
            "analysed_kg": "number kg?",
            "weight_planned": "number kg?",
            "weight_actual": "number kg?",
            "weight_after_defrost": "number kg?",
            "items": "list of blank_item",
            "problem_reason": "text?",
            "problem_by": "person?",
            "defrost_started": "datetime?",
            "defrost_stopped": "datetime?",
            "created_at": "datetime",
        },
    ),
    "blank_item": Record(
        BlankItem,
        {"batch": "raw_batch", "kg_planned": "number kg", "kg_actual": "number kg?"},
        states=(),
    ),
    "minced_order": Record(
        MincedOrder,
        {
            "number": "text?",
            "state": "choice(new, planned, active, paused, finished, cancelled)",
            "product_line": "choice(mmo, mko)",
            "recipe": "recipe",
            "number_mix": "integer",
            "line_mode": "choice(line_1, line_2, both)",
            "own_line": "choice(line_1, line_2, both)?",
            "joint_refused_at": "datetime?",
            "route": "choice(plate, shock, pallet)",
            "is_night": "bool",
            "arrival_date": "date",
            "start_not_before": "datetime",
            "priority": "integer",
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
            "analysed_kg": "number kg?",
            "items": "list of order_item",
            "created_at": "datetime",
        },
        rows=lambda: MincedOrder.objects.select_related("recipe"),
    ),
    "order_item": Record(
        OrderItem,
        {
            "batch": "raw_batch?",
            "blank": "blank?",
            "kg_planned": "number kg",
        },
        states=(),
        rows=lambda: OrderItem.objects.select_related("lot"),
    ),
    "mix": Record(
        Mix,
        {
            "number": "text?",
            "state": (
                "choice(new, queued, unpacking, unpacked, pressing, pressed, mixing, in_lab, "
                "lab_decision, ready_to_discharge, in_plate_freezer, on_pallets, "
                "finished, cancelled)"
            ),
            "order": "minced_order",
            "index": "integer",
            "line": "integer?",
            "quality": "choice(untested, passed, passed_with_deviation, blocked)?",
            "ash_state": "choice(new, not_needed, missing, in_norm, out_of_norm, accepted)?",
            "remake": "bool",
            "rework_gen": "integer",
            "uses": "list of mix_use",
            "produced_at": "datetime?",
            "created_at": "datetime",
        },
        states=("state", "ash_state"),
        rows=lambda: Mix.objects.select_related("order__recipe"),
    ),
    "mix_use": Record(
        MixUse,
        {"batch": "raw_batch?", "blank": "blank?", "kg": "number kg"},
        states=(),
        rows=lambda: MixUse.objects.select_related("lot"),
    ),
}
LINES: Mapping[str, Mapping[str, str]] = {
    # a line of a composition as a form has it (domain 4.11, 4.17, 4.18); a weighed line (4.12)
    "plan_line": {"kg": "number kg", "batch": "raw_batch?", "blank": "blank?"},
    "weighed_line": {"actual": "number kg"},
    # a line of an order with the kilograms that it gets (domain 4.47)
    "changed_line": {"item": "order_item", "kg": "number kg"},
}
