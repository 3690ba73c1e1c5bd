"""Translations of `locales/<language>/LC_MESSAGES/*.po`, read in their compiled form by the
standard library, which costs 2 ms a file. What is missing is said in Russian."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from engine.languages.compiled import compile_changed
from engine.languages.message import Category, Message, category, filled, finished, holes
from engine.languages.plurals import category_of

SOURCE = "ru"
LOCALES = Path(__file__).resolve().parents[2] / "locales"
PLANT = "flows"  # the domain of the texts of YAML
DOMAINS = ("bot", PLANT, "findings")  # of the program, of the plant, of the checker
LIKE_A_FRACTION = 2  # «2,5 часа» is counted like two in Russian, and is no one in any language

log = logging.getLogger(__name__)


class Say(Protocol):
    """Says a text in a reader's language."""

    def __call__(self, text: str, /) -> str:
        """Return the text in the language; a plain string is data and stays as it is."""
        ...


def in_russian(text: str, /) -> str:
    """Return the source: what is said where nobody's language is known."""
    return text


class Speaker(Protocol):
    """Something that says texts in one language."""

    @property
    def say(self) -> Say:
        """Says a text."""
        ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language. `say` is its whole meaning; `category` chooses the form of a counted word."""

    table: NullTranslations
    category: Category = category

    def say(self, text: str, /) -> str:
        """Return a text in this language. What is missing, or asks for a value that is not there,
        is said in Russian, its values in this language."""
        if not isinstance(text, Message):
            return text
        template = self._found(text)
        if any(hole not in text.values for hole in holes(template)):
            template = text.source
        by = category if template == text.source else self.category
        values = {name: self.say(value) for name, value in text.values.items()}
        said = filled(template, values, by)
        return finished(said, capital=text.capital)

    def _found(self, text: Message) -> str:
        if text.number is None:
            if text.context:
                return self.table.pgettext(text.context, text.template)
            return self.table.gettext(text.template)
        last = text.forms.get("many") or text.forms["other"]
        whole = text.number == int(text.number)
        number = abs(int(text.number)) if whole else LIKE_A_FRACTION
        if text.context:
            found = self.table.npgettext(text.context, text.template, last, number)
        else:
            found = self.table.ngettext(text.template, last, number)
        return text.source if found in (text.template, last) else found


@dataclass(frozen=True, slots=True)
class Languages:
    """Every language of the plant. Russian, and one that nothing is known of, say the source."""

    speakers: Mapping[str, Speaker] = field(default_factory=dict)

    def say(self, text: str, language: str) -> str:
        """Return a text in a language; always a plain string, so that it is said once."""
        speaker = self.speakers.get(language)
        return str.__str__(speaker.say(text) if speaker else text)

    def speaker(self, language: str) -> Say:
        """Return what says texts in a language."""
        if language not in self.speakers:
            return str.__str__
        return lambda text: self.say(text, language)


def read_languages(
    folder: Path, languages: Iterable[str], plant: Path | None = None, more: Iterable[str] = ()
) -> Languages:
    """Read the translations of these languages; one without any is warned of.

    `folder` holds what the program says; `plant`, what its forms say, if that is elsewhere; `more`
    are further domains, asked last."""
    folders = {name: (plant or folder) if name == PLANT else folder for name in (*DOMAINS, *more)}
    for one in dict.fromkeys(folders.values()):
        compile_changed(one)
    speakers: dict[str, Speaker] = {}
    for language in languages:
        if language == SOURCE:
            continue
        tables = [
            _table(path)
            for path in (
                one / language / "LC_MESSAGES" / f"{name}.mo" for name, one in folders.items()
            )
            if path.is_file()
        ]
        if not tables:
            log.warning("no translations in %s: people of «%s» read Russian", folder, language)
            continue
        for table in tables[1:]:
            tables[0].add_fallback(table)
        speakers[language] = Catalogue(tables[0], category_of(language))
    return Languages(MappingProxyType(speakers))


def _table(path: Path) -> NullTranslations:
    with path.open("rb") as file:
        return GNUTranslations(file)
