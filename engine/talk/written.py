"""Write lines of a talk as a `.talk` file has them: what `parse` reads, the other way round.

Start at `written`."""

from __future__ import annotations

from engine.talk.parse import Happens, Holds, Line, Says, Sees
from engine.talk.phone import plain

_MARKS = {
    "button": ("[", "]"),
    "old_button": ("[[", "]]"),
    "thing": ("{", "}"),
    "command": ("/", ""),
}


def written(line: Line) -> str:
    """Write one line.

    >>> written(Says(1, "lab", "button", "Сохранить"))
    'lab> [Сохранить]'
    >>> written(Sees(1, "lab", "<", "Масса"))
    'lab< Масса'
    """
    match line:
        case Says(who=who, how=how, what=what):
            before, after = _MARKS.get(how, ("", ""))
            return f"{who}> {before}{what if before else _escaped(what)}{after}"
        case Sees(who=who, where=where, what=what):
            return f"{who}{where} {_escaped(what)}"
        case Holds(words=words):
            return f"= {' '.join(words)}"
        case Happens(words=words):
            return f"* {' '.join(words)}"


def shown(text: str) -> str:
    """Return what a talk expects of a message: the whole of it, on one line.

    >>> shown("Масса?\\n0–100 кг")
    'Масса? 0–100 кг'
    """
    text = plain(text)
    return f"…{text}" if text.startswith("[") else text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
