"""Agreed operations and jobs: their parameters and their results."""

from __future__ import annotations

from collections.abc import Mapping

from crm.bridge.declared.types import KIND_OF_GOODS
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
    # pallet, 5.7
    # laboratory, 4.8, 4.9 and 4.22
    # blanks, 4.11 to 4.15
    # orders, 4.17 and 4.18
    # freezing, 4.26, 4.32 and 4.33
    # ash and unloading, 4.24, 4.28 to 4.30
    # the store, 4.36 and 4.37
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
