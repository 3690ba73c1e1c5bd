"""One worker at his phone: what he does next, by what he sees. Start at `Hand.act`.

A form that is open is answered to its end; then come the cards of tasks and decisions, each after
the time that its work takes; then what the day's plan has for him; else he waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.plant.answers import REASONS, about_value, answer
from crm.plant.asked import Asked, Thing
from crm.plant.crew import Worker
from crm.plant.phone import Shown
from crm.plant.slips import Slips
from crm.plant.talker import Talker
from crm.plant.work import choice_of, duration_of
from engine.model.conversation import Button, Chat
from engine.run.draft import Draft
from engine.run.stages import SINCE, VALUE, stage

CARD_ACTS = frozenset({"task", "form", "do", "answer", "sign", "unsign"})
ANSWERS = frozenset({"option", "ready", "next", "done", "save"})
THINKS_S = {"photos": (10, 40), "text": (8, 30), "repeat": (4, 12), "review": (5, 20)}
THINKS_ELSE_S = (3, 15)
AGAIN = timedelta(minutes=10)  # before a card that did not work is tried once more
TRIES = 3
LOOKS = timedelta(hours=3)  # between two looks into «Мои задачи» of who has nothing to do
OFFLINE = timedelta(minutes=40)
LONGEST = 100  # answers in one form; who needs more goes round in circles
STUCK = 12  # answers in a row that changed nothing; then the form is dropped


@dataclass
class Errand:
    """Something that the day's plan has for a worker: the buttons from the menu to the form."""

    due: datetime
    titles: tuple[str, ...]
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass
class Card:
    """A card with buttons on a worker's phone: when its work will be done, tries so far."""

    due: datetime
    tries: int = 0


@dataclass
class Hand:
    """A worker's hand; `chance` is his own, so that nobody's luck depends on another's."""

    talker: Talker
    worker: Worker
    chance: Random
    slips: Slips
    errands: list[Errand] = field(default_factory=list)
    cards: dict[int, Card] = field(default_factory=dict)
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)  # by form
    listed: set[str] = field(default_factory=set)  # what was taken up from «Мои задачи»
    looked: datetime | None = None
    offline_until: datetime | None = None
    unchanged: int = 0
    gave_up: int = 0

    def act(self, now: datetime) -> timedelta:
        """Do one thing, if there is one to do; return after what time he does the next."""
        if self.offline_until is not None:
            if now < self.offline_until:  # his phone rings for nobody
                return self.offline_until - now
            self.offline_until = None
            return self._all_at_once()
        if self.slips.happens("offline", self.chance):
            self.offline_until = now + OFFLINE
            return OFFLINE
        chat = self.talker.state(self.worker.chat)
        if chat is None:
            self.talker.say(self.worker.chat, "/start")
            return self._soon()
        top = chat.top
        if chat.screen.name == "question" and top is not None:
            if top.waiting:
                return AGAIN
            return self._fill_in(chat, now)
        button = self._way_on(chat)
        if button is not None:
            self.talker.tap(self.worker.chat, button)
            return self._soon()
        if chat.screen.name in ("why", "comment"):
            self.talker.say(self.worker.chat, self.chance.choice(REASONS))
            return self._soon()
        return self._take_up(chat, now)

    def _all_at_once(self) -> timedelta:
        """Let arrive what he tried without a network, again and again: an answer to the question
        before him, words, the same answer; then he looks where he is."""
        chat = self.worker.chat
        screen = self.talker.phone(chat).screen
        answers = [
            data
            for button, data in zip(screen.buttons, screen.data, strict=True)
            if button.act in ANSWERS
        ]
        if self.busy() and answers:
            pressed = self.chance.choice(answers)
            self.talker.arrive(chat, data=pressed)
            self.talker.arrive(chat, data=pressed)
            self.talker.say(chat, self.chance.choice(REASONS))
            self.talker.arrive(chat, data=pressed)
        self.talker.say(chat, "/start", "/start")
        return self._soon()

    def waits_for_a_job(self) -> bool:
        """Tell whether his form waits for something that the system does by itself."""
        chat = self.talker.state(self.worker.chat)
        top = chat.top if chat is not None else None
        return top is not None and not top.waiting and SINCE in top.look

    def busy(self) -> bool:
        """Tell whether a form is open before him."""
        chat = self.talker.state(self.worker.chat)
        return chat is not None and chat.top is not None and not chat.top.waiting

    def _soon(self, kind: str = "") -> timedelta:
        return timedelta(seconds=self.chance.uniform(*THINKS_S.get(kind, THINKS_ELSE_S)))

    def _way_on(self, chat: Chat) -> Button | None:
        """Return the button that leads on from a screen that is no question."""
        wanted = {
            "said": ("go_on",),
            "resume": ("resume",),
            "cancel": ("drop",),
            "put_off": ("put_off",),
            "language": ("menu",),
        }.get(chat.screen.name, ())
        if chat.screen.name == "menu" and chat.top is not None and not chat.top.waiting:
            wanted = ("resume",)
        buttons = self._buttons()
        return next((one for act in wanted for one in buttons if one.act == act), None)

    def _buttons(self) -> tuple[Button, ...]:
        return self.talker.phone(self.worker.chat).screen.buttons

    def _fill_in(self, chat: Chat, now: datetime) -> timedelta:
        top = chat.top
        assert top is not None
        draft = Draft(self.talker.program, top, self.talker.ports.reads)
        memory = self.memory.setdefault(str(top.id), {})
        asked = Asked(draft, self._buttons(), self.chance, memory, now, self.slips.happens)
        asked.came_back()
        memory["answers"] = memory.get("answers", 0) + 1
        if memory["answers"] > LONGEST:
            return self._away()
        meant = self._meant(asked)
        if meant is None:
            return self._stuck(asked)
        done = self.slips.instead(asked, meant)
        asked.chose(done)
        self._do(done)
        self._leave_seldom()
        self._watch(chat)
        return self._soon(asked.kind)

    def _meant(self, asked: Asked) -> Thing | None:
        look = asked.session.look
        return about_value(asked, stage(look)[0]) if VALUE in look else answer(asked)

    def _do(self, thing: Thing) -> None:
        chat = self.worker.chat
        if isinstance(thing, str):
            self.talker.say(chat, thing)
            return
        screen = self.talker.phone(chat).screen
        self.talker.tap(chat, thing)
        if self.slips.happens("double tap", self.chance):
            self.talker.arrive(chat, data=screen.data[screen.buttons.index(thing)])

    def _leave_seldom(self) -> None:
        if self.slips.happens("menu", self.chance):
            self.talker.say(self.worker.chat, "/start")
        elif self.slips.happens("cancel", self.chance):
            self._drop()

    def _watch(self, before: Chat) -> None:
        """Notice when answers lead nowhere, and give the form up in the end."""
        after = self.talker.state(self.worker.chat)
        was, now = before.top, after.top if after else None
        same = was is not None and now is not None and (was.id, was.step, was.look) == (
            now.id, now.step, now.look
        )  # fmt: skip
        self.unchanged = self.unchanged + 1 if same else 0
        if self.unchanged >= STUCK:
            self._drop()

    def _stuck(self, asked: Asked) -> timedelta:
        """Wait where waiting helps; where there is nothing to choose from, go back and choose what
        led here otherwise; give the form up when that does not help."""
        if asked.kind != "wait":
            back = asked.act("back")
            if back is not None and asked.goes_back():
                self.talker.tap(self.worker.chat, back)
            else:
                self._drop()
            return self._soon()
        refresh, leave = asked.act("refresh"), asked.act("leave", "skip")
        waits = asked.kept("waits", lambda: 0)
        asked.memory["waits"] = waits + 1
        if refresh is not None and waits < STUCK:
            self.talker.tap(self.worker.chat, refresh)
            return AGAIN
        if leave is not None and waits > 1:
            self.talker.tap(self.worker.chat, leave)
            return self._soon()
        return timedelta(minutes=1) if waits < STUCK else self._away()

    def _away(self) -> timedelta:
        self._drop()
        return AGAIN

    def _drop(self) -> None:
        self.unchanged = 0
        self.gave_up += 1
        self.talker.say(self.worker.chat, "/cancel")
        drop = next((one for one in self._buttons() if one.act == "drop"), None)
        if drop is not None:
            self.talker.tap(self.worker.chat, drop)

    def _take_up(self, chat: Chat, now: datetime) -> timedelta:
        """Take the next work: a card whose time has come, an errand of the plan, or a look into
        «Мои задачи»."""
        found = self._due_card(now)
        if found is not None:
            return self._press_card(*found)
        self.errands.sort(key=lambda one: one.due)
        if self.errands and self.errands[0].due <= now:
            return self._run(self.errands.pop(0))
        if chat.screen.name in ("tasks", "task", "card"):
            taken = self._from_list(chat)
            if taken is not None:
                return taken
        if self.looked is None or now - self.looked > LOOKS:
            self.looked = now
            self.listed.clear()
            self.talker.say(self.worker.chat, "/tasks")
            return self._soon()
        return self._until_next(now)

    def _until_next(self, now: datetime) -> timedelta:
        moments = [one.due for one in self.cards.values() if one.tries < TRIES]
        moments += [one.due for one in self.errands[:1]]
        moments.append((self.looked or now) + LOOKS + timedelta(seconds=1))
        return max(timedelta(seconds=5), min(moments) - now)

    def _due_card(self, now: datetime) -> tuple[Shown, Card] | None:
        """Return the card that has been ready for longest."""
        letters = self.talker.phone(self.worker.chat).letters
        for number in [one for one in self.cards if one not in letters]:
            del self.cards[number]
        ready: list[tuple[datetime, str, int]] = []
        for number, letter in letters.items():
            acts = [one for one in letter.buttons if one.act in CARD_ACTS]
            if not acts:
                self.cards.pop(number, None)
                continue
            card = self.cards.get(number)
            if card is None:
                takes = duration_of(self.talker, acts[0], self.chance)
                card = self.cards[number] = Card(now + takes)
            if card.tries < TRIES and card.due <= now:
                ready.append((card.due, letter.text, number))
        if not ready:
            return None
        number = min(ready)[2]
        return letters[number], self.cards[number]

    def _press_card(self, letter: Shown, card: Card) -> timedelta:
        card.tries += 1
        card.due += AGAIN
        acts = [one for one in letter.buttons if one.act in CARD_ACTS]
        button = choice_of(acts, self.chance)
        data = letter.data[letter.buttons.index(button)]
        self.talker.arrive(self.worker.chat, data=data)
        if self.slips.happens("double tap", self.chance):
            self.talker.arrive(self.worker.chat, data=data)
        return self._soon()

    def _run(self, errand: Errand) -> timedelta:
        """Go from the menu to the form of an errand; one that is not offered is let go."""
        chat = self.worker.chat
        self.talker.say(chat, "/start")
        for title in errand.titles:
            button = next((one for one in self._buttons() if one.title == title), None)
            if button is None:
                return self._soon()
            self.talker.tap(chat, button)
        state = self.talker.state(chat)
        if state is not None and state.top is not None:
            self.memory[str(state.top.id)] = dict(errand.memory)
        return self._soon()

    def _from_list(self, chat: Chat) -> timedelta | None:
        """Take up what «Мои задачи» or a card on the screen shows; None when there is nothing."""
        acts = {"task", "card"} if chat.screen.name == "tasks" else CARD_ACTS
        found = [one for one in self._buttons() if one.act in acts and one.arg not in self.listed]
        if not found:
            return None
        button = choice_of(found, self.chance)
        if chat.screen.name == "tasks":
            self.listed.add(button.arg)
        self.talker.tap(self.worker.chat, button)
        return self._soon()
