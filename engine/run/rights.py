"""Who may run a flow: its roles, or the crew that its parameters give."""

from __future__ import annotations

from collections.abc import Mapping

from engine.expressions.compile import EvaluationError, compile_expression
from engine.model.conversation import Actor
from engine.model.values import Value
from engine.run.program import FlowProgram, Program


def crew_roles(program: Program, crew: str, env: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the role of a crew: that of the first line whose condition holds over the records in
    sight; nobody when none does. A condition that cannot be computed does not hold."""
    for line in program.project.crews.get(crew, ()):
        if line.when is None or _holds(line.when, env):
            return (line.role,)
    return ()


def _holds(text: str, env: Mapping[str, Value]) -> bool:
    try:
        return compile_expression(text)(env, None, None) is True
    except EvaluationError:
        return False


def roles_of(program: Program, flow: FlowProgram, given: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the roles that may run a flow with these parameters."""
    return crew_roles(program, flow.crew, given) if flow.crew else flow.roles


def may_run(program: Program, flow: str, given: Mapping[str, Value], actor: Actor) -> bool:
    """Tell whether a person may run a flow with these parameters."""
    form = program.flows.get(flow)
    return form is not None and not actor.roles.isdisjoint(roles_of(program, form, given))


def may_open(program: Program, flow: FlowProgram, actor: Actor) -> bool:
    """Tell whether a person may open a flow without parameters."""
    return not flow.crew and not actor.roles.isdisjoint(roles_of(program, flow, {}))
