"""F212: translations of a text that has changed since."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.f211_untranslated import remedy
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say


def find(subject: Subject) -> Iterator[Finding]:
    """Compare each text with the one that its place had when it was translated."""
    for one in subject.project.translations:
        contexts = {context for context, _ in one.table}
        for text, place in subject.texts:
            said = one.table.get((text.message.context, text.message.template))
            if said.fuzzy if said else text.message.context in contexts:
                message = say(
                    "текст изменился, а перевод на «{language}» остался от прежнего",
                    language=one.language,
                )
                yield Finding(place, "F212", message, remedy(one.tree.file))


RULE = Rule(
    "F212",
    "перевод прежнего текста",
    find,
    (
        Example(
            FLOW,
            "    prompt: Компания\n",
            "    prompt: Компания, которая привезла\n",
            "    prompt: Компания\n",
            "Компания, которая",
            "cli.py texts extract",
            spoken=True,
        ),
    ),
    "Перевод прежнего текста мог бы сказать не то: он не показывается, пока его не посмотрят.",
    runs=True,
)
