"""Whatever people do, in whatever order, twice, at the wrong moment, with crashes in between: the
books stay true and nobody is left without a way on.

Three hundred short stories, on PostgreSQL a hundred others, over a plant that has
worked for a while: an example is some twenty turns in a savepoint, judged at its end as
`verify-ledger` judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from django.db import connection, transaction
from django.db.models import Max
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.ledger.models import Event
from crm.ledger.verify import verify
from crm.plant.clock import PlantClock
from crm.plant.crew import Worker, crew, hire
from crm.plant.hand import Errand, Hand
from crm.plant.slips import Slips
from crm.plant.talker import Talker
from crm.work.models import Session, Update
from tests.seeded import seed
from tests.sizes import sizes

START = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
STARTS = ("Новая партия", "Новая заготовка", "Новый фарш", "Создать фарш пет-фуд", "Лаборатория")
NOISE = ("/start", "/tasks", "/cancel", "{sticker}", "{photo}", "12,5", "−7", "Каркас", "да")
WHO = st.integers(0, 39)
EXAMPLES, STEPS = 300, 6
FEW = 100  # examples on PostgreSQL, where each takes twice as long
BEFORE = 400  # acts that the plant has seen when an example begins
PAUSES = (1, 1, 16, 16, 60, 60, 12 * 60, 25 * 60)  # minutes; long ones ring every timer: rarely


class _Over(Exception):
    """Rolls an example back."""


class Plant(RuleBasedStateMachine):
    """Forty people with phones; each example begins with the same plant and is rolled back.
    `turns` counts what was said in all examples; who they are and when they begin is the same."""

    people: tuple[Worker, ...]
    start: datetime
    turns = 0

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        self.clock = PlantClock(self.start).__enter__()
        self.talker = Talker(self.clock)
        slips = Slips(scale=5)
        self.hands = [Hand(self.talker, one, Random(one.chat), slips) for one in self.people]

    def teardown(self) -> None:
        """Judge what came of it, then give the time and the rows back."""
        type(self).turns += self.talker.turns
        try:
            self._judge()
        finally:
            self.clock.__exit__(None, None, None)
            self._block.__exit__(_Over, _Over(), None)

    def _judge(self) -> None:
        """No event is unbalanced, no balance negative or drifting, no lot an orphan; every task has
        an owner, every record a way on; an event of a form is of a saved one, no chat waits for a
        screen that was lost once the bot runs again."""
        found = (*verify(), *verify_work(program()))
        assert [f"{one.title}: {one.examples}" for one in found if one.count] == []
        saved = Session.objects.filter(pk__in=Event.objects.values("session"))
        assert set(saved.values_list("state", flat=True)) <= {"saved", "refused"}
        assert self.talker.ports.chats.undelivered() == ()

    @rule(who=WHO, luck=st.integers(0, 999), acts=st.integers(1, 14))
    def works(self, who: int, luck: int, acts: int) -> None:
        """Somebody goes on with what is before him."""
        hand = self.hands[who]
        hand.chance = Random(luck)
        for _ in range(acts):
            hand.act(self.clock.now())
            if hand.offline_until is not None:  # no time passes here: his network is back at once
                hand.offline_until = self.clock.now()

    @rule(who=WHO, luck=st.integers(0, 999), what=st.sampled_from(STARTS))
    def begins(self, who: int, luck: int, what: str) -> None:
        """Somebody is sent to begin something, and does what it asks for, if it is his to do."""
        hand = self.hands[who]
        hand.errands = [Errand(self.clock.now(), (what,))]
        self.works(who, luck, 14)

    @rule(who=WHO, thing=st.sampled_from(NOISE))
    def says_anything(self, who: int, thing: str) -> None:
        """Somebody says what nobody asked for."""
        self.talker.say(self.hands[who].worker.chat, thing)

    @rule(who=WHO, at=st.integers(0, 30))
    def presses_an_old_button(self, who: int, at: int) -> None:
        """Somebody presses a button of any message that he still has, also a dead one."""
        messages = [*self.talker.phone(self.hands[who].worker.chat).messages()]
        data = [one for message in messages for one in message.data]
        if data:
            self.talker.arrive(self.hands[who].worker.chat, data=data[at % len(data)])

    @rule()
    def the_last_update_comes_again(self) -> None:
        """Telegram brings the last update once more."""
        self.talker.repeat()

    @rule(lost=st.booleans())
    def the_bot_crashes(self, lost: bool) -> None:
        """The process dies, perhaps before an answer was shown, and starts again."""
        if lost:
            self.talker.lose()
            self.talker.say(self.hands[0].worker.chat, "/tasks")
        self.talker.restart()

    @rule(minutes=st.sampled_from(PAUSES))
    def time_passes(self, minutes: int) -> None:
        """Nobody does anything for a while; what is due rings."""
        self.talker.after(minutes=minutes)


def began() -> datetime:
    """Return when the examples begin: when the last thing before them was done."""
    last = Update.objects.aggregate(last=Max("at"))["last"]
    return last or START


def work_for_a_while() -> None:
    """Let everybody do what comes before him, those of the offices and the gate first."""
    chance = Random(1)
    with PlantClock(START) as clock:
        talker = Talker(clock)
        hands = [Hand(talker, one, Random(one.chat), Slips(scale=1)) for one in crew()]
        for number in range(BEFORE):
            hand = chance.choice(hands)
            if number % 10 == 0:
                hand.errands = [Errand(clock.now(), (chance.choice(STARTS),))]
                talker.after(minutes=3)
            hand.act(clock.now())


def test_whatever_people_do_the_books_are_true_and_nobody_is_stuck(
    db: None, record_property: Callable[[str, object], None]
) -> None:
    seed()
    hire()
    work_for_a_while()
    Plant.people, Plant.start = crew(), began()
    examples = sizes().examples(EXAMPLES if connection.vendor == "sqlite" else FEW)
    short = settings(max_examples=examples, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(Plant, settings=short)
    record_property("said", f"a plant lived on {short.max_examples} times, {Plant.turns} turns")
    assert Plant.turns > 3 * short.max_examples
