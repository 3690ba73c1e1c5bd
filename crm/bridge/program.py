"""The Program of this process: what `FLOWS_DIR` holds, replaced while it runs by what is saved
there.

Start at `program`. The bot's `crm.bridge.reload` reads changes beside its work; every other process
looks by itself when it asks for the Program."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock

from crm.bridge.stranded import admitted
from crm.bridge.versions import LOCALES, Read, Versions, before, keep, latest, read_forms
from crm.configuration import ROOT, settings
from crm.documents.offered import use_reports
from crm.own_words import use_forms
from crm.people.roles import use_roles
from crm.production.capacity import Station, use_stations
from crm.production.day import use_day
from engine.errors import EngineError, Finding
from engine.run.program import Program
from engine.schema.texts import reasons

log = logging.getLogger(__name__)
LOOK_S = 0.5  # between two looks at the folder
AGAIN_S = 30.0  # between two looks whether records have left that keep saved forms from running
KINDS = {".yaml", ".docx", ".xlsx", ".po"}
VOCABULARY = ".vocabulary.json"

Stamp = Mapping[str, tuple[int, int, int]]


def folder() -> Path:
    """Return the folder of the forms."""
    return settings().path(settings().flows_dir)


def stamp() -> Stamp:
    """Return what tells a changed folder from an unchanged one: inode, time and size of each
    file that the forms are read from: those of the folder, the templates and translations beside
    it, and what the program itself says in other languages."""
    found, flows = {}, folder()
    beside = (flows.parent / "templates", flows.parent / LOCALES, ROOT / LOCALES)
    for root in dict.fromkeys((flows, *beside)):
        for path in root.rglob("*"):
            if path.suffix in KINDS or path.name == VOCABULARY:
                try:
                    of = path.stat()
                except OSError:  # it was removed, or an editor replaces it just now
                    continue
                found[str(path)] = (of.st_ino, of.st_mtime_ns, of.st_size)
    return found


@dataclass
class Forms:
    """The present Program and those of before. `watched`: somebody else reads the changes;
    `read_at` is how the folder was when it was read last."""

    versions: Versions = field(default_factory=Versions)
    watched: bool = False
    read_at: Stamp = field(default_factory=dict)
    _present: Program | None = None
    _read: Read | None = None
    _looked: float = 0.0
    _asked: float = 0.0
    _lock: RLock = field(default_factory=RLock)

    def present(self) -> Program:
        """Return the present Program, loaded at the first call; over a broken folder the version
        that ran last. Raises EngineError with the findings when there is none."""
        with self._lock:
            if self._present is None:
                self.replace(self._begin()[1])
            elif not self.watched:
                self._look()
            assert self._present is not None
            return self._present

    def replace(self, program: Program) -> None:
        """Make a Program the present one; the one before is kept for what began under it."""
        with self._lock:
            old = self._present
            if old is not None and old.digest != program.digest:
                self.versions.add(old.digest, old)
            present = replace(program, versions=self._earlier)
            self._present = present
            resources = present.project.resources
            use_stations(
                {
                    name: Station(one.title, one.capacity, bool(one.places))
                    for name, one in resources.items()
                }
            )
            use_day(present.zone.day_begins, present.project.plant.shifts.values())
            forms = present.project
            use_roles(forms.roles, forms.duties, present.languages.say)
            use_reports(present.reports)
            use_forms(_kept_texts(present))

    def start(self) -> Read:
        """Take the folder's Program at the start of a bot and keep its version; of a broken folder
        the version that ran last. Return what was read.

        Raises EngineError when nothing can run."""
        with self._lock:
            self.watched = True
            read, program = self._begin()
            self.replace(program)
            if read.program is not None:
                keep(read)
            return read

    def take(self, read: Read) -> None:
        """Make what was published just now the present Program."""
        assert read.program is not None
        with self._lock:
            self.replace(read.program)
            self.read_at, self._read = stamp(), read

    def weigh(self, read: Read) -> Read:
        """Return what the folder came to as what may run now, not while it would strand records,
        and remember that."""
        with self._lock:
            sound = read.program or read.waits
            if sound is not None:
                read = admitted(read, self._present or before(sound.digest))
            self._read = read
            return read

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What keeps the forms that lie in the folder from running, as they were weighed last."""
        with self._lock:
            return self._read.findings if self._read is not None else ()

    def _begin(self) -> tuple[Read, Program]:
        """Return what the folder came to, and the Program to begin with: its own, or the version
        that ran last. Raises EngineError when there is none."""
        read = self.weigh(self._read_first())
        program = read.program or latest()
        if program is None:
            raise broken(read.findings)
        return read, program

    def _read_first(self) -> Read:
        """Read the folder, unless that was just done."""
        now = stamp()
        if self._read is None or now != self.read_at:
            self.read_at, self._read = now, read_forms(folder())
        return self._read

    def _earlier(self, digest: str) -> Program | None:
        present = self._present
        return self.versions.beside(present, digest) if present is not None else None

    def _look(self) -> None:
        """Take over what was saved since the last look, and what waited until records had left;
        what is broken is left alone."""
        now = time.monotonic()
        if now - self._looked < LOOK_S:
            return
        self._looked, seen = now, stamp()
        fresh = seen != self.read_at
        if fresh:
            self.read_at, self._read = seen, read_forms(folder())
        read = self._read
        if read is None or not (fresh or (read.waits and now - self._asked >= AGAIN_S)):
            return
        self._asked, read = now, self.weigh(read)
        if read.program is not None:
            self.replace(read.program)
        elif fresh:
            log.warning("the forms that were saved do not run:\n%s", listed(read.findings))


FORMS = Forms()


def program() -> Program:
    """Return the present Program of this process. Raises EngineError with the findings when it
    cannot start."""
    return FORMS.present()


def _kept_texts(forms: Program) -> Iterator[str]:
    """Give what rows keep of the forms in Russian: what questions are called about which a
    decision may be asked, limits, stations, the reasons that lifecycles give themselves."""
    for flow in forms.flows.values():
        yield from (one.step.shown_label for one in flow.index.values() if one.deviation)
    yield from (limit.title for limit in forms.limits.values())
    yield from (one.title for one in forms.project.resources.values())
    for name, machine in forms.lifecycles.items():
        yield from reasons(machine.lifecycle, f"lifecycle/{name}")


def kept_out() -> tuple[Finding, ...]:
    """Return what keeps the forms that lie in the folder from running in this process."""
    return FORMS.findings


def broken(findings: tuple[Finding, ...]) -> EngineError:
    """Return the error of forms that cannot start."""
    return EngineError(f"Формы с ошибками не запускаются:\n{listed(findings)}")


def listed(findings: tuple[Finding, ...]) -> str:
    """Return findings a line each."""
    return "\n".join(f"{finding.place}: {finding.code} {finding.message}" for finding in findings)
