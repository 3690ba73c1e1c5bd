"""Why a typed pallet number does not wait to be frozen (domain 4.32)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Pallet
from crm.titles import state_said
from engine.languages.message import Message


def why_not_frozen(typed: str) -> str:
    """Say in which state the newest pallet of that number is; that there is none otherwise."""
    number = typed.strip()
    rows = (
        Pallet.objects.filter(number=int(number)) if number.isdecimal() else Pallet.objects.none()
    )
    pallet = rows.order_by("-created_at", "-pk").first()
    if pallet is None:
        return Message("Такого паллета нет")
    if pallet.state == Pallet.State.OPEN:
        return Message("Это буферный паллет, он ещё собирается: закройте его")
    return Message("Его состояние: {state}").with_values({"state": state_said(pallet)})


FACT = Fact(params=("text",), result="text", answer=why_not_frozen)
