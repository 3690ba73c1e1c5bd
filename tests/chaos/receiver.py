"""A receiver who takes deliveries through a bot that fails at any moment. He answers the question
that he sees; what the bot says it did not keep, he answers once more; nothing else makes him answer
twice. A delivery is taken when a number is told that he was not told before: a bot that was killed
shows the last result again. Start at `Receiver.take`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.simulator.client import PhoneClient, PhoneError
from engine.simulator.samples import TITLES
from engine.talk.phone import plain

PATIENCE_S = 600.0  # what is stuck, not what is slow: two hundred take turns on two cores
QUIET_S = 2.0
LOOK_S = 20.0  # between looks at a chat in which nothing changes
LOST = "Не получилось"
NOT_SHOWN = "Сохранено, но"
NUMBER = re.compile(r"Партия (\S+) зарегистрирована")
MOST = 200  # answers to one delivery: more, and he goes round in a ring
Act = tuple[str, str, str]  # what he sees, how he answers it, and with what
ACTS: Sequence[Act] = (
    # Of a bot that was away since he touched the chat: what he answered meanwhile stands below.
    ("Продолжить «", "press", "Продолжить"),
    ("Проверьте ответы", "press", "Сохранить"),
    ("Выберите компанию", "press", "ООО «Учебная компания 1»"),
    ("Выберите вид сырья", "press", "Каркас"),
    ("Выберите вид по номенклатуре", "press", "Каркас ЦБ"),
    ("Выберите кондицию", "press", "Замороженное"),
    ("Температура кузова", "text", "-18,5"),
    ("Дата производства", "text", "{date}"),
    ("Номер ТТН", "text", "{number}"),
    ("не найдены", "press", "Дальше"),
    ("Введите поставщика", "text", "Птицефабрика «Примерная»"),
    ("Введите производителя", "text", "Птицефабрика «Примерная», площадка {number}"),
    ("Тип для бух. учёта", "press", "Каркас"),
    ("Общая масса", "text", "{kg}"),
    ("Температура сырья", "text", "-19"),
    ("Количество бирок", "text", "24"),
    ("Фото: ", "press", "Подтвердить"),
    ("Фото ТН", "press", "Пропустить"),
    ("Фото", "photo", ""),
    ("Ищу ветеринарные документы", "wait", ""),
    ("Главное меню", "press", "Новая партия"),
)

WHOLE = 2  # of them, the first, are asked by a screen as a whole


@dataclass
class Delivery:
    """What one truck brings; `number` is of the truck alone."""

    number: str
    kg: str
    date: str

    def fill(self, text: str) -> str:
        """Put what it brings into an answer."""
        return text.format(number=self.number, kg=self.kg, date=self.date)


@dataclass(frozen=True)
class Seen:
    """What stands in his chat: the newest message that asks something, the numbers that were told,
    how often something was not kept."""

    screen: Mapping[str, Any]
    numbers: frozenset[str]
    apologies: int

    @classmethod
    def of(cls, messages: Iterable[Mapping[str, Any]], toasts: Iterable[Mapping[str, Any]]) -> Seen:
        """Read a chat as the simulator tells it."""
        theirs = [one for one in messages if not one["mine"]]
        asks = [one for one in theirs if any(part in one["text"] for part, *_ in ACTS)]
        told = [one["text"] for one in (*theirs, *toasts)]
        numbers = frozenset(found[1] for text in told if (found := NUMBER.search(text)))
        apologies = sum(text.startswith((LOST, NOT_SHOWN)) for text in told)
        screen = asks[-1] if asks else {"id": 0, "text": "", "keyboard": []}
        return cls(screen, numbers, apologies)

    def differs(self, other: Seen) -> bool:
        """Tell whether something else is asked, or a number or an apology came."""
        return any(
            getattr(self, name) != getattr(other, name) for name in ("numbers", "apologies")
        ) or any(self.screen[name] != other.screen[name] for name in ("id", "text"))


@dataclass
class Receiver:
    """A receiver with a phone. `saved` are the deliveries that he was told are saved, by their
    batch numbers; `again` counts answers that he had to give once more."""

    chat: int
    phones: PhoneClient
    saved: dict[str, str] = field(default_factory=dict)
    again: int = 0
    answers: int = 0
    think: Callable[[], None] = lambda: None  # before an answer
    _log: list[str] = field(default_factory=list)
    _revision: int = 0
    _messages: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    _toasts: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, delivery: Delivery) -> None:
        """Take a delivery from the menu to its number. Raises PhoneError when an answer leads
        nowhere."""
        seen, most = self._begin(), self.answers + MOST
        while not (new := seen.numbers - self.saved.keys()):
            if self.answers > most:
                raise PhoneError(f"{self.chat}: a ring of questions: {self._log[-5:]}")
            self.think()
            last, seen = seen, self.look()
            if seen.differs(last):  # asked something else meanwhile
                continue
            asks = asked(seen.screen["text"])
            if asks and not self._act(asks[1], delivery.fill(asks[2]), seen.screen):
                continue
            last, seen = seen, self._wait(seen)
            if seen.screen["text"] == last.screen["text"]:
                seen = self._quiet(seen)
        if len(new) > 1:
            raise PhoneError(f"{self.chat}: one delivery was given the numbers {sorted(new)}")
        self.saved |= dict.fromkeys(new, delivery.number)

    def _begin(self) -> Seen:
        """Ask for the menu until it comes: it is a new message."""
        seen = self.look()
        while True:
            self.phones.text(self.chat, "/start")
            last, seen = seen, self._wait(seen)
            if seen.screen["id"] != last.screen["id"]:
                return seen

    def _act(self, how: str, what: str, screen: Mapping[str, Any]) -> bool:
        """Do what a screen asks; tell whether something may come of it."""
        if how == "wait":  # for the system: whatever he sends now is refused and asked again
            return True
        self._log.append(f"{screen['text'][:40]!r} ← {what or how}")
        self.answers += 1
        if how == "text":
            self.phones.text(self.chat, what)
        elif how == "photo":
            self.phones.samples(self.chat, [next(iter(TITLES))])
        else:
            return self.press(what, screen)
        return True

    def press(self, what: str, screen: Mapping[str, Any]) -> bool:
        """Press a button; False when it went while his finger came down: he sees what came instead.
        Raises PhoneError for one that is not there."""
        buttons = (button for row in screen["keyboard"] for button in row)
        try:
            data = next(
                one["callback_data"] for one in buttons if plain(one["text"]) == plain(what)
            )
            self.phones.press(self.chat, data=data, message_id=screen["id"])
        except (StopIteration, PhoneError) as error:
            if self.look().screen == screen:
                raise PhoneError(f"{self.chat}: no «{what}» on {screen['text']!r}") from error
            return False
        return True

    def look(self, wait_s: float = 0.0) -> Seen:
        """Take in what changed in his chat since he last looked, and wait for it if he shall: the
        whole of a long chat, told two hundred times a second, took more time than the plant."""
        news = self.phones.chat(self.chat, after=self._revision, wait_s=wait_s)
        self._revision = int(news["revision"])
        for one in news["messages"]:
            if one.get("deleted"):
                self._messages.pop(one["id"], None)
            else:
                self._messages[one["id"]] = one
        self._toasts += news["toasts"]
        return Seen.of(self._messages.values(), self._toasts)

    def _wait(self, before: Seen) -> Seen:
        """Wait until something else is asked, a number is told, or the answer was not kept."""
        until, seen = time.monotonic() + PATIENCE_S, self.look()
        while not seen.differs(before):
            if time.monotonic() > until:
                last = f"{seen.screen['text'][:40]!r}, {self._log[-5:]}"
                raise PhoneError(f"{self.chat}: nothing came of the last answer: {last}")
            seen = self.look(LOOK_S)
        self.again += seen.apologies > before.apologies
        return seen

    def _quiet(self, seen: Seen) -> Seen:
        """Wait until nothing comes any more: he is asked the same once more, and who answers each
        of two questions that are one is asked it twice for ever."""
        while True:
            last, seen = self._revision, self.look(QUIET_S)
            if self._revision == last:
                return seen


def asked(text: str, acts: Sequence[Act] = ACTS) -> Act | None:
    """Return what a screen asks: what stands last on it, below what was answered; of the offer to
    go on and of the review that it is one."""
    if first := next((one for one in acts[:WHOLE] if one[0] in text), None):
        return first
    found = [(text.rfind(one[0]), len(one[0]), one) for one in acts[WHOLE:] if one[0] in text]
    return max(found)[2] if found else None
