"""Records that other forms would strand: they stand in states that those do not know, so that no
transition would lead on from there. The checker, which reads no rows, cannot tell.

Start at `stranded`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from crm.bridge.records import RECORDS
from engine.schema.lifecycle import Lifecycle


@dataclass(frozen=True, slots=True)
class Stranded:
    """So many records in a state that goes; titles in Russian, as the present forms have them."""

    lifecycle: str
    state: str
    count: int


def stranded(now: Mapping[str, Lifecycle], then: Mapping[str, Lifecycle]) -> Iterator[Stranded]:
    """Give the states of the present lifecycles that the others do not know and records stand in.
    Of a lifecycle that goes whole, those count that lead on: who has ended waits for nothing."""
    others = {(life.record, life.field): life for life in then.values()}
    for life in now.values():
        other = others.get((life.record, life.field))
        gone = [
            state
            for state, form in life.states.items()
            if (state not in other.states if other else not form.final)
        ]
        if not gone or life.record not in RECORDS:
            continue
        rows = RECORDS[life.record].model._default_manager.filter(**{f"{life.field}__in": gone})
        counted = rows.order_by(life.field).values_list(life.field).annotate(Count("pk"))
        for state, count in counted:
            yield Stranded(life.title, life.states[state].title, count)
