"""A draft goes on under a changed project: what still fits stays, the rest is asked again, and
nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.conversation import Answer, Input
from engine.model.values import Option
from engine.run.draft import Draft
from engine.run.earlier import beside
from engine.run.program import Program, compile_program
from engine.talk.phone import in_sight, titled
from engine.talk.plant import rehearsal_plant
from engine.talk.stage import Stage
from tests.engine.rehearsal import at_review, copied, loaded, plant, program, samples, shipped

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
    intake = [button.title for button in screen.buttons].index("Новая партия")
    stage.arrive(chat, data=screen.data[intake])
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


def going_on(stage: Stage) -> None:
    """Say that the receiver goes on, as he is asked after a restart."""
    chat = stage.plant.chat_of("receiver")
    screen = stage.screen(chat)
    assert screen is not None
    assert "Продолжить «Новая партия»" in screen.text
    stage.arrive(chat, data=screen.data[0])


def step_of(stage: Stage) -> str:
    top = stage.plant.ports.chats.load(stage.plant.chat_of("receiver")).top
    assert top is not None
    return top.step


STEP = "  - number: body_temp\n"


def without_body_temp(folder: Path) -> Program:
    """Return the program of an intake that asks for the truck's temperature under another name."""
    root = copied(folder)
    replaced(STEP, "  - number: truck_temp\n")(root)
    replaced("body_temp: body_temp\n", "body_temp: truck_temp\n")(root)
    return compile_program(loaded(root).sources())


def test_a_draft_whose_question_is_still_there_goes_on_with_it(tmp_path: Path):
    change = replaced("prompt: Номер ТТН", "prompt: Номер накладной")
    stage = stage_at_body_temp(program_after(tmp_path, change))
    stage.restart()
    said(stage, "-18")
    going_on(stage)
    assert step_of(stage) == "manufacture_date"


def test_a_draft_goes_on_under_the_version_that_it_began_with(tmp_path: Path):
    new = replace(without_body_temp(tmp_path), versions={plant().program.digest: program()}.get)
    stage = stage_at_body_temp(new)
    stage.restart()
    said(stage, "-18")
    going_on(stage)
    assert step_of(stage) == "manufacture_date"
    top = stage.plant.ports.chats.load(stage.plant.chat_of("receiver")).top
    assert top is not None
    assert "body_temp" in top.answers
    assert top.digest == program().digest


def test_who_decides_sees_the_answers_of_the_version_that_asks(tmp_path: Path):
    stage = stage_at_body_temp(
        replace(without_body_temp(tmp_path), versions={program().digest: program()}.get)
    )
    said(stage, "-5")
    stage.restart()
    stage.wait(timedelta(minutes=16))
    pressed(stage, "technologist", "✅ Подтвердить")
    pressed(stage, "technologist", "Пропустить")
    pressed(stage, "receiver", "Продолжить")
    assert step_of(stage) == "manufacture_date"


def test_a_draft_of_a_form_that_is_gone_from_the_present_version_is_shown_and_finished(
    tmp_path: Path,
):
    def gone(flows: Path) -> None:
        (flows / "receiving" / "raw_intake.yaml").unlink()
        (flows / "menu.yaml").write_text("[]\n", "utf-8")

    new = replace(program_after(tmp_path, gone), versions={program().digest: program()}.get)
    stage = stage_at_body_temp(new)
    stage.restart()
    stage.arrive(stage.plant.chat_of("receiver"), command="start")
    pressed(stage, "receiver", "▶ Продолжить «Новая партия»…")
    assert step_of(stage) == "body_temp"
    stage.arrive(stage.plant.chat_of("receiver"), command="cancel")
    pressed(stage, "receiver", "Нет, вернуться к форме")
    said(stage, "-18")
    assert step_of(stage) == "manufacture_date"
    for button in ("Сегодня", *("Пропустить",) * 5):
        pressed(stage, "receiver", button)
    for text in ("Птицефабрика «Примерная»", "Площадка 2", "Суп", "900"):
        said(stage, text)
    pressed(stage, "receiver", "Пропустить")
    said(stage, "-18")
    pressed(stage, "receiver", "Пропустить")
    said(stage, "4")
    pressed(stage, "receiver", "Сохранить")
    assert str(stage.session(stage.touched).state) == "saved"
    (paper,) = (one.paper for one in stage.plant.memory.letters.values() if one.paper)
    assert paper.version == program().digest


def test_a_version_whose_flow_cannot_run_any_more_is_left(tmp_path: Path):
    new = without_body_temp(tmp_path)
    lives = {name: one for name, one in new.lifecycles.items() if name != "raw_batch"}
    flow = program().flows["raw_intake"]
    called = {"vet_documents": program().flows["vet_documents"]}
    own = {"raw_intake": flow, "other": replace(flow, blocks={})}
    old = replace(program(), flows={**own, **called})
    left = beside(old, replace(new, lifecycles=lives))
    assert left is not None
    assert {*left.flows} == {"other", *called}
    stage = stage_at_body_temp(replace(new, versions={program().digest: left}.get))
    stage.restart()
    assert "Форма изменилась" in said(stage, "-18")
    assert step_of(stage) == "truck_temp"


def test_a_draft_whose_question_is_gone_goes_on_with_the_first_one_unanswered(tmp_path: Path):
    stage = stage_at_body_temp(without_body_temp(tmp_path))
    stage.restart()
    text = said(stage, "-18")
    assert step_of(stage) == "truck_temp"
    assert "Форма изменилась" in text
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


def pressed(stage: Stage, role: str, title: str) -> None:
    chat = stage.plant.chat_of(role)
    message, index = titled(title, in_sight(stage, chat))[0]
    stage.arrive(chat, data=message.data[index])


def test_a_parked_form_whose_question_is_gone_waits_no_more(tmp_path: Path):
    stage = stage_at_body_temp(without_body_temp(tmp_path))
    said(stage, "-5")
    stage.restart()
    said(stage, "привет")
    assert step_of(stage) == "truck_temp"
    (deviation,) = stage.plant.memory.deviations.values()
    assert deviation.state == "withdrawn"
    pressed(stage, "technologist", "✅ Подтвердить")
    assert "Запрос отозван" in stage.toasts[stage.plant.chat_of("technologist")]


def test_a_request_whose_question_is_gone_breaks_neither_the_sweep_nor_who_decides(tmp_path: Path):
    stage = stage_at_body_temp(without_body_temp(tmp_path))
    said(stage, "-5")
    stage.restart()
    stage.wait(timedelta(minutes=100))
    technologist = stage.plant.chat_of("technologist")
    pressed(stage, "technologist", "✅ Подтвердить")
    assert stage.toasts[technologist] == "Этого запроса больше нет"
    stage.arrive(technologist, command="tasks")
    pressed(stage, "technologist", "Отклонение при приёмке…")
    screen = stage.screen(technologist)
    assert screen is not None
    assert [button.title for button in screen.buttons] == ["Главное меню"]


def test_a_question_that_parks_no_more_is_asked_again(tmp_path: Path):
    root = copied(tmp_path)
    path = root / "receiving" / "raw_intake.yaml"
    text = path.read_text("utf-8")
    begin = text.index("    limit: receiving_temperature")
    end = text.index("  - date: manufacture_date")
    kept = '    prompt: "Температура кузова при открытии, °C"\n'
    path.write_text(text[:begin] + kept + text[end:], "utf-8")
    stage = stage_at_body_temp(compile_program(loaded(root).sources()))
    said(stage, "-5")
    stage.restart()
    said(stage, "привет")
    assert step_of(stage) == "body_temp"
    said(stage, "-5")
    assert step_of(stage) == "manufacture_date"


def test_a_lost_answer_of_a_form_that_is_gone_is_the_menu_after_the_restart(tmp_path: Path):
    def gone(flows: Path) -> None:
        (flows / "receiving" / "raw_intake.yaml").unlink()
        (flows / "menu.yaml").write_text("[]\n", "utf-8")

    stage = stage_at_body_temp(program_after(tmp_path, gone))
    stage.lose()
    stage.arrive(stage.plant.chat_of("receiver"), given=Input.text("-18"))
    stage.restart()
    screen = stage.screen(stage.plant.chat_of("receiver"))
    assert screen is not None
    assert "Главное меню" in screen.text
    assert stage.plant.ports.chats.undelivered() == ()


def test_an_option_that_is_gone_is_asked_again_before_saving():
    on = plant()
    talker = at_review(on)
    stale = Answer(Option("dried", "Сушёное"), approved=True)
    session = replace(talker.session, answers={**talker.session.answers, "condition": stale})
    found = Draft(on.program, session, on.ports.reads).unsettled()
    assert found is not None
    assert found.stop.address == "condition"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("company", Option("no such row", "ООО «Закрыта»")),
        ("company", Option("", "Введённая руками")),
        ("weight", "900"),
        ("weight", Decimal(-1)),
        ("manufacture_date", "вчера"),
        ("ttn_number", Decimal(4471)),
        ("upd_photo", "фото"),
        ("accounting_type", Option("gone", "Нет такого")),
        ("supplier", "Фабрика"),
    ],
)
def test_an_answer_of_another_kind_does_not_stand(name: str, value: object):
    on = plant()
    talker = at_review(on)
    answers = {**talker.session.answers, name: Answer(value, approved=True)}
    session = replace(talker.session, answers=answers)
    found = Draft(on.program, session, on.ports.reads).unsettled()
    assert found is not None
    assert found.stop.address == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("material", Option("", "Каркас утки", new=True)),
        ("supplier", Option("", "Двор Ивана")),
        ("accounting_type", Option("", "Субпродукт")),
    ],
)
def test_a_typed_answer_stands_where_it_may_be_typed(name: str, value: object):
    on = plant()
    talker = at_review(on)
    answers = {**talker.session.answers, name: Answer(value, approved=True)}
    session = replace(talker.session, answers=answers)
    assert Draft(on.program, session, on.ports.reads).unsettled() is None
