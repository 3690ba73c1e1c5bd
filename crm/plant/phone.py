"""What a worker has in his hand: the screen, the messages of the outbox with their buttons, the
last pop-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.model.conversation import Button

KEPT = 60  # letters on a phone; older ones are out of sight
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text with every kind and number of spaces made one."""
    return _SPACES.sub(" ", text).strip()


def fits(fragment: str, text: str) -> bool:
    """Tell whether a text is as a fragment says, where … stands for anything.

    >>> fits("…масса 18 250,5…", "Партия 1, масса 18 250,5 кг"), fits("Партия", "Партия 1")
    (True, False)
    """
    parts = [re.escape(plain(part)) for part in fragment.split("…")]
    return re.fullmatch(r"\s*.*\s*".join(parts), plain(text), re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of a phone; `data` is what pressing each of its buttons sends."""

    number: int
    text: str
    buttons: tuple[Button, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of its buttons."""
        return tuple(plain(button.title) for button in self.buttons)

    def described(self) -> str:
        """Write the message for an error."""
        return f"«{self.text}» " + " ".join(f"[{title}]" for title in self.titles)


@dataclass
class Phone:
    """The phone of one chat."""

    chat: int
    screen: Shown = Shown(0, "")
    toast: str = ""
    letters: dict[int, Shown] = field(default_factory=dict)

    def put(self, letter: Shown) -> None:
        """Take in a message of the outbox."""
        self.letters[letter.number] = letter
        while len(self.letters) > KEPT:
            del self.letters[next(iter(self.letters))]

    def change(self, letter: Shown) -> None:
        """Change a message that is still in sight."""
        if letter.number in self.letters:
            self.letters[letter.number] = letter

    def strip(self, data: str) -> None:
        """Take the buttons off the message that was pressed."""
        for letter in self.letters.values():
            if data in letter.data:
                self.letters[letter.number] = replace(letter, buttons=(), data=())
                return

    def messages(self) -> Iterator[Shown]:
        """Return the screen, then the letters, newest first."""
        yield self.screen
        yield from reversed(self.letters.values())

    def find(self, title: str) -> str | None:
        """Return what pressing the button of a title sends: exactly so titled, else fitting it;
        None when there is none."""
        wanted = plain(title)
        for means in (wanted.__eq__, lambda name: "…" in wanted and fits(wanted, name)):
            for message in self.messages():
                for name, data in zip(message.titles, message.data, strict=True):
                    if means(name):
                        return data
        return None

    def sees(self, fragment: str) -> bool:
        """Tell whether the screen or a letter is as a fragment says, or a button titled so."""
        if fragment.startswith("[") and fragment.endswith("]"):
            return self.find(fragment[1:-1]) is not None
        return any(fits(fragment, message.text) for message in self.messages())

    def described(self) -> str:
        """Write everything in sight, for an error."""
        toast = f"\n  popped up: «{self.toast}»" if self.toast else ""
        return "".join(f"\n  {message.described()}" for message in self.messages()) + toast
