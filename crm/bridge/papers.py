"""Documents: the record's values, rendered into a layout, stored, and kept as a row. Outside of
every transaction but the last step: rendering and storing take their time."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from crm.bridge.records import find, row_of
from crm.configuration import settings
from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.documents.docx import MIME, render
from engine.documents.papers import file_name, values_of
from engine.errors import EngineError
from engine.files.keys import object_key
from engine.model.effects import Paper
from engine.model.files import StoredFile
from engine.ports import Files
from engine.run.program import Program


class PaperMaker:
    """Makes the file of a paper once; a repeated request gets the file that is already there."""

    def __init__(self, program: Program, files: Files) -> None:
        self.program, self.files = program, files

    def __call__(self, paper: Paper) -> tuple[str, bytes, StoredFile]:
        """Return the file's name, its content, and where it is stored.

        Raises EngineError for an unknown document."""
        there = Document.objects.filter(source_key=paper.key).first()
        if there is not None:
            return (
                there.name,
                self.files.get(there.key),
                StoredFile(there.key, there.sha256, there.size, there.mime),
            )
        return self._made(paper)

    def _made(self, paper: Paper) -> tuple[str, bytes, StoredFile]:
        form = self.program.documents.get(paper.document)
        batch = find(paper.record, paper.record_id)
        if form is None or not isinstance(batch, RawBatch):
            raise EngineError(f"no document {paper.document} for {paper.record}")
        now = timezone.localtime()
        configuration = settings()
        layout = configuration.path(configuration.templates_dir) / form.document / "layout.docx"
        values = values_of(form, row_of(batch), now)
        name = file_name(form, values)
        stored = self.files.put(
            object_key("document", now), render(layout.read_bytes(), values), MIME
        )
        issue(
            Person.objects.filter(pk=int(paper.person)).first(),
            source_key=paper.key,
            kind=form.document,
            title=form.title,
            number=batch.full_number,
            raw_batch_id=batch.pk,
            stored=stored,
            name=name,
            state=Document.State.DRAFT if form.draft else Document.State.ISSUED,
            session=UUID(str(batch.session)),
            at=now,
        )
        return name, self.files.get(stored.key), stored
