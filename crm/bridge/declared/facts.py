"""Agreed facts: the types of their arguments and of their answers."""

from __future__ import annotations

from collections.abc import Mapping

from crm.bridge.declared.types import KIND_OF_GOODS
from engine.model.vocabulary import FactForm

PLAN = "list of plan_line"

FACTS: Mapping[str, FactForm] = {
    # blank, 5.2
    # minced order, 5.3
    # mix, 5.4 and 6.2 to 6.5
    "mix_result": FactForm(("mix",), "text"),
    "mix_analysis_text": FactForm(("mix",), "text"),
    "is_mix_in_norm": FactForm(("mix",), "bool"),
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
    # laboratory, 4.8 and 4.22
    "lab_wait": FactForm(("mix",), "text"),  # «Ждём технолога», or nothing
    "mixes_in_lab": FactForm((), "list of mix"),
    "norm_met": FactForm(("mix", "number %", "number %", "number %"), "bool"),
    "norm_text": FactForm(("mix",), "text"),
    # blanks, 4.11 to 4.15
    # orders, 4.17 and 4.18
    # freezing, 4.26, 4.32 and 4.33
    "free_plate_freezers": FactForm(("mix",), "list of freezer"),
    "next_plate_freezer": FactForm(("mix",), "freezer_load?"),
    "free_shockers": FactForm((), "list of freezer"),
    "pallets_to_freeze": FactForm((), "list of pallet"),
    "why_not_frozen": FactForm(("text",), "text"),
    "box_tare": FactForm((), "number kg"),
    "open_buffer_boxes": FactForm((), "integer"),
    "open_buffer_pallets": FactForm((), "list of pallet"),
    "buffer_gross": FactForm((), "number kg"),
    "buffer_pallet_weight": FactForm((), "number kg"),
    "buffer_sources": FactForm((), "list of mix"),
    "pallet_number_holder": FactForm(("integer",), "text"),
    # ash and unloading, 4.24, 4.28 to 4.30
    "mixes_without_ash": FactForm((), "list of mix"),
    "ash_met": FactForm(("mix", "number %"), "bool"),
    "pallet_numbers_taken": FactForm((), "text"),
    "pallets_of_load": FactForm(("freezer_load",), "list of pallet"),
    # the store, 4.37
    "matching_pallets": FactForm((KIND_OF_GOODS, "integer"), "list of pallet"),
    "pallet_is_freezing": FactForm((KIND_OF_GOODS, "integer"), "bool"),
    "shocker_of_pallet": FactForm((KIND_OF_GOODS, "integer"), "text"),
    "registered_kg": FactForm((KIND_OF_GOODS,), "number kg"),
}
