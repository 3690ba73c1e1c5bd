"""What a row keeps is what a turn continues from: packing and unpacking lose nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.model.conversation import (
    Actor,
    Album,
    Answer,
    Bounds,
    Button,
    Chat,
    Ended,
    Screen,
    Session,
    State,
    Verdict,
)
from engine.model.effects import Paper
from engine.model.files import FileRef
from engine.model.values import Option, Row
from engine.run import stored

TEXTS = st.text(max_size=12)
FILES = st.builds(FileRef, TEXTS, TEXTS, st.integers(0, 10**8), TEXTS, TEXTS)
SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    TEXTS,
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Option, TEXTS, TEXTS, st.booleans()),
    st.lists(FILES, max_size=3).map(tuple),
)
VALUES = st.one_of(
    SIMPLE, st.builds(Row, TEXTS, TEXTS, TEXTS, st.dictionaries(TEXTS, SIMPLE, max_size=3))
)
BOUNDS = st.builds(Bounds, TEXTS, SIMPLE, SIMPLE, TEXTS, st.integers(0, 99), TEXTS)
ANSWERS = st.builds(Answer, VALUES, st.none() | BOUNDS, TEXTS, st.booleans())
SESSIONS = st.builds(
    Session,
    st.uuids(),
    TEXTS,
    TEXTS,
    st.builds(Actor, TEXTS, TEXTS, st.just(frozenset()), TEXTS),
    TEXTS,
    st.dictionaries(TEXTS, ANSWERS, max_size=4),
    st.dictionaries(TEXTS, VALUES, max_size=2),
    st.lists(TEXTS, max_size=4).map(tuple),
    st.booleans(),
    st.dictionaries(TEXTS, SIMPLE, max_size=2),
    st.sampled_from(State),
    TEXTS,
    st.integers(0, 9),
    st.none() | st.builds(Album, TEXTS, TEXTS),
    TEXTS,
)
BUTTONS = st.builds(Button, TEXTS, TEXTS, TEXTS)
CHATS = st.builds(
    Chat,
    st.just(7),
    TEXTS,
    st.integers(0, 999),
    st.builds(Screen, TEXTS, TEXTS),
    st.lists(BUTTONS, max_size=4).map(tuple),
    st.just(()),
    st.none() | st.builds(Ended, st.integers(0, 99), st.sampled_from(State), TEXTS, TEXTS),
    TEXTS,
)


def through_json(data: object) -> object:
    return json.loads(json.dumps(data))


@given(VALUES)
def test_a_value_comes_back_equal_and_of_the_same_kind(value: object):
    back = stored.unpack(through_json(stored.pack(value)))
    assert back == value
    assert type(back) is type(value)


@given(SESSIONS)
def test_a_session_comes_back_equal(session: Session):
    assert stored.unpack_session(through_json(stored.pack_session(session))) == session


@given(CHATS, st.lists(SESSIONS, max_size=2).map(tuple))
def test_a_chat_comes_back_equal_with_its_sessions(chat: Chat, sessions: tuple[Session, ...]):
    chat = replace(chat, sessions=sessions)
    assert stored.unpack_chat(7, through_json(stored.pack_chat(chat)), sessions) == chat


def test_the_roles_of_an_actor_are_not_kept():
    actor = Actor("1", "Ветров П. А.", frozenset({"receiver"}))
    from uuid import UUID

    session = Session(UUID(int=1), "raw_intake", "d", actor)
    assert stored.unpack_session(stored.pack_session(session)).actor.roles == frozenset()


@given(st.builds(Verdict, TEXTS, TEXTS, TEXTS, TEXTS))
def test_a_verdict_comes_back_equal(verdict: Verdict):
    assert stored.unpack_verdict(through_json(stored.pack_verdict(verdict))) == verdict


@given(st.builds(Paper, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS))
def test_a_paper_comes_back_equal(paper: Paper):
    assert stored.unpack_paper(through_json(stored.pack_paper(paper))) == paper


@pytest.mark.parametrize("value", [object(), 1.5, {"a": 1}, [1], {1}])
def test_a_value_that_no_answer_may_hold_is_our_mistake(value: object):
    with pytest.raises(EngineError, match="cannot be stored"):
        stored.pack(value)


def test_a_date_is_not_taken_for_a_moment():
    assert stored.pack(date(2026, 11, 22)) == {"y": "2026-11-22"}
    assert stored.pack(datetime(2026, 11, 22, tzinfo=UTC)) == {"t": "2026-11-22T00:00:00+00:00"}


@pytest.mark.parametrize(
    "value",
    [
        Option("", "12,5", number=Decimal("12.50")),
        Option("soup", "Суп"),
        Option("", "Каркас", new=True),
        time(7, 5),
        timedelta(days=1, microseconds=3),
        (Row("mix", "m1", "Ф1", {"kg": Decimal(1)}), Option("a", "Первый")),
    ],
)
def test_a_value_of_any_kind_comes_back_as_it_was(value):
    assert stored.unpack(through_json(stored.pack(value))) == value


def test_a_session_of_before_rows_and_calls_loads_as_it_stands():
    old = {
        "id": "00000000-0000-4000-8000-000000000001", "flow": "raw_intake", "digest": "d",
        "actor": ["1", "Ветров П. А.", "ru"], "step": "weight",
        "answers": {"company": [{"o": ["1", "Учебная", False]}, None, "", True]},
        "given": {}, "trail": ["company"], "editing": False, "look": {}, "state": "talking",
        "waiting": "", "asked": 0, "album": None, "result": "",
    }  # fmt: skip
    session = stored.unpack_session(old)
    assert (session.step, session.trail, session.redo) == ("weight", ("company",), ())
    assert stored.pack_session(session)["answers"] == old["answers"]
