"""What a background job is: typed parameters, kind of the result, the function that does it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from engine.errors import EngineError
from engine.model.values import Row, Value


def at_once(arguments: Mapping[str, Value]) -> timedelta:
    """Let a job be done as soon as anybody looks."""
    del arguments
    return timedelta()


@dataclass(frozen=True, slots=True)
class Function:
    """One job of the Vocabulary. `run` gets the parameters and the moment; what it raises is a
    failure of the job. `after` tells how long after its start it is done; at once without it."""

    parameters: Mapping[str, str]
    result: str | None
    run: Callable[[Mapping[str, Value], datetime], Row | None]
    after: Callable[[Mapping[str, Value]], timedelta] = at_once


@cache
def functions() -> Mapping[str, Function]:
    """Return the jobs by name. Raises EngineError for a module without `JOB`."""
    found: dict[str, Function] = {}
    folder = Path(__file__).parent / "functions"
    for module in pkgutil.iter_modules([str(folder)]):
        job = vars(importlib.import_module(f"crm.jobs.functions.{module.name}")).get("JOB")
        if not isinstance(job, Function):
            raise EngineError(f"crm.jobs.functions.{module.name} has no JOB")
        found[module.name] = job
    return found
