"""What `validate` does: projects checked, findings said in a language, mended and printed.

Start at `validate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from gettext import NullTranslations
from pathlib import Path

from engine.check import formats
from engine.check.checked import check_folder
from engine.check.mend import difference, mended, write
from engine.check.paths import Asked, asked
from engine.check.render import Pieces, count, pieces
from engine.check.rules import RULES
from engine.check.spoken import catalogue, in_language, translated
from engine.errors import Finding
from engine.load.tree import Tree

PASSES = 5  # one remedy may uncover the next mistake


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found in one or several projects: findings in the language asked for, their files
    by the paths shown, one line of sums a project."""

    findings: tuple[Finding, ...]
    trees: Mapping[str, Tree]
    summary: str
    words: NullTranslations

    def pieces(self) -> Pieces:
        """Give the text for people, with styles for a terminal."""
        if not self.findings:
            yield self.summary, ""
            return
        yield from pieces(self.findings, self.trees, self.words)
        yield f"\n\n{in_language(count(self.findings), self.words)}", "bold"

    def printed(self, form: str) -> str:
        """Return the findings in a format: text, json, sarif or ci."""
        if form == "json":
            return formats.as_json(self.findings)
        if form == "sarif":
            return formats.as_sarif(self.findings, RULES, self.words)
        if form == "ci":
            return formats.as_annotations(self.findings)
        return "".join(text for text, _ in self.pieces())


def validate(paths: Iterable[Path], lang: str, *, cached: bool = False) -> Validation:
    """Check the projects of some paths. Raises NoProject for a path that belongs to none."""
    words = catalogue(lang)
    findings, trees, sums = list[Finding](), dict[str, Tree](), list[str]()
    for one in asked(paths):
        report = check_folder(one.folder, cached=cached)
        for finding in translated(one.only(report.findings), words):
            path = one.shown(finding.place.path)
            findings.append(replace(finding, place=replace(finding.place, path=path)))
            trees[path] = report.trees[finding.place.path]
        sums.append(in_language(report.summary, words))
    return Validation(tuple(findings), trees, "\n".join(sums), words)


def mend(paths: Iterable[Path], *, dry_run: bool) -> str:
    """Mend what is certain in the projects of some paths and return the change as a patch; with
    `dry_run` nothing is written. Raises NoProject."""
    return "".join(_mend(one, dry_run) for one in asked(paths))


def _mend(one: Asked, dry_run: bool) -> str:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for _ in range(1 if dry_run else PASSES):
        report = check_folder(one.folder)
        fresh = mended(one.only(report.findings), report.trees)
        if not fresh:
            break
        for path, text in fresh.items():
            before.setdefault(path, report.trees[path].text)
            after[path] = text
            if not dry_run:
                write(one.folder.resolve().parent / path, text)
    return "".join(difference(one.shown(path), before[path], text) for path, text in after.items())
