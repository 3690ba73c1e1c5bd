"""Names agreed with the technologists that rows do not implement yet: YAML may use them already.

The Vocabulary is what is implemented together with this page. A flow or a transition that needs a
name of this page alone is not offered on this plant (`crm.bridge.offered`). A name leaves this page
when its operation, fact or rows are written. The numbers are sections of the plant's rules."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.vocabulary import FactForm, OperationForm

PRODUCT_LINE = "choice(mmo, mko)"

# Fields of records, 1.3. A record that rows implement in part is completed here.
RECORDS: Mapping[str, Mapping[str, str]] = {
    "raw_batch": {
        "separator": "text?",
        "separator_mode": "text?",
        "weight_diff_reason": "text?",
        "expected_date": "date?",
        "expected_weight": "number kg?",
        "analysed_by": "person?",
        "created_at": "datetime",
    },
    "blank": {
        "number": "text?",
        "state": (
            "choice(new, planned, weighing, weighed, unpacking, problem, unpacked, "
            "defrosting, defrosted, redefrost_requested, ready, depleted, cancelled)"
        ),
        "product_line": PRODUCT_LINE,
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
    "blank_item": {
        "batch": "raw_batch",
        "kg_planned": "number kg",
        "kg_actual": "number kg?",
    },
    "recipe": {
        "number": "text",
        "name": "text",
        "product_line": PRODUCT_LINE,
    },
    "minced_order": {
        "number": "text?",
        "state": ("choice(new, planned, active, paused, finished, cancelled)"),
        "product_line": PRODUCT_LINE,
        "recipe": "recipe",
        "number_mix": "integer",
        "line_mode": "choice(line_1, line_2, both)",
        "route": "choice(plate, shock, pallet)",
        "is_night": "bool",
        "arrival_date": "date",
        "start_not_before": "datetime",
        "priority": "integer",
        "fat": "number %?",
        "protein": "number %?",
        "moisture": "number %?",
        "analysed_kg": "number kg?",
        "created_at": "datetime",
    },
    "mix": {
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
        "ash_state": "choice(not_needed, missing, in_norm, out_of_norm, accepted)?",
        "remake": "bool",
        "produced_at": "datetime?",
        "created_at": "datetime",
    },
    "freezer": {
        "kind": "choice(plate, shock)",
        "number": "integer",
        "line": "integer?",
        "capacity": "integer",
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
    "blank_stock_line": {
        "blank": "blank",
        "label": "text?",
        "batch": "raw_batch?",
        "kg": "number kg",
        "fat": "number %?",
        "protein": "number %?",
        "moisture": "number %?",
        "on_stock": "choice(yes, quarantine)?",
    },
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
    "recipes": "recipe",
}

FACTS: Mapping[str, FactForm] = {
    # raw batch, 5.1
    "is_analysis_passed": FactForm(("raw_batch",), "bool"),
    "antibiotic_found": FactForm(("raw_batch",), "bool"),
    "analysis_failures": FactForm(("raw_batch",), "text"),
    "is_used_up": FactForm(("raw_batch",), "bool"),
    "reserved_for": FactForm(("raw_batch",), "text"),
    # blank, 5.2
    "blank_text": FactForm(("blank",), "text"),
    "stock_is_free": FactForm(("blank",), "bool"),
    "batches_released": FactForm(("blank",), "bool"),
    "component_waited_by_blank": FactForm(("blank",), "text"),
    "all_weighed": FactForm(("blank",), "bool"),
    "is_blank_used": FactForm(("blank",), "bool"),
    "is_blank_used_up": FactForm(("blank",), "bool"),
    "defrost_text": FactForm(("blank",), "text"),
    # minced order, 5.3
    "order_stock_is_free": FactForm(("minced_order",), "bool"),
    "order_shortage": FactForm(("minced_order",), "text"),
    "order_mixes": FactForm(("minced_order",), "list of mix"),
    "mixes_are_out": FactForm(("minced_order",), "bool"),
    "no_mix_discharged": FactForm(("minced_order",), "bool"),
    # mix, 5.4 and 6.2 to 6.5
    "mix_text": FactForm(("mix",), "text"),
    "mix_result": FactForm(("mix",), "text"),
    "mix_analysis_text": FactForm(("mix",), "text"),
    "is_mix_in_norm": FactForm(("mix",), "bool"),
    "lines_for": FactForm(("mix",), "list of integer"),
    "is_turn_of": FactForm(("mix",), "bool"),
    "order_before": FactForm(("mix",), "text"),
    "components_usable": FactForm(("mix",), "bool"),
    "component_waited": FactForm(("mix",), "text"),
    "is_load_out": FactForm(("mix",), "bool"),
    "pallets_accepted": FactForm(("mix",), "bool"),
    "no_pallet_accepted": FactForm(("mix",), "bool"),
    "is_ash_in_norm": FactForm(("mix",), "bool"),
    "ash_text": FactForm(("mix",), "text"),
    # freezer load, 5.6
    "due_of": FactForm(("freezer_load",), "datetime"),
    "load_content": FactForm(("freezer_load",), "text"),
    "early_approved": FactForm(("freezer_load",), "bool"),
    "shock_places": FactForm((), "integer"),
    # reports, 10.2, 10.3, 10.8, 10.12
    "blank_stock": FactForm((PRODUCT_LINE,), "list of blank_stock_line"),
    "rework_stock": FactForm((), "list of second_minced"),
    "second_minced_registered": FactForm(("period",), "list of second_minced"),
    "shipment_pallets": FactForm(("shipment",), "list of shipment_line"),
    # pallet, 5.7 and 5.8
    "pallet_number_free": FactForm(("integer",), "bool"),
    "pallet_content": FactForm(("pallet",), "text"),
    "pallet_photos": FactForm(("pallet",), "integer"),
    "is_shock": FactForm(("pallet",), "bool"),
    "is_collecting": FactForm(("pallet",), "bool"),
    "is_shippable": FactForm(("pallet",), "bool"),
    "not_shippable_because": FactForm(("pallet",), "text"),
}

HOLD = "choice(lab, antibiotic, fhp, ash)"

OPERATIONS: Mapping[str, OperationForm] = {
    # raw batch, 5.1
    "release_holds": OperationForm({"batch": "raw_batch", "kind": HOLD}),
    "hold_batch": OperationForm({"batch": "raw_batch", "kind": HOLD}),
    "release_reservations": OperationForm({"batch": "raw_batch"}),
    "send_back": OperationForm({"batch": "raw_batch", "reason": "text"}),
    "dispose": OperationForm({"batch": "raw_batch", "reason": "text"}),
    # blank, 5.2
    "reserve_blank": OperationForm({"blank": "blank"}),
    "write_off_blank": OperationForm({"blank": "blank"}),
    "reverse_blank": OperationForm({"blank": "blank", "reason": "text"}),
    "return_blank": OperationForm({"blank": "blank", "reason": "text"}),
    "keep_defrost": OperationForm({"blank": "blank"}),
    "post_drip": OperationForm({"blank": "blank"}),
    # minced order, 5.3
    "reserve_order": OperationForm({"order": "minced_order"}),
    "release_order": OperationForm({"order": "minced_order"}),
    # mix, 5.4
    "hold_without_origin": OperationForm({"mix": "mix", "reason": "text"}),
    "hold_mix": OperationForm({"mix": "mix", "kind": HOLD, "reason": "text"}),
    "release_mix_hold": OperationForm({"mix": "mix", "kind": HOLD, "reason": "text"}),
    "write_off_mix": OperationForm({"mix": "mix"}),
    "undo_discharge": OperationForm({"mix": "mix", "reason": "text"}),
    # pallet, 5.7
    "record_not_frozen": OperationForm({"pallet": "pallet"}),
    "accept_pallet": OperationForm({"pallet": "pallet"}),
    "ship_pallet": OperationForm({"pallet": "pallet"}),
    "take_back_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "reverse_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "convert_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "scrap_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
}

JOBS: Mapping[str, OperationForm] = {}
