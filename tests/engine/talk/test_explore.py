"""The explorer of paths: what it goes through, and that it finds what must not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from engine.expressions.types import bare, read_type
from engine.load.project import notations
from engine.talk.explore.explorer import Explored, Explorer
from engine.talk.explore.goals import Goal, Sort, goals_of
from engine.talk.explore.made import Maker
from engine.talk.explore.sight import CRASH, DEAD_END, TOO_LONG
from engine.talk.plant import START
from tests.engine.rehearsal import program, samples, shipped, small

FLOOR = 0.99  # of the goals of all shipped flows
HEAD = "flow: probe\ntitle: Проба\nroles: [receiver]\nsteps:\n"
END = "  - review: {save: Сохранить}\n"


def explored(folder: Path, steps: str, after: str = "", head: str = HEAD) -> Explored:
    """Go through a small flow."""
    explorer = Explorer(small(folder, head + steps + END + after).program, samples(), "probe")
    explorer.plan()
    explorer.play()
    return explorer.done


def missed(one: Explored) -> set[tuple[Sort, str, str]]:
    return {(goal.sort, goal.path, goal.what) for goal in one.goals if goal not in one.met}


def test_every_flow_is_gone_through_without_a_crash_a_dead_end_or_a_text_too_long():
    done = CliRunner().invoke(app, ["paths", "--all", "--run", "--no-pairs"])
    assert done.exit_code == 0, done.output
    last = done.output.splitlines()[-1]
    assert "неполадок 0" in last
    met, known = map(int, re.findall(r"целей (\d+) из (\d+)", last)[0])
    assert known > 800
    assert met >= FLOOR * known, done.output


def test_a_question_that_takes_no_answer_is_a_dead_end(tmp_path: Path):
    done = explored(
        tmp_path,
        "  - number: weight\n    range: [0, 50]\n    prompt: Масса\n"
        "    check: [{that: weight > 100, say: Мало}]\n",
    )
    assert [(one.sort, one.path) for one in done.troubles] == [(DEAD_END, "weight")]


def test_a_text_that_fits_only_in_russian_is_found(tmp_path: Path):
    done = explored(tmp_path, f"  - text: note\n    prompt: {'Опишите всё по порядку ' * 160}\n")
    assert {(one.sort, one.path) for one in done.troubles} == {(TOO_LONG, "note")}
    assert all("псевдо" in one.what for one in done.troubles)


def test_a_form_that_breaks_while_it_is_saved_is_a_crash(tmp_path: Path):
    done = explored(
        tmp_path,
        "  - pick: batch\n    from: batches_to_analyse()\n    skip: true\n    prompt: Партия\n",
        "save:\n  - {fire: accept, on: batch}\n",
    )
    assert (CRASH, "review") in {(one.sort, one.path) for one in done.troubles}
    assert any("is not a record" in one.what for one in done.troubles)


def test_branches_far_from_each_other_are_found(tmp_path: Path):
    """Eight answers must all be the second one: chance does not find that, looking does."""
    names = [f"q{number}" for number in range(8)]
    asked = "".join(
        f"  - choice: {name}\n    options: {{good: Да, bad: Нет}}\n    prompt: Как\n"
        for name in names
    )
    every = " and ".join(f"{name} == bad" for name in names)
    done = explored(tmp_path, f"{asked}  - text: why\n    when: {every}\n    prompt: Почему\n")
    assert not {one for one in missed(done) if one[0] is not Sort.PAIR}
    assert done.troubles == []


def test_rows_are_tried_from_the_fewest_to_the_most(tmp_path: Path):
    done = explored(
        tmp_path,
        "  - repeat: items\n    rows: [0, 12]\n    remove: Убрать\n    steps:\n"
        "      - number: kg\n        range: [1, 5]\n        prompt: Сколько\n",
    )
    rows = {goal.what for goal in done.met if goal.sort is Sort.ROWS}
    assert rows == {"0", "1", "2", "12", "убрать"}
    assert missed(done) == set()


def test_a_wait_ends_in_every_way(tmp_path: Path):
    done = explored(
        tmp_path,
        "  - wait: room\n    until: available(batch) > 100\n    at_most: 5m\n    leave: Уйти\n"
        "    prompt: Мест нет\n",
        head=HEAD.replace("steps:", "given: {batch: raw_batch}\nsteps:"),
    )
    ends = {goal.what for goal in done.met if goal.sort is Sort.WAIT}
    assert ends == {"finished", "left", "timeout", "сразу"}


def test_outcomes_that_exclude_each_other_are_no_goal(tmp_path: Path):
    plant = small(
        tmp_path,
        f"{HEAD}  - choice: way\n    options: {{one: Раз, two: Два}}\n    prompt: Как\n"
        "  - text: first\n    when: way == one\n    prompt: Что\n"
        f"  - text: second\n    when: way == two\n    prompt: Что\n{END}",
    )
    pairs = [goal for goal in goals_of(plant.program, "probe") if goal.sort is Sort.PAIR]
    assert len(pairs) == 2


def pairs_of(folder: Path, steps: str, after: str = "", head: str = HEAD) -> set[str]:
    plant = small(folder, head + steps + END + after)
    return {
        f"{goal.path} {goal.what}"
        for goal in goals_of(plant.program, "probe")
        if goal.sort is Sort.PAIR
    }


CHOICE = "  - choice: {name}\n    options: {{one: Раз, two: Два}}\n    prompt: Как\n"
ASKED = "  - text: {name}\n    when: {when}\n    prompt: Что\n"


@pytest.mark.parametrize(
    ("steps", "first", "second", "possible"),
    [
        # a number is above nothing or is nothing: the fact counts
        ("  - value: have\n    is: open_buffer_boxes()\n", "have > 0", "have == 0", 2),
        # a length of a list is no less than nothing
        ("  - value: n\n    is: count(open_buffer_pallets())\n", "n > 0", "n == 0", 2),
        # numbers between those that are compared with
        ("  - number: kg\n    range: [-5, 5]\n    prompt: Кг\n", "kg > 1", "kg < 0.5", 3),
        # a computed truth and its opposite
        ("  - value: bad\n    is: not is_shock(first(frozen_materials()))\n", "bad", "not bad", 0),
        # two comparisons that nothing is known about
        ("  - number: a\n    range: [0, 9]\n    prompt: А\n"
         "  - number: b\n    range: [0, 9]\n    prompt: Б\n", "a > b", "a * 2 > b", 4),
    ],
)  # fmt: skip
def test_only_pairs_that_can_come_together_are_goals(
    tmp_path: Path, steps: str, first: str, second: str, possible: int
):
    if not possible:
        steps = CHOICE.format(name="way") + "  - value: bad\n    is: way == two\n"
    asked = ASKED.format(name="x", when=first) + ASKED.format(name="y", when=second)
    found = pairs_of(tmp_path, steps + asked)
    assert len(found) == (possible or 2), found


def test_what_a_question_not_asked_says_is_no_goal(tmp_path: Path):
    """`inner` is asked only in one way, so its prompt is never that of the other."""
    steps = CHOICE.format(name="way") + ASKED.format(name="outer", when="way == one")
    steps += (
        "  - text: inner\n    when: is_set(outer)\n"
        "    prompt:\n      - {when: way == two, text: Раз}\n      - {text: Два}\n"
    )
    found = pairs_of(tmp_path, steps)
    assert found == {"inner prompt 1: нет × outer when: да"}


def test_a_check_that_nothing_given_can_break_is_no_goal():
    absent = frozenset({"most"})
    whole = goals_of(program(), "palletizing_weights", inner=True)
    less = goals_of(program(), "palletizing_weights", inner=True, absent=absent)
    check = Goal(Sort.REFUSAL, "palletizing_weights", "weights", "проверка 2")
    assert check in whole
    assert check not in less


def test_two_conditions_over_facts_and_answers_are_led_to_together(tmp_path: Path):
    """Both hold only with another fact and three answers of their own."""
    steps = "".join(CHOICE.format(name=name) for name in ("a", "b", "c"))
    every = "a == two and b == two and c == two"
    steps += "  - value: free\n    is: available(batch)\n"
    steps += ASKED.format(name="x", when=f"{every} and free > 250")
    steps += ASKED.format(name="y", when="free > 100")
    done = explored(
        tmp_path, steps, head=HEAD.replace("steps:", "given: {batch: raw_batch}\nsteps:")
    )
    assert missed(done) == set()


def test_a_saving_refused_for_two_facts_in_turn_is_led_through():
    """The freezer must be out, then its pallets in the right state: one fact opens the next."""
    explorer = Explorer(program(), samples(), "unload_plate")
    explorer.plan()
    explorer.play()
    assert Goal(Sort.SAVED, "unload_plate", "review") in explorer.done.met
    # Of two conditions about one load some pairs want a load that the samples do not have.
    assert {sort for sort, *_ in missed(explorer.done)} <= {Sort.PAIR}


def test_a_saving_that_refuses_the_record_it_is_about_is_tried_with_another_one():
    """The line is joined for an order that is planned, and refused only for one at work."""
    explorer = Explorer(program(), samples(), "joint_work_decision")
    explorer.plan()
    explorer.play()
    assert missed(explorer.done) == set()


def test_the_last_value_is_suggested_to_a_later_play():
    explorer = Explorer(program(), samples(), "raw_analysis", pairs=False)
    explorer.plan()
    explorer.play()
    assert Goal(Sort.WAY, "raw_analysis", "separator", "suggest") in explorer.done.met


def test_goals_name_the_edges_of_what_a_question_takes(tmp_path: Path):
    plant = small(
        tmp_path,
        f"{HEAD}  - number: weight\n    unit: kg\n    range: [1, 5]\n    prompt: Масса\n"
        f"  - text: note\n    length: [3, 9]\n    prompt: Что\n{END}",
    )
    goals = set(goals_of(plant.program, "probe"))
    for path, aspect in (("weight", "range"), ("note", "length")):
        for edge in ("наименьшее", "наибольшее", "меньше наименьшего", "больше наибольшего"):
            assert Goal(Sort.BOUNDARY, "probe", path, f"{aspect}: {edge}") in goals


@pytest.mark.parametrize("number", range(5))
def test_made_up_values_are_of_every_type_of_the_vocabulary(number: int):
    vocabulary = shipped().vocabulary
    maker = Maker(vocabulary, START)
    opaque = {"answers", "measurements", "rows"}
    for notation in notations(vocabulary):
        is_whole = any(word in notation for word in opaque)
        value = maker.of(notation, number)
        unset = notation.endswith("?") and number % 4 == 3
        assert is_whole or (value is None) is unset, (notation, bare(read_type(notation)))


def test_the_plan_is_shown_without_playing():
    done = CliRunner().invoke(app, ["paths", "start_station"])
    assert done.exit_code == 0
    assert "start_station: целей" in done.output
    assert "неполадок" not in done.output


def test_each_play_of_one_flow_is_told_with_its_taps_and_troubles_by_their_sort():
    done = CliRunner().invoke(app, ["paths", "start_station", "--run"])
    assert done.exit_code == 0, done.output
    assert re.search(
        r"^  1\. нажатий \d+, действий \d+, новых целей \d+: сохранено$", done.output, re.M
    )
    assert "неполадок 0 (сбой 0, тупик 0, не помещается 0, принято неверно 0)" in done.output


@pytest.mark.parametrize("words", [[], ["start_station", "--all"], ["no_such_flow"]])
def test_what_is_to_be_explored_must_be_clear(words: list[str]):
    assert CliRunner().invoke(app, ["paths", *words]).exit_code == 2


def test_a_broken_flow_fails_the_command(tmp_path: Path):
    long = "Опишите всё по порядку " * 160
    small(tmp_path, f"{HEAD}  - text: note\n    prompt: {long}\n{END}")
    where = str(tmp_path / "flows")
    done = CliRunner().invoke(app, ["paths", "probe", "--run", "--flows", where])
    assert done.exit_code == 1
    assert "flows/test/flow.yaml:5: не помещается" in done.output


def test_the_samples_of_the_plant_are_not_needed():
    bare_samples = samples().model_copy(update={"facts": {}, "catalogues": {}, "records": ()})
    explorer = Explorer(program(), bare_samples, "new_blank")
    explorer.plan()
    explorer.play()
    assert explorer.done.troubles == []
    assert explorer.done.taps
