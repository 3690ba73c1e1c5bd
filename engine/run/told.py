"""Who is told of what waits too long (domain 9.1.4), and of what nobody may do (2.3.2)."""

from __future__ import annotations

from engine.errors import say
from engine.model.effects import Notice
from engine.model.text import Text
from engine.ports import Outbox
from engine.schema.project import Escalation

SAME = "same"
BREACH, TWICE = 2, 3  # levels; at level 1 those who do it are reminded


def told_of_late(
    escalation: Escalation, level: int, own: tuple[str, ...], also: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the roles that are told at a level: `own`, those who do it, or those that
    `escalation:` names; at breach `also` too.

    >>> told_of_late(Escalation(breach=("lead",)), 2, ("lab",), also=("chief", "lead"))
    ('lead', 'chief')
    >>> told_of_late(Escalation(), 1, ("lab",), also=("chief",))
    ('lab',)
    """
    named = {1: escalation.warn, BREACH: escalation.breach, TWICE: escalation.twice}[level]
    roles = own if named == SAME else (named,) if isinstance(named, str) else named
    return tuple(dict.fromkeys((*roles, *(also if level == BREACH else ()))))


def alarm(escalation: Escalation, outbox: Outbox, about: str, title: str) -> None:
    """Tell of work that nobody may do: at once those whom `escalation:` names at breach; where
    nobody is one of them, those whom it names last. `about` is the key of its card."""
    text = Text.of(say("Задача без исполнителя: {title}", title=title))
    for told in (escalation.breach, escalation.last):
        roles = (told,) if isinstance(told, str) else told
        if outbox.notify(Notice(f"{about}:nobody", text, roles)):
            return
