"""How a second-minced lot stands, as people read it (domain 10.11)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import SecondMinced
from crm.production.models.second_minced import SecondState


def second_minced_state(lot: SecondMinced) -> SecondState:
    """Return the state with its title; `state` of the record itself stays a plain code, as
    lifecycles compare it."""
    return SecondState(lot.state)


FACT = Fact(
    params=("second_minced",),
    result=f"choice({', '.join(SecondState.values)})",
    answer=second_minced_state,
)
