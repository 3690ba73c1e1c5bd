"""Kilograms and colours in templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.templatetags.unfold_list import result_headers

from crm.office import card
from crm.office.list_rows import rows_of
from crm.office.tones import TONES

register = template.Library()
NUMBER = ' class="is-number"'


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
    """Write a cell: a box to tick, or text, perhaps coloured, perhaps a link."""
    text = _escaped(cell.text)
    if cell.tick:
        return SafeString(
            f'<input type="checkbox" name="pallet" form="shipment" value="{_escaped(cell.tick)}" '
            f'aria-label="{text}"{" checked" if cell.on else ""}>'
        )
    if cell.tone:
        text = f'<span class="office-badge is-{_escaped(cell.tone)}">{text}</span>'
    if cell.href:
        text = f'<a class="office-link" href="{_escaped(cell.href)}">{text}</a>'
    return SafeString(text)


def _escaped(text: str) -> str:
    """Escape a text as `format_html` does, which takes five times as long over thousands."""
    return text if isinstance(text, SafeString) else escape(str(text))


@register.filter
def heads(table: card.Table) -> SafeString:
    """Write the headers of a table: a page has more than a hundred."""
    columns = [(_escaped(str(header)), number) for header, number in table.columns]
    return SafeString("".join(f"<th{NUMBER if number else ''}>{it}</th>" for it, number in columns))


@register.filter
def body(rows: Iterable[Sequence[card.Cell]]) -> SafeString:
    """Write the rows of a table: a template for each cell takes a second for some thousands."""
    found = list(rows)
    numbers = [
        any(row[at].number for row in found) for at in range(max(map(len, found), default=0))
    ]
    return SafeString("".join(f"<tr>{''.join(map(_column, row, numbers))}</tr>" for row in found))


def _column(cell: card.Cell, number: bool) -> str:
    """Write a cell; «nothing» among numbers stands where they do."""
    right = cell.number or (number and cell.text == card.NOTHING)
    return f"<td{NUMBER if right else ''}>{shown(cell)}</td>"


@register.filter
def places(section: card.Slots) -> SafeString:
    """Write what stands in each place: the freezers of a plant have hundreds."""
    return SafeString("".join(_place(number, cell) for number, cell in section.places))


def _place(number: int, cell: card.Cell) -> str:
    text = _escaped(cell.text)
    inside = f"<small>{number}</small> <span>{text}</span>"
    if not cell.href:
        return f'<li class="is-free" title="{number}: {text}">{inside}</li>'
    href, tone = _escaped(cell.href), _escaped(cell.tone)
    return f'<li title="{number}: {text}"><a href="{href}" class="is-{tone}">{inside}</a></li>'


@register.inclusion_tag("office/list.html", takes_context=True)
def list_rows(context: template.Context) -> dict[str, Any]:
    """Write the table of a list."""
    changelist = context["cl"]
    headers = list(result_headers(changelist))
    return {
        "cl": changelist,
        "has_add_permission": context["has_add_permission"],
        "result_headers": headers,
        "num_sorted_fields": sum(one["sortable"] and one["sorted"] for one in headers),
        "rows": rows_of(changelist, [capfirst(one["text"]) for one in headers]),
    }
