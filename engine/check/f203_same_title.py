"""F203: two buttons of one question with the same title: nobody can tell which was pressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.tree import Path, Tree

NAMED = ("options", "answers")  # code to title, or to an object with a title
LISTED = ("buttons", "add")  # objects with a title


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the titles of the buttons that stand together, in every file."""
    for tree in subject.project.trees.values():
        yield from _within(tree, (), tree.data)


def _within(tree: Tree, path: Path, data: Any) -> Iterator[Finding]:
    if not isinstance(data, dict | list):
        return
    for name, part in data.items() if isinstance(data, dict) else enumerate(data):
        inner: Path = (*path, name)
        if (name in NAMED and isinstance(part, dict)) or (
            name in LISTED and isinstance(part, list)
        ):
            yield from _compared(tree, inner, part)
        yield from _within(tree, inner, part)


def _compared(tree: Tree, path: Path, part: Any) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for name, one in part.items() if isinstance(part, dict) else enumerate(part):
        where: Path = (*path, name)
        if isinstance(one, dict):
            # A button that is shown on a condition may stand in the place of another.
            title, where = None if "when" in one else one.get("title"), (*where, "title")
        else:
            title = one
        if not isinstance(title, str):
            continue
        seen = " ".join(title.split()).casefold()
        if seen in first:
            message = say(
                "кнопка «{title}» уже есть в строке {line}", title=title, line=first[seen]
            )
            yield Finding(tree.place(where), "F203", message, "дайте ей другое название")
        first.setdefault(seen, tree.place(where).line)


RULE = Rule(
    "F203",
    "две кнопки называются одинаково",
    find,
    (
        Example(
            FLOW,
            "frozen: Замороженное}",
            "frozen: охлаждённое}",
            "frozen: Мороженое}",
            "охлаждённое",
            "другое название",
        ),
    ),
    "Рабочий не отличит одну кнопку от другой, и половина ответов была бы не тем, "
    "что имели в виду.",
)
