"""Days of the simulated plant: forty workers who talk, by the bot's own path, under a clock moved
from one act to the next. Start at `simulate`.

Nothing here knows what a form asks; who does what when is in `plan`, what is answered is in
`wares` and `answers`. The same start, seed and days make the same books."""

from __future__ import annotations

import heapq
import time as wall
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from crm.plant.clock import PlantClock
from crm.plant.crew import DAY, crew, hire
from crm.plant.hand import Hand
from crm.plant.made import Made, made_since
from crm.plant.office import Office
from crm.plant.plan import day_plan
from crm.plant.slips import Slips
from crm.plant.talker import Talker
from engine.ports import Files

SWEEP = timedelta(minutes=30)  # between two sweeps when nothing is due: they find what is lost
SOON = timedelta(seconds=2)  # until the next one when something is due
NOTICED_S = (15, 150)  # until somebody looks at his phone when it rings
Told = Callable[[datetime], None]


@dataclass
class Outcome:
    """What a run did."""

    days: float
    turns: int = 0
    seconds: float = 0.0
    given_up: int = 0
    slips: dict[str, int] = field(default_factory=dict)
    made: Made = field(default_factory=Made)

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds if self.seconds else 0.0


def simulate(
    clock: PlantClock,
    days: float,
    seed: int,
    *,
    files: Files | None = None,
    slips: float = 1.0,
    told: Told = lambda at: None,
) -> Outcome:
    """Let the plant work for days from the present moment of the clock; `told` hears of every
    plant minute that went by."""
    hire()
    since, began = clock.now(), wall.perf_counter()
    plant = _Plant(Talker(clock, files=files), seed, Slips(slips))
    plant.run(clock.now() + timedelta(days=days), told)
    plant.end()
    return Outcome(
        days=days,
        turns=plant.talker.turns,
        seconds=wall.perf_counter() - began,
        given_up=sum(hand.gave_up for hand in plant.hands.values()),
        slips=dict(sorted(plant.slips.made.items())),
        made=made_since(since),
    )


class _Plant:
    """The loop: whoever is to act next acts, and the clock stands at his moment."""

    def __init__(self, talker: Talker, seed: int, slips: Slips) -> None:
        self.talker, self.slips = talker, slips
        self.chance = Random(f"{seed} plan")
        self.hands = {
            worker.chat: Hand(talker, worker, Random(f"{seed} {worker.chat}"), slips)
            for worker in crew()
        }
        self._wakes: dict[int, datetime] = {}
        self._queue: list[tuple[datetime, int]] = []
        self._rung: set[int] = set()
        self._planned: datetime | None = None
        self._next_sweep = talker.clock.now()
        self._office = Office(talker.program, Random(f"{seed} office"), slips)
        talker.told = self._rung.add

    def run(self, until: datetime, told: Told) -> None:
        """Work until a moment."""
        talker = self.talker
        for chat, hand in self.hands.items():
            first = hand.worker.next_shift(talker.clock.now())
            self._wake(chat, first + timedelta(minutes=hand.chance.uniform(0, 20)))
        self._next_sweep = talker.clock.now()
        while self._queue:
            self._plan_day()
            at, chat = heapq.heappop(self._queue)
            if self._wakes.get(chat) != at:
                continue
            while self._next_sweep <= min(at, until):
                self._sweep()
            if self._let_the_office_work(min(at, until)):
                self._wake(chat, at)
                continue
            if at >= until:
                return
            if self._wakes.get(chat) != at:
                continue
            talker.clock.move_to(at)
            self._act(chat)
            told(talker.clock.now())

    def end(self) -> None:
        """Leave nothing that only this run knows of."""
        self._office.end(self.talker.clock.now())

    def _sweep(self) -> None:
        """Let the clock do what is due, and learn when something is next."""
        talker = self.talker
        talker.clock.move_to(self._next_sweep)
        talker.sweep()
        self._ring()
        now = talker.clock.now()
        due = talker.timers.next_due() or now + SWEEP
        self._next_sweep = max(now + SOON, min(due, now + SWEEP))

    def _let_the_office_work(self, until: datetime) -> bool:
        """Let the office do what is due before a moment, if there is anything; tell whether."""
        due = self._office.next_due
        if due is None or due > until:
            return False
        self.talker.clock.move_to(due)
        self._office.act(self.talker.clock.now())
        self.talker.deliver()
        self._ring()
        return True

    def _act(self, chat: int) -> None:
        hand, now = self.hands[chat], self.talker.clock.now()
        del self._wakes[chat]
        self._rung.discard(chat)
        if not hand.worker.at_work(now) and not hand.busy():
            self._wake(chat, hand.worker.next_shift(now))
            return
        after = hand.act(now)
        self._rung.discard(chat)
        self._wake(chat, now + after)
        self._ring()
        if hand.waits_for_a_job():
            self._next_sweep = min(self._next_sweep, now + SOON)

    def _wake(self, chat: int, at: datetime) -> None:
        """Let somebody act at a moment, or earlier if he was to."""
        at = min(at, self._wakes.get(chat, at))
        self._wakes[chat] = at
        heapq.heappush(self._queue, (at, chat))

    def _ring(self) -> None:
        """Let those whose phones rang look at them; in the order of their chats, so that the order
        in which letters were written decides nothing."""
        now = self.talker.clock.now()
        for chat in sorted(self._rung):
            hand = self.hands.get(chat)
            if hand is not None and hand.worker.at_work(now):
                self._wake(chat, now + timedelta(seconds=hand.chance.uniform(*NOTICED_S)))
        self._rung.clear()

    def _plan_day(self) -> None:
        """Give the day's errands to those who will be at work."""
        now = self.talker.clock.now()
        if self._planned is not None and now < self._planned + timedelta(days=1):
            return
        morning = datetime.combine(now.date(), DAY, now.tzinfo)
        self._planned = morning if morning <= now else morning - timedelta(days=1)
        self._office.plan(self._planned, now)
        for role, errand in day_plan(self._planned, self.chance):
            if errand.due < now:
                continue
            able = [
                hand
                for hand in self.hands.values()
                if role in hand.worker.roles and hand.worker.at_work(errand.due)
            ]
            if able:
                chosen = able[self.chance.randrange(len(able))]
                chosen.errands.append(errand)
                self._wake(chosen.worker.chat, errand.due)
