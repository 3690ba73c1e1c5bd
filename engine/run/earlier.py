"""Which flows of an earlier Program can still run beside the present one. Pure. Start at
`beside`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from engine.actions.base import Action
from engine.actions.document import DocumentAction
from engine.actions.fire import FireAction
from engine.actions.report import ReportAction
from engine.run.program import FlowProgram, Program
from engine.steps.call import CallStep


def beside(earlier: Program, present: Program) -> Program | None:
    """Return an earlier Program with the flows that can still run: the transitions that they fire
    are of the present one, and so is what they print that was not kept. Texts are said in the
    languages of the present one. None when there is no such flow."""
    lost = {transition for _, transition in _fires(earlier) - _fires(present)}
    flows = {
        name: flow
        for name, flow in earlier.flows.items()
        if all(
            _there(action, lost, earlier, present)
            for block in flow.blocks.values()
            for action in block
        )
    }
    while gone := [name for name, flow in flows.items() if not flows.keys() >= {*_called(flow)}]:
        flows = {name: flow for name, flow in flows.items() if name not in gone}
    if not flows:
        return None
    return replace(earlier, flows=MappingProxyType(flows), languages=present.languages)


def _fires(program: Program) -> set[tuple[str, str]]:
    """Return the transitions of each kind of record."""
    lives = [one.lifecycle for one in program.lifecycles.values()]
    return {(life.record, name) for life in lives for name in life.transitions}


def _there(action: Action, lost: set[str], earlier: Program, present: Program) -> bool:
    match action:
        case FireAction():
            return action.fire not in lost
        case DocumentAction():
            return any(one.prints("document", action.document) for one in (earlier, present))
        case ReportAction():
            return any(one.prints("report", action.report) for one in (earlier, present))
        case _:
            return True


def _called(flow: FlowProgram) -> Iterator[str]:
    steps = (node.step for node in flow.index.values())
    return (step.flow for step in steps if isinstance(step, CallStep))
