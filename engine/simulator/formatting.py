"""Texts with formatting: HTML of the Bot API → text and entities, as strictly as Telegram reads it.

A scanner of its own, since Telegram refuses what an HTML parser forgives (`a < b`, an unclosed
tag). Offsets in
entities are UTF-16 units; offsets in errors are bytes of UTF-8. Start at `read_text`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import ApiError, bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot))(?![0-9a-zA-Z]);?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.\-]+)))?""")
_COMMAND = re.compile(r"/\w{1,32}(?:@\w+)?")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities (JSON objects of the Bot API, offsets in UTF-16 units)."""

    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, which is how Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(source: str, mode: str, entities: str) -> Formatted:
    """Read a text in a parse mode ("" or HTML), or with entities given as JSON; trim it as
    Telegram does.

    Raises ApiError 400 for markup that Telegram would refuse."""
    if not mode:
        return _trim(Formatted(source, _given(entities)))
    if mode.lower() != "html":
        raise bad("unsupported parse_mode")
    return _trim(_Scanner(source).read())


def typed(text: str) -> Formatted:
    """Return what a person typed: no formatting but the command at its start."""
    found = _COMMAND.match(text)
    marks = ({"type": "bot_command", "offset": 0, "length": units(found.group())},) if found else ()
    return Formatted(text, marks)


def _given(entities: str) -> tuple[dict[str, Any], ...]:
    if not entities:
        return ()
    try:
        found = json.loads(entities)
    except ValueError as error:
        raise bad("can't parse entities JSON object") from error
    if not isinstance(found, list):
        raise bad("expected an Array of message entities")
    return tuple(entity for entity in found if isinstance(entity, dict))


def _trim(formatted: Formatted) -> Formatted:
    """Cut white space off both ends, moving the entities along."""
    left = units(formatted.text) - units(formatted.text.lstrip())
    text = formatted.text.strip()
    size = units(text)
    kept = []
    for entity in formatted.entities:
        start = max(int(entity["offset"]) - left, 0)
        end = min(int(entity["offset"]) - left + int(entity["length"]), size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, tuple(kept))


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    offset: int
    attributes: dict[str, str]


class _Scanner:
    """Walks over one HTML text once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def read(self) -> Formatted:
        while self.at < len(self.source):
            sign = self.source[self.at]
            if sign == "<":
                self._tag()
            elif sign == "&" and (found := _ENTITY.match(self.source, self.at)):
                self._put(_decode(found))
                self.at = found.end()
            else:
                self._put(sign)
                self.at += 1
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return Formatted("".join(self.out), tuple(self.entities))

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.offset += units(text)

    def _place(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _tag(self) -> None:
        if self.source.startswith("</", self.at):
            self._end()
        else:
            self._start()

    def _start(self) -> None:
        begin = self.at
        found = re.compile(r"<([^\s>]*)").match(self.source, begin)
        end = self.source.find(">", begin)
        if found is None or end < 0:
            raise _wrong(f"Unclosed start tag at byte offset {self._place(begin)}")
        tag = found.group(1).lower()
        if tag not in TAGS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {self._place(begin)}')
        attributes, self.at = self._attributes(found.end(), begin, tag)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _wrong(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._place(begin)}'
            )
        self.open.append(_Open(tag, self.offset, attributes))

    def _attributes(self, at: int, begin: int, tag: str) -> tuple[dict[str, str], int]:
        """Read attributes from `at` up to the closing bracket; return them and the place after
        it."""
        attributes: dict[str, str] = {}
        while True:
            while at < len(self.source) and self.source[at].isspace():
                at += 1
            if at >= len(self.source):
                raise _wrong(f"Unclosed start tag at byte offset {self._place(begin)}")
            if self.source[at] == ">":
                return attributes, at + 1
            found = _ATTRIBUTE.match(self.source, at)
            if found is None:
                place = self._place(begin)
                raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {place}')
            value = next((part for part in found.groups()[1:] if part is not None), "")
            attributes[found.group(1).lower()] = _ENTITY.sub(_decode, value)
            at = found.end()

    def _end(self) -> None:
        begin = self.at
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {self._place(begin)}")
        found = re.compile(r"</([^\s>]*)\s*>").match(self.source, begin)
        if found is None:
            raise _wrong(f"Unclosed end tag at byte offset {self._place(begin)}")
        started = self.open.pop()
        name = found.group(1).lower()
        if name and name != started.tag:
            place = self._place(begin)
            raise _wrong(
                f"Unmatched end tag at byte offset {place}, "
                f'expected "</{started.tag}>", found "</{name}>"'
            )
        self.at = found.end()
        self._close(started)

    def _close(self, started: _Open) -> None:
        length = self.offset - started.offset
        if not length:
            return
        kind = TAGS[started.tag]
        entity: dict[str, Any] = {
            "type": kind,
            "offset": started.offset,
            "length": length,
        }
        if kind == "text_link":
            url = started.attributes.get("href", "")
            if not url.startswith(("http://", "https://", "tg://")):
                return  # Telegram shows the text of a link that leads nowhere, without the link
            entity["url"] = url
        if started.tag == "blockquote" and "expandable" in started.attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def _decode(found: re.Match[str]) -> str:
    number, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(number) if number else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else found.group()


def _wrong(what: str) -> ApiError:
    return bad(f"can't parse entities: {what}")
