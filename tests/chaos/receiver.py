"""A receiver who takes deliveries through a bot that fails at any moment. He answers the question
that he sees; what the bot says it did not keep, he answers once more; nothing else makes him answer
twice. Start at `Receiver.take`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.simulator.client import PhoneClient, PhoneError
from engine.simulator.samples import TITLES
from engine.talk.phone import plain

PATIENCE_S = 180.0  # a killed sender's letter is due again after a minute
LOST = "Не получилось"
NOT_SHOWN = "Сохранено, но"
OVER = "зарегистрирована"
MOST = 200  # answers to one delivery: more, and he goes round in a ring
# What he sees, how he answers it, and with what.
ACTS: Sequence[tuple[str, str, str]] = (
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


@dataclass
class Delivery:
    """What one truck brings; `number` is of the truck alone."""

    number: str
    kg: str
    date: str

    def fill(self, text: str) -> str:
        """Put what it brings into an answer."""
        return text.format(number=self.number, kg=self.kg, date=self.date)


@dataclass
class Receiver:
    """A receiver with a phone. `again` counts answers that he had to give once more."""

    chat: int
    phones: PhoneClient
    again: int = 0
    answers: int = 0
    _log: list[str] = field(default_factory=list)

    def take(self, delivery: Delivery) -> None:
        """Take a delivery from the menu to its number. Raises PhoneError when an answer leads
        nowhere."""
        since, most, told = self._last(), self.answers + MOST, self._apologies()
        self.phones.text(self.chat, "/start")
        self._wait(since, {}, told)
        while not any(OVER in one["text"] for one in self._new(since)):
            if self.answers > most:
                raise PhoneError(f"{self.chat}: a ring of questions: {self._log[-5:]}")
            told, screen = self._apologies(), self._screen()
            if asked := _asked(screen["text"]):
                self._act(asked[1], delivery.fill(asked[2]), screen)
            self._wait(since, screen, told)

    def _act(self, how: str, what: str, screen: dict[str, Any]) -> None:
        if how == "wait":  # for the system: whatever he sends now is refused and asked again
            return
        self._log.append(f"{screen['text'][:40]!r} ← {what or how}")
        self.answers += 1
        if how == "text":
            self.phones.text(self.chat, what)
        elif how == "photo":
            self.phones.samples(self.chat, [next(iter(TITLES))])
        else:
            data = next(
                button["callback_data"]
                for row in screen["keyboard"]
                for button in row
                if plain(button["text"]) == plain(what)
            )
            self.phones.press(self.chat, data=data, message_id=screen["id"])

    def _wait(self, since: int, screen: dict[str, Any], told: int) -> None:
        """Wait until something else is asked, the number is told, or the answer was not kept: of
        that he was told so often before it, a bot without its database answers at once."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            seen = self.phones.chat(self.chat)
            present = self._screen()
            if (present["id"], present["text"]) != (screen.get("id"), screen.get("text")):
                return
            if any(OVER in one["text"] for one in self._new(since)):
                return
            if self._apologies() > told:
                self.again += 1
                time.sleep(0.5)
                return
            self.phones.chat(self.chat, after=int(seen["revision"]), wait_s=1.0)
        raise PhoneError(f"{self.chat}: nothing came of the last answer: {self._log[-5:]}")

    def _apologies(self) -> int:
        seen = self.phones.chat(self.chat)
        told = [one["text"] for one in (*seen["messages"], *seen["toasts"])]
        return sum(text.startswith((LOST, NOT_SHOWN)) for text in told)

    def _last(self) -> int:
        return max((one["id"] for one in self.phones.chat(self.chat)["messages"]), default=0)

    def _new(self, since: int) -> list[dict[str, Any]]:
        shown = self.phones.chat(self.chat)["messages"]
        return [one for one in shown if one["id"] > since and not one["mine"]]

    def _screen(self) -> dict[str, Any]:
        """Return the newest message that asks something."""
        asks = [
            one
            for one in self.phones.chat(self.chat)["messages"]
            if not one["mine"] and any(part in one["text"] for part, *_ in ACTS)
        ]
        return asks[-1] if asks else {"id": 0, "text": "", "keyboard": []}


def _asked(text: str) -> tuple[str, str, str] | None:
    """Return what a screen asks: what stands last on it, below what was answered; of the review
    that it is one."""
    first, *others = ACTS
    if first[0] in text:
        return first
    found = [(text.rfind(one[0]), len(one[0]), one) for one in others if one[0] in text]
    return max(found)[2] if found else None
