"""Flows, lifecycles and the plant as pictures: what they must show, whatever people wrote."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drawing.mermaid import Chart, identifier, label
from engine.drawing.pictures import picture_of
from engine.drawing.svg import draw
from engine.run.machine import BEFORE_BIRTH, build_machine
from tests.engine.rehearsal import shipped
from tests.forked import ran

SOURCES = shipped().sources()
ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> str:
    """Return the texts of a picture."""
    root = ElementTree.fromstring(svg)
    return " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", [*SOURCES.flows, *SOURCES.lifecycles, "plant"])
def test_everything_shipped_can_be_drawn(name: str):
    text = picture_of(SOURCES, name)
    assert text is not None
    root = ElementTree.fromstring(draw(text))
    assert float(root.attrib["width"]) > 0
    assert float(root.attrib["height"]) > 0


def test_an_unknown_name_has_no_picture():
    assert picture_of(SOURCES, "nothing") is None


def test_a_lifecycle_shows_each_state_and_each_transition_of_its_machine():
    life = SOURCES.lifecycles["mix"]
    text, machine = picture_of(SOURCES, "mix"), build_machine(life)
    assert text is not None
    for name, form in life.states.items():
        assert f"{identifier(name)}[" in text or f"{identifier(name)}(" in text, name
        assert label(form.title) in text
    for state in (BEFORE_BIRTH, *life.states):
        for name in machine.leaving(state):
            assert label(life.title_of(name)) in text
    assert re.search(r'n_queued -\.->\|"Выдан на растарку', text)
    assert text.count("Отменить замес") == 1, "what leaves nine states is drawn once"


def test_a_lifecycle_whose_record_waits_for_it_begins_in_the_state_that_is_named():
    text = picture_of(SOURCES, "mix_ash")
    assert text is not None
    assert text.count('n_new["Ещё не нужна') == text.count("n_new[") == 1
    assert "n_new((" not in text
    assert text.count('n_new -->|"Нужен анализ на золу') == 1


def test_a_flow_shows_questions_conditions_rows_and_who_decides():
    text = picture_of(SOURCES, "raw_intake")
    assert text is not None
    assert "вне предела" in text
    assert "решает: Главный технолог" in text
    assert "Отказ: форма кончается" in text
    rows = picture_of(SOURCES, "new_blank")
    assert rows is not None
    assert "ещё строка?" in rows


def test_the_plant_shows_roles_forms_and_lifecycles_together():
    text = picture_of(SOURCES, "plant")
    assert text is not None
    assert re.search(r"n_role_lab --> n_flow_mix_analysis", text)
    assert re.search(r"n_flow_mix_analysis -->.* n_life_mix\n", text)
    assert re.search(r"n_life_mix -\.->.* n_flow_mix_analysis\n", text)


def test_a_long_word_is_not_broken_within_a_sign_that_means_something_to_mermaid():
    chart = Chart("TD")
    chart.node("a", "count(expected_deliveries()) > 0", "step")
    assert "count(expected_deliveries())" in words(draw(str(chart)))


def test_what_people_wrote_is_seen_literally():
    chart = Chart()
    chart.node("end", '<b>x</b> & "y" {kg} # ]', "step")
    chart.edge("end", "end", "a|b")
    shown = words(draw(str(chart))).replace(" ", "")  # spaces stand between the lines of a label
    assert '<b>x</b>&"y"{kg}#]' in shown
    assert "a|b" in shown


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_can_be_drawn(text: str, name: str):
    chart = Chart()
    chart.node(name, text)
    chart.edge(name, "other", text)
    line = str(chart).splitlines()
    assert len(line) == len(Chart().__str__().splitlines()) + 2, "one node and one edge"


def test_the_command_writes_a_picture_and_prints_mermaid(tmp_path: Path):
    out = tmp_path / "mix.svg"
    command = (ROOT / "cli.py", "graph", "mix")
    done = ran((*command, "--out", out))
    assert done.returncode == 0, done.stderr
    assert out.read_text("utf-8").startswith("<svg")
    shown = ran(command)
    assert shown.stdout.startswith("flowchart TD\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mixx"], "возможно, «mix»"),
        (["mix", "--out", "mix.png"], "в .svg"),
        (["mix", "--out", "nowhere/mix.svg"], "Не записать"),
        (["mix", "--flows", "nowhere"], "нет project.yaml"),
    ],
)
def test_the_command_says_what_to_write_instead(tmp_path: Path, words: list[str], said: str):
    done = ran([ROOT / "cli.py", "graph", "--flows", ROOT / "flows", *words], cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
