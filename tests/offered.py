"""The Program that runs on rows: the shipped flows without what has no rows yet."""

from __future__ import annotations

from functools import cache

from crm.bridge.offered import offered
from crm.bridge.vocabulary import implemented
from engine.run.program import Program, compile_program
from tests.engine.rehearsal import shipped


@cache
def program() -> Program:
    """Return it, compiled once."""
    return compile_program(offered(shipped().sources(), implemented())[0])
