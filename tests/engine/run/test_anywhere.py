"""Flows that may be opened over anything: whose card shows them, what they are told, where they
return to. `flows/help/help_request.task.talk` talks it through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.conversation import Button, Chat, Screen
from engine.model.text import Text
from engine.model.values import Row
from engine.model.work import TASK, Receivers, Task, TaskWanted
from engine.run.anywhere import over_task, place_after
from engine.run.cards import card_of
from engine.run.program import Program
from engine.run.stored import unpack_given
from engine.talk.plant import START, Plant
from tests.engine.rehearsal import Talker, plant, program


def work(*roles: str, people: tuple[str, ...] = ()) -> Task:
    to = Receivers(roles, people)
    return Task("t1", TaskWanted("unpack", "mix", "mix-1", "Растарить", Text(), to), "open", START)


def narrowed(*roles: str) -> Program:
    """Return the shipped program in which only these roles may ask for help."""
    (help_flow,) = program().anywhere
    flow = replace(help_flow, roles=roles)
    return replace(program(), anywhere=(flow,), flows={**program().flows, flow.name: flow})


def titles(buttons: tuple[Button, ...]) -> list[str]:
    return [button.title for button in buttons]


@pytest.mark.parametrize(
    ("roles", "shown"), [(("lab",), ["Помощь"]), (("packer",), []), (("lab", "packer"), ["Помощь"])]
)
def test_a_card_offers_what_one_of_its_roles_may_open(roles: tuple[str, ...], shown: list[str]):
    assert titles(over_task(narrowed("lab"), work(*roles), roles)) == shown


def test_a_card_for_named_people_offers_it_whatever_their_roles_are():
    card = card_of(narrowed("lab"), work(people=("7",)))
    assert [title for title, _, _ in card.buttons] == ["Помощь"]


def test_the_button_carries_the_task():
    (button,) = over_task(program(), work("lab"), ("lab",))
    assert unpack_given(button.arg) == ("help_request", {"task": Row(TASK, "t1", "Растарить")})


def test_a_flow_without_a_parameter_for_it_is_told_nothing():
    (flow,) = program().anywhere
    without = replace(program(), anywhere=(replace(flow, given={}),))
    (button,) = over_task(without, work("lab"), ("lab",))
    assert button.arg == "help_request"


@pytest.fixture
def rehearsed() -> Plant:
    return plant()


def test_it_returns_to_a_question_before_a_card_and_to_no_card_of_a_task_that_is_done(
    rehearsed: Plant,
):
    tasks = rehearsed.ports.tasks
    task = tasks.create(work("lab").wanted, START)
    talked = Talker(rehearsed, "help_request").session
    session = replace(talked, given={"task": Row(TASK, task.id)})
    alone, over = Chat(1, "a"), Chat(1, "a", sessions=(talked,))
    back = place_after(program(), alone, session, tasks)
    assert back is not None
    assert back.screen == Screen("task", task.id)
    back = place_after(program(), over, session, tasks)
    assert back is not None
    assert back.screen == Screen("question")
    assert place_after(program(), alone, talked, tasks) is None
    assert place_after(program(), over, replace(session, flow="raw_intake"), tasks) is None
    tasks.complete(task.id, None, START)
    assert place_after(program(), alone, session, tasks) is None
