"""F605: two forms of one transition from the same state that may apply at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIFE
from engine.check.exclusive import together
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, Place, say


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the forms of each transition with the earlier ones of its name."""
    for life in subject.project.lives.values():
        earlier: dict[tuple[str, str], list[tuple[int, str | None]]] = {}
        for name, path, form in life.transitions:
            place = life.tree.place(path)
            for source in form.sources:
                known = earlier.setdefault((name, source), [])
                clash = next((one for one in known if _both(one[1], form.when)), None)
                if clash is not None:
                    yield _finding(place, name, source, clash)
                    break
                known.append((place.line, form.when))


def _both(one: str | None, other: str | None) -> bool:
    """Tell whether two forms may apply at the same time; a last one without a condition is what
    is left."""
    if one is None:
        return True
    return other is not None and together(one, other)


def _finding(place: Place, name: str, source: str, clash: tuple[int, str | None]) -> Finding:
    line, condition = clash
    if condition is None:
        message = say(
            "переход «{name}» из «{source}» уже описан в строке {line} без условия",
            name=name,
            source=source,
            line=line,
        )
        return Finding(place, "F605", message, "дайте первому из них «when:»")
    message = say(
        "переход «{name}» из «{source}» в строке {line} может подойти одновременно с этим",
        name=name,
        source=source,
        line=line,
    )
    return Finding(place, "F605", message, "сделайте условия «when:» исключающими друг друга")


RULE = Rule(
    "F605",
    "один переход описан дважды",
    find,
    (
        Example(
            LIFE,
            "  close: {from: received, to: done, by: porter}\n",
            "  close:\n    - {from: received, to: done, by: porter}\n"
            "    - {from: received, to: done, by: foreman}\n",
            "  close: {from: received, to: done, by: foreman}\n",
            "{from: received, to: done, by: foreman}",
            "when",
        ),
        Example(
            LIFE,
            "  close: {from: received, to: done, by: porter}\n",
            "  close:\n    - {from: received, to: done, by: porter, when: weight > 5}\n"
            "    - {from: received, to: done, by: foreman, when: weight < 7}\n",
            "  close:\n    - {from: received, to: done, by: porter, when: weight > 5}\n"
            "    - {from: received, to: done, by: foreman, when: weight <= 5}\n",
            "{from: received, to: done, by: foreman",
            "when",
        ),
    ),
    "Из двух подходящих переходов нельзя выбрать: случится не тот, который имели в виду.",
)
