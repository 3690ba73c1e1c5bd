"""F213: translations whose holes are not those of the text."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import ENGLISH
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.languages.message import holes
from engine.languages.sources import Source, missing_holes, unknown_holes


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the holes of each translation with those of its text."""
    for one in subject.project.translations:
        for text, place in subject.texts:
            source = Source(text.message.template, place.path, text.message.context)
            said = one.table.get(source.key)
            if said is None or not said.done:
                continue
            at, known = one.place(said.line), holes(source.text)
            for hole in unknown_holes(source, said):
                message = say("в переводе есть «{{{hole}}}», а в тексте такого нет", hole=hole)
                yield Finding(at, "F213", message, hint(hole, known, "в тексте"))
            for hole in missing_holes(source, said):
                message = say("в переводе нет «{{{hole}}}»", hole=hole)
                yield Finding(at, "F213", message, "впишите её, где она нужна на этом языке")


RULE = Rule(
    "F213",
    "подстановки перевода не те",
    find,
    (
        Example(
            ENGLISH,
            'msgstr "Партия {taken.number}"',
            'msgstr "Партия {taken.numbre}"',
            'msgstr "Партия {taken.number}"',
            "msgstr",
            "taken.number",
            spoken=True,
        ),
    ),
    "Такой перевод нечем заполнить: человек прочёл бы текст по-русски.",
)
