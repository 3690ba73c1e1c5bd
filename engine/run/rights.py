"""Who may run a flow: its roles, or the crew that its parameters give."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.conversation import Actor
from engine.model.values import Value
from engine.run.around import crew_roles
from engine.run.program import FlowProgram, Program


def roles_of(program: Program, flow: FlowProgram, given: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the roles that may run a flow with these parameters."""
    return crew_roles(program.project, flow.crew, given) if flow.crew else flow.roles


def may_run(program: Program, flow: str, given: Mapping[str, Value], actor: Actor) -> bool:
    """Tell whether a person may run a flow with these parameters."""
    form = program.flows.get(flow)
    return form is not None and not actor.roles.isdisjoint(roles_of(program, form, given))
