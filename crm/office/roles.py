"""The roles of the present forms, as the office's reader calls them."""

from __future__ import annotations

from crm.bridge.program import program
from crm.people import roles
from crm.people.accounts import desk_roles


def titles() -> list[tuple[str, str]]:
    """Return every role with its title, as choices."""
    program()  # an office that has just started has not read the forms yet
    return roles.titles()


def group_title(name: str) -> str:
    """Return what a group of accounts is called: it has the name of its role in Russian, by which
    rights are found. One that somebody named himself keeps its name."""
    program()
    known = {str(roles.named(role)): role for role in desk_roles()}
    return roles.title(known[name]) if name in known else name


def title(role: str) -> str:
    """Return the title of a role; of one that the forms do not name any more, its code."""
    program()
    return roles.title(role)
