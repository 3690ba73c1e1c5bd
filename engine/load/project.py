"""All the YAML of a folder → a Project, or findings. Start at `load_project`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import Finding, Place
from engine.load.forms import Reader
from engine.load.tree import Tree, read_tree
from engine.model.vocabulary import Vocabulary, read_vocabulary
from engine.run.program import Sources
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.project import ProjectFile
from engine.steps.base import OnDeviation
from engine.steps.number import NumberStep

NOT_FLOWS = {"lifecycles", "reports"}


@dataclass(frozen=True, slots=True)
class Project:
    """All the YAML, loaded. `trees` hold the places; `files` tell which file a flow, lifecycle or document is in."""

    root: Path
    project: ProjectFile
    flows: Mapping[str, Flow]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, Lifecycle]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    vocabulary: Vocabulary
    trees: Mapping[str, Tree]
    files: Mapping[tuple[str, str], str]
    digest: str

    def tree(self, kind: str, name: str) -> Tree:
        """Return the tree of a flow, a lifecycle or a document; of "project", "limits", "menu" with an empty name."""
        return self.trees[self.files[(kind, name)]]

    def sources(self) -> Sources:
        """Return what a Program is compiled from."""
        return Sources(self.project, self.flows, self.limits, self.lifecycles, self.menu, self.documents,
                       self.vocabulary, self.digest)


class _Loader:
    """Reads the files of one folder one by one, keeping what was found."""

    def __init__(self, root: Path) -> None:
        self.root, self.base = root, root.parent
        self.findings: list[Finding] = []
        self.trees: dict[str, Tree] = {}
        self.files: dict[tuple[str, str], str] = {}
        self.hash = hashlib.sha256()

    def reader(self, path: Path) -> Reader | None:
        """Read one file; None, with findings, when its YAML is broken or it is not there."""
        name = path.relative_to(self.base).as_posix()
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            self.findings.append(Finding(Place(name), "F101", "файла нет", "создайте его"))
            return None
        except UnicodeDecodeError:
            self.findings.append(Finding(Place(name), "F101", "файл не в кодировке UTF-8", "сохраните его в UTF-8"))
            return None
        self.hash.update(f"{name}\0{text}\0".encode())
        tree, findings = read_tree(name, text)
        self.findings += findings
        self.trees[name] = tree
        return Reader(tree) if tree.data is not None and not findings else None

    def name(self, kind: str, name: str, reader: Reader) -> bool:
        """Remember which file holds a thing; refuse the second one of a name."""
        if (kind, name) in self.files:
            self.findings.append(Finding(reader.tree.place(()), "F106", f"«{name}» уже есть в {self.files[(kind, name)]}",
                                         "дайте другое имя"))
            return False
        self.files[(kind, name)] = reader.tree.file
        return True


def load_project(root: Path) -> tuple[Project | None, tuple[Finding, ...]]:
    """Load the flows of a folder. Findings of YAML and schema come back sorted; the rest of the files is still read."""
    root = root.resolve()
    loader = _Loader(root)
    project = _one(loader, root / "project.yaml", "project", ProjectFile)
    limits, menu = _limits(loader, root / "limits.yaml"), _menu(loader, root / "menu.yaml")
    lifecycles = _lifecycles(loader, root)
    flows = _flows(loader, root)
    documents = _documents(loader, root.parent / "templates")
    vocabulary = _vocabulary(loader, root / ".vocabulary.json")
    if project is None or vocabulary is None:
        return None, tuple(sorted(loader.findings))
    loaded = Project(root, project, flows, limits, lifecycles, menu, documents, vocabulary, loader.trees, loader.files,
                     loader.hash.hexdigest())
    return loaded, tuple(sorted(loader.findings))


def _one(loader: _Loader, path: Path, kind: str, form: Any) -> Any:
    reader = loader.reader(path)
    if reader is None:
        return None
    found = reader.model(form, reader.tree.data)
    loader.findings += reader.findings
    loader.name(kind, "", reader)
    return found


def _limits(loader: _Loader, path: Path) -> dict[str, Limit]:
    reader = loader.reader(path)
    if reader is None:
        return {}
    loader.name("limits", "", reader)
    found = {name: reader.model(Limit, data, (name,)) for name, data in reader.tree.data.items()}
    loader.findings += reader.findings
    return {name: limit for name, limit in found.items() if limit is not None}


def _menu(loader: _Loader, path: Path) -> tuple[MenuEntry, ...]:
    reader = loader.reader(path)
    if reader is None:
        return ()
    loader.name("menu", "", reader)
    data = reader.tree.data
    if not isinstance(data, list):
        loader.findings.append(Finding(reader.tree.place(()), "F105", "здесь нужен список кнопок", "начните с «- »"))
        return ()
    found = [reader.model(MenuEntry, item, (at,)) for at, item in enumerate(data)]
    loader.findings += reader.findings
    return tuple(entry for entry in found if entry is not None)


def _lifecycles(loader: _Loader, root: Path) -> dict[str, Lifecycle]:
    found: dict[str, Lifecycle] = {}
    for path in sorted((root / "lifecycles").glob("*.yaml")):
        reader = loader.reader(path)
        if reader is None:
            continue
        data = dict(reader.tree.data) if isinstance(reader.tree.data, dict) else reader.tree.data
        if isinstance(data, dict) and isinstance(data.get("transitions"), dict):
            data["transitions"] = {name: _forms(reader, form, ("transitions", name))
                                   for name, form in data["transitions"].items()}
        lifecycle = reader.model(Lifecycle, data)
        loader.findings += reader.findings
        if lifecycle is not None and loader.name("lifecycle", lifecycle.lifecycle, reader):
            found[lifecycle.lifecycle] = lifecycle
    return found


def _forms(reader: Reader, data: Any, path: tuple[str | int, ...]) -> Any:
    """Return the forms of a transition as a list, their actions read."""
    listed = [(data, path)] if isinstance(data, dict) else [(item, (*path, at)) for at, item in enumerate(data or ())]
    return [{**form, "do": reader.actions(form["do"], (*where, "do"))} if isinstance(form, dict) and "do" in form
            else form for form, where in listed]


def _flows(loader: _Loader, root: Path) -> dict[str, Flow]:
    found: dict[str, Flow] = {}
    for path in sorted(root.glob("*/*.yaml")):
        if path.parent.name in NOT_FLOWS:
            continue
        reader = loader.reader(path)
        flow = _flow(reader) if reader else None
        if reader is not None:
            loader.findings += reader.findings
            if flow is not None and loader.name("flow", flow.flow, reader):
                found[flow.flow] = flow
    return found


def _flow(reader: Reader) -> Flow | None:
    data = reader.tree.data
    if not isinstance(data, dict):
        return reader.model(Flow, data)
    whole = dict(data)
    if isinstance(data.get("steps"), list):
        steps = [reader.step(item, ("steps", at)) for at, item in enumerate(data["steps"])]
        whole["steps"] = tuple(step for step in steps if step is not None) or ([] if not steps else tuple(steps))
        for at, step in enumerate(steps):
            if isinstance(step, NumberStep) and step.on_deviation is not None:
                _answers(reader, step.on_deviation, ("steps", at, "on_deviation", "answers"))
    for block in ("save", "after"):
        if block in data:
            whole[block] = reader.actions(data[block], (block,))
    return None if reader.findings else reader.model(Flow, whole)


def _answers(reader: Reader, deviation: OnDeviation, path: tuple[str | int, ...]) -> None:
    """Read the actions of the answers to a decision, for their findings; `answer_actions` reads them again for use."""
    for code, answer in deviation.answers.items():
        reader.actions(list(answer.save), (*path, code, "save"))


def _documents(loader: _Loader, folder: Path) -> dict[str, DocumentForm]:
    found: dict[str, DocumentForm] = {}
    for path in sorted(folder.glob("*/document.yaml")):
        reader = loader.reader(path)
        document = reader.model(DocumentForm, reader.tree.data) if reader else None
        if reader is not None:
            loader.findings += reader.findings
            if document is not None and loader.name("document", document.document, reader):
                found[document.document] = document
    return found


def _vocabulary(loader: _Loader, path: Path) -> Vocabulary | None:
    name = path.relative_to(loader.base).as_posix()
    try:
        text = path.read_text("utf-8")
        loader.hash.update(text.encode())
        return read_vocabulary(json.loads(text))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        loader.findings.append(Finding(Place(name), "F101", "словарь имён не читается",
                                       "сделайте его заново: cli.py vocabulary --write"))
        return None
