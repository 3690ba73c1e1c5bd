"""Another version of the forms from the office: proposed, shown with what it changes and what is
wrong in it, published over exactly what it was made from (domain 3.8, 11.2).

Published files are written where the technologist's editor would write them: the bot and every
other process take them over as they take over any saved form. Start at `publish`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import unified_diff
from functools import lru_cache
from pathlib import Path, PurePosixPath
from threading import Lock

from django.db import transaction

from crm.bridge.form_files import (
    Files,
    Looked,
    bad_name,
    laid_out,
    look_at,
    of_version,
    packed,
    present,
    unpacked,
)
from crm.bridge.program import FORMS, folder
from crm.bridge.stranded import Stranded, lives_of, stranded
from crm.bridge.versions import keep, read_forms, runs
from crm.one_by_one import Alone, one_by_one
from crm.people.models import Person
from crm.work.models import Proposal, Version
from crm.work.operations.proposal import note_published, propose
from engine.errors import Refusal, Refused

_PUBLISHING = Lock()  # within a process: to check takes seconds, which no transaction shall
NAME = 80  # characters of who saved a version
CHANGED_MEANWHILE = Refusal(
    "Формы тем временем изменились. Предложите свои файлы заново поверх нынешних"
)
STRANDED = Refusal("В новой версии нет состояний, в которых сейчас стоят записи")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file: the lines of a unified diff, none of one that is no text."""

    name: str
    what: str  # added, changed, removed
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A proposal over the present forms: what changes, what is wrong, which records it would
    strand; `stale` when the present forms are no longer those that it was made from."""

    looked: Looked
    changes: tuple[Change, ...]
    stranded: tuple[Stranded, ...]
    stale: bool

    @property
    def wrong(self) -> bool:
        """Whether a mistake keeps it from running; other findings are remarks."""
        return not all(map(runs, self.looked.findings))

    @property
    def broken(self) -> bool:
        """Whether it cannot be published."""
        return self.wrong or bool(self.stranded)


def propose_files(
    by: Person,
    given: Files,
    *,
    reason: str,
    at: datetime,
    whole: Collection[str] = (),
) -> Proposal:
    """Propose files in place of those of their names. Of the folders in `whole` (flows, templates,
    locales) all that is not given goes.

    Raises Refused when nothing would change, and for a file in the place of a folder."""
    now = present()
    for name in given:
        if any(str(above) in {*given, *now.files} for above in PurePosixPath(name).parents):
            raise Refused(bad_name(name))
    changed = {name: text for name, text in given.items() if now.files.get(name) != text}
    gone = [name for name in now.files if name not in given and name.partition("/")[0] in whole]
    if not changed and not gone:
        raise Refused(Refusal("В этих файлах нет ничего нового"))
    archive = packed(changed)
    return propose(by, at=at, reason=reason, base=now.digest, changed=archive, removed=gone)


def propose_version(by: Person, version: Version, *, reason: str, at: datetime) -> Proposal:
    """Propose the forms of a version of before. Raises Refused when they are the present ones."""
    files = of_version(version)
    roots = {name.partition("/")[0] for name in present().files}
    return propose_files(by, files, reason=reason, at=at, whole=roots)


def preview(proposal: Proposal) -> Preview:
    """Return what a proposal changes in the present forms and what is wrong in it."""
    now = present()
    files = _after(now.files, proposal)
    looked = _checked(files)
    return Preview(
        looked,
        tuple(changes(now.files, files)),
        () if proposal.version else tuple(_stranded(looked)),
        not proposal.version and now.digest != proposal.base,
    )


def _stranded(looked: Looked) -> Iterator[Stranded]:
    """Give what those forms would strand; nothing while they cannot be read at all."""
    if looked.project is not None:
        yield from stranded(lives_of(FORMS.present()), looked.project.lifecycles)


def _checked(files: Files) -> Looked:
    """Check files, those that were checked last from memory: publishing follows a preview."""
    return _looked(tuple(files.items()))


@lru_cache(maxsize=2)
def _looked(files: tuple[tuple[str, bytes], ...]) -> Looked:
    return look_at(dict(files))


def _after(files: Files, proposal: Proposal) -> dict[str, bytes]:
    kept = {name: text for name, text in files.items() if name not in proposal.removed}
    return {**kept, **unpacked(bytes(proposal.changed))}


def changes(before: Files, after: Files) -> Iterator[Change]:
    """Give what differs between two sets of files, by name."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old != new:
            what = "added" if old is None else "removed" if new is None else "changed"
            yield Change(name, what, _diff(old or b"", new or b""))


def _diff(old: bytes, new: bytes) -> tuple[str, ...]:
    try:
        texts = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return ()
    return tuple(line for line in unified_diff(*texts, lineterm=""))[2:]


def publish(by: Person, proposal: Proposal, at: datetime) -> str:
    """Make a proposal the present forms and return its version. What has begun goes on under the
    version that it began with.

    Raises Refused when the forms are not those that it was made from, when there are mistakes in
    them, when they would strand records, or when the folder cannot be written to."""
    with _PUBLISHING:
        now = present()
        if now.digest != proposal.base:
            raise Refused(CHANGED_MEANWHILE)
        looked = _checked(_after(now.files, proposal))
        files = looked.files
        with laid_out(files) as root:
            read = read_forms(root)
        if read.program is None:
            raise Refused(Refusal("В формах ошибки, их не опубликовать"))
        with transaction.atomic():
            one_by_one(Alone.PUBLISH)
            if present().digest != proposal.base:  # another process, or an editor, was faster
                raise Refused(CHANGED_MEANWHILE)
            if any(_stranded(looked)):
                raise Refused(STRANDED)
            note_published(by, proposal=proposal, version=read.program.digest, at=at)
            keep(replace(read, saved_by=by.full_name[:NAME]))
            write(now.files, files)
        if not FORMS.watched:
            FORMS.take(read)
        return read.program.digest


def write(before: Files, after: Files) -> None:
    """Write what differs, each file in one go; put back what was written when one of them fails.

    Raises Refused then."""
    try:
        _place(before, after)
    except OSError as error:
        with suppress(OSError):  # what could not be written cannot be put back either
            _place({**before, **after}, before)
        raise Refused(
            Refusal("В папку форм не записать: {why}", {"why": error.strerror or "?"})
        ) from error


def _place(before: Files, after: Files) -> None:
    base = folder().parent
    fresh = {name: text for name, text in after.items() if _differs(base / name, text)}
    beside = {name: base / f"{name}.new" for name in fresh}
    for name, path in beside.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fresh[name])
    for name, path in beside.items():
        path.replace(base / name)
    for name in before.keys() - after.keys():
        (base / name).unlink(missing_ok=True)


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content
