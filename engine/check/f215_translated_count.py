"""F215: a translation whose counted words have not the forms of its language."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import ENGLISH
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, Place, say
from engine.expressions.suggest import hint
from engine.languages.message import counts, forms_of
from engine.languages.plurals import Categories, categories_in


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the forms of each counted word with the categories of the language."""
    for one in subject.project.translations:
        for text, _ in subject.texts:
            said = one.table.get((text.message.context, text.message.template))
            if said is None or not said.done:
                continue
            for template in said.forms:
                for _, written in counts(template):
                    yield from _wrong(one.place(said.line), written, categories_in(one.language))


def _wrong(place: Place, written: str, forms: Categories) -> Iterator[Finding]:
    found = forms_of(written)
    names = [name for name, _ in found]
    listed = ", ".join(forms.known)
    for name in dict.fromkeys(names):
        if name not in forms.known:
            message = say("в этом языке нет формы числа «{name}»", name=name)
            yield Finding(place, "F215", message, hint(name, forms.known, "формы"))
        elif names.count(name) > 1:
            message = say("форма «{name}» стоит дважды", name=name)
            yield Finding(place, "F215", message, "оставьте одну")
    for name, words in found:
        if not words:
            message = say("у формы «{name}» нет слова", name=name)
            yield Finding(place, "F215", message, "впишите слово после неё")
    for name in forms.needed:
        if name not in names and set(names) <= set(forms.known):
            message = say("у слова при числе нет формы «{name}»", name=name)
            remedy = say("формы этого языка: {listed}", listed=listed)
            yield Finding(place, "F215", message, remedy)


RULE = Rule(
    "F215",
    "в переводе у слова при числе не те формы",
    find,
    (
        Example(
            ENGLISH,
            'msgstr "Почему {weight}?"',
            'msgstr "Why {weight | one box}?"',
            'msgstr "Why {weight} {weight | one box | other boxes}?"',
            "msgstr",
            "one, other",
            spoken=True,
        ),
        Example(
            ENGLISH,
            'msgstr "Почему {weight}?"',
            'msgstr "Why {weight | one box | othr boxes}?"',
            'msgstr "Why {weight} {weight | one box | other boxes}?"',
            "msgstr",
            "возможно, «other»",
            spoken=True,
        ),
        Example(
            ENGLISH,
            'msgstr "Почему {weight}?"',
            'msgstr "Why {weight | one box | other boxes | other crates}?"',
            'msgstr "Why {weight} {weight | one box | other boxes}?"',
            "msgstr",
            "одну",
            spoken=True,
        ),
        Example(
            ENGLISH,
            'msgstr "Почему {weight}?"',
            'msgstr "Why {weight | one box | other}?"',
            'msgstr "Why {weight} {weight | one box | other boxes}?"',
            "msgstr",
            "слово",
            spoken=True,
        ),
    ),
    "На каждом языке свои формы: «1 place, 2 places», «1 место, 2 места, 5 мест». Без нужной "
    "человек прочёл бы «5 place».",
)
