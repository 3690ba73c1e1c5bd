"""A draft goes on under a changed project: what still fits stays, the rest is asked again, and
nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.conversation import Input
from engine.run.program import Program, compile_program
from engine.talk.plant import rehearsal_plant
from engine.talk.stage import Stage
from tests.engine.rehearsal import copied, loaded, plant, samples, shipped

Change = Callable[[Path], None]


def replaced(old: str, new: str) -> Change:
    """Return a change of the intake's YAML."""

    def change(flows: Path) -> None:
        path = flows / "receiving" / "raw_intake.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def program_after(folder: Path, change: Change) -> Program:
    root = copied(folder)
    change(root)
    return compile_program(loaded(root).sources())


def stage_at_body_temp(after: Program) -> Stage:
    """Return a stage whose receiver stands at the truck's temperature; a restart brings the changed
    program."""
    on = plant()
    stage = Stage(
        on,
        lambda old: rehearsal_plant(after, shipped().vocabulary, samples(), old.memory, old.clock),
    )
    chat = on.chat_of("receiver")
    stage.arrive(chat, command="start")
    screen = stage.screen(chat)
    assert screen is not None
    stage.arrive(chat, data=screen.data[0])
    for text in ("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное"):
        stage.arrive(chat, given=Input.text(text))
    for _ in range(2):
        screen = stage.screen(chat)
        assert screen is not None
        skip = [button.act for button in screen.buttons].index("skip")
        stage.arrive(chat, data=screen.data[skip])
    return stage


def said(stage: Stage, text: str) -> str:
    chat = stage.plant.chat_of("receiver")
    stage.arrive(chat, given=Input.text(text))
    screen = stage.screen(chat)
    assert screen is not None
    return screen.text


def step_of(stage: Stage) -> str:
    top = stage.plant.ports.chats.load(stage.plant.chat_of("receiver")).top
    assert top is not None
    return top.step


STEP = "  - number: body_temp\n"


@pytest.fixture
def renamed_question(tmp_path: Path) -> Program:
    return program_after(tmp_path, replaced(STEP, "  - number: truck_temp\n"))


def test_a_draft_whose_question_is_still_there_goes_on_with_it(tmp_path: Path):
    change = replaced("prompt: Номер ТТН", "prompt: Номер накладной")
    stage = stage_at_body_temp(program_after(tmp_path, change))
    stage.restart()
    said(stage, "-18")
    assert step_of(stage) == "manufacture_date"


def test_a_draft_whose_question_is_gone_goes_on_with_the_first_one_unanswered(tmp_path: Path):
    root = copied(tmp_path)
    replaced(STEP, "  - number: truck_temp\n")(root)
    replaced("body_temp: body_temp\n", "body_temp: truck_temp\n")(root)
    stage = stage_at_body_temp(compile_program(loaded(root).sources()))
    stage.restart()
    text = said(stage, "-18")
    assert step_of(stage) == "truck_temp"
    assert "Формы изменились" in text
    said(stage, "-18")
    assert step_of(stage) == "manufacture_date"


def test_an_answer_that_the_changed_form_does_not_offer_is_asked_again(tmp_path: Path):
    change = replaced("frozen: Замороженное}", "frozen: Замороженное, deep: Глубокой заморозки}")
    stage = stage_at_body_temp(program_after(tmp_path, change))
    stage.restart()
    said(stage, "-18")
    assert step_of(stage) == "manufacture_date"


def test_a_draft_of_a_form_that_is_gone_is_ended_and_the_menu_is_told_why(tmp_path: Path):
    def gone(flows: Path) -> None:
        (flows / "receiving" / "raw_intake.yaml").unlink()
        (flows / "menu.yaml").write_text("[]\n", "utf-8")

    stage = stage_at_body_temp(program_after(tmp_path, gone))
    stage.restart()
    text = said(stage, "-18")
    assert "Главное меню" in text
    assert "больше нет" in text
    chat = stage.plant.ports.chats.load(stage.plant.chat_of("receiver"))
    assert chat.sessions == ()
    assert str(stage.session(stage.touched).state) == "expired"
