"""Every text that a finding may hold is in every language, with the same holes."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from engine.check.explain import FAMILIES, explained, listed, manual
from engine.check.rules import RULES
from engine.check.spoken import ROOT, SPEAKING, catalogue, languages, texts
from engine.languages.message import holes

RUSSIAN = re.compile("[А-Яа-яЁё]")
OTHERS = [language for language in languages() if language != "ru"]


def named(text: str) -> Counter[str]:
    """Count the holes that values fill; braces around Russian words are an example of YAML."""
    return Counter(hole for hole in holes(text) if hole.isidentifier() and hole.isascii())


def test_english_is_there() -> None:
    assert "en" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_a_finding_is_translated_with_its_holes(language: str) -> None:
    words = catalogue(language)
    said = {text: words.gettext(text) for text in texts()}
    assert [text for text, other in said.items() if other == text] == []
    assert [
        text for text, other in said.items() if RUSSIAN.search(other) and "«" not in other
    ] == []
    odd = [text for text, other in said.items() if named(text) != named(other)]
    assert odd == []


def test_a_text_of_a_finding_is_never_an_f_string() -> None:
    """Its template would be lost, and nobody could translate it."""
    lost = [
        f"{path.relative_to(ROOT)}:{part.lineno}"
        for package in SPEAKING
        for path in (ROOT / "engine" / package).rglob("*.py")
        for part in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(part, ast.JoinedStr)
        and RUSSIAN.search("".join(_plain(one) for one in part.values))
        and package in ("check", "load", "expressions")
    ]
    assert lost == []


def _plain(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else ""


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_why_it_matters(code: str) -> None:
    assert RULES[code].why.endswith(".")
    assert code[:2] in FAMILIES


def test_a_rule_is_explained_by_what_is_found_in_its_example() -> None:
    shown = explained(RULES["F305"], catalogue("ru"))
    assert "when: condition == frozn" in shown
    assert "возможно, «frozen»?" in shown
    assert "Правильно:\n\n  when: condition == frozen" in shown


def test_the_list_names_every_rule() -> None:
    shown = listed(catalogue("en"))
    assert [code for code in RULES if code not in shown] == []


def test_the_page_of_findings_is_fresh() -> None:
    page = (ROOT / "docs/findings.md").read_text("utf-8")
    assert page == manual(catalogue("ru")), "cli.py explain --write"
