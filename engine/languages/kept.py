"""Messages by what rows keep of them. Papers and histories are Russian, so a row keeps the Russian
text of a message; who reads it in another language needs the message itself. Start at `Kept`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from engine.languages.message import Message

Reading = Callable[[str], str | None]  # what stands in a hole, for each reader; None: no such thing
NO_READINGS: Mapping[str, Reading] = MappingProxyType({})
Form = tuple[Message, Mapping[str, Reading]]

_HOLE = re.compile(r"\{(\w+)\}")


class Kept:
    """Some messages that are found again by their Russian text: those without holes, and `forms`
    with what is to be read of their holes. A hole without a reading holds data."""

    def __init__(self, plain: Iterable[Message], *forms: Form) -> None:
        self._plain = {str(one): one for one in plain}
        self._forms = [(_pattern(form.template), form, readings) for form, readings in forms]

    def read(self, text: str) -> Message | None:
        """Return the message that a text was made of; None of any other text.

        >>> kept = Kept([Message("Готово")], (Message("Осталось {left} кг"), NO_READINGS))
        >>> kept.read("Готово").template, kept.read("Осталось 81,000 кг").values
        ('Готово', {'left': '81,000'})
        >>> kept.read("Осталось") is None
        True
        """
        if text in self._plain:
            return self._plain[text]
        for pattern, form, readings in self._forms:
            if match := pattern.fullmatch(text):
                found = match.groupdict()
                read = {name: readings.get(name, str)(one) for name, one in found.items()}
                values = {name: one for name, one in read.items() if one is not None}
                if len(values) == len(found):
                    return form.with_values(values)
        return None


def _pattern(template: str) -> re.Pattern[str]:
    parts = _HOLE.split(template)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)),
        re.DOTALL,
    )


def among(messages: Iterable[Message]) -> Reading:
    """Return what reads a hole in which one of some messages stands."""
    return {str(one): one for one in messages}.get
