"""A task of a second person whose command is kept elsewhere: read in a chat, answered where it was
given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.text import Text
from engine.model.work import COUNTERSIGN, Receivers, Signature, Task, TaskWanted
from engine.run.cards import card_of
from engine.run.decisions import NOT_YOURS
from engine.talk.plant import START
from tests.engine.rehearsal import program, rehearser
from tests.engine.run.test_reactions import Phone

KEPT = Signature("", "", "1", "Первый П. П.", (), "посчитали", excluded=("1",))
WANTED = TaskWanted(
    COUNTERSIGN, "mix", "1", "Подтвердить", Text.of("Подтвердить"), Receivers(("lab",)),
    signature=KEPT,
)  # fmt: skip


def test_its_card_has_no_answer_and_one_of_a_lifecycle_has_two() -> None:
    signed = replace(WANTED, signature=replace(KEPT, lifecycle="mix", transition="release_blocked"))
    kept, offered = (
        [act for _title, act, _arg in card_of(program(), Task("t1", one, "open", START)).buttons]
        for one in (WANTED, signed)
    )
    assert kept == ["flow"]
    assert offered == ["sign", "unsign", "flow"]


@pytest.mark.parametrize("act", ["sign", "unsign"])
def test_a_forged_answer_to_it_is_refused_and_it_waits_on(act: str) -> None:
    lab = Phone(rehearser().stage(), "lab").command("start")
    ports = lab.stage.plant.ports
    task = ports.tasks.create(WANTED, lab.stage.plant.clock.now())
    chat = ports.chats.load(lab.chat)
    forged = (*chat.buttons[:-1], replace(chat.buttons[-1], act=act, arg=task.id))
    ports.chats.keep(replace(chat, buttons=forged), lab.stage.plant.clock.now())
    lab.press(lab.titles[-1])
    assert lab.toast == NOT_YOURS
    waits = ports.tasks.get(task.id)
    assert waits is not None
    assert waits.waits
