"""Codes on things: what a QR code says, and which piece of equipment it names (domain 14.8).

The code of a station or a freezer is made of its resource, so that nothing need be kept of it and
a printed one stays good. Start at `resource_of`."""

from __future__ import annotations

import re

from engine.schema.project import ProjectFile

MARK = "at-"  # before a resource: no number of a lot begins so
_LINK = re.compile(r"\w+://\S+[?&]start=(?P<code>[\w-]+)")


def code_in(text: str) -> str:
    """Return the code that the link of a label carries (`start=`); any other text as it is.

    >>> code_in(" https://t.me/meat_bot?start=x7Kq_1 "), code_in("2211/3")
    ('x7Kq_1', '2211/3')
    """
    found = _LINK.fullmatch(text.strip())
    return found["code"] if found else text.strip()


def code_of(resource: str) -> str:
    """Return the code of a resource: letters that a link of Telegram may carry.

    >>> code_of("press_line_1"), code_of("plate_freezers/3")
    ('at-press_line_1', 'at-plate_freezers-3')
    """
    return MARK + resource.replace("/", "-")


def resource_of(project: ProjectFile, text: str) -> str:
    """Return the resource whose code a text is, or carries as a link; empty for any other. One
    with places has a code for each of them."""
    code = code_in(text)
    name, _, place = code.removeprefix(MARK).partition("-")
    known = project.resources.get(name) if code.startswith(MARK) else None
    if known is None or bool(known.places) != bool(place):
        return ""
    return f"{name}/{place}" if place else name
