"""What comes into a chat and what the chat is to see after: the values between a door (Telegram)
and `perform`."""

from __future__ import annotations

from dataclasses import dataclass

from engine.languages.catalogue import SOURCE
from engine.model.conversation import Input, Prompt, Seen
from engine.model.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that came into a chat.

    `update` is the number of the update (0: from the system); exactly one of `input`, `data` (raw
    callback data of a press) and `command` ("start", "cancel", "tasks", "help", "lang"; "start
    CODE" of a link) is given.
    `language` is that of the phone, for a chat of nobody. `seen` is what the door knows to be on
    the chat's screen and nobody has written yet: the turn writes it."""

    chat: int
    update: int = 0
    input: Input | None = None
    data: str = ""
    command: str = ""
    language: str = ""
    seen: Seen | None = None


@quick
@dataclass(frozen=True, slots=True)
class Shown:
    """What the chat is to see after the turn, said in `language`.

    `prompt` None shows nothing new; `edit` changes the message that shows the present screen
    instead of sending one;
    `toast` answers the press; `strip` takes the keyboard off the message that was pressed.
    `message` is what showed the screen that a press found, None when that is not known; `again`
    shows that very screen under its turn."""

    chat: int
    turn: int
    token: str
    prompt: Prompt | None
    edit: bool = False
    toast: str = ""
    alert: bool = False
    strip: bool = False
    message: int | None = None
    language: str = SOURCE
    again: bool = False
