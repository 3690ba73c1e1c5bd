"""Who is told of what waits too long (domain 9.1.4)."""

from __future__ import annotations

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
