"""Kilograms and colours in templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from crm.office import card
from crm.office.tones import TONES

register = template.Library()
NUMBER = ' class="is-number"'
TICK = '<input type="checkbox" name="pallet" form="shipment" value="{}" aria-label="{}"{}>'


@register.filter
def kg(value: Decimal | None) -> str:
    """Write kilograms with three digits."""
    return card.kg(value).text


@register.filter
def tone(state: str) -> str:
    """Return the colour of a state."""
    return TONES.get(state, "")


@register.filter
def shown(cell: card.Cell) -> SafeString:
    """Write a cell: a box to tick, a coloured word, a link, or text."""
    if cell.tick:
        on = SafeString(" checked") if cell.on else ""
        return format_html(TICK, cell.tick, cell.text, on)
    if cell.tone:
        return format_html('<span class="office-badge is-{}">{}</span>', cell.tone, cell.text)
    if cell.href:
        return format_html('<a class="office-link" href="{}">{}</a>', cell.href, cell.text)
    return conditional_escape(cell.text)


@register.filter
def body(rows: Iterable[Sequence[card.Cell]]) -> SafeString:
    """Write the rows of a table: a template for each cell takes a second for some thousands."""
    return SafeString("".join(f"<tr>{''.join(map(_column, row))}</tr>" for row in rows))


def _column(cell: card.Cell) -> str:
    return f"<td{NUMBER if cell.number else ''}>{shown(cell)}</td>"
