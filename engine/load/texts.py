"""Every text that is to be translated, and how far the translations are. Start at `locales_of`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.languages.po import extract, path_of, read, table_of, translate
from engine.languages.pseudo import pseudo
from engine.languages.sources import (
    DJANGO,
    Source,
    Status,
    python_sources,
    status,
    template_sources,
)
from engine.load.project import Project
from engine.schema.texts import PlantText

OFFICE = ("crm",)  # of these the texts that Django says
PROGRAM = ("engine", "crm")  # folders whose messages are texts of the program
AUTHORS = ("engine/check/", "engine/load/", "engine/expressions/", "engine/documents/")  # findings
OPERATORS = ("engine/commands/", "engine/simulator/", "crm/commands/", "crm/plant/")  # the console


def plant_sources(project: Project) -> tuple[Source, ...]:
    """Return every text of flows, menu, lifecycles, limits, documents and reports, in order."""
    return tuple(
        Source(text.message.template, file_of(project, text), text.message.context)
        for text in project.texts()
    )


def file_of(project: Project, text: PlantText) -> str:
    """Return the file that a text of the plant stands in."""
    kind, slash, name = text.message.context.partition(":")[0].partition("/")
    if not slash:
        return project.files[(kind, "") if kind in ("menu", "project") else ("flow", kind)]
    return project.files[("limits", "") if kind == "limit" else (kind, name)]


@dataclass(frozen=True, slots=True)
class Locales:
    """The translations in a folder: the languages wanted but the source, texts by domain."""

    folder: Path
    languages: tuple[str, ...]
    sources: Mapping[str, tuple[Source, ...]]

    def extract(self, *, made_up: bool) -> None:
        """Bring every `.po` up to its sources. With `made_up` a language that has none yet is
        filled with pseudo-translations."""
        for language in self.languages:
            fresh = not (self.folder / language).is_dir()
            for domain, sources in self.sources.items():
                path = path_of(self.folder, language, domain)
                extract(path, language, sources)
                if made_up and fresh:
                    translate(path, language, pseudo)

    def status(self) -> Mapping[tuple[str, str], Status]:
        """Return how far each language is in each domain."""
        return {
            (language, domain): status(
                sources, table_of(read(path_of(self.folder, language, domain), language))
            )
            for language in self.languages
            for domain, sources in self.sources.items()
        }


def locales_of(folder: Path, root: Path, project: Project, findings: Mapping[str, str]) -> Locales:
    """Return the translations of the program that lies in `root`, of a plant, and of `findings`:
    text to the file that it stands in."""
    sources = {
        "bot": python_sources(root, PROGRAM, AUTHORS + OPERATORS),
        "flows": plant_sources(project),
        "django": (
            *python_sources(root, OFFICE, makers=DJANGO),
            *template_sources(root, "crm/office/templates"),
        ),
        "findings": tuple(
            Source(text, place.partition(":")[0]) for text, place in findings.items()
        ),
    }
    return Locales(folder, tuple(project.project.languages)[1:], sources)
