"""The peers of the bench are real bots with our form; rows, report, chart and the check against the
baseline say what they shall; no timing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from tests.bench import baseline, dated
from tests.bench.baseline import worsened
from tests.bench.chart import draw
from tests.bench.curves import curves_of, growth
from tests.bench.groups import GROUPS
from tests.bench.measure import CONTENDERS, KINDS, measure
from tests.bench.ours import Ours
from tests.bench.prints import ours as printed_by_us
from tests.bench.prints import samples
from tests.bench.prints import theirs as printed_by_peer
from tests.bench.report import faster, show
from tests.bench.row import Found, Group, Of, Row, Size, at_least, at_most
from tests.bench.run import Results, ended, run
from tests.bench.theirs import PEERS
from tests.bench.way import TAG, Contender, straight, unseen, walk
from tests.bench.where import where

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


async def test_where_the_time_of_a_turn_goes_is_told_of_every_place() -> None:
    assert all(ms > 0 for ms in (await where(1)).values())


async def test_a_round_has_every_bot_and_every_kind_of_input() -> None:
    rounds = await measure(1, 1, seed=1)
    assert set(rounds) == {Ours.name, *PEERS}
    assert all(set(one.by_kind) == set(KINDS) for (one,) in rounds.values())


def test_the_straight_way_is_the_shipped_one() -> None:
    assert straight().path == "flows/receiving/raw_intake.talk"


def test_the_bench_of_slips_is_started_by_its_path_from_anywhere(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).parent / "mutants.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--seed" in done.stdout


def test_both_print_every_document() -> None:
    every = samples()
    assert len(every) >= 4
    for made in (printed_by_us(every), printed_by_peer(every)):
        assert all(one.startswith(b"PK") for one in made)


def test_every_row_has_a_name_of_its_own_and_a_size_where_it_has_a_curve() -> None:
    names = Counter(row.name for group in GROUPS for row in group.rows)
    assert [name for name, count in names.items() if count > 1] == []
    assert len({group.name for group in GROUPS}) == len(GROUPS)
    for row in (row for group in GROUPS for row in group.rows):
        assert bool(row.series) == bool(row.size), row.name


def test_a_run_keeps_what_a_group_found_and_what_its_process_used() -> None:
    said: list[str] = []
    (group,) = (one for one in GROUPS if one.name == "expressions")
    results = run([group], Size(quick=True), said.append)
    (found,) = results.found.values()
    assert len(found.ours) == len(found.theirs) == Size(quick=True).rounds >= 5
    assert found.row == "expressions"
    assert found.ratio is not None
    assert 0 < found.ratio < 100
    assert results.used["expressions"]["peak_mb"] > 1
    assert results.failed == {}
    assert said[0] == "expressions …"


def test_a_group_that_fails_is_named_with_its_words() -> None:
    results = run([Group("no such group", (), measure=no_laps)], Size(quick=True), print)
    assert "StopIteration" in results.failed["no such group"]
    assert "NOT MEASURED no such group" in printed(results, [])


def no_laps(_size: Size) -> Iterator[Found]:
    yield from ()


def a_group() -> Group:
    rows = (
        Row("fast", "it", peer="a peer", goal=at_most(0.5, Of.RATIO), series="it", size=1),
        Row("slow", "it", peer="a peer", goal=at_most(0.5, Of.RATIO), series="it", size=100),
        Row("many", "them", "s", goal=at_least(10)),
        Row("asked", "it", "queries", goal=at_most(2)),
    )
    return Group("some", rows, no_laps)


def results(**changed: Found) -> Results:
    """A run in which a row each is within its goal and beyond it."""
    found = {
        "fast": Found("fast", (1, 1.1, 1), (10, 10, 10)),
        "slow": Found("slow", (9, 8, 9), (10, 10, 10)),
        "many": Found("many", (20,)),
        "asked": Found("asked", (3,)),
    }
    return Results("a machine", "quick", found | changed)


def printed(of: Results, groups: list[Group]) -> str:
    page = StringIO()
    show(of, groups, Console(file=page, width=160))
    return page.getvalue()


def test_a_group_that_does_not_end_is_interrupted_and_has_failed() -> None:
    waits = (
        "import time\nprint('begun', flush=True)\ntry: time.sleep(60)\nfinally: print('put away')"
    )
    done = ended([sys.executable, "-c", waits], dict(os.environ), 1.0)
    assert (done.returncode, done.stdout.split()) == (1, ["begun", "put", "away"])
    assert done.stderr.endswith("not done after 1 s")


def test_the_report_shows_every_row_and_lists_what_was_not_reached_the_farthest_first() -> None:
    page = printed(results(), [a_group()])
    assert "Not reached: 2" in page
    table, _, over = page.partition("Not reached")
    for words in ("a machine", "fast", "slow", "many", "asked", "≤ 0.5 ×", "≥ 10", "0.9", "a peer"):
        assert words in table
    assert over.index("1.8 times: slow: 0.9") < over.index("1.5 times: asked: 3")
    assert "fast" not in over


def test_the_chart_has_a_bar_for_each_goal_and_a_curve_over_size() -> None:
    picture = draw(results(), [a_group()])
    assert picture.count('class="met"') == 2
    assert picture.count('class="over"') == 2
    assert picture.count("<polyline") == 2
    ElementTree.fromstring(picture)
    points = curves_of(results(), [a_group()])["it"]
    assert points == [(1, 1), (100, 9)]
    assert growth(points) < 1 < growth([(1, 1.0), (100, 10_000.0)])
    assert growth([(1, 9.0), (10, 9.0), (20, 90.0)]) > 1, "its beginning is flat, its end is not"


def test_the_report_names_a_curve_that_grows_faster_than_n_log_n() -> None:
    assert faster(results(), [a_group()]) == []
    steep = results(slow=Found("slow", (1_000,), (10,)))
    (line,) = faster(steep, [a_group()])
    assert line == "grows faster than n·log n, 1.5 times: it: 1 at 1, 1,000 at 100"
    assert line in printed(steep, [a_group()])


def test_what_is_measured_apart_is_shown_with_its_date_or_how_to_measure_it(tmp_path: Path) -> None:
    file = tmp_path / "var" / "dated.json"
    assert len(dated.shown(file)) == len(dated.HOW)
    dated.keep(dated.COPIES, ["restore 99 s"], file)
    dated.keep(dated.COPIES, ["restore 80 s"], file)
    said = dated.shown(file)
    assert [one.partition(", 2")[0] for one in said] == [
        "make soak: never measured here (make soak)",
        "copies",
        "  restore 80 s",
        "audit: never measured here (python -m tests.bench.audit postgres)",
    ]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A baseline that was written of the same run."""
    path = tmp_path / "baseline.json"
    baseline.write(results(), [a_group()], path)
    return path


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Found("fast", (1, 1, 1), (9.5, 9.5, 9.5)), []),
        (Found("fast", (1, 1, 1), (20, 20, 20)), []),
        (Found("fast", (1.3, 1.3, 1.3), (10, 10, 10)), ["fast: 0.13, was 0.1: 1.30 times worse"]),
        (Found("fast", (1.3, 0.9, 1.8), (10, 10, 10)), []),
        (Found("asked", (3,)), []),
        (Found("asked", (4,)), ["asked: 4, was 3: 1.33 times worse"]),
        (Found("asked", (2,)), []),
    ],
)
def test_the_check_names_a_row_that_is_worse_by_more_than_its_noise(
    kept: Path, now: Found, said: list[str]
) -> None:
    found = worsened(results(**{now.row: now}), [a_group()], baseline.load("quick", kept))
    assert [line.partition(", its")[0] for line in found] == said


def test_the_check_names_what_was_none_and_is_some(tmp_path: Path) -> None:
    path, group = tmp_path / "baseline.json", [a_group()]
    baseline.write(results(asked=Found("asked", (0,))), group, path)
    before = baseline.load("quick", path)
    assert worsened(results(asked=Found("asked", (0,))), group, before) == []
    (said,) = worsened(results(asked=Found("asked", (1,))), group, before)
    assert said.startswith("asked: 1, was 0: inf times worse")


def test_the_check_names_what_is_new_and_what_is_gone(kept: Path) -> None:
    before = baseline.load("quick", kept)
    assert set(before) == {"fast", "slow", "asked"}, "a time without a peer says nothing elsewhere"
    less = {name: was for name, was in before.items() if name != "slow"}
    (said,) = worsened(results(), [a_group()], less)
    assert said.startswith("slow: 0.9 is not in the baseline")
    gone = Results("a machine", "quick", {"fast": results().found["fast"]})
    assert [line.split(":")[0] for line in worsened(gone, [a_group()], before)] == ["slow", "asked"]
    assert baseline.load("full", kept) == {}


def test_the_baseline_that_is_kept_is_of_rows_that_are_there() -> None:
    rows = {row.name for group in GROUPS for row in group.rows}
    for size in ("quick", "full"):
        assert set(baseline.load(size)) - rows == set()
    assert baseline.load("quick")
