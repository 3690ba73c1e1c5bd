"""Which picture a name means. Start at `picture_of`."""

from __future__ import annotations

from engine.drawing.flow import draw_flow
from engine.drawing.lifecycle import draw_lifecycle
from engine.drawing.plant import draw_plant
from engine.run.machine import build_machine
from engine.run.program import Sources

PLANT = "plant"


def picture_of(sources: Sources, name: str) -> str | None:
    """Return the Mermaid text of the plant, a flow or a lifecycle; None for an unknown name."""
    if name == PLANT:
        return draw_plant(sources)
    if name in sources.flows:
        return draw_flow(sources.flows[name], sources.project)
    if name in sources.lifecycles:
        return draw_lifecycle(build_machine(sources.lifecycles[name]), sources.project)
    return None
