"""Findings whose remedy is certain, mended in the text: `validate --fix`. Start at `mended`.

Certain are a name with one known name a slip away, an equal key that stands twice, a decimal comma
and a text that ` #` cuts before a sign; everything else is for the author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

from engine.errors import Edit, Finding
from engine.expressions.suggest import distance
from engine.languages.message import Message
from engine.load.edit import edited
from engine.load.tree import Tree
from engine.load.words import DECIMAL_POINT

_COMMA = re.compile(r",(?=[0-9])")
SLIP = 2  # letters


def mended(findings: Iterable[Finding], trees: Mapping[str, Tree]) -> dict[str, str]:
    """Return the new text of every file that has something certain to mend."""
    edits: dict[str, list[Edit]] = {}
    for finding in findings:
        tree = trees.get(finding.place.path)
        edit = edit_of(finding, tree) if tree else None
        if edit is not None:
            edits.setdefault(finding.place.path, []).append(edit)
    return {path: edited(trees[path].text, some) for path, some in edits.items()}


def edit_of(finding: Finding, tree: Tree) -> Edit | None:
    """Return how a finding is mended, None where that is not certain."""
    if finding.fix is not None:
        return finding.fix
    place = finding.place
    if not 0 < place.line <= len(tree.lines):
        return None
    token = tree.lines[place.line - 1][place.column - 1 :][: place.width]
    if finding.hint == DECIMAL_POINT:
        comma = _COMMA.search(token)
        return Edit(place.line, place.column + comma.start(), ",", ".") if comma else None
    name = finding.hint.values.get("certain") if isinstance(finding.hint, Message) else None
    if not name:
        return None
    bare = token.strip("'\"")
    if not bare or distance(bare, str(name), SLIP) > SLIP:
        return None
    return Edit(place.line, place.column + token.index(bare), bare, str(name))


def difference(path: str, before: str, after: str) -> str:
    """Return a change as a patch."""
    lines = unified_diff(before.splitlines(True), after.splitlines(True), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def write(path: Path, text: str) -> None:
    """Replace a file in one step: a reader sees the old text or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8", newline="")
    fresh.replace(path)
