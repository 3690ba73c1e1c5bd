"""Play a `.talk` on the phones of a running simulator, with a real bot behind them. Start at
`play_over_http`; `Hands` do its lines one by one.

What only the plant's records can tell (`= …`) is left to the rehearsal; what happens to the plant
(`* …`) and forged or old buttons cannot be done from a phone and end the talk with a TalkError."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any, NoReturn

from engine.simulator import samples
from engine.simulator.client import PATIENCE_S, PhoneClient, PhoneError
from engine.talk.parse import Happens, Says, Sees, TalkError, read_talk
from engine.talk.phone import fits, plain

QUIET_S = 0.15
PAPER = "📎"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)
_NUMBER = re.compile(r"\b\d{4}/\d+\b")

Message = dict[str, Any]


def play_over_http(
    path: Path,
    url: str,
    chats: Mapping[str, int],
    *,
    timeout_s: float = PATIENCE_S,
    phones: PhoneClient | None = None,
) -> None:
    """Play a talk; `chats` gives the chat id of each name in it (receiver, lab, lab2…).

    Batch numbers are given by the plant of the day, so any number fits another. `phones` are other
    hands than the usual ones. Raises TalkError at the first line that does not come true within
    `timeout_s`."""
    talk = read_talk(path.name, path.read_text(encoding="utf-8"))
    player = Hands(talk.path, phones or PhoneClient(url, timeout_s), chats)
    for line in talk.lines:
        player.line = line.line
        try:
            if isinstance(line, Says):
                player.says(line)
            elif isinstance(line, Sees):
                player.sees(line)
            elif isinstance(line, Happens):
                player.fail(f"«* {' '.join(line.words)}» по телефону не сыграть")
        except PhoneError as error:
            player.fail(str(error))


class Hands:
    """The hands and eyes of the people of a talk; `path` names it in errors.

    Everything raises TalkError at `line` when it cannot be done."""

    def __init__(self, path: str, phones: PhoneClient, chats: Mapping[str, int]) -> None:
        self.line = 0
        self._path, self._phones, self._chats = path, phones, chats
        self._since = {chat: self._revision(chat) for chat in chats.values()}
        self._toast = dict.fromkeys(chats.values(), "")
        self._photos = cycle(samples.TITLES)

    def fail(self, why: str) -> NoReturn:
        """Raise a TalkError at the present line."""
        raise TalkError(self._path, self.line, why)

    def says(self, line: Says) -> None:
        """Write, press or send; return when the bot has answered and fell silent."""
        chat = self._chat(line.who)
        since = self._revision(chat)
        if line.how == "button":
            message, data = self._button(chat, line.what)
            query = self._phones.press(chat, data=data, message_id=message)
            self._toast[chat] = str(self._phones.wait_toast(chat, query)["text"])
        elif line.how == "command":
            self._phones.text(chat, f"/{line.what}")
        elif line.how == "text":
            self._phones.text(chat, line.what)
        elif line.how == "thing":
            self._send(chat, line.what)
        else:
            self.fail(f"[[{line.what}]]: старую кнопку по телефону не нажать")
        self._since[chat] = since
        if line.how != "button":
            self._wait(chat, lambda message: True, "ответа бота")
        self._quiet(chat)

    def sees(self, line: Sees) -> None:
        """Wait for what a person is to see."""
        chat = self._chat(line.who)
        wanted = _NUMBER.sub("…", line.what)
        if line.where == "<<":
            if not fits(wanted, self._toast[chat]):
                self.fail(f"ждали во всплывающем «{wanted}», было «{self._toast[chat]}»")
        elif line.where == "<!":
            if any(fits(wanted, one["text"]) for one in self._new(chat)):
                self.fail(f"не ждали «{wanted}»")
        elif wanted.startswith("[") and wanted.endswith("]"):
            self._button(chat, wanted[1:-1])
        elif wanted.startswith(PAPER):
            self._wait(chat, lambda message: _kind(message) == "document", "документ")
        else:
            self._wait(chat, lambda message: fits(wanted, message["text"]), f"«{wanted}»")

    def _chat(self, who: str) -> int:
        if who not in self._chats:
            self.fail(f"нет телефона «{who}». Есть: {', '.join(sorted(self._chats))}")
        return self._chats[who]

    def _send(self, chat: int, thing: str) -> None:
        match thing.split():
            case ["photo"]:
                self._phones.samples(chat, [next(self._photos)])
            case ["photo", count] if count.isdigit():
                self._phones.samples(chat, [next(self._photos) for _ in range(int(count))])
            case ["file"]:
                self._phones.samples(chat, [next(self._photos)], as_file=True)
            case ["pdf"]:
                paper = ("документ.pdf", PDF, "application/pdf")
                self._phones.upload(chat, [paper], as_file=True)
            case ["sticker" | "voice" as act]:
                self._phones.post(f"/sim/chats/{chat}/{act}", {})
            case _:
                self.fail(f"{{{thing}}} по телефону не отправить")

    def _revision(self, chat: int) -> int:
        return int(self._phones.chat(chat)["revision"])

    def _new(self, chat: int) -> list[Message]:
        """Return what the bot wrote or changed since the person's last act."""
        return [one for one in self._all(chat) if one["revision"] > self._since[chat]]

    def _all(self, chat: int) -> list[Message]:
        return [one for one in self._phones.chat(chat)["messages"] if not one["mine"]]

    def _wait(self, chat: int, right: Callable[[Message], bool], what: str) -> None:
        try:
            self._phones.wait(chat, lambda _: any(right(one) for one in self._new(chat)))
        except PhoneError:
            seen = "".join(f"\n    «{one['text']}»" for one in self._new(chat))
            self.fail(f"не дождались: {what}. На экране:{seen or ' ничего нового'}")

    def _quiet(self, chat: int) -> None:
        """Wait until the bot has stopped writing: an act may be answered in several messages."""
        revision = self._revision(chat)
        until = time.monotonic() + self._phones.timeout_s
        while time.monotonic() < until:
            now = int(self._phones.chat(chat, after=revision, wait_s=QUIET_S)["revision"])
            if now == revision:
                return
            revision = now

    def _button(self, chat: int, title: str) -> tuple[int, str]:
        """Return the message and the data of the newest button of a title, waiting for it."""
        found: list[tuple[int, str]] = []

        def there(_: dict[str, Any]) -> bool:
            found[:] = _titled(title, self._all(chat))
            return bool(found)

        try:
            self._phones.wait(chat, there)
        except PhoneError:
            names = [name for _, name, _ in _buttons(self._all(chat))]
            self.fail(f"нет кнопки [{title}]. Есть: {', '.join(names[:20])}")
        return found[0]


def _kind(message: Message) -> str:
    return str(message["media"]["kind"]) if message["media"] else ""


def _buttons(messages: list[Message]) -> list[tuple[int, str, str]]:
    """Return (message id, title, data) of every button, those of the newest message first."""
    return [
        (message["id"], plain(button["text"]), button.get("callback_data", ""))
        for message in reversed(messages)
        for row in message["keyboard"]
        for button in row
    ]


def _titled(title: str, messages: list[Message]) -> list[tuple[int, str]]:
    """Return the buttons that a title means: exactly so titled, else fitting it, else containing
    it."""
    buttons, wanted = _buttons(messages), plain(title)
    for means in (wanted.__eq__, lambda name: fits(wanted, name), lambda name: wanted in name):
        found = [(number, data) for number, name, data in buttons if means(name)]
        if found:
            return found
    return []
