"""`# flow: ignore F214 -- reason`: a finding that the author has looked at and lets stand.

It covers its own line, or the next one when it stands alone. Start at `without_ignored`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import Finding, Place, say
from engine.expressions.suggest import hint
from engine.load.tree import Tree

_COMMENT = re.compile(r"(?:^|\s)(?P<all># *flow: *ignore\b(?P<tail>[^#]*))")
_CODES = re.compile(r"\s+(?P<codes>F\d{3}(?:\s*,\s*F\d{3})*)(?P<reason>\s+--\s*\S.*)?\s*")
# Without these the flows would not run: they are to be mended, not looked over.
FIRM = re.compile(r"F1|F20[26]|F30[1-6]|F309|F310|F401|F402|F50[13]|F60[1-4]|F7(?!09)")
UNNAMED = frozenset(("F407", "F408", "F507", "F709"))  # rules about what nobody names anywhere


@dataclass(frozen=True, slots=True)
class Ignore:
    """One code that a comment names: where, and the line that it covers."""

    place: Place
    code: str
    line: int


def without_ignored(
    findings: Iterable[Finding], trees: Mapping[str, Tree], codes: Collection[str]
) -> tuple[Finding, ...]:
    """Return findings without those that a comment lets stand, and with what is wrong in the
    comments: no reason, no such code, nothing to let stand."""
    ignores, wrong = list[Ignore](), list[Finding]()
    for tree in trees.values():
        for found in _ignores(tree, codes):
            (wrong if isinstance(found, Finding) else ignores).append(found)  # type: ignore[arg-type]
    kept, used = list[Finding](), set[Ignore]()
    for finding in findings:
        covering = {
            one
            for one in ignores
            if (one.place.path, one.line, one.code)
            == (finding.place.path, finding.place.line, finding.code)
        }
        used |= covering
        if not covering:
            kept.append(finding)
    broken = {one.place.path for one in kept if one.code.startswith("F10")}
    whole = not kept  # what looks for something that nobody names is sure of itself only then
    unused = [
        Finding(
            one.place,
            "F109",
            say("здесь нечего пропускать: {code} не найдена", code=one.code),
            "уберите это примечание",
        )
        for one in ignores
        # what is not read has no findings
        if one not in used and one.place.path not in broken and (whole or one.code not in UNNAMED)
    ]
    return tuple(sorted([*kept, *wrong, *unused]))


def _ignores(tree: Tree, codes: Collection[str]) -> Iterator[Ignore | Finding]:
    for at, row in enumerate(tree.lines, 1):
        match = _COMMENT.search(row) if "ignore" in row else None
        if match is None or _in_text(tree, at, match.start("all") + 1):
            continue
        covered = at + 1 if not row[: match.start("all")].strip() else at
        yield from _read(tree.file, at, match, covered, codes)


def _read(
    file: str, line: int, match: re.Match[str], covered: int, codes: Collection[str]
) -> Iterator[Ignore | Finding]:
    place = Place(file, line, match.start("all") + 1, len(match["all"].rstrip()))
    said = _CODES.fullmatch(match["tail"])
    if said is None:
        message = "не понять, что пропустить"
        yield Finding(place, "F108", message, "пишите так: # flow: ignore F307 -- почему")
        return
    if not said["reason"]:
        message = "не сказано, почему это можно пропустить"
        yield Finding(place, "F108", message, "допишите причину: # flow: ignore F307 -- почему")
        return
    for code in re.split(r"\s*,\s*", said["codes"]):
        column = match.start("tail") + match["tail"].index(code) + 1
        token = Place(file, line, column, len(code))
        if code not in codes:
            message = say("нет правила {code}", code=code)
            yield Finding(token, "F108", message, hint(code, codes, "правила"))
        elif FIRM.match(code):
            message = say("{code} пропустить нельзя", code=code)
            yield Finding(token, "F108", message, "исправьте: с этой ошибкой формы не работают")
        else:
            yield Ignore(token, code, covered)


def _in_text(tree: Tree, line: int, column: int) -> bool:
    """Tell whether a place is inside of a value of one line, such as a text in quotes."""
    return any(
        place.line == line and place.column <= column < place.column + place.width
        for place in tree.values.values()
    )
