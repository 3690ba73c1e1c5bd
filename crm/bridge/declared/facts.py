"""Agreed facts: the types of their arguments and of their answers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.vocabulary import FactForm

PLAN = "list of plan_line"

FACTS: Mapping[str, FactForm] = {
    # blank, 5.2
    # minced order, 5.3
    # mix, 5.4 and 6.2 to 6.5
    # freezer load, 5.6
    # reports, 10.2, 10.3, 10.8, 10.12
    # pallet, 5.7 and 5.8
    # laboratory, 4.8 and 4.22
    # blanks, 4.11 to 4.15
    # orders, 4.17 and 4.18
    # freezing, 4.26, 4.32 and 4.33
    # ash and unloading, 4.24, 4.28 to 4.30
    # the store, 4.37
}
