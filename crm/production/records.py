"""The records of production."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.ledger.models import Lot
from crm.production.lots import called
from crm.production.models import (
    Blank,
    BlankItem,
    FreezerLoad,
    MincedOrder,
    Mix,
    MixUse,
    OrderItem,
    Pallet,
    Plant,
    RawBatch,
    SecondMinced,
    Shipment,
)
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.record import Catalogue, Record


def _freezers() -> QuerySet[Freezer]:
    """Read freezers with how many places of each are free (domain Q14)."""
    loads = FreezerLoad.objects.filter(freezer=OuterRef("pk"), state__in=[*HOLDS_A_SLOT])
    held = Subquery(loads.order_by().values("freezer").annotate(held=Count("pk")).values("held"))
    return Freezer.objects.annotate(free=F("capacity") - Coalesce(held, 0))


RECORDS: Mapping[str, Record] = {
    "lot": Record(
        Lot,
        {"kind": "choice(raw_batch, blank, mix, second_minced, pallet)"},
        title=lambda lot: called(lot).among(timezone.localdate().year),
        states=(),
    ),
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
            "organization": "text?",
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
        rows=lambda: RawBatch.objects.select_related("raw_material", "lot"),
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
        rows=lambda: OrderItem.objects.select_related("lot__raw_batch", "lot__blank"),
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
        {
            "batch": "raw_batch?",
            "blank": "blank?",
            "second": "second_minced?",
            "kg": "number kg",
        },
        states=(),
        rows=lambda: MixUse.objects.select_related(
            "mix", "lot__raw_batch", "lot__blank", "lot__second_minced"
        ),
    ),
    "freezer": Record(
        Freezer,
        {
            "kind": "choice(plate, shock)",
            "number": "integer",
            "line": "integer?",
            "capacity": "integer",
            "free": "integer",
            "min_minutes": "integer",
        },
        states=(),
        rows=_freezers,
        locked=True,  # before what is put into it: every look of the dispatcher locks what waits
    ),
    "freezer_load": Record(
        FreezerLoad,
        {
            "state": "choice(new, freezing, due, overdue, unloaded, voided)",
            "freezer": "freezer",
            "slot": "integer",
            "mix": "mix?",
            "pallet": "pallet?",
            "loaded_at": "datetime?",
            "due_at": "datetime?",
            "unloaded_at": "datetime?",
            "core_temp_out": "number °C?",
        },
        rows=lambda: FreezerLoad.objects.select_related("freezer", "mix", "pallet"),
    ),
    "pallet": Record(
        Pallet,
        {
            "number": "integer",
            "state": (
                "choice(new, open, freezing, unloaded, palletizing, in_stock, reserved, "
                "shipped, converted, scrapped, cancelled)"
            ),
            "production_day": "date?",
            "product_line": "choice(mmo, mko)?",
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
            "best_before": "date?",
            "label_code": "text",
            "lot": "lot",
            "second_lots": "list of second_minced",
            "created_at": "datetime",
        },
    ),
    "second_minced": Record(
        SecondMinced,
        {
            "number": "text",
            "state": "choice(new, registered, on_pallet, depleted, scrapped, cancelled)",
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
    ),
    "plant": Record(Plant, {"state": "choice(new, works, rests)"}),
    "shipment": Record(
        Shipment,
        {
            "number": "text",
            "state": "text",
            "customer": "customer",
            "planned_at": "datetime?",
            "shipped_at": "datetime?",
            "confirmed_by": "person?",
            "reviewed_by": "person?",
        },
    ),
}
LINES: Mapping[str, Mapping[str, str]] = {
    # a line of a composition as a form has it (domain 4.11, 4.17, 4.18); a weighed line (4.12)
    "plan_line": {"kg": "number kg", "batch": "raw_batch?", "blank": "blank?"},
    "weighed_line": {"actual": "number kg"},
    # a line of an order with the kilograms that it gets (domain 4.47)
    "changed_line": {"item": "order_item", "kg": "number kg"},
    # a station that may be stopped or started (domain 6.6); `why` it stands still
    "station": {"code": "text", "title": "text", "why": "text?"},
}
CATALOGUES: Mapping[str, Catalogue] = {
    "plate_freezers": Catalogue(
        "freezer", lambda: _freezers().filter(kind="plate", active=True), ""
    ),
    "shock_freezers": Catalogue(
        "freezer", lambda: _freezers().filter(kind="shock", active=True), ""
    ),
}
