"""F211: texts that a language of project.yaml has no translation of."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, Place, say


def find(subject: Subject) -> Iterator[Finding]:
    """Give one finding a file and language, at its first text: one remedy is for all of them."""
    for one in subject.project.translations:
        contexts = {context for context, _ in one.table}
        missing: dict[str, list[tuple[Place, str]]] = {}
        for text, place in subject.texts:
            said = one.table.get((text.message.context, text.message.template))
            if said.untranslated if said else text.message.context not in contexts:
                missing.setdefault(place.path, []).append((place, text.message.template))
        for found in missing.values():
            place, first = min(found)
            message = say(
                "нет перевода на «{language}»: «{text}», всего таких здесь {count}",
                language=one.language,
                text=first,
                count=len(found),
            )
            yield Finding(place, "F211", message, remedy(one.tree.file))


def remedy(file: str) -> str:
    """Say how a translation is brought up to its text."""
    return say(
        "сделайте cli.py texts extract и впишите перевод в {file}",
        file=file,
    )


RULE = Rule(
    "F211",
    "текст без перевода",
    find,
    (
        Example(
            FLOW,
            "    prompt: Компания\n",
            "    prompt: Компания\n    hint: Кто привёз\n",
            "    prompt: Компания\n",
            "Кто привёз",
            "cli.py texts extract",
            spoken=True,
        ),
    ),
    "Человек, который выбрал другой язык, прочёл бы этот текст по-русски.",
    runs=True,
)
