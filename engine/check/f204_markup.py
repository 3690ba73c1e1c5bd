"""F204: a text that is written as HTML or Markdown: people would read its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say

_MARKUP = re.compile(
    r"</?(?:b|i|u|s|em|strong|code|pre|a|br|p|span|tg-spoiler|blockquote)\b[^<>]*>"
    r"|&(?:lt|gt|amp|quot|nbsp|#\d+);|\*\*[^*\s][^*]*\*\*|__[^_\s][^_]*__"
)


def find(subject: Subject) -> Iterator[Finding]:
    """Look for marks of emphasis in texts and titles: every value that has a Russian letter."""
    for tree in subject.project.trees.values():
        for path in tree.values:
            text = tree.at(path)
            match = _MARKUP.search(text) if isinstance(text, str) and _is_text(text) else None
            if match is not None:
                place = tree.inside(path, match.start(), len(match[0]))
                message = say("«{marks}» покажется как есть", marks=match[0])
                yield Finding(place, "F204", message, "уберите: здесь пишут обычный текст")


def _is_text(text: str) -> bool:
    return ("<" in text or "&" in text or "**" in text or "__" in text) and not text.isascii()


RULE = Rule(
    "F204",
    "разметка в тексте",
    find,
    (
        Example(
            FLOW,
            "prompt: Мест\n",
            "prompt: <b>Мест</b>\n",
            'prompt: "Мест < 100"\n',
            "<b>",
            "обычный текст",
        ),
    ),
    "Тексты показывают людям как есть: рабочий увидел бы угловые скобки и звёздочки.",
)
