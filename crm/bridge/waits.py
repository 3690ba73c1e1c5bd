"""What records wait for: rows keep it in Russian, each reader has it in his own language."""

from __future__ import annotations

from collections.abc import Mapping

from engine.run.program import Program


def waits_of(program: Program) -> Mapping[tuple[str, str], str]:
    """Return what the present forms say of a record that waits, by the record and what a row keeps
    of it. A reason with values in it is not among them: it stays as it was kept."""
    return {
        (life.lifecycle.record, str.__str__(guard.say)): guard.say
        for life in program.lifecycles.values()
        for forms in life.lifecycle.transitions.values()
        for form in forms
        for guard in form.require
    }
