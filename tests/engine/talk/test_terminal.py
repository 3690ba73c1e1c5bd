"""Talking to a form in a terminal: what is typed is a talk, and what is shown says what would be
saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from engine.commands.play import play as command
from engine.talk.parse import Happens, Holds, Says, Sees, find_talks, read_line
from engine.talk.rehearse import rehearse
from engine.talk.terminal.folder import Terminal, play_form
from engine.talk.written import written
from tests.engine.rehearsal import (
    FLOWS,
    copied,
    loaded,
    program,
    rehearser,
    samples,
    shipped,
)

ROOT = FLOWS.parent
STRAIGHT = (
    "1 Каркас Каркас_ЦБ Замороженное :skip :skip -18 20.11.2026 ТТН-4471 :skip :skip :skip :skip 1 "
    "Фабрика_«Пробная» :skip Киль 900 :skip :skip :skip 24 Сохранить"
)


def run(*words: str, said: str = "", flows: Path = FLOWS) -> Result:
    app = Typer()
    app.command()(command)
    return CliRunner().invoke(app, [*words, "--flows", str(flows)], input=said)


def lines(text: str) -> str:
    """Return what is typed: a word a line, `_` for a space, `:skip` for the button that skips."""
    words = text.replace(":skip", "Пропустить").split()
    return "".join(f"{word.replace('_', ' ')}\n" for word in words)


def straight() -> str:
    return lines(STRAIGHT)


def test_a_form_typed_through_a_pipe_says_what_would_be_saved():
    done = subprocess.run(
        [sys.executable, "cli.py", "play", "raw_intake", "--as", "receiver"],
        input=straight(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    assert "receiver< Новая партия · 1 из 22\n          Выберите компанию" in done.stdout
    assert "receiver< Партия 2211/3 зарегистрирована" in done.stdout
    _, saved = done.stdout.split("Было бы сохранено:\n")
    assert "  операция take_delivery → raw_batch 2211/3\n" in saved
    assert "answers.weight = 900\n" in saved or "weight = 900\n" in saved
    assert "  переход accept: raw_batch 2211/3, " in saved
    assert "  документ incoming_control: 2211/3 → Ветров П. А.\n" in saved
    assert "  сообщение → Зимин К. Д., Лапина О. В., Серова Т. Н.: Новая партия сырья" in saved


def test_a_played_form_is_a_talk_that_passes(tmp_path: Path):
    flows = copied(tmp_path)
    path = flows / "receiving" / "raw_intake.played.talk"
    done = run("raw_intake", "--talk", str(path), said=straight(), flows=flows)
    assert done.exit_code == 0, done.output
    text = path.read_text(encoding="utf-8")
    assert "* open raw_intake receiver\n" in text
    assert "receiver> [Каркас ЦБ]\n" in text
    assert text.endswith("= session saved\n")
    rehearsal = rehearse(flows, loaded(flows), "raw_intake.played")
    assert [str(one.error) for one in rehearsal.played] == ["None"]


def test_a_played_talk_fails_once_the_form_says_something_else(tmp_path: Path):
    flows = copied(tmp_path)
    path = flows / "receiving" / "raw_intake.played.talk"
    run("raw_intake", "--talk", str(path), said="1\n", flows=flows)
    form = flows / "receiving" / "raw_intake.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("prompt: Выберите компанию", "prompt: Чья партия?"), "utf-8")
    rehearsal = rehearse(flows, loaded(flows), "raw_intake.played")
    assert "ждали «Новая партия · 1 из 22 Выберите компанию»" in str(rehearsal.played[0].error)


def test_the_talk_is_offered_when_the_form_is_over(tmp_path: Path):
    taken = tmp_path / "taken.talk"
    taken.write_text("", "utf-8")
    names = (taken, f"{tmp_path}/a.txt", f"{tmp_path}/no/a.talk", f"{tmp_path}/a.talk")
    said = ":cancel\nДа, отменить\n" + "".join(f"{name}\n" for name in names)
    done = run("raw_intake", said=said)
    assert f"Файл {taken} уже есть" in done.output
    assert "Разговор пишется в файл .talk" in done.output
    assert f"Нет папки {tmp_path}/no" in done.output
    assert f"Записано: {tmp_path}/a.talk" in done.output
    assert "= session cancelled" in (tmp_path / "a.talk").read_text("utf-8")


def test_another_role_decides_and_time_moves():
    said = straight().replace("-18\n", "-5\nЗапросить решение\n:after 16m\n:as technologist\n")
    said = said.split("20.11.2026")[0] + "✅ Подтвердить\nПропустить\n:as receiver\nПродолжить\n"
    done = run("raw_intake", said=said)
    assert "technologist< " in done.output
    assert "⏰ Ждёт 15 мин" in done.output
    assert "technologist> ✅ Подтвердить" in done.output
    assert "Дата производства" in done.output
    assert "Форма не закончена, стоит на manufacture_date" in done.output
    assert "отклонение body_temp: approved, решает Орлова М. С." in done.output


def test_a_number_answers_where_one_is_asked_and_a_hash_presses_the_button():
    done = run("weigh_blank", said="1200\n#1\n")
    assert "#1 [Как в плане]" in done.output
    assert "2 из 2. 2011/4 СЛЧ" in done.output
    assert "Проверьте ответы" in done.output


def test_a_record_is_brought_to_a_state_from_which_the_form_moves_it(tmp_path: Path):
    path = tmp_path / "weigh.talk"
    run("weigh_blank", "--talk", str(path), said="1200\n300\n")
    text = path.read_text("utf-8")
    assert "* record blank-1 state weighing\n* open weigh_blank storekeeper blank=blank-1\n" in text


def test_photos_files_and_things_are_sent():
    said = lines("1 Каркас Каркас_ЦБ Замороженное :photo_1 :file_акт.pdf :file_a.exe {sticker}")
    done = run("raw_intake", said=said)
    assert "Фото температуры кузова при открытии" in done.output
    assert "Такой файл не подходит. Принимаются фото и PDF до 20 МБ" in done.output


def test_why_back_and_cancel_are_words_and_help_lists_them():
    said = lines(
        ":why 1 :back :help :bakc :zzzzz #99 99 :as_lba :fact_x_1 :show :cancel Да,_отменить"
    )
    done = run("raw_intake", said=said)
    assert "Этот вопрос задают всегда" in done.output
    assert done.output.count("1 из 22") >= 3
    assert ":why почему меня спрашивают" in done.output
    assert "Нет команды :bakc. Возможно, :back?" in done.output
    assert "Нет команды :zzzzz. Все — :help" in done.output
    assert "Кнопки 99 нет\n" in done.output
    assert "Кнопки 99 нет. Текстом: :say 99" in done.output
    assert "нет человека «lba»" in done.output
    assert "нет факта x" in done.output
    assert "Ничего не было бы сохранено" in done.output


def test_the_rule_of_a_question_is_told():
    done = run("raw_intake", said=lines("1 Каркас Каркас_ЦБ Замороженное :skip :skip :why"))
    assert "Норма: " in done.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("raw_intak",), "Формы raw_intak нет: возможно, «raw_intake»?"),
        (
            ("raw_intake", "--as", "reciver"),
            "reciver эту форму не заполняет: возможно, «receiver»?",
        ),
        (("raw_intake", "--as", "lab"), "lab эту форму не заполняет: заполняют: receiver"),
        (("raw_intake", "--with", "expectd=1"), "Нет параметра expectd"),
        (("vet_documents",), "vet_documents сама не открывается, её вызывают: raw_intake"),
        (("raw_intake", "--lang", "eng"), "Языка eng нет: возможно, «en»?"),
        (("raw_intake", "--talk", "a.txt"), "Разговор пишется в файл .talk"),
    ],
)
def test_what_cannot_be_played_says_why_and_what_there_is(words: tuple[str, ...], why: str):
    done = run(*words)
    assert done.exit_code == 2
    assert why.casefold() in done.output.casefold()


def test_a_folder_that_is_no_project_says_so(tmp_path: Path):
    done = run("raw_intake", flows=tmp_path)
    assert done.exit_code == 2
    assert "cli.py validate" in done.output


@pytest.mark.parametrize(
    "flow", [one.name for one in program().flows.values() if one.roles or one.crew]
)
def test_every_form_opens_and_ends_politely_when_nothing_is_typed(flow: str):
    told: list[str] = []
    play_form(rehearser().stage(), flow, "", {}, Terminal("ru", lambda _: None, told.append), None)
    assert "⚠" not in "".join(told)
    assert f"{program().flows[flow].title} · " in "".join(told)


def test_a_form_is_played_in_english(tmp_path: Path):
    flows = copied(tmp_path)
    path = flows / "receiving" / "raw_intake.played.talk"
    done = run("raw_intake", "--lang", "en", "--talk", str(path), said="1\n:bakc\n", flows=flows)
    assert "The form is not finished" in done.output
    assert "There is no :bakc" in done.output
    assert "company" in done.output
    assert "receiver> /lang\n" in path.read_text("utf-8")
    rehearsal = rehearse(flows, loaded(flows), "raw_intake.played")
    assert [str(one.error) for one in rehearsal.played] == ["None"]


def test_every_line_of_the_shipped_talks_is_written_as_it_was_read():
    for talk in find_talks(FLOWS):
        for line in talk.lines:
            again = read_line(talk.path, line.line, written(line))
            assert again == line


@pytest.mark.parametrize(
    "line",
    [
        Says(1, "lab2", "text", "а\\б\nв"),
        Sees(1, "lab", "<<", "[Кнопка]"),
        Happens(1, ("after", "16m")),
        Holds(1, ("session", "saved")),
    ],
)
def test_a_line_that_is_written_is_read_as_it_was(line: Says):
    assert read_line("a.talk", 1, written(line)) == line


def test_every_fact_that_forms_ask_is_answered_by_the_samples():
    assert samples().facts.keys() >= {"mixes_without_ash", "pallet_numbers_taken"}
    assert shipped().vocabulary.facts.keys() >= samples().facts.keys()
