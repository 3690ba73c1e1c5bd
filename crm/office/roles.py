"""The roles of the present forms, as the office's reader calls them."""

from __future__ import annotations

from crm.bridge.program import program
from crm.people import roles


def titles() -> list[tuple[str, str]]:
    """Return every role with its title, as choices."""
    program()  # an office that has just started has not read the forms yet
    return roles.titles()


def title(role: str) -> str:
    """Return the title of a role; of one that the forms do not name any more, its code."""
    program()
    return roles.title(role)
