"""What the codes of rows are called, for each reader in his own language: chats and papers are told
in Russian by a message, a page of the office is in the language of whoever asked for it.

Start at `titled`; `state_said` is what refusals, notices and digests say of a state."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from engine.languages.catalogue import SOURCE
from engine.languages.message import Message, lowered


def titled(title: str, language: str | None) -> str:
    """Return the title of a code in a language: in Russian, which chats and papers read, as a
    message, so that whoever reads it in a chat has it in his own language."""
    return Message(title) if language in (None, SOURCE) else title


def code_said(record: Any, field: str) -> str:
    """Return what a code of a row is called."""
    return titled(str(getattr(record, f"get_{field}_display")()), get_language())


def state_said(record: Any, field: str = "state") -> str:
    """Return what a state of a row is called within a sentence, with a small letter."""
    return lowered(code_said(record, field))
