"""Playing a talk: what holds passes in silence, what does not says what was expected and what was
shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from engine.commands.test import test as command
from engine.errors import EngineError
from engine.talk.lived import Point
from engine.talk.parse import TalkError, read_talk
from engine.talk.play import play
from engine.talk.rehearse import Rehearser, rehearse
from engine.talk.samples import read_samples
from engine.talk.stage import Stage
from tests.engine.rehearsal import FLOWS, copied, rehearser, shipped

BEGIN = """receiver> /start
receiver> [Новая партия]
receiver> [Учебная компания 1]
"""


def played(text: str) -> Stage:
    stage = rehearser().stage()
    play(read_talk("flows/a.talk", BEGIN + text), stage)
    return stage


def failure(text: str) -> str:
    with pytest.raises(TalkError) as error:
        played(text)
    return str(error.value)


def test_the_shipped_talks_pass_and_go_every_way_of_every_form_and_lifecycle():
    rehearsal = rehearse(FLOWS, shipped())
    assert [str(one.error) for one in rehearsal.played if one.error] == []
    assert {one.flow: one.missed_steps for one in rehearsal.ways if one.missed_steps} == {}
    assert {one.flow: one.missed_branches for one in rehearsal.ways if one.missed_branches} == {}
    assert {one.lifecycle: one.missed for one in rehearsal.lived if one.missed} == {}
    assert len(rehearsal.ways) == len(shipped().flows)
    assert len(rehearsal.lived) == len(shipped().lifecycles)


def test_a_text_that_did_not_come_is_told_with_what_is_on_the_screen():
    said = failure("receiver< …Общая масса…")
    assert said.startswith("flows/a.talk:4: ждали «…Общая масса…»\n    у receiver на экране:")
    assert "Выберите вид сырья или введите новый" in said
    assert "[Каркас]" in said


def test_an_unknown_button_is_told_with_those_that_are_there():
    said = failure("receiver> [Говядина]")
    assert said.startswith("flows/a.talk:4: нет кнопки [Говядина]")
    assert "[Каркас]" in said
    assert "[Шея]" not in said  # on the second page


def test_a_text_that_should_not_have_come_is_told():
    assert "не ждали «…Выберите вид сырья…»" in failure("receiver<! …Выберите вид сырья…")


def test_a_pop_up_that_did_not_come_is_told_with_the_one_that_did():
    said = failure("receiver> [[Новая партия]]\nreceiver<< Сохранено")
    assert "ждали во всплывающем «Сохранено»" in said
    assert "всплыло: «Уже отвечено" in said


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("= session saved", "ждали сессию saved, а она talking"),
        ("= asks weight", "ждали вопрос weight, а задан material"),
        ("= field company Другая", "ждали company = Другая, а там ООО «Учебная компания 1»"),
        ("= field weight 5", "ждали weight = 5, а ответа нет"),
        ("= records 1", "ждали записей: 1, а их 0"),
        ("= record number 1", "ещё нет ни одной записи"),
        ("= notices lab 1", "ждали сообщений для lab: 1, а Лапина О. В. получил(а) 0"),
        ("= notices cook 1", "нет человека с ролью cook"),
        ("= papers 1", "ждали документов: 1, а их 0"),
        ("= deviation open", "ждали отклонение open, а оно нет"),
        ("= deviations 1", "ждали отклонений: 1, а их 0"),
        ("= weather good", "не знаю «= weather»"),
        ("= records many", "не понял «= records many»"),
        ("* snow", "не знаю «* snow»"),
        ("* refused send_back batch-1 storekeeper Нет", "ждали отказ «Нет», а было: ««Вернуть"),
        ("* refused rest plant-1 director Нет", "ждали отказ «Нет», а было: "),
        ("* fire move load-1 packer freezer=plate-2 ремонт", "нужна другая роль"),
        ("* fire move load-1 shift_lead freezer={ ремонт", "не понял значение «{»"),
        ("* fire refuse batch-1 system", "сейчас невозможно"),
        ("* after soon", "не знаю «* after soon»"),
        ("receiver> {camel}", "не знаю, что такое {camel}"),
        ("cook> /start", "нет человека «cook»"),
        ("lab9> /start", "нет человека «lab9»"),
    ],
)
def test_a_line_that_does_not_hold_says_why(line: str, why: str):
    said = failure(line)
    assert said.startswith("flows/a.talk:4: ")
    assert why in said


def test_fragments_are_found_in_the_order_in_which_messages_came():
    played("receiver> 😀😀\nreceiver< …ни букв, ни цифр…\nreceiver< …Выберите вид сырья…")
    said = failure("receiver< …Выберите вид сырья…\nreceiver< …Выберите компанию…")
    assert "ждали «…Выберите компанию…»" in said


def test_every_turn_continues_from_the_stored_form():
    stage = played("receiver> [Каркас]")
    before = stage.plant.ports.chats.load(stage.plant.chat_of("receiver"))
    stage.restart()
    assert stage.plant.ports.chats.load(stage.plant.chat_of("receiver")) == before


def test_a_lost_answer_is_shown_after_the_restart():
    stage = played("* lost\nreceiver> [Каркас]\nreceiver<! …по номенклатуре…\n* restart")
    screen = stage.screen(stage.plant.chat_of("receiver"))
    assert screen is not None
    assert "по номенклатуре" in screen.text


def chronicled(text: str) -> set[Point]:
    """Return what a talk shows of the lifecycle of a blank."""
    maker = Rehearser(FLOWS, shipped())
    talk = read_talk("flows/a.talk", text)
    stage = maker.stage()
    play(talk, stage)
    maker.chronicle.ended(talk, stage.plant.memory)
    life = shipped().lifecycles["blank"]
    return set(maker.chronicle.of(life, shipped().tree("lifecycle", "blank")).shown)


SHORT = "Не хватает сырья: {component_waited_by_blank(blank)}"
REFUSED = Point("plan", 0, 0, SHORT)


def test_a_transition_done_counts_and_a_refusal_only_where_the_talk_says_its_text():
    begin = "* fact stock_is_free false\n* refused plan blank-1 technologist"
    assert chronicled("* fire plan blank-1 technologist") >= {Point("plan", 0)}
    assert chronicled(f"{begin} Не хватает сырья: анализ партии 2111/3") == {REFUSED}
    assert chronicled(f"{begin} …") == set()


def run(folder: Path, *words: str) -> Result:
    app = Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(folder), *words])


def test_the_command_prints_talks_coverage_and_time():
    result = run(FLOWS, "-k", "raw_intake.cancel")
    assert result.exit_code == 0
    assert "✓ receiving/raw_intake.cancel (" in result.output
    assert "raw_intake: вопросов " in result.output
    assert "raw_batch: переходов 0 из 19, отказов 0 из 12" in result.output
    assert "lifecycles/raw_batch.yaml:67: переход accept — не отказано: «Масса" in result.output
    lines = (FLOWS / "receiving/raw_intake.yaml").read_text("utf-8").splitlines()
    review = next(at for at, line in enumerate(lines, start=1) if "- review:" in line)
    assert f"flows/receiving/raw_intake.yaml:{review}: вопрос review не проверен" in result.output
    assert "Разговоров: 1, все прошли, " in result.output


def test_the_command_does_not_call_no_talk_at_all_a_success():
    result = run(FLOWS, "-k", "no_such_talk")
    assert result.exit_code == 2
    assert "Нет разговора" in result.output


def test_the_command_fails_with_a_talk_that_does_not_pass(tmp_path: Path):
    root = copied(tmp_path)
    (root / "receiving" / "bad.talk").write_text("receiver> /start\n= session saved\n", "utf-8")
    result = run(root, "-k", "bad.talk")
    assert result.exit_code == 1
    assert "✗ receiving/bad\n  flows/receiving/bad.talk:2: ждали сессию saved" in result.output
    assert "не прошли: 1" in result.output


def test_the_command_says_where_a_line_is_no_line_of_a_talk(tmp_path: Path):
    root = copied(tmp_path)
    (root / "receiving" / "bad.talk").write_text("receiver: привет\n", "utf-8")
    result = run(root)
    assert result.exit_code == 1
    assert "flows/receiving/bad.talk:1: не понял строку" in result.output


def test_the_command_refuses_flows_with_findings(tmp_path: Path):
    root = copied(tmp_path)
    flow = root / "receiving" / "raw_intake.yaml"
    flow.write_text(flow.read_text("utf-8").replace("- number: weight", "- nmber: weight"), "utf-8")
    result = run(root)
    assert result.exit_code == 1
    assert "nmber" in result.output
    assert "Разговоров" not in result.output


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "нет файла samples.yaml"),
        ("people: []\n", "хотя бы один пункт"),
        ("a: 1\n", "нет ключа"),
    ],
)
def test_broken_samples_are_told_in_words(tmp_path: Path, text: str | None, why: str):
    root = copied(tmp_path)
    (root / "samples.yaml").unlink()
    if text is not None:
        (root / "samples.yaml").write_text(text, "utf-8")
    with pytest.raises(EngineError, match=why):
        read_samples(root)
    result = run(root)
    assert result.exit_code == 1
    assert why in result.output
