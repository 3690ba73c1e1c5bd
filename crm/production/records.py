"""The records of production."""

from __future__ import annotations

from collections.abc import Mapping

from crm.production.models import RawBatch
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
}
