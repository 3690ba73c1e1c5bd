"""What people do with their phones: write, press, send photos, block the bot. Start at `People`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.simulator.formatting import Formatted, typed
from engine.simulator.messages import Chat, Media, Message, Phone
from engine.simulator.params import Upload
from engine.simulator.pictures import Picture
from engine.simulator.world import World

MAX_TYPED = 4096
MAX_ALBUM = 10


class CannotDo(ValueError):
    """A person cannot do this on his phone; the text says why, in Russian."""


class People:
    """The people's side of the chats. Every act raises CannotDo when the phone would not let it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def phones(self) -> list[Phone]:
        """Return all phones in the order they were added."""
        return [chat.phone for chat in self._world.chats.values()]

    def put(self, phone: Phone) -> None:
        """Add a phone, or rename the one with this chat id."""
        chat = self._world.chats.get(phone.chat_id)
        if chat is None:
            chat = self._world.chats[phone.chat_id] = Chat(phone)
        chat.phone = phone
        self._world.touch(chat)

    def chat(self, chat_id: int) -> Chat:
        """Return a phone's chat."""
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise CannotDo(f"нет телефона с номером чата {chat_id}")
        return chat

    def text(self, chat_id: int, text: str) -> Message:
        """Type a text and send it. Longer ones are cut into messages, as the app does; the last
        is returned."""
        chat = self._open(chat_id)
        if not text.strip():
            raise CannotDo("пустое сообщение не отправить")
        parts = [text[start : start + MAX_TYPED] for start in range(0, len(text), MAX_TYPED)]
        return [self._say(chat, typed(part)) for part in parts][-1]

    def photos(
        self, chat_id: int, photos: Sequence[tuple[Picture, ...]], caption: str = ""
    ) -> list[Message]:
        """Send photos; two and more make an album (ten in each). The first one has the caption."""
        chat = self._open(chat_id)
        if not photos:
            raise CannotDo("нет ни одного фото")
        sent: list[Message] = []
        for start in range(0, len(photos), MAX_ALBUM):
            group = photos[start : start + MAX_ALBUM]
            album = ""
            for sizes in group:
                media = Media("photo", self._world.files.keep_photo(sizes))
                words = typed(caption) if not sent else Formatted()
                message = self._world.next_message(mine=True)
                album = album or (f"2{message.id:016d}" if len(group) > 1 else "")
                sent.append(self._say(chat, words, media, message, album))
        return sent

    def document(self, chat_id: int, upload: Upload, caption: str = "") -> Message:
        """Send a file as a file."""
        chat = self._open(chat_id)
        if not upload.data:
            raise CannotDo("пустой файл не отправить")
        return self._say(
            chat,
            typed(caption),
            Media("document", (self._world.files.keep("document", upload),)),
        )

    def sticker(self, chat_id: int, emoji: str = "👍") -> Message:
        """Send a sticker."""
        stored = self._world.files.keep(
            "sticker", Upload("sticker.webp", emoji.encode(), "image/webp"), 512, 512
        )
        return self._say(self._open(chat_id), Formatted(), Media("sticker", (stored,), emoji=emoji))

    def voice(self, chat_id: int, seconds: int = 3) -> Message:
        """Send a voice message."""
        stored = self._world.files.keep(
            "voice", Upload("voice.ogg", b"OggS" + bytes(64), "audio/ogg")
        )
        return self._say(
            self._open(chat_id), Formatted(), Media("voice", (stored,), seconds=seconds)
        )

    def press(self, chat_id: int, message_id: int, row: int, column: int) -> dict[str, Any]:
        """Press an inline button by its place; return the query id, or the address that the
        button opens."""
        chat = self._open(chat_id)
        message = self._message(chat, message_id)
        rows = message.keyboard.rows if message.keyboard else ()
        if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]):
            raise CannotDo(f"под сообщением {message_id} нет такой кнопки")
        return self._pressed(chat, message, rows[row][column])

    def press_named(
        self, chat_id: int, label: str = "", data: str = "", message_id: int = 0
    ) -> dict[str, Any]:
        """Press an inline button by its text or its callback data: the newest such button unless
        a message is named."""
        chat = self._open(chat_id)
        named = (
            [self._message(chat, message_id)] if message_id else reversed(chat.messages.values())
        )
        for message in named:
            for row in message.keyboard.rows if message.keyboard and not message.deleted else ():
                for button in row:
                    if (label and button["text"] == label) or (
                        data and button.get("callback_data") == data
                    ):
                        return self._pressed(chat, message, button)
        raise CannotDo(f"нет кнопки «{label or data}»")

    def forge(self, chat_id: int, data: str, message_id: int = 0) -> str:
        """Send callback data that no button has, from a message of the bot (the newest unless
        named)."""
        chat = self._open(chat_id)
        mine = [message for message in chat.messages.values() if not message.mine]
        message = chat.messages.get(message_id) if message_id else (mine[-1] if mine else None)
        if message is None:
            raise CannotDo("нет сообщения бота, от которого нажать")
        return self._query(chat, message, data)

    def tap(self, chat_id: int, label: str) -> Message:
        """Press a button of the reply keyboard: it types its text."""
        chat = self._open(chat_id)
        if chat.reply is None or not any(label in row for row in chat.reply.labels):
            raise CannotDo(f"на клавиатуре нет кнопки «{label}»")
        if chat.reply.one_time:
            chat.reply = None
        return self._say(chat, typed(label))

    def block(self, chat_id: int, blocked: bool = True) -> None:
        """Block the bot, or let it write again."""
        chat = self.chat(chat_id)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        self._world.touch(chat)
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        body = {
            "chat": chat.phone.chat(),
            "from": chat.phone.user(),
            "date": int(self._world.now()),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(after),
        }
        self._world.push("my_chat_member", body)

    def _membership(self, status: str) -> dict[str, Any]:
        member: dict[str, Any] = {"user": self._world.bot.user(), "status": status}
        return member | ({"until_date": 0} if status == "kicked" else {})

    def _open(self, chat_id: int) -> Chat:
        chat = self.chat(chat_id)
        if chat.blocked:
            raise CannotDo("бот заблокирован: сначала разблокируйте его")
        return chat

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise CannotDo(f"нет сообщения {message_id}")
        return message

    def _say(
        self,
        chat: Chat,
        content: Formatted,
        media: Media | None = None,
        message: Message | None = None,
        album: str = "",
    ) -> Message:
        message = message or self._world.next_message(mine=True)
        message.content, message.media, message.album = content, media, album
        self._world.post(chat, message)
        self._world.push("message", message.telegram(chat.phone, self._world.bot))
        return message

    def _pressed(self, chat: Chat, message: Message, button: dict[str, Any]) -> dict[str, Any]:
        if "callback_data" in button:
            return {"query": self._query(chat, message, str(button["callback_data"]))}
        return {"url": str(button.get("url", ""))}

    def _query(self, chat: Chat, message: Message, data: str) -> str:
        number = self._world.next_query(chat)
        told = message.telegram(chat.phone, self._world.bot)
        if message.deleted:  # Telegram tells no more than this of a message that is gone
            told = {"chat": told["chat"], "message_id": message.id, "date": 0}
        body = {
            "id": number,
            "from": chat.phone.user(),
            "message": told,
            "chat_instance": str(-chat.phone.chat_id),
            "data": data,
        }
        self._world.push("callback_query", body)
        return number
