"""Ask for a code: read from a photo of a label, or typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from engine.errors import Refusal
from engine.expressions.types import Text, Type
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value
from engine.steps.base import Look, Outcome, Step, Taken, View, in_rows, shortened, texts_allowed
from engine.steps.text import LONGEST_WITH_PATTERN, read_pattern

CODES = "codes"  # what the question remembers when a photo shows several
LONGEST, MOST_CODES = 200, 6


class ScanStep(Step):
    """Ask for a code. `- scan: label` stores the text of a QR code or barcode, or what was typed.

    A photo with several codes is answered with a button a code."""

    kind: ClassVar[str] = "scan"
    expects: ClassVar[str] = Message("фото этикетки с кодом или код текстом")

    pattern: str = Field(
        default="",
        description="A regular expression that the whole code must meet; wants an `example`.",
    )

    @field_validator("pattern")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        return read_pattern(pattern)

    @model_validator(mode="after")
    def _shown(self) -> ScanStep:
        if self.pattern and not re.fullmatch(self.pattern, self.example):
            raise ValueError("к «pattern» нужен «example», который ему отвечает")
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return text."""
        return Text()

    def keyboard(self, view: View) -> Keyboard:
        """Return the codes of a photo that shows several."""
        codes = _codes(view)
        return in_rows([Button(code, "code", str(at)) for at, code in enumerate(codes)], view.say)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is a code of the right form."""
        del view
        return isinstance(value, str) and self._fits(value)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a photo with a code, a typed code, or one of several of a photo."""
        codes = _codes(view)
        if (
            given.kind is Kind.PRESS
            and given.act == "code"
            and given.arg in map(str, range(len(codes)))
        ):
            return Taken(codes[int(given.arg)])
        if given.kind is Kind.TEXT:
            said = given.said.strip()
            return texts_allowed(said, 1, LONGEST) or (
                Taken(said) if self._fits(said) else self._not(said)
            )
        if given.kind is not Kind.FILES:
            return self.wrong(given)
        if not all(ref.is_picture for ref in given.sent):
            return Refusal("Здесь нужно фото этикетки, а не документ")
        return self._seen(
            tuple(
                dict.fromkeys(code for ref in given.sent for code in view.reads.codes.read(ref.key))
            )
        )

    def _seen(self, codes: tuple[str, ...]) -> Outcome:
        said = tuple(code.strip() for code in codes)
        read = tuple(code for code in said if texts_allowed(code, 1, LONGEST) is None)
        good = tuple(code for code in read if self._fits(code))
        if len(good) == 1:
            return Taken(good[0])
        if good:
            return Look({CODES: good[:MOST_CODES]})
        if read:
            return self._not(read[0])
        return Refusal("Кода на фото не видно. Снимите ближе и ровнее или наберите код текстом")

    def _fits(self, code: str) -> bool:
        if not self.pattern:
            return bool(code)
        return len(code) <= LONGEST_WITH_PATTERN and bool(re.fullmatch(self.pattern, code))

    def _not(self, code: str) -> Refusal:
        return Refusal(
            "Код «{code}» не подходит. Нужен такой: {example}",
            {"code": shortened(code), "example": self.example},
        )


def _codes(view: View) -> tuple[str, ...]:
    found = view.look.get(CODES)
    return (
        tuple(code for code in found if isinstance(code, str)) if isinstance(found, tuple) else ()
    )
