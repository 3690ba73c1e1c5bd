"""The peers of the bench are real bots with our form, and the bench has a row for each; no
timing."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench.measure import CONTENDERS, KINDS, measure
from tests.bench.ours import Ours
from tests.bench.report import results, show
from tests.bench.rows import on_sqlite
from tests.bench.theirs import PEERS
from tests.bench.way import TAG, Contender, straight, unseen, walk
from tests.bench.where import PLACES, where

ANSWERS = {
    "company": "ООО «Учебная компания 1»",
    "body_temp": "-18.5",
    "manufacture_date": "2026-11-20",
    "ttn_photos": "2",
    "accounting_type": "Каркас",
    "weight": "18250.5",
    "tags_number": "24",
}


@pytest.fixture(params=CONTENDERS)
def bot(request: pytest.FixtureRequest) -> Contender:
    return CONTENDERS[request.param]()


def shown(bot: Contender) -> str:
    return TAG.sub("", bot.session.shown)


async def test_every_bot_asks_what_the_talk_asks_and_saves_what_ours_saves(bot: Contender) -> None:
    ours = Ours()
    await walk(ours)
    assert unseen(await walk(bot)) == []
    (answers,) = bot.saved()
    assert answers == ours.saved()[0]
    assert answers.items() >= ANSWERS.items()
    assert len(answers) == 21


async def test_every_bot_answers_every_press_and_shows_one_screen_a_turn(bot: Contender) -> None:
    laps = await walk(bot)
    presses = sum(lap.kind == "press" for lap in laps)
    assert bot.session.calls["answerCallbackQuery"] == presses
    screens = bot.session.calls["sendMessage"] + bot.session.calls["editMessageText"]
    assert screens == len(laps)


async def test_every_bot_goes_back_to_the_question_before(bot: Contender) -> None:
    await walk(bot, before="Каркас ЦБ")
    await bot.feed(bot.phone.press("⬅ Назад"))
    assert "Выберите вид сырья" in shown(bot)
    await bot.feed(bot.phone.press("Оставить: Каркас"))
    assert "Выберите вид по номенклатуре" in shown(bot)


async def test_every_bot_asks_again_what_an_edit_in_the_review_made_wrong(bot: Contender) -> None:
    await walk(bot, before="Сохранить")
    await bot.feed(bot.phone.press("✏ Кондиция"))
    await bot.feed(bot.phone.press("Охлаждённое"))
    assert "Температура кузова при открытии" in shown(bot)
    await bot.feed(bot.phone.type("2,5"))
    await bot.feed(bot.phone.type("3"))
    assert "Проверьте ответы" in shown(bot)
    assert bot.saved() == []
    await bot.feed(bot.phone.press("Сохранить"))
    assert [answers["body_temp"] for answers in bot.saved()] == ["2.5"]


@pytest.mark.parametrize(
    ("before", "wrong", "said"),
    [
        ("Замороженное", "тёплое", "Выберите одну из кнопок: Охлаждённое, Замороженное"),
        ("-18,5", "185", "Нужно число от"),
        ("-18,5", "холодно", "Не понял число «холодно»"),
        ("-18,5", "-18,55", "Знаков после запятой — не больше 1"),
        ("-18,5", "-5", "Приёмка временно запрещена"),
        ("20.11.2026", "31.02", "Даты 31.02 нет в календаре"),
        ("20.11.2026", "01.01.2020", "Нужна дата от 22.11.2023 до 22.11.2026"),
        ("Пропустить", "!!!", "В тексте нет ни букв, ни цифр"),
        ("18 250,5", "0", "Нужно число от"),
        ("24", "1,5", "Нужно целое число"),
    ],
)
async def test_every_bot_refuses_in_the_same_words(
    bot: Contender, before: str, wrong: str, said: str
) -> None:
    await walk(bot, before=before)
    await bot.feed(bot.phone.type(wrong))
    assert said in shown(bot)


async def test_the_bench_has_a_row_for_every_bot_and_every_place() -> None:
    durable = {"SQLite": on_sqlite(1, 1)}
    found = results(await measure(1, 1, seed=1), await where(1), durable, rounds=1, forms=1, seed=1)
    printed = StringIO()
    show(found, Console(file=printed, width=160))
    assert set(found["contenders"]) == {Ours.name, *PEERS}
    assert all(set(row["ms_by_kind"]) == set(KINDS) for row in found["contenders"].values())
    assert all(ms > 0 for ms in found["where"].values())
    assert all(value > 0 for value in found["durable"]["SQLite"].values())
    for words in (
        *found["contenders"],
        *found["durable"],
        *PLACES,
        "cores",
        "rounds 1, forms 1, seed 1",
    ):
        assert words in printed.getvalue()


def test_the_straight_way_is_the_shipped_one() -> None:
    assert straight().path == "flows/receiving/raw_intake.talk"


@pytest.mark.parametrize("script", ["mutants", "checker"])
def test_a_bench_of_the_checker_is_started_by_its_path_from_anywhere(script: str, tmp_path) -> None:
    command = [sys.executable, str(Path(__file__).parent / f"{script}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--seed" in done.stdout
