"""Read a `.talk` file into lines: who says what, what is to be seen, what is to be true, what
happens.

    receiver> /start            a command, a text, a [button], {a thing that is no text}
    receiver> [[Сохранить]]     the button of an older message
    receiver< …fragment…        a message that came; … stands for anything, [Кнопка] for a button
    on the screen
    receiver<! …fragment…       nothing of the kind is on the present screen
    receiver<< …fragment…       the pop-up that answered the last press
    = session saved             something that is true now
    * after 16m                 something that happens
    # a comment

Start at `read_talk`. A broken line is a TalkError with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"([a-z][a-z_0-9]*)(<<|<!|<|>)(?: (.*))?")
_ESCAPE = re.compile(r"\\(n|u[0-9a-fA-F]{4}|\\)")


class TalkError(Exception):
    """A talk that did not go as written; says in Russian what was expected and what was there."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


@dataclass(frozen=True, slots=True)
class Says:
    """A person writes, presses or sends. `how` is text, command, button, old_button or thing."""

    line: int
    who: str
    how: str
    what: str


@dataclass(frozen=True, slots=True)
class Sees:
    """A person sees something. `where` is `<` a message, `<!` not on the screen, `<<` a pop-up."""

    line: int
    who: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Holds:
    """Something is true now: `session saved`, `field weight 18250,5`."""

    line: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happens:
    """Something happens: `restart`, `after 16m`, `repeat`."""

    line: int
    words: tuple[str, ...]


Line = Says | Sees | Holds | Happens


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk: path from the folder above the flows, first comment, lines."""

    path: str
    about: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Path within the flows, without the ending: `receiving/raw_intake.cancel`."""
        return self.path.split("/", 1)[-1].removesuffix(".talk")


def read_talk(path: str, text: str) -> Talk:
    """Read a talk. Raises TalkError for a line that is none."""
    lines: list[Line] = []
    about = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            about = about or line.lstrip("# ").strip()
        elif line:
            lines.append(read_line(path, number, line))
    return Talk(path, about, tuple(lines))


def read_line(path: str, number: int, line: str) -> Line:
    """Read one line that is no comment and not empty. Raises TalkError for a line that is none."""
    if line[0] in "=*":
        words = tuple(line[1:].split())
        if not words:
            raise TalkError(path, number, f"после «{line[0]}» ничего нет")
        return Holds(number, words) if line[0] == "=" else Happens(number, words)
    match = _LINE.fullmatch(line)
    if match is None:
        raise TalkError(
            path, number, f"не понял строку «{line}». Пишите: роль> текст, роль< …текст…, = …, * …"
        )
    who, sign, rest = match[1], match[2], match[3] or ""
    if sign == ">":
        return Says(number, who, *_said(rest))
    return Sees(number, who, sign, _unescaped(rest))


def find_talks(flows: Path) -> tuple[Talk, ...]:
    """Read every `.talk` file under a folder, in the order of their paths. Raises TalkError."""
    base = flows.resolve().parent
    return tuple(
        read_talk(path.relative_to(base).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(flows.resolve().rglob("*.talk"))
    )


def _said(rest: str) -> tuple[str, str]:
    if rest.startswith("[[") and rest.endswith("]]"):
        return "old_button", rest[2:-2]
    if rest.startswith("[") and rest.endswith("]"):
        return "button", rest[1:-1]
    if rest.startswith("{") and rest.endswith("}"):
        return "thing", rest[1:-1]
    if rest.startswith("/"):
        return "command", rest[1:]
    return "text", _unescaped(rest)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        word = match[1]
        return "\n" if word == "n" else "\\" if word == "\\" else chr(int(word[1:], 16))

    return _ESCAPE.sub(character, text)
