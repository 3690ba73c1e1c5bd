"""Methods that put messages into chats."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.simulator.api_error import TOO_LARGE, ApiError, bad
from engine.simulator.file_store import MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES
from engine.simulator.formatting import Formatted, read_text
from engine.simulator.markup import Markup, read_markup
from engine.simulator.messages import Chat, Media, Message
from engine.simulator.params import Params, Upload
from engine.simulator.pictures import NotAPicture, photo_sizes
from engine.simulator.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ALBUM = 10


def read_message_text(params: Params) -> Formatted:
    """Read `text` of a call: not empty, at most 4096 characters once the markup is parsed."""
    source = params.text("text")
    if not source:
        raise bad("message text is empty")
    content = read_text(source, params.text("parse_mode"), params.text("entities"))
    if not content.text:
        raise bad("text must be non-empty")
    if len(content.text) > MAX_TEXT:
        raise bad("message is too long")
    return content


def read_caption(params: Params) -> Formatted:
    """Read `caption` of a call: may be empty, at most 1024 characters once the markup is parsed."""
    content = read_text(
        params.text("caption"),
        params.text("parse_mode"),
        params.text("caption_entities"),
    )
    if len(content.text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return content


def target(world: World, params: Params) -> Chat:
    """Return the chat that a call names and may write to."""
    if not params.text("chat_id"):
        raise bad("chat_id is empty")
    return world.open_chat(params.text("chat_id"))


async def read_photo(world: World, params: Params, upload: Upload | None, file_id: str) -> Media:
    """Return the photo of a call: uploaded now, or known by an id."""
    if upload is None:
        if not file_id:
            raise bad("there is no photo in the request")
        return Media("photo", world.files.photo(file_id))
    if not upload.data:
        raise bad("file must be non-empty")
    if len(upload.data) > MAX_PHOTO_BYTES:
        raise bad("too big for a photo")
    try:
        sizes = await asyncio.to_thread(photo_sizes, upload.data)
    except NotAPicture as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    return Media("photo", world.files.keep_photo(sizes))


def read_document(world: World, upload: Upload | None, file_id: str) -> Media:
    """Return the document of a call: uploaded now, or known by an id."""
    if upload is None:
        if not file_id:
            raise bad("there is no document in the request")
        return Media("document", (world.files.document(file_id),))
    if not upload.data:
        raise bad("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise ApiError(*TOO_LARGE)
    return Media("document", (world.files.keep("document", upload),))


def post(
    world: World,
    chat: Chat,
    content: Formatted,
    media: Media | None,
    markup: Markup | None,
) -> Message:
    """Put the bot's message into a chat."""
    message = world.next_message(mine=False)
    message.content, message.media, message.markup = content, media, markup
    return world.post(chat, message)


def told(world: World, chat: Chat, message: Message) -> dict[str, Any]:
    """Return the message as the answer of a call."""
    return message.telegram(chat.phone, world.bot)


async def send_message(world: World, params: Params) -> Any:
    """sendMessage: a text."""
    chat = target(world, params)
    content, markup = read_message_text(params), read_markup(params)
    world.flood.check(chat.phone.chat_id)
    return told(world, chat, post(world, chat, content, None, markup))


async def send_photo(world: World, params: Params) -> Any:
    """sendPhoto: one photo with a caption."""
    chat = target(world, params)
    content, markup = read_caption(params), read_markup(params)
    media = await read_photo(world, params, params.upload("photo"), params.text("photo"))
    world.flood.check(chat.phone.chat_id)
    return told(world, chat, post(world, chat, content, media, markup))


async def send_document(world: World, params: Params) -> Any:
    """sendDocument: one file with a caption."""
    chat = target(world, params)
    content, markup = read_caption(params), read_markup(params)
    media = read_document(world, params.upload("document"), params.text("document"))
    world.flood.check(chat.phone.chat_id)
    return told(world, chat, post(world, chat, content, media, markup))


async def send_media_group(world: World, params: Params) -> Any:
    """sendMediaGroup: two to ten photos, or as many documents, as one album."""
    chat = target(world, params)
    entries = params.structure("media", "media")
    if not isinstance(entries, list) or not entries:
        raise bad("there are no messages to send")
    if len(entries) > MAX_ALBUM:
        raise bad("too many messages to send as an album")
    kinds = {str(entry.get("type")) for entry in entries if isinstance(entry, dict)}
    if not kinds <= {"photo", "document"}:
        raise bad("can't parse InputMedia: unsupported media type specified")
    if len(kinds) != 1:
        raise bad("document can't be mixed with other media types")
    ready = [await _album_entry(world, params, entry) for entry in entries]
    world.flood.check(chat.phone.chat_id)
    messages = [post(world, chat, content, media, None) for content, media in ready]
    for message in messages:
        message.album = f"1{messages[0].id:016d}"
    return [told(world, chat, message) for message in messages]


async def _album_entry(
    world: World, params: Params, entry: dict[str, Any]
) -> tuple[Formatted, Media]:
    reference = str(entry.get("media") or "")
    upload = params.attached(reference)
    if reference.startswith("attach://") and upload is None:
        raise bad("can't parse InputMedia: wrong file identifier/HTTP URL specified")
    content = read_caption(Params(entry, {}))
    if entry["type"] == "photo":
        return content, await read_photo(world, params, upload, reference)
    return content, read_document(world, upload, reference)


async def send_chat_action(world: World, params: Params) -> Any:
    """sendChatAction: «печатает…», which the page does not show."""
    target(world, params)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
