"""Documents and reports: made of the values of records and facts, stored, and kept as a row.
Outside of every transaction but the last step: rendering and storing take their time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from crm.bridge.facts import DjangoFacts
from crm.bridge.records import find, row_of
from crm.bridge.reports import book, workbook
from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.people.models import Person
from engine.documents import docx, pdf, xlsx
from engine.documents.papers import DRAFT, file_name, values_of
from engine.errors import EngineError
from engine.files.errors import FileMissing
from engine.files.keys import object_key
from engine.model.effects import Paper, ReportWanted
from engine.model.files import StoredFile
from engine.ports import Files
from engine.run.program import Program

log = logging.getLogger(__name__)
Made = tuple[str, bytes, StoredFile]


@dataclass(frozen=True, slots=True)
class File:
    """A file that was made and is not stored yet. `about` is the record that a document is of,
    `number` what it is called by otherwise."""

    kind: str
    title: str
    name: str
    mime: str
    content: bytes
    state: Document.State = Document.State.ISSUED
    about: Model | None = None
    number: str = ""


class PaperMaker:
    """Makes the file of a document or report once, with the form and the layout of the version
    that asked for it; a repeated request gets the file that is already there."""

    def __init__(self, program: Program, files: Files) -> None:
        self.program, self.files = program, files

    def __call__(self, wanted: Paper | ReportWanted) -> Made:
        """Return the file's name, its content, and where it is stored.

        Raises EngineError for an unknown document or report, and for a report that the person may
        not have."""
        there = Document.objects.filter(source_key=wanted.key).first()
        if there is not None:
            stored = StoredFile(there.key, there.sha256, there.size, there.mime)
            return there.name, self.files.get(there.key), stored
        person = Person.objects.filter(pk=int(wanted.person)).first()
        if isinstance(wanted, Paper):
            return keep(self.files, wanted.key, person, self._document(wanted), self._now())
        return keep(self.files, wanted.key, person, self._report(wanted, person), self._now())

    def _now(self) -> datetime:
        return timezone.localtime(timezone=self.program.zone)

    def _document(self, wanted: Paper) -> File:
        program = self.program.printing(wanted.version, "document", wanted.document)
        form = program.documents.get(wanted.document)
        layout = program.layouts.get(("document", wanted.document))
        record = find(wanted.record, wanted.record_id)
        if form is None or layout is None:
            raise EngineError(f"no document {wanted.document} for {wanted.record}")
        values = values_of(form, row_of(record), self._now(), DjangoFacts().ask)
        content = docx.render(layout, values, self._image)
        state = Document.State.DRAFT if values[DRAFT] else Document.State.ISSUED
        name, mime, content = as_named(file_name(form, values), content)
        return File(form.document, form.title, name, mime, content, state, record)

    def _image(self, key: str) -> bytes | None:
        """Return an image that a layout shows. A lost one stops no act: its place stays empty."""
        try:
            return self.files.get(key)
        except FileMissing:
            log.warning("the image %s of a document is not in the store", key)
            return None

    def _report(self, wanted: ReportWanted, person: Person | None) -> File:
        program = self.program.printing(wanted.version, "report", wanted.report)
        form = program.reports.get(wanted.report)
        if form is None:
            raise EngineError(f"no report {wanted.report}")
        if person is None or not person.active or person.role_codes.isdisjoint(form.roles):
            raise EngineError(f"person {wanted.person} may not have report {wanted.report}")
        made = book(program, form, wanted.arguments, person.full_name)
        return File(form.report, form.title, made.file, xlsx.MIME, workbook(program, made))


def keep(files: Files, key: str, person: Person | None, file: File, now: datetime) -> Made:
    """Store a file that was made and keep it as a document, once a key."""
    place = "report" if file.about is None else "document"
    stored = store(files, place, file, now)
    document = issue(
        person,
        source_key=key,
        kind=file.kind,
        title=file.title,
        number=file.number or getattr(file.about, "full_number", ""),
        lot_id=getattr(file.about, "lot_id", None),
        stored=stored,
        name=file.name,
        state=file.state,
        session=getattr(file.about, "session", None),
        at=now,
    )
    return document.name, file.content, stored


def store(files: Files, place: str, file: File, now: datetime) -> StoredFile:
    """Store a file that was made under a new key of a place."""
    return files.put(object_key(place, now), file.content, file.mime)


def as_named(name: str, content: bytes) -> tuple[str, str, bytes]:
    """Return the name, the type and the content of a printed layout: a PDF where its form's name
    says so. A paper that does not become one is better than none: it stays a .docx."""
    if not name.endswith(pdf.ENDING):
        return name, docx.MIME, content
    try:
        return name, pdf.MIME, pdf.printed(content)
    except pdf.NotPrintable as error:
        log.warning("%s stays a .docx (are fonts installed?): %s", name, error)
        return f"{name.removesuffix(pdf.ENDING)}.docx", docx.MIME, content
