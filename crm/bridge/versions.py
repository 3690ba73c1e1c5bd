"""Versions of the forms: what a folder holds, the rows that keep every one that ran, and the
Programs made of them again.

A session goes on under the version that it began with while the names of that version still exist
here (domain 3.8). Start at `Versions`."""

from __future__ import annotations

import json
import logging
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

from django.db import OperationalError, connection
from django.utils import timezone

from crm.bridge.limits import give_first_values
from crm.bridge.offered import alike, offered
from crm.bridge.vocabulary import implemented
from crm.configuration import ROOT
from crm.work.models import Version, VersionFile
from crm.work.operations.version import keep_version
from engine.check.checked import Checker
from engine.check.rules import RULES
from engine.errors import Finding
from engine.languages.catalogue import read_languages
from engine.load.project import Project, load_project
from engine.model.vocabulary import Vocabulary
from engine.run.earlier import beside
from engine.run.program import Program, compile_program

log = logging.getLogger(__name__)
OFFICE = "django"  # the domain of what Django says, the titles of codes among it
KEPT = 8  # compiled Programs of before; one takes a few megabytes
PROJECT, LOCALES, LIFECYCLE = "/project.yaml", "locales", "lifecycle"
CHECKED = Checker()  # what this process has read


@dataclass(frozen=True, slots=True)
class Read:
    """What a folder came to: a Program with its texts and the bytes beside them by file, or what
    is wrong. With what is in `meanwhile` the forms run: a text that is read in Russian. `files` are
    where lifecycles are written; `waits` is a sound Program that only records keep from running."""

    program: Program | None
    texts: Mapping[str, str]
    beside: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    saved_by: str = ""
    meanwhile: tuple[Finding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    waits: Program | None = None


def read_forms(folder: Path) -> Read:
    """Load, check and compile the forms of a folder; takes about a second, and half of it when this
    process has read them before and few of them were changed."""
    findings, project = CHECKED(folder)
    wrong = tuple(one for one in findings if not runs(one))
    if project is None or wrong:
        return Read(None, {}, {}, wrong)
    program = _compiled(project, implemented())
    saved_by = _saved_by(folder.parent, (*project.texts_read, *project.beside))
    files = {name: file for (kind, name), file in project.files.items() if kind == LIFECYCLE}
    texts, beside = project.texts_read, project.beside
    return Read(program, texts, beside, (), saved_by, findings, files)


def runs(finding: Finding) -> bool:
    """Tell whether forms with this finding go live all the same."""
    rule = RULES.get(finding.code)
    return rule is not None and rule.runs


def _compiled(project: Project, works: Vocabulary) -> Program:
    sources, out = offered(project.sources(), works)
    if out:
        log.info("not offered, their names are not there: %s", ", ".join(out))
    languages, plant = project.project.languages, project.root.parent / LOCALES
    return compile_program(sources, read_languages(ROOT / LOCALES, languages, plant, [OFFICE]))


def _saved_by(base: Path, names: Iterable[str]) -> str:
    """Return whose file of those was saved last, as the system names its owner."""
    newest = max((base / name for name in names), key=lambda path: path.stat().st_mtime_ns)
    try:
        return newest.owner()
    except (KeyError, OSError):  # an owner without a name, as in a container
        return ""


def keep(read: Read) -> None:
    """Keep the row of a version that becomes current, and give the limits that it brings their
    first values: a plant that is upgraded need not be seeded again."""
    assert read.program is not None
    give_first_values(read.program)
    packed = zlib.compress(json.dumps(dict(read.texts), ensure_ascii=False).encode())
    keep_version(
        digest=read.program.digest,
        texts=packed,
        beside=read.beside,
        saved_by=read.saved_by,
        at=timezone.now(),
    )


def before(digest: str) -> Program | None:
    """Return the version that was current last; None where none was, or this very one, and where
    nobody can tell: the database is not made yet, or away. Whoever needs it says so."""
    try:
        if Version._meta.db_table not in connection.introspection.table_names():
            return None
        last = Version.objects.values_list("pk", flat=True).first()
    except OperationalError as error:
        log.warning("the version that ran last is not known: %s", error)
        return None
    return None if last in (None, digest) else latest()


def latest() -> Program | None:
    """Return the version that was current last and can still run."""
    for digest in Version.objects.values_list("pk", flat=True)[:KEPT]:
        program = _made_again(digest)
        if program is not None:
            return program
    return None


def _made_again(digest: str) -> Program | None:
    """Compile a kept version with the names that still mean the same; None of one that this
    program cannot read."""
    row = Version.objects.filter(pk=digest).first()
    if row is None:
        return None
    texts, beside = texts_of(row)
    root = next(name for name in texts if name.count("/") == 1 and name.endswith(PROJECT))
    with TemporaryDirectory(prefix="forms-") as folder:
        for name, content in {**beside, **_encoded(texts)}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        project, findings = load_project(Path(folder) / root.removesuffix(PROJECT))
    if project is None or findings:
        log.warning("version %s cannot be read any more", digest[:8])
        return None
    return _compiled(project, alike(project.vocabulary, implemented()))


def _encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in texts.items()}


def texts_of(row: Version) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the texts of a version and the files that it had beside them, by file."""
    kept = dict(VersionFile.objects.filter(pk__in={*row.files.values()}).values_list())
    beside = {name: bytes(kept[digest]) for name, digest in row.files.items()}
    return json.loads(zlib.decompress(row.texts)), beside


class Versions:
    """Programs of before by their digests: compiled on demand, the latest few are kept."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._compiled: OrderedDict[str, Program | None] = OrderedDict()
        self._beside: dict[tuple[str, str], Program | None] = {}

    def add(self, digest: str, program: Program | None) -> None:
        """Keep a Program of before, or that it cannot be made."""
        with self._lock:
            self._compiled[digest] = program
            self._beside.clear()
            while len(self._compiled) > KEPT:
                self._compiled.popitem(last=False)

    def beside(self, present: Program, digest: str) -> Program | None:
        """Return the flows of a version that can still run beside the present one."""
        with self._lock:
            if digest not in self._compiled:
                self.add(digest, _made_again(digest))
            self._compiled.move_to_end(digest)
            key = digest, present.digest
            if key not in self._beside:
                earlier = self._compiled[digest]
                self._beside[key] = beside(earlier, present) if earlier is not None else None
            return self._beside[key]
