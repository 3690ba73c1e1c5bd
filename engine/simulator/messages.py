"""Chats and messages: what is kept, and the two forms it is told in — Telegram's and the page's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.simulator.file_store import Stored
from engine.simulator.formatting import Formatted
from engine.simulator.markup import Inline, Markup, Reply


@dataclass(frozen=True, slots=True)
class Phone:
    """A person's telephone: his chat id (also his user id), his name, his role in words."""

    chat_id: int
    name: str
    role_title: str = ""
    language: str = "ru"

    def user(self) -> dict[str, Any]:
        """Return the User of the Bot API."""
        return {
            "id": self.chat_id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }

    def chat(self) -> dict[str, Any]:
        """Return the private Chat of the Bot API."""
        return {"id": self.chat_id, "type": "private", "first_name": self.name}


@dataclass(frozen=True, slots=True)
class Bot:
    """The one bot of the server. The number before the colon of the token is its id."""

    token: str
    name: str
    username: str

    @property
    def id(self) -> int:
        """The bot's user id."""
        return int(self.token.split(":", 1)[0])

    def user(self) -> dict[str, Any]:
        """Return the User of the Bot API."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }


DEMO_BOT = Bot("1:demo", "МясБот", "meat_demo_bot")


@dataclass(frozen=True, slots=True)
class Media:
    """What a message carries besides words: a photo (all sizes), or one document, sticker or
    voice."""

    kind: str
    files: tuple[Stored, ...]
    emoji: str = ""
    seconds: int = 0

    @property
    def best(self) -> Stored:
        """The largest size."""
        return self.files[-1]

    def telegram(self) -> Any:
        """Return what stands in a Message under the media's kind."""
        best = self.best.telegram()
        if self.kind == "photo":
            return [
                {**size.telegram(), "width": size.width, "height": size.height}
                for size in self.files
            ]
        if self.kind == "document":
            return {**best, "file_name": self.best.name, "mime_type": self.best.mime}
        if self.kind == "voice":
            return {**best, "duration": self.seconds, "mime_type": self.best.mime}
        shape = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return {**best, **shape, "emoji": self.emoji}

    def page(self) -> dict[str, Any]:
        """Return what the page shows: addresses, names, sizes."""
        best = self.best
        shown: dict[str, Any] = {
            "kind": self.kind,
            "url": f"/sim/files/{best.file_id}",
            "file_id": best.file_id,
            "name": best.name,
            "mime": best.mime,
            "bytes": len(best.data),
        }
        if self.kind == "photo":
            middle = self.files[min(1, len(self.files) - 1)]
            shown |= {
                "thumb": f"/sim/files/{middle.file_id}",
                "width": best.width,
                "height": best.height,
            }
        if self.kind == "voice":
            shown["seconds"] = self.seconds
        if self.kind == "sticker":
            shown["emoji"] = self.emoji
        return shown


@dataclass(slots=True)
class Message:
    """One message of a chat. `mine` tells that the person (not the bot) wrote it; times are Unix
    seconds."""

    id: int
    date: int
    mine: bool
    content: Formatted = field(default_factory=Formatted)
    media: Media | None = None
    album: str = ""
    markup: Markup | None = None
    edited: int = 0
    deleted: bool = False
    revision: int = 0

    @property
    def keyboard(self) -> Inline | None:
        """The inline keyboard under it."""
        return self.markup if isinstance(self.markup, Inline) else None

    def telegram(self, phone: Phone, bot: Bot) -> dict[str, Any]:
        """Return the Message of the Bot API."""
        told: dict[str, Any] = {
            "message_id": self.id,
            "from": phone.user() if self.mine else bot.user(),
            "chat": phone.chat(),
            "date": self.date,
        }
        if self.edited:
            told["edit_date"] = self.edited
        if self.album:
            told["media_group_id"] = self.album
        if self.media:
            told[self.media.kind] = self.media.telegram()
        words, marks = ("caption", "caption_entities") if self.media else ("text", "entities")
        if self.content.text:
            told[words] = self.content.text
        if self.content.entities:
            told[marks] = list(self.content.entities)
        if self.keyboard:
            told["reply_markup"] = self.keyboard.telegram()
        return told

    def page(self) -> dict[str, Any]:
        """Return the message for the page and for tests."""
        if self.deleted:
            return {"id": self.id, "deleted": True, "revision": self.revision}
        return {
            "id": self.id,
            "revision": self.revision,
            "date": self.date,
            "edited": bool(self.edited),
            "mine": self.mine,
            "text": self.content.text,
            "entities": list(self.content.entities),
            "media": self.media.page() if self.media else None,
            "album": self.album,
            "keyboard": self.keyboard.telegram()["inline_keyboard"] if self.keyboard else [],
        }


@dataclass(frozen=True, slots=True)
class Toast:
    """What answerCallbackQuery showed: a passing line, or an alert to be closed."""

    id: str
    text: str
    alert: bool
    revision: int
    date: int

    def page(self) -> dict[str, Any]:
        """Return the toast for the page and for tests."""
        return {
            "id": self.id,
            "text": self.text,
            "alert": self.alert,
            "revision": self.revision,
            "date": self.date,
        }


@dataclass(slots=True)
class Chat:
    """The private chat of one phone with the bot."""

    phone: Phone
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    reply: Reply | None = None
    blocked: bool = False
    revision: int = 0

    def page(self, after: int = 0) -> dict[str, Any]:
        """Return what changed after a revision; with 0, all that stands (deleted messages are
        left out)."""
        return {
            "chat_id": self.phone.chat_id,
            "revision": self.revision,
            "blocked": self.blocked,
            "reply_keyboard": [list(row) for row in self.reply.labels] if self.reply else [],
            "placeholder": self.reply.placeholder if self.reply else "",
            "messages": [
                message.page()
                for message in self.messages.values()
                if message.revision > after and not (message.deleted and not after)
            ],
            "toasts": [toast.page() for toast in self.toasts if toast.revision > after],
        }
