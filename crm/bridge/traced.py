"""A trace as people and programs read it: a tree, JSON, a picture as Mermaid text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from crm.ledger.models import Lot
from crm.ledger.trace import Trace, Way
from crm.ledger.trace import trace as follow
from crm.production.lots import find_lots, named
from crm.production.tree import branches
from engine.drawing.mermaid import Chart
from engine.drawing.svg import draw
from engine.model.values import show_number

TITLES = {Way.BACKWARD: "Из чего сделан", Way.FORWARD: "Куда ушёл"}
MOST_NODES = 400  # a picture of more is read by nobody
ON_A_PAGE = 60  # each way: a page is waited for
LEAST_NODES = 5  # of one of several lots


def pick_lot(word: str, at: datetime) -> tuple[int | None, str]:
    """Return the lot that a typed word means first, and what to say about the choice."""
    found = find_lots(word, at)
    if not found:
        return None, f"Нет лота «{word}»: нужен точный номер, номер паллета или код этикетки"
    others = ", ".join(str(one) for one in named(found[1:]).values())
    return found[0], f"Показан первый из найденных; есть и другие: {others}" if others else ""


def as_tree(traces: Sequence[Trace]) -> str:
    """Return traces as trees; what stands in several places is drawn out at its first."""
    lines: list[str] = []
    for found in traces:
        names = named(found.parts)
        root = found.parts[found.root]
        title = f"{TITLES[found.way]}: {names[found.root]}, {show_number(root.kg, 3)} кг"
        lines += [f"{title}, лотов {len(found.parts) - 1}", *branches(found, names)]
    return "\n".join(lines)


def as_json(traces: Sequence[Trace]) -> str:
    """Return traces as JSON: parts by shares, links, kilograms as text with three digits."""
    return json.dumps([as_plain(found) for found in traces], ensure_ascii=False, indent=1)


def as_plain(found: Trace, first: int = 0, most: int | None = None) -> dict[str, Any]:
    """Return a trace as plain values: parts by falling shares, or `most` of them from the `first`
    on, and the links that lead to these; kilograms as text with three digits."""
    parts = sorted(found.parts.values(), key=lambda part: (-part.share, part.lot))
    shown = parts[first : None if most is None else first + most]
    names = named({found.root, *(part.lot for part in shown)})
    ends = {part.lot for part in shown}
    return {
        "lot": found.root,
        "number": names[found.root].number,
        "way": found.way.value,
        "kg": f"{found.kg:.3f}",
        "parts": [
            {
                "lot": part.lot,
                "kind": names[part.lot].kind,
                "number": names[part.lot].number,
                "state": names[part.lot].state,
                "kg": f"{part.kg:.3f}",
                "suspect_kg": f"{part.suspect:.3f}",
                "share_percent": f"{part.share:.2f}",
            }
            for part in shown
        ],
        "links": [
            {
                "parent": link.parent,
                "child": link.child,
                "kg": f"{link.kg:.3f}",
                "kind": link.kind,
                "estimated": link.estimated,
            }
            for link in found.links
            if found.end_of(link) in ends
        ],
    }


def picture(*lots: int) -> str:
    """Return what lots were made of and what became of them as SVG, for a page that is looked at;
    of several each way of each has its share of the places."""
    traces = [follow(lot, way) for lot in lots for way in (Way.BACKWARD, Way.FORWARD)]
    return draw(as_mermaid(traces, max(ON_A_PAGE // len(lots), LEAST_NODES)))


def as_mermaid(traces: Sequence[Trace], most: int = MOST_NODES) -> str:
    """Return traces as one flowchart from left to right, the traced lot once; of a large one the
    `most` lots with the greatest shares each way."""
    chart, unit = Chart("LR"), gettext("кг")
    written: set[tuple[int, int]] = set()
    shown: set[int] = set()
    for found in traces:
        names = named(found.parts)
        first = sorted(found.parts.values(), key=lambda part: -part.share)[:most]
        for part in first:
            if part.lot not in shown:
                share = show_number(part.share, 2)
                name = names[part.lot]
                called = f"{Lot.Kind(name.kind).label} {name.number}"
                text = f"{called}\n{show_number(part.kg, 3)} {unit} · {share} %"
                chart.node(str(part.lot), text, "life" if part.lot == found.root else "step")
                shown.add(part.lot)
        for link in found.links:
            pair = (link.parent, link.child)
            if pair not in written and {*pair} <= shown:
                said = f"{show_number(link.kg, 3)} {unit}"
                chart.edge(str(link.parent), str(link.child), said, dotted=link.estimated)
                written.add(pair)
        _tell_cut(chart, found, len(found.parts) - len(first))
    return str(chart)


def _tell_cut(chart: Chart, found: Trace, left: int) -> None:
    """Say on the side where they would stand how many lots are not drawn: who decides about a
    recall by the picture would take the rest for nothing."""
    if left <= 0:
        return
    name, root = f"left_{found.way.value}_{found.root}", str(found.root)
    text = gettext("и ещё лотов: {count}\nвсе в отчёте «Прослеживаемость»").format(count=left)
    chart.node(name, text, "end", "system")
    one, other = (root, name) if found.way is Way.FORWARD else (name, root)
    chart.edge(one, other, dotted=True)
