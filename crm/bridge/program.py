"""The Program of this installation, compiled from the folder of the settings."""

from __future__ import annotations

import logging
from functools import lru_cache

from crm.bridge.offered import offered
from crm.bridge.vocabulary import implemented
from crm.configuration import ROOT, settings
from engine.check.rules import check
from engine.errors import EngineError
from engine.languages.catalogue import read_languages
from engine.load.project import load_project
from engine.run.program import Program, compile_program

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def program() -> Program:
    """Load, check and compile the flows that work on this plant.

    Raises EngineError with the findings: a broken project never runs."""
    configuration = settings()
    project, findings = load_project(configuration.path(configuration.flows_dir))
    found = findings or (check(project) if project else ())
    if project is None or found:
        listed = "\n".join(
            f"{finding.place}: {finding.code} {finding.message}" for finding in found
        )
        raise EngineError(f"Формы с ошибками не запускаются:\n{listed}")
    languages = read_languages(ROOT / "locales", project.project.languages)
    sources, out = offered(project.sources(), implemented())
    if out:
        log.info("not offered yet, their rows are not there: %s", ", ".join(out))
    return compile_program(sources, languages)
