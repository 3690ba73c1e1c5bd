"""Kilograms and colours in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from crm.office import card
from crm.office.tones import TONES

register = template.Library()


@register.filter
def kg(value: Decimal | None) -> str:
    """Write kilograms with three digits."""
    return card.kg(value).text


@register.filter
def tone(state: str) -> str:
    """Return the colour of a state."""
    return TONES.get(state, "")
