"""What was found before, kept in `.cache/`: an unchanged project is not checked twice, and of a
changed one only the flows that changed.

A memory counts only for the program that wrote it. It tells the flows apart from the rest (limits,
lifecycles, vocabulary, documents): when the rest has changed, or what a flow shows to others, all
is checked anew. A memory that cannot be read is as good as none. Start at `Memory` and `look`."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from engine.check.mentions import mentions
from engine.errors import Edit, Finding, Place
from engine.languages.message import Message
from engine.load.project import flow_files
from engine.load.tree import Tree
from engine.load.unread import Unread

FILE = Path(".cache/validate.json")
ENGINE = Path(__file__).resolve().parent.parent
OWN = {"steps", "save", "after", "before", "draft"}  # keys of a flow that no other file reads


@dataclass(frozen=True, slots=True)
class Looked:
    """The digests of a project's files: of each flow by its path, and of all the rest."""

    flows: Mapping[str, str]
    rest: str


@dataclass(frozen=True, slots=True)
class Known:
    """One flow as it was: its digest, what it shows to others, how it can be left unread, what was
    found in it, and how many steps count in the sums."""

    digest: str
    shows: str
    unread: Unread
    findings: tuple[Finding, ...]
    steps: int | None  # None of a flow that is not whole


@dataclass(frozen=True, slots=True)
class Memory:
    """A project as it was when it was checked."""

    rest: str
    flows: Mapping[str, Known]
    findings: tuple[Finding, ...]  # in other files than those of flows
    sums: Mapping[str, int]  # of other things than flows and steps

    def write(self, base: Path) -> None:
        """Keep it; a folder that cannot be written to has no memory."""
        data = {"program": program(), "memory": self._data()}
        path = base / FILE
        try:
            path.parent.mkdir(exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
            fresh.replace(path)
        except OSError:
            return

    def _data(self) -> dict[str, Any]:
        flows = {
            path: {
                "digest": one.digest,
                "shows": one.shows,
                "unread": asdict(one.unread),
                "findings": [_kept(finding) for finding in one.findings],
                "steps": one.steps,
            }
            for path, one in self.flows.items()
        }
        findings = [_kept(finding) for finding in self.findings]
        return {"others": self.rest, "flows": flows, "findings": findings, "sums": dict(self.sums)}


def recall(base: Path) -> Memory | None:
    """Return the memory of a project; None when there is none of this program that can be read."""
    try:
        data = json.loads((base / FILE).read_text("utf-8"))
        return _memory(data["memory"]) if data["program"] == program() else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def look(root: Path) -> Looked:
    """Return the digests of a project's files."""
    base = root.parent
    flows = {path: _digest(path) for path in flow_files(root)}
    rest = hashlib.sha256()
    for folder in (root, base / "templates", base / "locales"):
        for path in sorted(folder.rglob("*")):
            if path not in flows and path.suffix != ".talk" and path.is_file():
                rest.update(f"{path.relative_to(base)}\0{_digest(path)}\0".encode())
    return Looked(
        {path.relative_to(base).as_posix(): digest for path, digest in flows.items()},
        rest.hexdigest(),
    )


def shown_to_others(tree: Tree | None) -> str:
    """Return the digest of what other files may read of a flow: all but its questions and actions,
    of which what they name of other files; of a flow that others call, everything."""
    data = tree.data if tree else None
    if not isinstance(data, dict):
        return ""
    kept = data if "result" in data else {key: data[key] for key in data if key not in OWN}
    kept = {**kept, "names": sorted(set(mentions(data)))}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


@cache
def program() -> str:
    """Return what tells this program from every other: its text and the versions of its readers."""
    digest = hashlib.sha256()
    versions = platform.python_version(), version("pydantic"), version("ruamel.yaml")
    digest.update(" ".join(versions).encode())
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _memory(data: Mapping[str, Any]) -> Memory:
    flows = {
        path: Known(
            one["digest"],
            one["shows"],
            Unread(**one["unread"]),
            tuple(map(_finding, one["findings"])),
            one["steps"],
        )
        for path, one in data["flows"].items()
    }
    findings = tuple(map(_finding, data["findings"]))
    return Memory(data["others"], flows, findings, dict(data["sums"]))


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "place": asdict(finding.place),
        "code": finding.code,
        "texts": [_text(text) for text in (finding.message, finding.hint, finding.consequence)],
        "fix": asdict(finding.fix) if finding.fix else None,
    }


def _finding(data: Mapping[str, Any]) -> Finding:
    fix = Edit(**data["fix"]) if data["fix"] else None
    message, hint, consequence = map(_said, data["texts"])
    return Finding(Place(**data["place"]), data["code"], message, hint, consequence, fix)


def _text(text: str) -> Any:
    """Return a text as JSON that keeps its template and values."""
    if not isinstance(text, Message):
        return text
    return [text.template, {name: _text(value) for name, value in text.values.items()}]


def _said(data: Any) -> str:
    if isinstance(data, str):
        return data
    template, values = data
    return Message(template, {name: _said(value) for name, value in values.items()})
