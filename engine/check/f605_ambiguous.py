"""F605: two forms of one transition from the same state, of which one has no condition."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIFE
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the forms of each transition with the earlier ones of its name."""
    for life in subject.project.lives.values():
        open_from: dict[tuple[str, str], int] = {}
        for name, path, form in life.transitions:
            place = life.tree.place(path)
            for source in form.sources:
                if (name, source) in open_from:
                    line = open_from[(name, source)]
                    message = say(
                        "переход «{name}» из «{source}» уже описан в строке {line} без условия",
                        name=name,
                        source=source,
                        line=line,
                    )
                    yield Finding(place, "F605", message, "дайте первому из них «when:»")
                if form.when is None:
                    open_from.setdefault((name, source), place.line)


RULE = Rule(
    "F605",
    "один переход описан дважды",
    find,
    (
        Example(
            LIFE,
            "  close: {from: received, to: done, by: receiver}\n",
            "  close:\n    - {from: received, to: done, by: receiver}\n"
            "    - {from: received, to: done, by: technologist}\n",
            "  close: {from: received, to: done, by: technologist}\n",
            "{from: received, to: done, by: technologist}",
            "when",
        ),
    ),
    "Из двух подходящих переходов нельзя выбрать: случится не тот, который имели в виду.",
)
