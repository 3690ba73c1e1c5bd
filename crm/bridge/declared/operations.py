"""Agreed operations and jobs: their parameters and their results."""

from __future__ import annotations

from collections.abc import Mapping

from crm.bridge.declared.types import HOLD, KIND_OF_GOODS
from engine.model.vocabulary import OperationForm

WEIGHTS: Mapping[str, str] = {
    "block_count": "integer",
    "gross": "number kg",
    "pallet_weight": "number kg",
    "packaging_weight": "number kg",
    "photos": "files",
}
BY_HAND: Mapping[str, str] = {
    "kind": KIND_OF_GOODS,
    "produced_on": "date",
    "pallet_number": "integer",
    **WEIGHTS,
}

OPERATIONS: Mapping[str, OperationForm] = {
    # blank, 5.2
    # minced order, 5.3
    # mix, 5.4
    "hold_without_origin": OperationForm({"mix": "mix", "reason": "text"}),
    "hold_mix": OperationForm({"mix": "mix", "kind": HOLD, "reason": "text"}),
    "release_mix_hold": OperationForm({"mix": "mix", "kind": HOLD, "reason": "text"}),
    # pallet, 5.7
    "record_not_frozen": OperationForm({"pallet": "pallet"}),
    "accept_pallet": OperationForm({"pallet": "pallet"}),
    "ship_pallet": OperationForm({"pallet": "pallet"}),
    "take_back_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "reverse_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "convert_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    "scrap_pallet": OperationForm({"pallet": "pallet", "reason": "text"}),
    # laboratory, 4.8, 4.9 and 4.22
    "record_mix_analysis": OperationForm(
        {
            "mix": "mix",
            "fat": "number %",
            "protein": "number %",
            "moisture": "number %",
            "in_norm": "bool",
        }
    ),
    # blanks, 4.11 to 4.15
    # orders, 4.17 and 4.18
    # freezing, 4.26, 4.32 and 4.33
    "load_plate_freezer": OperationForm({"mix": "mix", "freezer": "freezer"}, "freezer_load"),
    "load_shocker": OperationForm(
        {
            "pallet": "pallet",
            "freezer": "freezer",
            "pallet_weight": "number kg",
            "gross": "number kg",
            "box_count": "integer",
            "net": "number kg",
        },
        "freezer_load",
    ),
    "fill_buffer_pallet": OperationForm(
        {
            "pallet": "pallet?",
            "pallet_number": "integer?",
            "box_count": "integer",
            "sources": "list of mix",
            "gross": "number kg",
            "pallet_weight": "number kg",
        },
        "pallet",
    ),
    "close_buffer_pallet": OperationForm({"pallet": "pallet"}),
    # ash and unloading, 4.24, 4.28 to 4.30
    "record_ash": OperationForm({"mix": "mix", "ash": "number %", "in_norm": "bool"}),
    "number_pallet": OperationForm({"mix": "mix", "pallet_number": "integer"}, "pallet"),
    "unload_plate_freezer": OperationForm(
        {"load": "freezer_load", "core_temp": "number °C?", "pallet_numbers": "list of integer"}
    ),
    "unload_shocker": OperationForm({"load": "freezer_load", "core_temp": "number °C?"}),
    # the store, 4.36 and 4.37
    "weigh_pallet": OperationForm({"pallet": "pallet", **WEIGHTS}),
    "accept_from_remainder": OperationForm(BY_HAND),
    "accept_without_origin": OperationForm(BY_HAND),
    # help, 4.38
    "ask_help": OperationForm(
        {
            "topic": "choice(no_raw, breakdown, unclear, danger, other)",
            "stop": "bool",
            "text": "text?",
            "photo": "files?",
            "task": "task?",
        },
        "help_request",
    ),
    "react_to_help": OperationForm(
        {"request": "help_request", "reaction": "choice(going, answer, solved)", "text": "text?"}
    ),
}
