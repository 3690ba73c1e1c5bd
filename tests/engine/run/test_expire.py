"""Drafts that nobody answers: warned of an hour before, ended once, with all that hangs on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.model.conversation import Answer, Screen, State
from engine.model.text import Text
from engine.model.work import Receivers, TaskWanted
from engine.run.expire import expire
from engine.talk.plant import Plant
from tests.engine.rehearsal import RECEIVER, at_review, plant

DAY, MINUTE = timedelta(hours=24), timedelta(minutes=1)


def standing(on: Plant, chat: int) -> None:
    """Put a form at its review into a chat, answered last now."""
    actor = on.ports.people.actor(chat)
    assert actor is not None
    session = replace(at_review(on).session, actor=actor)
    empty = on.ports.chats.load(chat)
    kept = replace(empty, sessions=(session,), screen=Screen("question"))
    on.ports.chats.keep(kept, on.clock.now())


def told(on: Plant) -> list[str]:
    return [str(letter.text) for letter in on.memory.letters.values()]


def test_a_draft_is_warned_of_an_hour_before_and_ended_at_its_time_each_once():
    on = plant()
    chat = on.chat_of("receiver")
    standing(on, chat)
    began = on.clock.now()
    for after in (DAY - timedelta(hours=1) - MINUTE, DAY - timedelta(hours=1), DAY - MINUTE):
        assert expire(on.program, on.ports, began + after) == 0
    assert told(on) == ["Черновик «Новая партия» пропадёт через час"]
    assert expire(on.program, on.ports, began + DAY) == 1
    assert expire(on.program, on.ports, began + 2 * DAY) == 0
    assert told(on)[1:] == ["Черновик «Новая партия» пропал: на него долго не отвечали"]
    left = on.ports.chats.load(chat)
    assert (left.sessions, left.screen) == ((), Screen("menu"))


def test_an_answer_begins_the_day_anew():
    on = plant()
    chat = on.chat_of("receiver")
    standing(on, chat)
    began = on.clock.now()
    (session,) = on.ports.chats.load(chat).sessions
    answered = replace(session, step="weight")
    kept = replace(on.ports.chats.load(chat), sessions=(answered,))
    on.ports.chats.keep(kept, began + DAY - MINUTE)
    assert expire(on.program, on.ports, began + DAY) == 0
    assert [one.state for one in on.ports.chats.load(chat).sessions] == [State.TALKING]


def test_the_task_of_a_draft_that_expires_goes_back():
    on = plant()
    chat = on.chat_of("receiver")
    standing(on, chat)
    began = on.clock.now()
    (session,) = on.ports.chats.load(chat).sessions
    wanted = TaskWanted(
        "take", "raw_batch", "1", "Принять", Text.of("Принять"), Receivers(("receiver",)),
        flow="raw_intake",
    )  # fmt: skip
    task = on.ports.tasks.create(wanted, began)
    on.ports.tasks.claim(task.id, RECEIVER, str(session.id), began)
    expire(on.program, on.ports, began + DAY)
    back = on.ports.tasks.get(task.id)
    assert back is not None
    assert (back.state, back.holder) == ("open", "")


def test_a_draft_of_a_form_that_is_gone_expires_too():
    on = plant()
    chat = on.chat_of("receiver")
    standing(on, chat)
    began = on.clock.now()
    (session,) = on.ports.chats.load(chat).sessions
    gone = replace(session, flow="gone", answers={"weight": Answer("1", deviation="unknown")})
    on.ports.chats.keep(replace(on.ports.chats.load(chat), sessions=(gone,)), began)
    assert expire(on.program, on.ports, began + DAY) == 1
