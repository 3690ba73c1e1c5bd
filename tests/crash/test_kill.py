"""Kill the bot with SIGKILL after answers, and at SQL statements of the save: each time the next
start finds no answer lost, one batch, one posting event, one notice a person.

At scale 1 a process is killed at some statements of the save and `test_fault` loses the connection
at every one; at the full scale a process is killed at every one too."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from engine.simulator.client import PhoneClient
from engine.simulator.play import play_over_http
from engine.talk.parse import Says, read_talk
from tests.crash.plants import (
    FEWEST,
    ON_POSTGRES,
    PATIENCE_S,
    UNSHOWN,
    Plant,
    copied,
    dropped,
    until,
)
from tests.e2e.conftest import ROOT, chat, chats
from tests.sizes import sizes

SEED, EVERY = sizes().seed, sizes().statement_step
OFFER = "Продолжить «Новая партия», шаг"
FEW = 5  # answers killed after on PostgreSQL
AGAIN = 3  # of so many times that he goes on the bot dies right after one
TALK = ROOT / "flows/receiving/raw_intake.talk"

pytestmark = pytest.mark.database


class Killing(PhoneClient):
    """Hands of a worker whose bot dies right after some of his answers and is started again. When
    it asks whether he goes on, he does; sometimes it dies right after that too."""

    def __init__(self, plant: Plant, after: set[int]) -> None:
        # A letter that a dead bot had claimed is due again after a minute.
        super().__init__(plant.phones_url, 60.0 + PATIENCE_S)
        self._plant, self._after, self.acts, self.killed = plant, after, 0, 0
        self._chance = random.Random(SEED)
        self._offers: set[str] = set()  # data that was pressed; a second message may have it too
        self._is_going_on = False

    @property
    def went_on(self) -> int:
        """How often he was asked and went on."""
        return len(self._offers)

    def _ask(self, verb: str, path: str, data: bytes = b"", kind: str = "") -> dict[str, Any]:
        """Act, then perhaps kill, at a moment drawn from the seed, and start again."""
        done = super()._ask(verb, path, data, kind)
        if verb != "POST":
            return done
        if self._is_going_on:
            if not self._chance.randrange(AGAIN):
                self._dies()
            return done
        self.acts += 1
        if self.acts in self._after:
            self._dies()
            self.killed += 1
        return done

    def chat(self, chat_id: int, after: int = 0, wait_s: float = 0) -> dict[str, Any]:
        """Look into a chat; go on where its lowest message asks about that."""
        seen = super().chat(chat_id, after, wait_s)
        if self._is_going_on:
            return seen
        message, data = offered(super().chat(chat_id))
        if data and data not in self._offers:
            self._offers.add(data)
            self._is_going_on = True
            self.press(chat_id, data=data, message_id=message)
            # Until that is answered the newest buttons of a title are those of a past question.
            self.wait(chat_id, lambda now: offered(now)[1] != data)
            self._is_going_on = False
        return seen

    def _dies(self) -> None:
        """Kill the bot at a moment drawn from the seed, and start another."""
        moment = self._chance.choice((0.0, 0.02, 0.1))
        super().chat(chat("receiver"), after=10**9, wait_s=moment)
        assert self._plant.ask("kill") == "killed"
        self._plant.start()


def offered(seen: dict[str, Any]) -> tuple[int, str]:
    """Return the message and the data of «Продолжить» where the lowest message of a chat asks
    whether to go on."""
    theirs = [one for one in seen["messages"] if not one["mine"]]
    if not theirs or OFFER not in theirs[-1]["text"]:
        return 0, ""
    buttons = [one for row in theirs[-1]["keyboard"] for one in row]
    return theirs[-1]["id"], buttons[0]["callback_data"] if buttons else ""


class UntilReview(PhoneClient):
    """Hands that stop before «Сохранить» and keep its button."""

    def press(self, chat_id: int, label: str = "", data: str = "", message_id: int = 0) -> str:
        """Press, unless it is the button that saves."""
        shown = self.chat(chat_id)["messages"]
        titles = {
            button.get("callback_data"): button["text"]
            for message in shown
            for row in message["keyboard"]
            for button in row
        }
        if titles.get(data) == "Сохранить":
            raise AtReview(data, message_id)
        return super().press(chat_id, label, data, message_id)


class AtReview(Exception):
    """The form stands at its review: the data and the message of the button that saves."""

    def __init__(self, data: str, message: int) -> None:
        super().__init__(data)
        self.data, self.message = data, message


def test_a_save_that_dies_at_any_statement_is_done_once(plant: Plant) -> None:
    plant.start()
    hands = UntilReview(plant.phones_url, PATIENCE_S)
    with pytest.raises(AtReview) as review:
        play_over_http(TALK, plant.phones_url, chats(), phones=hands)
    message, data = _held(plant, hands, review.value)
    at, killed = 1 + SEED % EVERY, 0
    while True:
        name = f"{plant.name}_{at}"
        copied(plant.name, name)
        plant.start(at, name)
        query = hands.forge(chat("receiver"), data, message)
        if not _died(plant, hands, query):
            break
        killed += 1
        plant.start(0, name)
        hands.wait_toast(chat("receiver"), query)
        assert plant.ask("kill") == "killed"
        plant.check(name)
        dropped(name)
        at += EVERY
    print(f"SEED={SEED}: {killed} statements of the save killed the bot, one in {EVERY}")
    assert plant.ask("kill") == "killed"
    plant.check(name)
    assert killed >= FEWEST // EVERY


def _held(plant: Plant, hands: PhoneClient, review: AtReview) -> tuple[int, str]:
    """Let the bot die at the review and hold the press that saves; return the message and the data
    of the button that goes on, and saves."""
    assert plant.ask("kill") == "killed"
    plant.start()
    receiver = chat("receiver")
    hands.wait_toast(receiver, hands.forge(receiver, review.data, review.message))
    offer = hands.wait_text(receiver, OFFER)
    until(lambda: not plant.one(UNSHOWN))
    assert plant.ask("kill") == "killed"
    return offer["id"], offer["keyboard"][0][0]["callback_data"]


def _died(plant: Plant, hands: PhoneClient, query: str) -> bool:
    """Wait until the bot has died or answered the press."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if plant.ask("alive") == "no":
            return True
        if any(toast["id"] == query for toast in hands.chat(chat("receiver"))["toasts"]):
            return False
        time.sleep(0.02)
    raise AssertionError("the bot neither died nor answered")


def test_no_answer_is_lost_when_the_bot_dies_after_every_one(plant: Plant) -> None:
    said = read_talk(TALK.name, TALK.read_text("utf-8")).lines
    answers = range(1, 1 + sum(isinstance(line, Says) for line in said))
    after = set(random.Random(SEED).sample(answers, FEW) if ON_POSTGRES else answers)
    print(f"SEED={SEED}: killed after answers {sorted(after)} of {len(answers)}")
    plant.start()
    hands = Killing(plant, after)
    play_over_http(TALK, plant.phones_url, chats(), phones=hands)
    print(f"went on {hands.went_on} times")
    assert (hands.acts, hands.killed) == (len(answers), len(after))
    assert hands.went_on > 0
    plant.check()
