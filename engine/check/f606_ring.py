"""F606: system transitions that would go round for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import LifecycleSketch
from engine.load.tree import Path
from engine.schema.lifecycle import SAME, Transition

REMEDY = "дайте одному из переходов роль в «by:» или условия, которые исключают друг друга"


def find(subject: Subject) -> Iterator[Finding]:
    """Follow the transitions that the dispatcher tries, without those whose conditions exclude
    each other."""
    for life in subject.project.lives.values():
        yield from _of(life)


def _of(life: LifecycleSketch) -> Iterator[Finding]:
    forms = [(name, path, form) for name, path, form in life.transitions if form.automatic]
    seen: set[frozenset[str]] = set()
    for _, path, form in forms:
        for source in form.sources:
            way = _way(forms, form.to, source, form, ())
            if way is None or frozenset((source, *way)) in seen:
                continue
            seen.add(frozenset((source, *way)))
            message = say(
                "система ходила бы по кругу: {way}", way=" → ".join((source, *way, source))
            )
            yield Finding(life.tree.key(path), "F606", message, REMEDY)
            return


def _way(
    forms: list[tuple[str, Path, Transition]],
    state: str,
    goal: str,
    before: Transition,
    passed: tuple[str, ...],
) -> tuple[str, ...] | None:
    """Return the states from one to a goal by system transitions; None when there is no way."""
    if state == SAME:
        return None
    if state == goal:
        return passed
    if state in passed:
        return None
    for _, _, form in forms:
        if state in form.sources and not _excluded(before, form):
            found = _way(forms, form.to, goal, form, (*passed, state))
            if found is not None:
                return found
    return None


def _excluded(one: Transition, other: Transition) -> bool:
    """Tell whether a condition of one is the opposite of a condition of the other: what let the
    record in does not let it out again."""
    conditions = {guard.that for guard in one.require}
    opposite = {_opposite(guard.that) for guard in other.require}
    return not conditions.isdisjoint(opposite)


def _opposite(text: str) -> str:
    plain = text.strip()
    return plain.removeprefix("not ") if plain.startswith("not ") else f"not {plain}"


RULE = Rule(
    "F606",
    "переходы системы ходят по кругу",
    find,
    (
        Example(
            LOAD,
            "  give_up: {",
            "  put_back: {from: loading, to: queued, by: system, queue: [number]}\n  give_up: {",
            "  put_back: {title: Вернуть, from: loading, to: queued, by: porter}\n  give_up: {",
            "start",
            "by:",
        ),
    ),
    "Программа переставляла бы запись туда и обратно, пока её не остановят.",
)
