"""A row of the outbox as the sender takes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.languages.catalogue import SOURCE, Say
from engine.model.conversation import Button, Signal, Verdict
from engine.model.effects import Paper, ReportWanted
from engine.model.text import Text

MOVING = ("verdict", "signal")  # kinds that bring a form on, in which somebody waits


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row to deliver: a message, a document or report to make and send, or a verdict or
    signal to feed into a chat."""

    id: str
    kind: str  # message | edit | paper | report | verdict | signal
    chat: int
    text: Text
    buttons: tuple[Button, ...] = ()
    pictures: tuple[str, ...] = ()
    paper: Paper | None = None
    verdict: Verdict | None = None
    attempts: int = 0
    signal: Signal | None = None
    report: ReportWanted | None = None
    language: str = SOURCE  # of the person it goes to
    about: str = ""  # of an edit: the letter whose message is changed
    message: int | None = None  # of an edit: that message

    def said(self, say: Say) -> Letter:
        """Return the letter in a reader's language."""
        buttons = tuple(button.said(say) for button in self.buttons)
        return replace(self, text=self.text.said(say), buttons=buttons)
