"""The found veterinary documents that a delivery may take (domain 4.4, 12.1.3)."""

from __future__ import annotations

from crm.fact import Fact, Line


def addable_documents(found: Line) -> list[Line]:
    """Give the documents of a search without those that were withdrawn."""
    return [one for one in found["documents"] or () if one["withdrawn"] is not True]


FACT = Fact(
    params=("vet_search_result",),
    result="list of vet_document",
    answer=addable_documents,
    records={
        "vet_document": {
            "uuid": "text",
            "product_name": "text",
            "weight": "number kg",
            "sender": "text",
            "producer": "text?",
            "doc_number": "text?",
            "doc_date": "date?",
            "produced_from": "date?",
            "produced_to": "date?",
            "expires": "date?",
            "shelf_days": "integer?",
            "public_link": "text?",
            "withdrawn": "bool",
        },
        "vet_search_result": {
            "outcome": "choice(found, not_found, rejected, timed_out, unavailable)",
            "reason": "text?",
            "documents": "list of vet_document",
        },
    },
)
