"""Looking at everything that is shown: is there a way out, does it fit in every language. Start at
`Sight`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.languages.catalogue import Languages, Say, in_russian
from engine.languages.pseudo import Pseudo
from engine.model.conversation import Button, Prompt
from engine.model.labels import labels

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
WAYS_OUT = frozenset(
    {"menu", "cancel", "back", "list", "go_on", "show", "fix", "drop", "card", "stranger"}
)


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """Something that must not be: its sort (crash, dead end, too long, wrongly taken), where in
    the flows it was met, in words."""

    sort: str
    flow: str
    path: str
    what: str


CRASH, DEAD_END, TOO_LONG, MISTAKEN = "сбой", "тупик", "не помещается", "принято неверно"
TROUBLES = (CRASH, DEAD_END, TOO_LONG, MISTAKEN)


def length(text: str) -> int:
    """Return how long Telegram finds a text: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class Sight:
    """Looks at prompts; `met` is told of each trouble. What was looked at once is not again."""

    languages: Languages
    met: Callable[[str, str], None]
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    looked: int = 0

    def screen(self, prompt: Prompt) -> None:
        """Look at a screen: it must have a way out."""
        if not any(button.act in WAYS_OUT for button in prompt.buttons):
            self.met(DEAD_END, f"нет кнопки, чтобы уйти: «{_cut(str(prompt.text))}»")
        self.message(prompt)

    def message(self, prompt: Prompt) -> None:
        """Look at a message of any kind."""
        self.looked += 1
        key = (str(prompt.text), *(button.title for button in prompt.buttons))
        if key in self._seen:
            return
        self._seen.add(key)
        if not str(prompt.text).strip():
            self.met(DEAD_END, "пустое сообщение")
        speakers = {"ru": in_russian, "псевдо": Pseudo().say}
        speakers |= {name: one.say for name, one in self.languages.speakers.items()}
        for name, say in speakers.items():
            self._in(name, prompt, say)

    def _in(self, language: str, prompt: Prompt, say: Say) -> None:
        said = str(prompt.text.said(say))
        most = LONGEST_CAPTION if prompt.media else LONGEST_TEXT
        if length(said) > most:
            self.met(TOO_LONG, f"{language}: {length(said)} знаков из {most}: «{_cut(said)}»")
        titles = [str(say(button.title)) for button in prompt.buttons]
        shown: dict[str, Button] = {}
        for button, title, cut in zip(prompt.buttons, titles, labels(titles), strict=True):
            other = shown.setdefault(cut, button)
            if cut != title and (other.act, other.arg) != (button.act, button.arg):
                self.met(TOO_LONG, f"{language}: кнопки обрезаются до одинаковых: «{cut}»")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
