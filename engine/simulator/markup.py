"""Keyboards: what Telegram accepts in `reply_markup`, and what it says to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import bad
from engine.simulator.params import Params

MAX_CALLBACK_BYTES = 64
MAX_INLINE_BUTTONS = 100
MAX_REPLY_BUTTONS = 300
_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
)

Rows = tuple[tuple[dict[str, Any], ...], ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """Buttons under one message; each has `callback_data` or `url`."""

    rows: Rows

    def telegram(self) -> dict[str, Any]:
        """Return the InlineKeyboardMarkup."""
        return {"inline_keyboard": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Reply:
    """Buttons in place of the person's keyboard; pressing one types its text."""

    rows: Rows
    one_time: bool = False
    placeholder: str = ""

    @property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the buttons, by row."""
        return tuple(tuple(str(button["text"]) for button in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes the reply keyboard away."""


@dataclass(frozen=True, slots=True)
class Force:
    """Asks for a reply; no buttons."""


Markup = Inline | Reply | Remove | Force


def read_markup(params: Params) -> Markup | None:
    """Read `reply_markup` of a call. Raises ApiError 400 for what Telegram refuses."""
    found = params.structure("reply_markup", "reply keyboard markup")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in found:
        rows = _rows(found["inline_keyboard"], "InlineKeyboardButton", _inline_button)
        if sum(map(len, rows)) > MAX_INLINE_BUTTONS:
            raise bad("reply markup is too long")
        return Inline(rows) if rows else None
    if "keyboard" in found:
        rows = _rows(found["keyboard"], "KeyboardButton", _reply_button)
        if sum(map(len, rows)) > MAX_REPLY_BUTTONS:
            raise bad("reply markup is too long")
        placeholder = str(found.get("input_field_placeholder") or "")
        return Reply(rows, bool(found.get("one_time_keyboard")), placeholder)
    if found.get("remove_keyboard"):
        return Remove()
    return Force() if found.get("force_reply") else None


def inline_markup(params: Params) -> Inline | None:
    """Read `reply_markup` of an edit, where only an inline keyboard may stand."""
    markup = read_markup(params)
    if markup is None or isinstance(markup, Inline):
        return markup
    raise bad("inline keyboard expected")


def _rows(found: Any, kind: str, read: Any) -> Rows:
    if not isinstance(found, list):
        raise bad(f"field of type Array of Array of {kind} expected")
    rows = []
    for row in found:
        if not isinstance(row, list):
            raise bad(f"expected an Array of {kind}")
        buttons = tuple(button for entry in row if (button := read(entry)))
        if buttons:
            rows.append(buttons)
    return tuple(rows)


def _inline_button(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    if "text" not in entry:
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    action = next((name for name in _ACTIONS if entry.get(name) is not None), None)
    if action is None:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = entry.get("callback_data")
    if data is not None and not 0 < len(str(data).encode(errors="replace")) <= MAX_CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return dict(entry) if entry["text"] else {}


def _reply_button(entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"text": entry} if entry else {}
    if not isinstance(entry, dict) or "text" not in entry:
        raise bad("can't parse keyboard button: Can't find field \"text\"")
    return dict(entry) if entry["text"] else {}
