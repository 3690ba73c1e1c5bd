"""Ask for a file: a document, a workbook, a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Files, Type
from engine.languages.message import Message, counted, listed
from engine.model.conversation import Input, Kind
from engine.model.files import DOCX, PDF, XLSX, FileRef
from engine.model.values import Value
from engine.steps.base import Outcome, Step, Taken, View

_MIMES = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}
_TITLES = {
    "docx": Message("документ Word (.docx)"),
    "xlsx": Message("таблица Excel (.xlsx)"),
    "pdf": "PDF",
}


class FileStep(Step):
    """Ask for one file. `- file: corrected` with `formats: [docx]` stores it under `corrected`.

    Its content decides what it is, not its name: a file of another kind, one that does not open or
    one over 20 MB is refused."""

    kind: ClassVar[str] = "file"
    expects: ClassVar[str] = Message("файл")

    formats: tuple[Literal["docx", "xlsx", "pdf"], ...] = Field(
        min_length=1, description="What is taken: docx, xlsx, pdf."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return files."""
        return Files()

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is one file of a right kind."""
        del view
        return isinstance(value, tuple) and len(value) == 1 and self._fits(value[0])

    def read(self, given: Input, view: View) -> Outcome:
        """Take one file of a right kind."""
        del view
        if given.kind is Kind.UNFIT:
            return self.wrong(given)
        if given.kind is not Kind.FILES:
            return self._refusal()
        if len(given.sent) != 1:
            return Refusal(_too_many(len(given.sent)))
        return Taken(given.sent) if self._fits(given.sent[0]) else self._refusal()

    def _fits(self, ref: Value) -> bool:
        return isinstance(ref, FileRef) and ref.mime in {_MIMES[one] for one in self.formats}

    def _refusal(self) -> Refusal:
        return Refusal(
            "Здесь нужен файл: {formats}. Пропустить можно кнопкой"
            if self.skip
            else "Здесь нужен файл: {formats}",
            {"formats": listed(_TITLES[one] for one in self.formats)},
        )


def _too_many(count: int) -> Message:
    return counted(
        count,
        {"count": str(count)},
        one="Нужен один файл, а здесь {count} файл",
        few="Нужен один файл, а здесь {count} файла",
        many="Нужен один файл, а здесь {count} файлов",
    )
