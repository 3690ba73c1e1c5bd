"""Saving: actions in order, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import Refusal, Refused
from engine.model.effects import Carry
from engine.model.values import Row, Value
from engine.ports import Context, Operations
from engine.run.arrival import Arrival, Shown
from engine.run.carry import carry, measurements
from engine.run.desk import QUESTION
from engine.run.draft import Draft
from engine.run.perform import serve
from engine.run.tokens import callback_data
from engine.talk.parse import read_talk
from engine.talk.plant import Plant
from engine.talk.play import play
from engine.talk.stage import Stage
from tests.engine.rehearsal import FLOWS, at_review, plant

TALK = FLOWS / "receiving" / "raw_intake.warm_truck_rejected.talk"


@dataclass
class Failing:
    """Operations that refuse, or break, at one moment; otherwise those of the plant."""

    real: Operations
    at: str
    error: Exception

    def run(self, operation: str, parameters: Mapping[str, Value], context: Context) -> Row | None:
        row = self.real.run(operation, parameters, context)
        if operation == self.at:
            raise self.error
        return row

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
        touched: Sequence[Row] = (),
    ) -> Row:
        row = self.real.fire(record, transition, context, reason, given, touched)
        if transition == self.at:
            raise self.error
        return row

    def confirm(self, task: str, context: Context) -> Row:
        return self.real.confirm(task, context)

    def settle(self, touched: Sequence[Row], context: Context) -> None:
        self.real.settle(touched, context)

    def retry(self, task: str, context: Context) -> bool:
        return self.real.retry(task, context)


@dataclass
class Watched(Failing):
    """Operations of the plant that note each look of the system: after what, at what was touched
    before it."""

    looks: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def fire(
        self,
        record: Row,
        transition: str,
        context: Context,
        reason: str = "",
        given: Mapping[str, Value] | None = None,
        touched: Sequence[Row] = (),
    ) -> Row:
        self.looks.append((transition, tuple(row.kind for row in touched)))
        return self.real.fire(record, transition, context, reason, given, touched)

    def settle(self, touched: Sequence[Row], context: Context) -> None:
        self.looks.append(("settle", tuple(row.kind for row in touched)))
        self.real.settle(touched, context)


def watched(on: Plant) -> tuple[Plant, list[tuple[str, tuple[str, ...]]]]:
    operations = Watched(on.ports.operations, "", OSError())
    return replace(on, ports=replace(on.ports, operations=operations)), operations.looks


def with_review(on: Plant) -> str:
    """Put a form at its review into the receiver's chat; return the data of its «Сохранить»."""
    chat = on.chat_of("receiver")
    talker = at_review(on)
    assert talker.turn.prompt is not None
    buttons = talker.turn.prompt.buttons
    with on.ports.transaction():
        loaded = on.ports.chats.load(chat)
        kept = replace(loaded, turn=1, screen=QUESTION, buttons=buttons, sessions=(talker.session,))
        on.ports.chats.keep(kept, on.clock.now())
    save = [button.act for button in buttons].index("save")
    return callback_data(loaded.token, 1, save)


def press(on: Plant, data: str, update: int = 1) -> Shown:
    return serve(on.program, on.ports, Arrival(on.chat_of("receiver"), update, data=data))


@pytest.mark.parametrize("at", ["take_delivery", "accept"])
def test_a_refusal_rolls_everything_back_and_shows_the_question_it_names(at: str):
    on = plant()
    data = with_review(on)
    refusal = Refused(Refusal("Осталось {kg} кг", {"kg": "81,000"}, again="weight"))
    broken = replace(
        on, ports=replace(on.ports, operations=Failing(on.ports.operations, at, refusal))
    )
    shown = press(broken, data)
    assert shown.prompt is not None
    assert "Осталось 81,000 кг" in str(shown.prompt.text)
    assert on.memory.made == ()
    assert on.memory.letters == {}
    assert on.memory.numbers == {}
    (session,) = on.ports.chats.load(on.chat_of("receiver")).sessions
    assert session.step == "weight"
    assert session.answers["tags_number"].value == Decimal(12)


@pytest.mark.parametrize("at", ["take_delivery", "accept"])
def test_a_break_leaves_nothing_and_the_same_press_saves_once_it_is_mended(at: str):
    on = plant()
    data = with_review(on)
    broken = replace(
        on, ports=replace(on.ports, operations=Failing(on.ports.operations, at, OSError("disk")))
    )
    with pytest.raises(OSError, match="disk"):
        press(broken, data)
    assert on.memory.made == ()
    shown = press(on, data)
    assert shown.prompt is not None
    assert "Партия 2211/3 зарегистрирована" in str(shown.prompt.text)
    assert len(on.memory.made) == 1


def test_a_repeated_press_saves_nothing_twice():
    on = plant()
    data = with_review(on)
    press(on, data)
    letters = dict(on.memory.letters)
    on.clock.move(timedelta(minutes=5))
    repeated = press(on, data)
    again = press(on, data, update=2)
    assert repeated.toast == ""
    assert again.toast.startswith("Уже сохранено в 10:00. Партия 2211/3")
    assert len(on.memory.made) == 1
    assert on.memory.letters == letters


def test_the_journal_names_a_session_that_ended_and_none_that_was_rolled_back(
    caplog: pytest.LogCaptureFixture,
):
    on = plant()
    data = with_review(on)
    (session,) = on.ports.chats.load(on.chat_of("receiver")).sessions
    failing = Failing(on.ports.operations, "take_delivery", OSError("disk"))
    with caplog.at_level("INFO", "engine.run.perform"):
        with pytest.raises(OSError, match="disk"):
            press(replace(on, ports=replace(on.ports, operations=failing)), data)
        assert caplog.messages == []
        press(on, data)
    assert caplog.messages == [f"session {session.id} of raw_intake is saved"]


def test_the_system_looks_once_after_operations_and_the_transition_that_ends_them():
    on, looks = watched(plant())
    press(on, with_review(on))
    ((after, touched),) = looks
    assert after == "accept"
    assert "raw_batch" in touched


def test_the_system_looks_after_operations_that_no_transition_follows():
    on, looks = watched(plant())
    play(read_talk("test.talk", TALK.read_text("utf-8")), Stage(on, lambda old: old))
    assert [after for after, _ in looks] == ["settle"]


def test_a_save_tells_every_storekeeper_and_laboratory_person_once():
    on = plant()
    press(on, with_review(on))
    told = [
        on.memory.people[one.person].name
        for one in on.memory.letters.values()
        if one.kind == "message" and not one.buttons  # a card of a task has buttons
    ]
    assert sorted(told) == ["Зимин К. Д.", "Лапина О. В.", "Серова Т. Н."]


def test_measurements_carry_the_bounds_that_were_in_force():
    talker = at_review(plant())
    reads = talker.plant.ports.reads
    (measured,) = measurements(Draft(talker.plant.program, talker.session, reads))
    assert (measured.name, measured.value) == ("body_temp", Decimal(-18))
    assert measured.bounds.most == Decimal("-8.0")
    assert measured.bounds.source == "план ХАССП, ККТ-1"


def test_an_operation_run_twice_for_one_session_makes_one_record():
    on = plant()
    session = at_review(on).press("save").session
    carry(on.program, on.ports, (Carry(session, "save"),), on.clock.now())
    context = Context(session.actor, str(session.id), on.clock.now())
    (made,) = on.memory.made
    assert on.ports.operations.run("take_delivery", {}, context) == made


def test_a_decision_whose_saving_is_refused_says_why_and_asks_the_value_again():
    on = plant()
    talk = TALK.read_text("utf-8")
    refusal = Refused(Refusal("Уже на складе"))
    stage = Stage(on, lambda old: old)
    play(read_talk("test.talk", talk[: talk.index("technologist> нет")]), stage)
    failing = Failing(on.ports.operations, "refuse_delivery", refusal)
    stage.plant = replace(on, ports=replace(on.ports, operations=failing))
    play(
        read_talk(
            "test.talk",
            "technologist> нет\nreceiver< …Уже на складе…Температура кузова…\nreceiver> 2\n"
            "receiver< …Дата производства…",
        ),
        stage,
    )
