"""Explore the flows of a folder. Start at `explore_folder`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.errors import EngineError, Place
from engine.languages.catalogue import LOCALES, read_languages
from engine.load.project import load_project
from engine.run.program import compile_program
from engine.talk.explore.explorer import Explored, explore
from engine.talk.rehearse import places_of
from engine.talk.samples import read_samples


class Unexplorable(Exception):
    """There is nothing that can be explored; the words say why."""


def explore_folder(
    root: Path, flow: str = "", *, run: bool, pairs: bool = True
) -> tuple[Mapping[str, Mapping[str, Place]], Iterator[Explored]]:
    """Explore one flow of a folder, or all; return where steps are written, and what comes of each
    flow, one after another. Raises Unexplorable."""
    project, findings = load_project(root)
    if project is None or findings:
        said = findings[0].message if findings else f"в {root} нет project.yaml"
        raise Unexplorable(f"{said}: смотрите cli.py validate {root}")
    try:
        samples = read_samples(root)
    except EngineError as error:
        raise Unexplorable(str(error)) from error
    languages = read_languages(LOCALES, project.project.languages)
    program = compile_program(project.sources(), languages)
    if flow and flow not in program.flows:
        raise Unexplorable(f"Формы {flow} нет. Есть: {', '.join(sorted(program.flows))}")
    names = [flow] if flow else sorted(program.flows)
    places = {name: places_of(project, name) for name in program.flows}
    return places, explore(program, samples, names, run=run, pairs=pairs)
