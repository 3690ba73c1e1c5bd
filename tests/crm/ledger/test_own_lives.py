"""The lives of shipments, deviations and tasks: every step that is written down, and no other."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest

from crm.ledger.operations.move_state import change_state
from crm.own_lives import OWN, may_follow
from crm.production.models import Shipment
from crm.quality.models import Deviation
from crm.work.models import Task
from engine.errors import EngineError

MODELS: dict[str, type[Shipment | Deviation | Task]] = {
    one.RECORD: one for one in (Shipment, Deviation, Task)
}
PAIRS = [
    (record, before, after)
    for record, ways in OWN.items()
    for before, after in product(ways, repeat=2)
]


def states(record: str) -> set[str]:
    return {str(code) for code, _ in MODELS[record]._meta.get_field("state").choices or ()}


@pytest.mark.parametrize("record", OWN)
def test_a_life_names_every_state_of_its_record_and_leads_to_no_other(record: str) -> None:
    ways = OWN[record]
    assert {*ways} == states(record)
    assert {after for some in ways.values() for after in some} <= {*ways}


@pytest.mark.parametrize(
    ("record", "before", "after"), [one for one in PAIRS if not may_follow(*one)]
)
@pytest.mark.django_db
def test_a_step_that_no_life_has_is_refused_whoever_asks_for_it(
    record: str, before: str, after: str, at: datetime
) -> None:
    row = MODELS[record](state=before)
    with pytest.raises(EngineError, match=f"{before} → {after} is no step"):
        change_state(row, "force", sources=[*OWN[record]], to=after, by=None, at=at)


def test_shipments_go_the_way_of_domain_5_8_and_back_never() -> None:
    steps = {one[1:] for one in PAIRS if one[0] == "shipment" and may_follow(*one)}
    assert steps == {
        ("draft", "confirmed"), ("draft", "cancelled"), ("confirmed", "shipped"),
        ("confirmed", "cancelled"), ("shipped", "closed"),
    }  # fmt: skip
