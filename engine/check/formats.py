"""Findings as programs read them: JSON, SARIF 2.1.0 for code scanning, annotations for CI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from gettext import NullTranslations
from typing import Any

from engine.check.rule import Rule
from engine.errors import Finding

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(findings: Iterable[Finding]) -> str:
    """Return findings as a JSON list of path, line, column, code, message, hint."""
    listed = [
        {
            "path": finding.place.path,
            "line": finding.place.line,
            "column": finding.place.column,
            "code": finding.code,
            "message": finding.message,
            "hint": finding.hint,
        }
        for finding in findings
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1)


def as_annotations(findings: Iterable[Finding]) -> str:
    """Return findings as workflow commands, which a CI shows beside the lines of a change."""
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Finding) -> str:
    place = finding.place
    where = {
        "file": place.path,
        "line": place.line,
        "col": place.column,
        "endColumn": place.column + place.width,
        "title": finding.code,
    }
    named = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
    said = "\n".join(part for part in (finding.message, finding.hint, finding.consequence) if part)
    return f"::error {named}::{_escaped(said)}"


def _escaped(value: object, more: str = "") -> str:
    """Escape what workflow commands give a meaning of their own."""
    text = str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_sarif(
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    words: NullTranslations,
    base: Callable[[str], str] = str,
) -> str:
    """Return findings as one run of SARIF; `base` turns a path into an address."""
    codes = list(rules)
    driver = {
        "name": "MeatBot",
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": words.gettext(rule.title)},
                "fullDescription": {"text": words.gettext(rule.why or rule.title)},
                "defaultConfiguration": {"level": "error"},
            }
            for code, rule in rules.items()
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes, base) for finding in findings],
    }
    return json.dumps(
        {"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1
    )


def _result(finding: Finding, codes: list[str], base: Callable[[str], str]) -> dict[str, Any]:
    place = finding.place
    said = ". ".join(part for part in (finding.message, finding.hint) if part)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + place.width,
    }
    where = {"artifactLocation": {"uri": base(place.path)}, "region": region}
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "level": "error",
        "message": {"text": said},
        "locations": [{"physicalLocation": where}],
    }
    if finding.code in codes:
        found["ruleIndex"] = codes.index(finding.code)
    return found
