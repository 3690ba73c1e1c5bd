"""What has a pallet number (domain 4.28)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.numbers import holder_text, taken
from engine.languages.message import Message


def pallet_number_holder(number: int) -> str:
    """Say «замес Ф…/3, в шокере»; empty when the number is free."""
    for pallet in taken(timezone.now(), number):
        return holder_text(pallet)
    return Message("")


FACT = Fact(params=("integer",), result="text", answer=pallet_number_holder)
