"""Ask for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Files, Type
from engine.expressions.written import Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.files import PDF, FileRef
from engine.model.text import Text
from engine.model.values import Value
from engine.steps.base import Look, Outcome, Step, Taken, View

PICTURES = "pictures"  # what the question remembers until «Подтвердить»


def so_far(look: Mapping[str, Value]) -> tuple[FileRef, ...]:
    """Return the pictures that this question already has."""
    found = look.get(PICTURES)
    return (
        tuple(item for item in found if isinstance(item, FileRef))
        if isinstance(found, tuple)
        else ()
    )


def joined(there: tuple[FileRef, ...], more: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """Add pictures, each content once."""
    known = {ref.sent for ref in there}
    fresh: list[FileRef] = []
    for ref in more:
        if ref.sent not in known:
            known.add(ref.sent)
            fresh.append(ref)
    return there + tuple(fresh)


class PhotosStep(Step):
    """Ask for pictures. `- photos: ttn_photos` stores them; one, several and an album are the
    same answer."""

    kind: ClassVar[str] = "photos"
    expects: ClassVar[str] = Message("фото")

    count: tuple[int, int] = Field(default=(1, 20), description="Least and most pictures.")
    pdf: bool = Field(default=False, description="A PDF is taken too.")
    done: Title = Field(
        default=Message("Подтвердить"),
        min_length=1,
        max_length=40,
        description="Button that ends the question.",
    )

    @property
    def several(self) -> bool:
        """Tell whether several pictures are asked for; a question for one goes on at its first."""
        return self.count[1] > 1

    def result(self, records: Mapping[str, str]) -> Type:
        """Return files."""
        return Files()

    def body(self, view: View) -> Text:
        """Say how many pictures there are."""
        count = len(so_far(view.look))
        return (
            Text.of(
                Message("Фото: {count}. Ещё или «{done}»", {"count": str(count), "done": self.done})
            )
            if count
            else Text()
        )

    def keyboard(self, view: View) -> Keyboard:
        """Return the button that ends it and a way to take the last picture back, once there are
        any."""
        if not so_far(view.look):
            return ()
        return (
            (Button(self.done, "done"),),
            (Button(Message("Убрать последнее фото"), "less"),),
        )

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether these are files of a right kind."""
        del view
        return isinstance(value, tuple) and all(map(self._fits, value))

    def _fits(self, ref: Value) -> bool:
        return isinstance(ref, FileRef) and (ref.is_picture or (self.pdf and ref.mime == PDF))

    def read(self, given: Input, view: View) -> Outcome:
        """Collect pictures; a question for one picture goes on at once."""
        there = so_far(view.look)
        if given.kind is Kind.PRESS and given.act == "less":
            return Look({PICTURES: there[:-1]} if there[1:] else {})
        if given.kind is Kind.PRESS and given.act == "done":
            if len(there) < self.count[0]:
                return Refusal("Нужно фото: не меньше {least}", {"least": str(self.count[0])})
            return Taken(there)
        if given.kind is not Kind.FILES:
            return self.wrong(given)
        return self.collect(there, given.sent)

    def collect(self, there: tuple[FileRef, ...], sent: tuple[FileRef, ...]) -> Outcome:
        """Add what was sent to what is there."""
        if not all(map(self._fits, sent)):
            return Refusal(
                "Здесь нужно фото или PDF, а не другой документ"
                if self.pdf
                else "Здесь нужно фото, а не документ"
            )
        if not self.several:
            return Taken(joined((), sent))
        pictures = joined(there, sent)
        if pictures == there:
            return Refusal("Это фото уже есть. Всего фото: {count}", {"count": str(len(there))})
        if len(pictures) > self.count[1]:
            return Refusal("Здесь не больше {most} фото", {"most": str(self.count[1])})
        return Look({PICTURES: pictures})

    def later(self, there: tuple[FileRef, ...], sent: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
        """Return an answer with the rest of its album: what does not fit is left out."""
        pictures = joined(there, tuple(ref for ref in sent if self._fits(ref)))
        return pictures[: self.count[1]] if self.several else pictures
