"""Whatever comes to whatever question: an answer, another look or a refusal, never a traceback."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.model.conversation import Input, Kind
from engine.model.files import DOCX, PDF
from engine.model.values import Option
from engine.steps.base import Look, Taken
from engine.steps.registry import KINDS
from tests.engine.steps.views import CELSIUS, ROWS, Desk, World, photo, step

ROLL = {"from_": "batches()", "view": "carousel", "card": "{it.number}"}
BARE = {
    "text": {"length": ["1", "20"], "pattern": "[a-z ]+", "example": "abc"},
    "number": {"range": ["0", "most"], "buttons": {"Все": "most", "Нет": "gone"}},
    "integer": {"range": ["0", "9999"]},
    "date": {"range": ["today() - 3d", "today()"], "buttons": {"Сегодня": "today()"}},
    "time": {"range": ["07:00", "19:00"]},
    "datetime": {"buttons": {"Сейчас": "now()"}},
    "choice": {
        "options": {"a": "А", "b": {"title": "Б", "when": "most > 5"}},
        "other": {"number": {"unit": "kg"}},
    },
    "choices": {"options": {"a": "А", "b": "Б"}, "count": ["1", "1"]},
    "pick": {**ROLL, "other": {"text": [1, 9]}},
    "picks": {**ROLL, "all": "Все"},
    "yes_no": {},
    "photos": {},
    "file": {"formats": ["docx"]},
    "scan": {},
    "show": {"pages": ["Одна", "Другая"]},
}  # fmt: skip
OTHER = {"pick": {"from_": "companies", "add": "company"}, "picks": {"from_": "batches()"}}
NOT_LEAVES = {"value", "review", "group", "repeat", "call", "wait"}
QUESTIONS = [(kind, keys) for table in (BARE, OTHER) for kind, keys in table.items()]
WORDS = st.sampled_from(
    [
        "",
        "А",
        "12,5",
        "24.11.2026",
        "7:30",
        "Бета",
        "2411/1",
        "да",
        "1" * 400,
        "\0",
        "<b>",
        "٣",
        "٫",
    ]
)
ACTS = st.sampled_from(
    ["option", "tick", "done", "all", "turn", "page", "list", "search", "ready", "keep_typed",
     "code", "next", "less", "", "no such"]
)  # fmt: skip
ARGS = st.sampled_from(
    ["", "a", "b", "b1", "c1", "0", "8", "99999999", "-1", "٣", "end", "Все", "Нет", "x"]
)
FILES = st.sampled_from([photo("1"), photo("two"), photo("w", DOCX), photo("p", PDF)])
INPUTS = st.one_of(
    st.builds(Input.text, WORDS | st.text(max_size=30)),
    st.builds(Input.press, ACTS, ARGS),
    st.lists(FILES, min_size=1, max_size=3).map(lambda sent: Input.files(*sent)),
    st.just(Input.other("стикер")),
    st.just(Input.unfit("Файл больше 20 МБ")),
)
LOOKS = st.dictionaries(
    st.sampled_from(["start", "at", "query", "typed", "searching", "ticked", "pictures", "codes"]),
    st.sampled_from(
        [0, 7, 99999, True, "", "бета", ("a",), ("b1", "gone"), (photo(),), None, Decimal(1)]
    ),
    max_size=3,
)
VALUES = st.sampled_from(
    [None, True, 1, Decimal(5), "abc", Option("a", "А"), Option("", "Ы"), ROWS[0], ROWS[:2],
     (photo(),), (Option("a", "А"),), ()]
)  # fmt: skip
WORLDS = [World(codes={"tmp/two": ("A", "B")}), World(facts={"batches": ()}, titles=())]


def test_every_leaf_kind_is_tried() -> None:
    assert set(BARE) == set(KINDS) - NOT_LEAVES


@pytest.mark.parametrize(("kind", "keys"), QUESTIONS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_input_gets_an_answer_another_look_or_a_refusal(kind, keys, data):
    desk = Desk(
        step(kind, skip=data.draw(st.booleans()), **keys),
        {"most": data.draw(st.sampled_from([None, Decimal(3), Decimal(50)])), "gone": None},
        data.draw(st.sampled_from(WORLDS)),
        CELSIUS,
        data.draw(LOOKS),
        data.draw(VALUES),
    )
    for given_now in data.draw(st.lists(INPUTS, min_size=1, max_size=4)):
        assert isinstance(desk.stands(data.draw(VALUES)), bool)
        assert isinstance(desk.body(), str)
        assert all(one.title and one.act for one in desk.buttons())
        outcome = desk.give(given_now)
        assert isinstance(outcome, Taken | Look | Refusal)
        if isinstance(outcome, Refusal):
            assert str(outcome)
            assert "{" not in str(outcome) or given_now.kind is Kind.TEXT


@pytest.mark.parametrize(("kind", "keys"), QUESTIONS)
def test_no_button_that_is_shown_is_refused_as_a_wrong_input(kind, keys):
    desk = Desk(step(kind, **keys), {"most": Decimal(30), "gone": None}, World())
    for button in desk.buttons():
        desk.look = {}
        assert "Сюда не подходит" not in str(desk.give(Input.press(button.act, button.arg)))


@pytest.mark.parametrize(("kind", "keys"), QUESTIONS)
def test_what_was_just_taken_stands(kind, keys):
    desk = Desk(step(kind, **keys), {"most": Decimal(30), "gone": None}, World())
    for given_now in (
        *(Input.press(one.act, one.arg) for one in desk.buttons()),
        *map(Input.text, ("abc", "12", "24.11.2026", "12:00", "А", "Бета", "2411/1")),
        Input.files(photo("w", DOCX)),
    ):
        desk.look = {}
        outcome = desk.give(given_now)
        if isinstance(outcome, Taken):
            assert desk.stands(outcome.value)
