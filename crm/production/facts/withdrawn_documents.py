"""The found veterinary documents that were withdrawn: they are shown and cannot be added (domain
12.1.3)."""

from __future__ import annotations

from crm.fact import Fact, Line


def withdrawn_documents(found: Line) -> list[Line]:
    """Give the documents of a search that were withdrawn."""
    return [one for one in found["documents"] or () if one["withdrawn"] is True]


FACT = Fact(
    params=("vet_search_result",), result="list of vet_document", answer=withdrawn_documents
)
