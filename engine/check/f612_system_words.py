"""F612: a word that is of no use at this transition: a queue of people, a reason of the system."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.schema.lifecycle import SYSTEM, Transition


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the words of every transition, and at those of several forms in one queue."""
    for life in subject.project.lives.values():
        for _, path, form in life.transitions:
            for key in _useless(form):
                people = SYSTEM not in form.by.roles
                message = (
                    say("«{key}» бывает только у переходов системы", key=key)
                    if people
                    else say("«{key}» системе не указать", key=key)
                )
                remedy = "напишите «by: system»" if people else "уберите этот ключ"
                yield Finding(life.tree.key((*path, key)), "F612", message, remedy)


def _useless(form: Transition) -> Iterator[str]:
    if SYSTEM not in form.by.roles:
        yield from (key for key in ("queue", "choose") if getattr(form, key))
    elif form.by.roles == (SYSTEM,) and form.reason:
        yield "reason"


RULE = Rule(
    "F612",
    "слово не для этого перехода",
    find,
    (
        Example(
            LOAD,
            "    by: porter\n",
            "    by: porter\n    queue: [number]\n",
            "    by: [porter]\n",
            "queue",
            "system",
        ),
        Example(
            LOAD,
            "    queue: [number]\n",
            "    queue: [number]\n    reason: true\n",
            "    queue: [number desc]\n",
            "reason",
            "уберите",
        ),
    ),
    "Ключ не делал бы ничего, а читающий думал бы, что делает.",
)
