"""What is typed in a terminal, as a line of a talk. Start at `understood`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.expressions.suggest import nearest
from engine.languages.message import Message
from engine.model.conversation import Button, State
from engine.run.draft import Draft
from engine.run.stages import CONFIRM, VALUE
from engine.run.stages import stage as asked_of
from engine.talk.parse import Happens, Line, Says, TalkError, read_line
from engine.talk.phone import in_sight, plain
from engine.talk.stage import Stage

PATH = "played"
TYPED_KINDS = frozenset({"text", "number", "integer", "date", "time", "datetime", "scan"})
TYPED_SCREENS = frozenset({"comment", "why", "request"})
HAPPENINGS = frozenset({"after", "restart", "repeat", "lost", "fire", "fact", "record", "open"})
PRESSED = {"back": "back", "cancel": "cancel", "why": "why"}  # the act of the button
OWN = ("help", "quit", "as", "show")
WORDS = (*OWN, *PRESSED, "photo", "file", "say", *sorted(HAPPENINGS))


class NotUnderstood(Exception):
    """Nothing can be done with what was typed; the message says why."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


@dataclass(frozen=True, slots=True)
class Key:
    """A button in sight and what presses it: «3», or «#3» where a number is an answer."""

    key: str
    button: Button


@dataclass(frozen=True, slots=True)
class Own:
    """A word for the terminal itself: help, quit, as, show; and what follows it."""

    word: str
    rest: str = ""


def keys(stage: Stage, chat: int) -> tuple[Key, ...]:
    """Return the buttons in sight of a phone, numbered. A title that is there twice is once: it
    presses the first."""
    found: dict[str, Button] = {}
    for message in in_sight(stage, chat):
        for button in message.buttons:
            found.setdefault(plain(button.title), button)
    mark = "#" if asks_typing(stage, chat) else ""
    return tuple(Key(f"{mark}{at}", one) for at, one in enumerate(found.values(), start=1))


def asks_typing(stage: Stage, chat: int) -> bool:
    """Tell whether a chat waits for something typed, so that a number is an answer."""
    ports = stage.plant.ports
    kept = ports.chats.load(chat)
    if kept.screen.name in TYPED_SCREENS:
        return True
    top = kept.top
    if kept.screen.name != "question" or top is None or top.state is State.PARKED:
        return False
    stop = Draft(stage.plant.program.under(top.digest, top.flow), top, ports.reads).stop(top.step)
    if VALUE in top.look:
        return asked_of(top.look)[0] != CONFIRM
    other = getattr(stop.node.step, "other", None) if stop else None
    by_number = other is not None and other.number is not None
    return stop is not None and (stop.kind in TYPED_KINDS or by_number)


def understood(stage: Stage, chat: int, who: str, typed: str) -> Line | Own:
    """Return what was typed as a line of the person `who`, or as a word for the terminal. Raises
    NotUnderstood."""
    typed = typed.strip()
    if not typed:
        return Own("show")
    if typed.startswith(":"):
        return _worded(stage, chat, who, typed[1:])
    there = keys(stage, chat)
    bare = typed.removeprefix("#")
    for one in there:
        named = plain(one.button.title).casefold() == plain(typed).casefold()
        if typed == one.key or (typed.startswith("#") and bare == one.key.lstrip("#")) or named:
            return _press(who, one.button)
    if typed.startswith("#") and bare.isdigit():
        raise NotUnderstood(Message("Кнопки {number} нет", {"number": bare}))
    if typed.isdigit() and there and not there[0].key.startswith("#"):
        raise NotUnderstood(
            Message("Кнопки {number} нет. Текстом: :say {number}", {"number": typed})
        )
    return _read(who, typed)


def _read(who: str, said: str) -> Line:
    try:
        return read_line(PATH, 0, f"{who}> {said}")
    except TalkError as error:
        raise NotUnderstood(Message("Не понял: {why}", {"why": error.message})) from error


def _press(who: str, button: Button) -> Says:
    return Says(0, who, "button", plain(button.title))


def _worded(stage: Stage, chat: int, who: str, said: str) -> Line | Own:
    word, _, rest = said.partition(" ")
    rest = rest.strip()
    if word in OWN:
        return Own(word, rest)
    if word in HAPPENINGS:
        return Happens(0, (word, *rest.split()))
    things: dict[str, Callable[[], Line]] = {
        "photo": lambda: Says(0, who, "thing", f"photo {rest}".strip()),
        "file": lambda: Says(0, who, "thing", f"file {rest}".strip()),
        "say": lambda: Says(0, who, "text", rest),
    }
    if word in things:
        return things[word]()
    if word in PRESSED:
        return _way(stage, chat, who, word)
    near = nearest(word, WORDS)
    if near is None:
        raise NotUnderstood(Message("Нет команды :{word}. Все — :help", {"word": word}))
    raise NotUnderstood(
        Message("Нет команды :{word}. Возможно, :{near}?", {"word": word, "near": near})
    )


def _way(stage: Stage, chat: int, who: str, word: str) -> Line:
    """Press the button of an act, wherever its title stands."""
    for one in keys(stage, chat):
        if one.button.act == PRESSED[word]:
            return _press(who, one.button)
    if word == "cancel":
        return Says(0, who, "command", word)
    if word == "why":
        raise NotUnderstood(Message("Этот вопрос задают всегда: условия и нормы у него нет"))
    raise NotUnderstood(Message("Здесь этой кнопки нет: :{word}", {"word": word}))
