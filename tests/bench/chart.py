"""What was found as a picture: how far every row is from its goal, and curves over size.

SVG is written as text: bars and lines on logarithmic axes need no library. Start at `draw`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from tests.bench.curves import Points, curves_of, nlogn
from tests.bench.report import number
from tests.bench.row import Group
from tests.bench.run import Results

WIDTH, LINE, NAMES = 900, 18, 420  # pixels: the picture, a bar's line, the names before the bars
WORST, BEST = 100.0, 0.01  # times a goal that the bars show
PANEL_W, PANEL_H, EDGE = 280, 200, 34
STYLE = (
    "text{font:11px sans-serif;fill:#333}.head{font-weight:bold}.met{fill:#5a9367}"
    ".over{fill:#c0504d}.axis{stroke:#999}.ours{stroke:#2f5f8f;fill:none;stroke-width:2}"
    ".floor{stroke:#bbb;fill:none;stroke-dasharray:4 3}"
)


def draw(results: Results, groups: Sequence[Group]) -> str:
    """Return the picture."""
    bars = [*_bars(results, groups)]
    top = 60 + LINE * len(bars)
    curves = curves_of(results, groups)
    rows = math.ceil(len(curves) / 3)
    height = top + rows * (PANEL_H + 30) + 30
    body = [f'<text x="10" y="20" class="head">{escape(results.machine)}</text>']
    body.append('<text x="10" y="40">Times the goal; green is within it, red beyond</text>')
    for at, bar in enumerate(bars):
        body.append(f'<g transform="translate(0,{50 + LINE * at})">{bar}</g>')
    for at, (name, points) in enumerate(curves.items()):
        left, down = 10 + (at % 3) * (PANEL_W + 15), top + 20 + (at // 3) * (PANEL_H + 30)
        body.append(f'<g transform="translate({left},{down})">{_panel(name, points)}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(body)}</svg>\n"
    )


def _bars(results: Results, groups: Sequence[Group]) -> Iterator[str]:
    for row in (row for group in groups for row in group.rows):
        found = results.found.get(row.name)
        value = found.of(row.goal) if found and row.goal else None
        if row.goal is None or value is None:
            continue
        times = row.goal.times_over(value)
        share = math.log(min(max(times, BEST), WORST) / BEST) / math.log(WORST / BEST)
        wide = (WIDTH - NAMES - 130) * share
        kind = "met" if times <= 1 else "over"
        said = f"{number(value)} ({row.goal})"
        yield (
            f'<text x="{NAMES - 8}" y="12" text-anchor="end">{escape(row.name)}</text>'
            f'<rect x="{NAMES}" y="2" width="{wide:.1f}" height="12" class="{kind}"/>'
            f'<text x="{NAMES + wide + 5:.1f}" y="12">{escape(said)}</text>'
        )


def _panel(name: str, points: Points) -> str:
    floor = [(size, points[0][1] * nlogn(size) / nlogn(points[0][0])) for size, _ in points]
    costs = [cost for _, cost in (*points, *floor) if cost > 0]
    low, high = min(costs), max(*costs, min(costs) * 1.01)
    first, last = points[0][0], points[-1][0]

    def at(size: int, cost: float) -> tuple[float, float]:
        x = EDGE + (PANEL_W - 2 * EDGE) * math.log(size / first) / math.log(last / first)
        y = (
            PANEL_H
            - EDGE
            - (PANEL_H - 2 * EDGE) * math.log(max(cost, low) / low) / math.log(high / low)
        )
        return x, y

    def line(kind: str, of: Points) -> str:
        steps = " ".join("{:.1f},{:.1f}".format(*at(size, cost)) for size, cost in of)
        return f'<polyline class="{kind}" points="{steps}"/>'

    labels = "".join(
        f'<text x="{at(size, cost)[0]:.1f}" y="{at(size, cost)[1] - 6:.1f}" text-anchor="middle">'
        f'{number(cost)}</text><text x="{at(size, cost)[0]:.1f}" y="{PANEL_H - 14}" '
        f'text-anchor="middle">{size:,}</text>'
        for size, cost in points
    )
    base = PANEL_H - EDGE
    axis = f'<line class="axis" x1="{EDGE}" y1="{base}" x2="{PANEL_W - EDGE}" y2="{base}"/>'
    head = f'<text x="{EDGE}" y="12" class="head">{escape(name)}</text>'
    return f"{head}{axis}{line('floor', floor)}{line('ours', points)}{labels}"
