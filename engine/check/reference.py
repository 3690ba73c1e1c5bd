"""The reference part of the authoring manual, made from the classes that read the files: their
docstrings and the descriptions of their keys are the manual, `locales/ru` says it in Russian.

Start at `reference`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.check.f418_idle_key import IDLE
from engine.expressions.written import Written
from engine.languages.po import extract, path_of, read, table_of
from engine.languages.sources import Source
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.policies import Policy
from engine.schema.project import ProjectFile
from engine.schema.report import ReportForm
from engine.steps.base import Step
from engine.steps.registry import KINDS as STEPS
from engine.talk.samples import Samples

LANGUAGE, DOMAIN = "ru", "manual"
TITLE = "The reference of keys"
HEAD = (
    "This page is made by the program from the classes that read the files: "
    "`cli.py reference --write`. How flows are written is told in the [manual](README.md)."
)
QUESTIONS, ACTIONS_, FILES_ = "Questions", "Actions", "Files"
COMMON = "Keys of all"
IDLE_HERE = "Of the keys of all it does not take:"
KEY, MEANING, ABSENT, NEEDED = "key", "what it means", "if absent", "needed"
OF = "of"
FILES: Mapping[str, type[Written]] = {
    "A flow: `<area>/<flow>.yaml`": Flow,
    "A lifecycle: `lifecycles/<name>.yaml`": Lifecycle,
    "A limit: `limits.yaml`, by its name": Limit,
    "The menu: `menu.yaml`, a list": MenuEntry,
    "The plant: `project.yaml`": ProjectFile,
    "Rules of quality: `policies.yaml`, a list": Policy,
    "A report: `reports/<report>.yaml`": ReportForm,
    "A document: `templates/<document>/document.yaml`": DocumentForm,
    "People and catalogues of talks: `samples.yaml`": Samples,
}
HIDDEN = {"name"}  # the value of a step's first key


def texts() -> tuple[str, ...]:
    """Return every text of the reference in English, in order: what the catalogue translates."""
    return tuple(dict.fromkeys(_Page(lambda text: text).texts()))


def translations(locales: Path) -> Mapping[str, str]:
    """Return the Russian of every text that has one; what changed since is left out."""
    table = table_of(read(path_of(locales, LANGUAGE, DOMAIN), LANGUAGE))
    return {text: said.forms[0] for (_, text), said in table.items() if said.done}


def update(locales: Path) -> int:
    """Bring the catalogue up to the present texts; return how many have no translation."""
    sources = [Source(text, "engine/check/reference.py") for text in texts()]
    extract(path_of(locales, LANGUAGE, DOMAIN), LANGUAGE, sources)
    return len(sources) - len(translations(locales))


def reference(locales: Path) -> str:
    """Return the page in Russian; a text without a translation stays English, which a test
    refuses."""
    russian = translations(locales)
    return _Page(lambda text: russian.get(text, text)).page()


class _Page:
    """Writes the page, saying each text by `say`, and keeps what it said."""

    def __init__(self, say: Any) -> None:
        self._say, self._said, self._shown = say, list[str](), set[type[BaseModel]]()

    def texts(self) -> list[str]:
        self.page()
        return self._said

    def page(self) -> str:
        parts = [f"# {self._told(TITLE)}\n", self._told(HEAD) + "\n"]
        parts += [f"## {self._told(QUESTIONS)}\n", self._kinds(STEPS, Step)]
        parts += [f"## {self._told(ACTIONS_)}\n", self._kinds(ACTIONS, Action)]
        parts.append(f"## {self._told(FILES_)}\n")
        for title, form in FILES.items():
            parts += [f"### {self._told(title)}\n", self._form(form, ()), *self._inner(form, ())]
        return "\n".join(parts).rstrip() + "\n"

    def _kinds(self, kinds: Mapping[str, type[Written]], base: type[Written]) -> str:
        common = tuple(base.model_fields)
        parts = [f"### {self._told(COMMON)}\n", self._form(base, ()), *self._inner(base, ())]
        for kind in sorted(kinds):
            form = kinds[kind]
            idle = IDLE.get(kind, ()) if base is Step else ()
            known = (*common, *idle)
            parts += [f"### `{kind}`\n", self._form(form, known)]
            if without := ", ".join(f"`{key}`" for key in idle if key in common):
                parts.append(f"{self._told(IDLE_HERE)} {without}.\n")
            parts += self._inner(form, known)
        return "\n".join(parts)

    def _inner(self, form: type[BaseModel], known: Sequence[str]) -> Iterator[str]:
        """Write the forms that stand under keys of a form, each once on the page."""
        for name, field in form.model_fields.items():
            if name in known:
                continue
            for inner in _forms(field.annotation):
                if inner in self._shown or issubclass(inner, Step | Action):
                    continue
                self._shown.add(inner)
                yield f"#### `{field.alias or name}:` {self._named(form)}".rstrip() + "\n"
                yield self._form(inner, ())
                yield from self._inner(inner, ())

    def _form(self, form: type[BaseModel], known: Sequence[str]) -> str:
        lines = [self._told(paragraph) + "\n" for paragraph in _paragraphs(form)]
        rows = [
            f"| `{field.alias or name}` | {self._told(_text(field))} | {self._default(field)} |"
            for name, field in form.model_fields.items()
            if name not in known and name not in HIDDEN
        ]
        if rows:
            head = " | ".join(self._told(word) for word in (KEY, MEANING, ABSENT))
            lines += [f"| {head} |", "|---|---|---|", *rows, ""]
        return "\n".join(lines)

    def _told(self, text: str) -> str:
        if text:
            self._said.append(text)
        return str(self._say(text)).replace("|", "\\|")

    def _named(self, form: type[BaseModel]) -> str:
        kind = getattr(form, "kind", "")
        return f"{self._told(OF)} `{kind}`" if kind else ""

    def _default(self, field: FieldInfo) -> str:
        """Write what counts when a key is absent: that it is needed, a value, or nothing."""
        if field.is_required():
            return self._told(NEEDED)
        value = field.get_default(call_default_factory=True)
        if isinstance(value, bool):
            return "`true`" if value else "`false`"
        if isinstance(value, str | int) and value != "":
            return f"`{value}`"
        return ""


def _paragraphs(form: type[BaseModel]) -> list[str]:
    written = inspect.cleandoc(form.__doc__ or "").split("\n\n")
    return [" ".join(paragraph.split()) for paragraph in written if paragraph.strip()]


def _text(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _forms(annotation: Any) -> Iterator[type[BaseModel]]:
    """Give the classes named in an annotation, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        if part is not NoneType:
            yield from _forms(part)
