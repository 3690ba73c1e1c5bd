"""F708: a limit that has no line for one of the options that it is asked with."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIMITS
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.compile import compile_expression
from engine.expressions.parse import names
from engine.expressions.types import Choice, read_type
from engine.model.values import Option
from engine.schema.limits import Limit


def find(subject: Subject) -> Iterator[Finding]:
    """Try every option of a limit whose lines ask about one choice alone."""
    for name, limit in subject.project.limits.items():
        for option in _left_out(limit):
            place = subject.project.tree("limits").key((name,))
            message = say("у лимита «{name}» нет строки для «{option}»", name=name, option=option)
            yield Finding(place, "F708", message, "допишите строку в «values:»", UNKNOWN)
            break


UNKNOWN = "предел был бы неизвестен, и каждый ответ становился бы отклонением"


def _left_out(limit: Limit) -> Iterator[str]:
    given = {name: _choice(notation) for name, notation in limit.given.items()}
    lines = [line.when for line in limit.values]
    if len(given) != 1 or None in lines:
        return
    ((name, choice),) = given.items()
    nodes = [read(when) for when in lines if when is not None]
    if choice is None or any(
        node is None or not names(node) <= {name, *choice.options} for node in nodes
    ):
        return
    tests = [compile_expression(when) for when in lines if when is not None]
    for option in choice.options:
        if not any(test({name: Option(option, option)}) is True for test in tests):
            yield option


def _choice(notation: str) -> Choice | None:
    try:
        found = read_type(notation)
    except ValueError:
        return None
    return found if isinstance(found, Choice) else None


RULE = Rule(
    "F708",
    "у лимита нет строки для варианта",
    find,
    (
        Example(
            LIMITS,
            "    - {when: condition == frozen, max: -8.0}\n",
            "",
            "    - {when: condition == frozen, max: -10.0}\n",
            "temperature",
            "values",
        ),
    ),
    "Ответ с таким вариантом сравнить не с чем: предел неизвестен и считается нарушенным.",
)
