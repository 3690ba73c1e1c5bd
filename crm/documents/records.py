"""What forms know of papers: a report that may be asked for."""

from __future__ import annotations

from collections.abc import Mapping

LINES: Mapping[str, Mapping[str, str]] = {
    # a report with what it asks: days (`usual`: it has its own when none is named), a shipment or
    # a lot that it cannot be made without
    "report_offer": {
        "code": "text",
        "days": "bool",
        "usual": "bool",
        "shipment": "bool",
        "lot": "bool",
    },
}
