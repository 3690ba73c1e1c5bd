"""How long work takes on the floor, and how people decide: by the transition or the task that a
button is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from crm.plant.talker import Talker
from engine.model.conversation import Button

# Minutes from the card to the press, by the transition or the kind of task.
MINUTES: Mapping[str, tuple[float, float]] = {
    "unpack_mix": (6, 14),
    "press_mix": (6, 12),
    "sample_mix": (12, 18),
    "mix_analysis": (3, 8),
    "mix_decision": (3, 12),
    "load_plate": (2, 6),
    "set_pallet": (2, 6),
    "ash_analysis": (60, 240),
    "ash_decision": (10, 60),
    "analyse_raw": (15, 90),
    "raw_lab_decision": (10, 60),
    "certificate_check": (5, 60),
    "weigh_blank": (15, 40),
    "unpack_blank": (20, 60),
    "blank_problem": (5, 25),
    "redefrost_decision": (5, 20),
    "unload_plate": (1, 15),
    "unload_shock": (1, 30),
    "load_shock": (5, 30),
    "palletize": (5, 30),
    "ccp_check": (1, 12),
}
DEFROST: Mapping[str, tuple[float, float]] = {
    "Включить": (5, 30),
    "Выключить": (600, 1200),
    "Завершить": (10, 40),
}
ELSE: tuple[float, float] = (2, 15)
DECISION: tuple[float, float] = (1, 20)  # of a deviation
LATE, LATE_BY = 0.03, (30, 120)  # seldom somebody is long in coming

# How often a transition is chosen where a card has several; the others are chosen as seldom.
LIKELY: Mapping[str, int] = {
    "finish_unpacking": 60,
    "resolve_continue": 5,
    "resolve_reweigh": 2,
    "release": 4,
    "request_retest": 4,
    "reject": 2,
    "retest": 6,
    "accept_deviation": 3,
    "block": 1,
    "accept_ash": 4,
    "retest_ash": 3,
    "keep_ash_hold": 1,
    "approve_not_frozen": 4,
    "reject_not_frozen": 1,
    "approve_repeat": 5,
    "refuse_repeat": 1,
    "approve": 6,
    "reject_answer": 1,
    "agree_joint_work": 3,
    "verify": 8,
    "cancel": 1,
}


def duration_of(talker: Talker, button: Button, chance: Random) -> timedelta:
    """Return after what time the work of a card is done."""
    if button.act == "answer":
        minutes = DECISION
    else:
        task = talker.ports.tasks.get(button.arg.partition(":")[0])
        kind = task.wanted.kind if task is not None else ""
        minutes = MINUTES.get(kind, ELSE)
        title = str(task.wanted.title) if task is not None else ""
        minutes = next((own for word, own in DEFROST.items() if title.startswith(word)), minutes)
    late = chance.uniform(*LATE_BY) if chance.random() < LATE else 0
    return timedelta(minutes=chance.uniform(*minutes) + late)


def choice_of(buttons: Sequence[Button], chance: Random) -> Button:
    """Return the button that somebody presses on a card."""
    weights = [LIKELY.get(_name(one), 1) for one in buttons]
    return chance.choices(buttons, weights)[0]


def _name(button: Button) -> str:
    """Return the transition or the answer that a button is about; a form that is one way of
    several on a card is none."""
    name = button.arg.rpartition(":")[2]
    return "reject_answer" if button.act == "answer" and name == "reject" else name
