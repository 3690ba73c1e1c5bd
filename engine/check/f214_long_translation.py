"""F214: translations longer than Telegram shows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import ENGLISH
from engine.check.f201_too_long import BUTTON, CAPTION, TEXT, finding, titles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding


def find(subject: Subject) -> Iterator[Finding]:
    """Measure translations as the texts themselves are measured."""
    project = subject.project
    buttons, captions = titles(project) if project.translations else (set(), set())
    for one in project.translations:
        for text, _ in subject.texts:
            said = one.table.get((text.message.context, text.message.template))
            if said is None or not said.done:
                continue
            longest = max(said.forms, key=len)
            source = text.message.template
            at = one.place(said.line)
            if source in buttons and len(longest) > BUTTON:
                yield finding(at, "F214", "название кнопки", BUTTON, longest)
            elif source in captions and len(longest) > CAPTION:
                yield finding(at, "F214", "подпись к фото", CAPTION, longest)
            elif len(longest) > TEXT:
                yield finding(at, "F214", "текст", TEXT, longest)


RULE = Rule(
    "F214",
    "перевод длиннее, чем покажет Telegram",
    find,
    (
        Example(
            ENGLISH,
            'msgstr "Охлаждённое"',
            'msgstr "Охлаждённое и привезённое в машине с холодом"',
            'msgstr "Охлаждённое"',
            "msgstr",
            "сократите",
            spoken=True,
        ),
    ),
    "На другом языке те же слова бывают длиннее: человек не увидел бы их конца.",
)
