"""All the YAML of a folder → a Project, or findings. Start at `load_project`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from engine.errors import Finding, Place
from engine.expressions.types import read_type
from engine.load.files import Files
from engine.load.forms import Model
from engine.load.sketch import FlowSketch, LifecycleSketch, sketch_flow, sketch_lifecycle
from engine.load.translations import Translation, read_translations
from engine.load.tree import Tree
from engine.load.unread import Flows, Unread
from engine.model.vocabulary import Vocabulary, read_vocabulary
from engine.run.named import named, texts_of
from engine.run.program import Sources
from engine.schema.document import DocumentForm
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle
from engine.schema.limits import Limit
from engine.schema.menu import MenuEntry
from engine.schema.policies import Policy
from engine.schema.project import ProjectFile
from engine.schema.report import ReportForm
from engine.schema.texts import PlantText

NOT_FLOWS = {"lifecycles", "reports"}
DOCUMENT_LAYOUT = "layout.docx"
REPORT_LAYOUT, FORM = "layout.xlsx", "report.yaml"  # a report that is a form has a folder
NONE: Mapping[str, Unread] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Project:
    """All the YAML, loaded. `trees` hold the places; `files` tell which file a thing is in.

    `flows` and `lifecycles` hold whole ones; `sketches` and `lives` hold every one as far as it
    could be read; `broken` are the (kind, name) that are there but not whole. `texts_read` are the
    texts that the digest is of, by file; so are the bytes of `beside`: layouts and translations."""

    root: Path
    project: ProjectFile
    flows: Mapping[str, Flow]
    limits: Mapping[str, Limit]
    lifecycles: Mapping[str, Lifecycle]
    menu: tuple[MenuEntry, ...]
    documents: Mapping[str, DocumentForm]
    reports: Mapping[str, ReportForm]
    vocabulary: Vocabulary
    trees: Mapping[str, Tree]
    files: Mapping[tuple[str, str], str]
    digest: str
    sketches: Mapping[str, FlowSketch]
    lives: Mapping[str, LifecycleSketch]
    entries: tuple[tuple[int, MenuEntry], ...]
    policies: tuple[tuple[int, Policy], ...]
    broken: frozenset[tuple[str, str]]
    texts_read: Mapping[str, str]
    beside: Mapping[str, bytes]
    layouts: Mapping[tuple[str, str], bytes]
    translations: tuple[Translation, ...] = ()

    def tree(self, kind: str, name: str = "") -> Tree:
        """Return the tree of a flow, a lifecycle, a document or a report; of "project", "limits",
        "menu", "policies" with an empty name."""
        return self.trees[self.files[(kind, name)]]

    def sources(self) -> Sources:
        """Return what a Program is compiled from; every text knows its translations."""
        return named(self._sources())

    def texts(self) -> tuple[PlantText, ...]:
        """Return every text of the plant, in order."""
        return texts_of(self._sources())

    def _sources(self) -> Sources:
        return Sources(
            self.project,
            self.flows,
            self.limits,
            self.lifecycles,
            self.menu,
            self.documents,
            self.reports,
            self.vocabulary,
            self.digest,
            self.layouts,
        )


def load_project(
    root: Path, unread: Mapping[str, Unread] = NONE
) -> tuple[Project | None, tuple[Finding, ...]]:
    """Load the flows of a folder. Findings of YAML and schema come back sorted; what is sound is
    still loaded, unless there is no project.yaml or Vocabulary to read it by.

    `unread` are files of flows, by path, that need not be read unless another one asks."""
    root = root.resolve()
    files = Files(root)
    project = _project(files, root / "project.yaml")
    limits, entries = _limits(files, root / "limits.yaml"), _menu(files, root / "menu.yaml")
    policies = _policies(files, root / "policies.yaml")
    lives, lifecycles = _lifecycles(files, root)
    sketches, flows = _flows(files, root, unread)
    layouts: dict[tuple[str, str], bytes] = {}
    documents = _documents(files, root.parent / "templates", layouts)
    reports = _reports(files, root / "reports", layouts)
    vocabulary = _vocabulary(files, root / ".vocabulary.json")
    if project is None or vocabulary is None:
        return None, tuple(sorted(files.findings))
    said, unreadable = read_translations(root.parent, project.languages)
    files.findings += unreadable
    files.trees |= {one.tree.file: one.tree for one in said}
    for one in said:
        files.take(files.base / one.tree.file)
    loaded = Project(
        root=root,
        project=project,
        flows=flows,
        limits=limits,
        lifecycles=lifecycles,
        menu=tuple(entry for _, entry in entries),
        documents=documents,
        reports=reports,
        vocabulary=vocabulary,
        trees=files.trees,
        files=files.of,
        digest=files.digest,
        sketches=sketches,
        lives=lives,
        entries=entries,
        policies=policies,
        broken=frozenset(files.broken),
        texts_read=files.texts,
        beside=files.beside,
        layouts=layouts,
        translations=said,
    )
    return loaded, tuple(sorted(files.findings))


def _project(files: Files, path: Path) -> ProjectFile | None:
    reader = files.reader(path, "project")
    if reader is None:
        return None
    files.name("project", "", reader)
    return files.model(reader, ProjectFile, reader.tree.data)


def _limits(files: Files, path: Path) -> dict[str, Limit]:
    reader = files.reader(path, "limits")
    if reader is None:
        return {}
    files.name("limits", "", reader)
    if not isinstance(reader.tree.data, dict):
        message, remedy = "здесь нужны лимиты по именам", "начните с «имя_лимита:»"
        files.findings.append(Finding(reader.tree.place(()), "F105", message, remedy))
        return {}
    found: dict[str, Limit] = {}
    for name, data in reader.tree.data.items():
        limit = files.model(reader, Limit, data, name)
        if limit is None:
            files.broken.add(("limit", name))
        else:
            found[name] = limit
    return found


def _menu(files: Files, path: Path) -> tuple[tuple[int, MenuEntry], ...]:
    return _listed(files, path, "menu", MenuEntry, "здесь нужен список кнопок")


def _policies(files: Files, path: Path) -> tuple[tuple[int, Policy], ...]:
    """Read the policies; a plant may have none."""
    if not path.exists():
        return ()
    return _listed(files, path, "policies", Policy, "здесь нужен список правил")


def _listed(
    files: Files, path: Path, kind: str, form: type[Model], wanted: str
) -> tuple[tuple[int, Model], ...]:
    """Read a file that is a list of one form; broken items are left out."""
    reader = files.reader(path, kind)
    if reader is None:
        return ()
    files.name(kind, "", reader)
    data = reader.tree.data
    if not isinstance(data, list):
        files.findings.append(Finding(reader.tree.place(()), "F105", wanted, "начните с «- »"))
        return ()
    found = [(at, files.model(reader, form, item, at)) for at, item in enumerate(data)]
    return tuple((at, item) for at, item in found if item is not None)


def _lifecycles(
    files: Files, root: Path
) -> tuple[dict[str, LifecycleSketch], dict[str, Lifecycle]]:
    sketches: dict[str, LifecycleSketch] = {}
    found: dict[str, Lifecycle] = {}
    for path in sorted((root / "lifecycles").glob("*.yaml")):
        reader = files.reader(path, "lifecycle")
        if reader is None:
            continue
        sketch, lifecycle = sketch_lifecycle(reader)
        name = sketch.name if sketch and sketch.name else path.stem
        files.done(reader, "lifecycle", "" if lifecycle else name)
        if sketch is not None and files.name("lifecycle", name, reader):
            sketches[name] = sketch
            if lifecycle is not None:
                found[name] = lifecycle
    return sketches, found


def flow_files(root: Path) -> list[Path]:
    """Return the files of a folder that hold flows."""
    return [path for path in sorted(root.glob("*/*.yaml")) if path.parent.name not in NOT_FLOWS]


def _flows(
    files: Files, root: Path, unread: Mapping[str, Unread]
) -> tuple[Mapping[str, FlowSketch], dict[str, Flow]]:
    sketches: dict[str, FlowSketch] = {}
    found: dict[str, Flow] = {}
    others: dict[str, Callable[[], FlowSketch | None]] = {}
    for path in flow_files(root):
        known = unread.get(path.relative_to(files.base).as_posix())
        if known is not None:
            files.broken |= {("flow", known.name)} if known.broken else set()
            if known.sketched and ("flow", known.name) not in files.of:
                files.of[("flow", known.name)] = path.relative_to(files.base).as_posix()
                others[known.name] = partial(_late, root, path)
            continue
        reader = files.reader(path, "flow")
        if reader is None:
            continue
        sketch, flow = sketch_flow(reader)
        name = sketch.name if sketch and sketch.name else path.stem
        files.done(reader, "flow", "" if flow else name)
        if sketch is not None and files.name("flow", name, reader):
            sketches[name] = sketch
            if flow is not None:
                found[name] = flow
    return (Flows(sketches, others) if others else sketches), found


def _late(root: Path, path: Path) -> FlowSketch | None:
    """Read a flow that was left out; what is wrong in it was found before."""
    reader = Files(root).reader(path, "flow")
    return sketch_flow(reader)[0] if reader else None


def _documents(
    files: Files, folder: Path, layouts: dict[tuple[str, str], bytes]
) -> dict[str, DocumentForm]:
    found: dict[str, DocumentForm] = {}
    for path in sorted(folder.glob("*/document.yaml")):
        reader = files.reader(path, "document")
        if reader is None:
            continue
        document = files.model(reader, DocumentForm, reader.tree.data)
        if document is None:
            files.broken.add(("document", path.parent.name))
        elif files.name("document", document.document, reader):
            found[document.document] = document
            _layout(files, path.parent / DOCUMENT_LAYOUT, ("document", document.document), layouts)
    return found


def _layout(
    files: Files, path: Path, named: tuple[str, str], layouts: dict[tuple[str, str], bytes]
) -> None:
    content = files.take(path)
    if content is not None:
        layouts[named] = content


def _reports(
    files: Files, folder: Path, layouts: dict[tuple[str, str], bytes]
) -> dict[str, ReportForm]:
    found: dict[str, ReportForm] = {}
    for path in sorted((*folder.glob("*.yaml"), *folder.glob(f"*/{FORM}"))):
        reader = files.reader(path, "report")
        if reader is None:
            continue
        report = files.model(reader, ReportForm, reader.tree.data)
        if report is None:
            named = reader.tree.at(("report",))
            files.broken.add(("report", named if isinstance(named, str) else path.stem))
        elif files.name("report", report.report, reader):
            found[report.report] = report
            if path.name == FORM:
                _layout(files, path.parent / REPORT_LAYOUT, ("report", report.report), layouts)
    return found


def _vocabulary(files: Files, path: Path) -> Vocabulary | None:
    text = files.text(path)
    if text is None:
        return None
    try:
        vocabulary = read_vocabulary(json.loads(text))
        for notation in notations(vocabulary):
            read_type(notation)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        place = Place(path.relative_to(files.base).as_posix())
        remedy = "сделайте его заново: cli.py vocabulary --write"
        files.findings.append(Finding(place, "F101", "словарь имён не читается", remedy))
        return None
    return vocabulary


def notations(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return every type that a Vocabulary names."""
    fields = [kind for record in vocabulary.records.values() for kind in record.values()]
    params = [kind for form in vocabulary.operations.values() for kind in form.params.values()]
    facts = [kind for fact in vocabulary.facts.values() for kind in (*fact.params, fact.result)]
    results = [form.result for form in vocabulary.operations.values() if form.result]
    return (*fields, *params, *facts, *results)
