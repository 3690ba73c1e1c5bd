"""What findings say, in the language of who reads them: Russian is the source, others are
catalogues `locales/<lang>/LC_MESSAGES/findings.po`.

Start at `catalogue` and `in_language`. `texts` reads from the sources every text that a finding
may hold; a test wants each of them in every catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from gettext import NullTranslations, translation
from pathlib import Path

from engine.errors import Finding
from engine.languages.compiled import compile_changed
from engine.languages.message import Message, filled

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALES, DOMAIN, SOURCE = ROOT / "locales", "findings", "ru"
SPEAKING = ("check", "load", "expressions", "documents", "steps", "actions", "schema")
RAISING = ("documents", "steps", "actions", "schema")  # of these only what they raise as ValueError
_RUSSIAN = re.compile("[А-Яа-яЁё]")
_TABLES = {"_RUSSIAN", "_ALIKE"}  # Russian letters that are data, not texts
_EXAMPLES = {"Example", "when"}


def languages() -> tuple[str, ...]:
    """Return the languages that findings can be said in."""
    found = LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return (SOURCE, *sorted(path.parent.parent.name for path in found))


def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language; those of an unknown one are the Russian ones."""
    compile_changed(LOCALES)
    return translation(DOMAIN, LOCALES, [language], fallback=True)


def in_language(text: str, words: NullTranslations) -> str:
    """Say a text, and the texts that fill its holes, with the words of a catalogue; here plain
    strings are texts too, since a finding holds few data and many words without holes."""
    if isinstance(text, Message):
        values = {name: in_language(value, words) for name, value in text.values.items()}
        return filled(_translated(text.template, words), values)
    return _translated(text, words)


def _translated(text: str, words: NullTranslations) -> str:
    return words.gettext(text) if text else ""  # an empty msgid is the head of a catalogue


def translated(findings: tuple[Finding, ...], words: NullTranslations) -> tuple[Finding, ...]:
    """Return findings said with the words of a catalogue."""
    return tuple(
        replace(
            one,
            message=in_language(one.message, words),
            hint=in_language(one.hint, words),
            consequence=in_language(one.consequence, words),
        )
        for one in findings
    )


def texts() -> Mapping[str, str]:
    """Return every text that a finding may hold, with the file and line where it is written."""
    found: dict[str, str] = {}
    for package in SPEAKING:
        for path in sorted((ROOT / "engine" / package).rglob("*.py")):
            if path.name != "example.py":
                tree = ast.parse(path.read_text("utf-8"))
                for line, text in _of(tree, raised=package in RAISING):
                    found.setdefault(text, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def _of(tree: ast.Module, *, raised: bool) -> Iterator[tuple[int, str]]:
    passed = _passed_over(tree)
    parts = [inner for part in ast.walk(tree) if _raises(part) for inner in ast.walk(part)]
    for part in parts if raised else ast.walk(tree):
        text = getattr(part, "value", None) if isinstance(part, ast.Constant) else None
        if isinstance(text, str) and _RUSSIAN.search(text) and part not in passed:
            yield getattr(part, "lineno", 1), text


def _raises(part: ast.AST) -> bool:
    return isinstance(part, ast.Raise) and _called(part.exc) in ("ValueError", "BadLayout")


def _passed_over(tree: ast.Module) -> set[ast.AST]:
    """Return the parts that are no texts of findings: docstrings, examples of rules, tables."""
    passed: set[ast.AST] = set()
    for part in ast.walk(tree):
        match part:
            case ast.Expr(value=ast.Constant() as docstring):
                passed.add(docstring)
            case ast.Call() if _called(part) in _EXAMPLES:
                passed |= set(ast.walk(part))
            case ast.Assign(targets=[ast.Name(id=name)]) if name in _TABLES:
                passed |= set(ast.walk(part))
    return passed


def _called(part: ast.AST | None) -> str:
    return part.func.id if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) else ""
