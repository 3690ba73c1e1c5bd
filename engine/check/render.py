"""Findings as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.errors import Finding, say
from engine.load.tree import Tree


def as_text(findings: Iterable[Finding], trees: Mapping[str, Tree]) -> str:
    """Return findings with the line they are in, the place underlined, the remedy beside it."""
    return "\n\n".join(_one(finding, trees) for finding in findings)


def _one(finding: Finding, trees: Mapping[str, Tree]) -> str:
    place = finding.place
    head = say(
        "{place}: ошибка {code}: {message}", place=place, code=finding.code, message=finding.message
    )
    tree = trees.get(place.path)
    source = tree.lines[place.line - 1] if tree and 0 < place.line <= len(tree.lines) else None
    gutter = " " * len(str(place.line))
    shown = [head]
    if source is not None:
        width = max(1, min(place.width, len(source) - place.column + 1))
        shown += [
            f"{gutter} |",
            f"{place.line} | {source}",
            f"{gutter} | {' ' * (place.column - 1)}{'^' * width} {finding.hint}".rstrip(),
        ]
    elif finding.hint:
        shown.append(f"{gutter} | {finding.hint}")
    if finding.consequence:
        shown.append(f"{gutter} = {finding.consequence}")
    return "\n".join(shown)


def as_json(findings: Iterable[Finding]) -> str:
    """Return findings as a JSON list of path, line, column, code, message, hint."""
    return json.dumps(
        [
            {
                "path": finding.place.path,
                "line": finding.place.line,
                "column": finding.place.column,
                "code": finding.code,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in findings
        ],
        ensure_ascii=False,
        indent=1,
    )
