"""A trace as a tree of lines, for the screen of a command and for a chat."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from crm.ledger.models import Edge
from crm.ledger.trace import Link, Trace, Way
from crm.production.lots import Named
from crm.titles import titled
from engine.languages.message import Message, listed, lowered
from engine.model.values import show_number

SHOWN_KINDS = {Edge.Kind.REWORK, Edge.Kind.CARRY_OVER, Edge.Kind.RELABEL}


def branches(found: Trace, names: Mapping[int, Named]) -> list[str]:
    """Return the lines under the traced lot, for a reader of any language; what stands in several
    places is drawn out at its first. A list in place of recursion: chains may be long."""
    after = _links_by_lot(found)
    lines: list[str] = []
    drawn = {found.root}
    stack = [(link, "", link is after[found.root][-1]) for link in after.get(found.root, [])][::-1]
    while stack:
        link, margin, is_last = stack.pop()
        lot = link.child if found.way is Way.FORWARD else link.parent
        part = found.parts[lot]
        said = [
            str(names[lot]),
            Message("{kg} кг", {"kg": show_number(link.kg, 3)}),
            f"{show_number(part.share, 2)} %",
        ]
        if link.kind in SHOWN_KINDS:
            said.append(lowered(titled(str(Edge.Kind(link.kind).label), get_language())))
        said += [Message("оценка")] if link.estimated else []
        said += [Message("см. выше")] if lot in drawn and after.get(lot) else []
        lines.append(listed([f"{margin}{'└─ ' if is_last else '├─ '}", listed(said, " · ")], ""))
        if lot not in drawn:
            drawn.add(lot)
            inner = margin + ("   " if is_last else "│  ")
            nexts = after.get(lot, [])
            stack += [(one, inner, one is nexts[-1]) for one in nexts][::-1]
    return lines


def _links_by_lot(found: Trace) -> dict[int, list[Link]]:
    after: dict[int, list[Link]] = {}
    for link in found.links:
        after.setdefault(link.parent if found.way is Way.FORWARD else link.child, []).append(link)
    return after
