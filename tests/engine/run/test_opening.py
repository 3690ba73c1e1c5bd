"""Flows that open over a question, that another flow opens, that a button opens with parameters;
what is shown before the first question; whose a flow is by its crew."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.values import Row
from engine.run.around import crew_roles
from engine.run.desk import Desk, read_afresh
from engine.run.program import compile_program
from engine.run.rights import may_run
from engine.run.stored import pack_given
from engine.schema.project import CrewLine
from engine.talk.memory import Memory
from engine.talk.plant import rehearsal_plant
from engine.talk.stage import Stage
from tests.engine.rehearsal import plant, samples
from tests.engine.run.inline import WORKER, project_of
from tests.engine.run.test_reactions import Phone

FIRST = """
flow: first
title: Первая
roles: [receiver]
before:
  - reply: "Здравствуйте, {actor.full_name}"
steps:
  - text: name
    prompt: Имя
  - review: {save: Сохранить}
save:
  - run: take_delivery
    as: batch
    with: {}
after:
  - reply: "Готово, {name}"
    buttons:
      - {title: Вторая, flow: second, with: {word: name}}
  - notify: [actor, lab]
    text: "{name}"
    buttons:
      - {title: "Открыть вторую", flow: second, with: {word: name, batch: batch}}
  - open: third
    with: {word: name}
    when: name == 'третья'
"""
SECOND = """
flow: second
title: Вторая
roles: [receiver, lab]
given: {word: text, batch: "raw_batch?"}
steps:
  - text: answer
    prompt: "Слово {word}"
"""
THIRD = """
flow: third
title: Третья
roles: [receiver]
given: {word: text}
steps:
  - yes_no: sure
    prompt: "Открыта словом {word}"
  - review: {save: Да}
"""
HELP = """
flow: help
title: Помощь
roles: [receiver]
anywhere: true
steps:
  - text: what
    prompt: Что случилось?
after:
  - reply: Помощь идёт
"""
CREW = """
flow: unpack
title: Растарка
crew: unpack
given: {mix: mix}
steps:
  - yes_no: done
    prompt: Готово?
"""


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    project = project_of(tmp_path, FIRST, SECOND, THIRD, HELP)
    menu = tuple(entry.model_copy(update={"flow": "first"}) for entry in project.menu)
    program = compile_program(replace(project.sources(), menu=menu))
    plant = rehearsal_plant(program, project.vocabulary, samples())
    stage = Stage(plant, lambda old: old)
    phone = Phone(stage, "receiver").command("start")
    return phone.press(next(title for title in phone.titles if title.startswith("Новая")))


def test_what_stands_before_is_shown_over_the_first_question(phone: Phone):
    assert phone.text.startswith("Здравствуйте, Ветров П. А.")
    assert "Имя" in phone.text


def test_a_flow_that_may_be_opened_anywhere_returns_to_the_question(phone: Phone):
    phone.press("Помощь")
    assert "Что случилось?" in phone.text
    assert "Помощь" not in phone.titles
    phone.say("порвался мешок")
    assert "Помощь идёт" in phone.text
    phone.press("Продолжить")
    assert "Имя" in phone.text
    phone.say("я").press("Сохранить")
    assert "Готово, я" in phone.text


def test_a_button_of_the_answer_opens_a_flow_with_its_parameters(phone: Phone):
    phone.say("сито").press("Сохранить", "Вторая")
    assert "Слово сито" in phone.text


def test_a_button_of_a_notice_opens_a_flow_for_who_got_it(phone: Phone):
    phone.say("сито").press("Сохранить")
    lab = Phone(phone.stage, "lab")
    lab.press("Открыть вторую")
    assert "Слово сито" in lab.text


def test_forms_about_different_things_are_different_drafts(phone: Phone):
    for word in ("сито", "ведро"):
        phone.say(word).press("Сохранить", "Вторая").command("start")
        phone.press(next(title for title in phone.titles if title.startswith("Новая")))
    phone.command("start")
    phone.press("▶ Продолжить «Вторая: сито», 1 из 1")
    assert "Слово сито" in phone.text


def test_a_button_about_a_record_that_is_gone_says_so(phone: Phone):
    phone.say("сито").press("Сохранить")
    memory: Memory = phone.stage.plant.memory
    memory.rows.clear()
    lab = Phone(phone.stage, "lab")
    lab.press("Открыть вторую")
    assert "Этого больше нет" in lab.toast


def test_a_flow_opens_another_one_for_the_actor(phone: Phone):
    phone.say("третья").press("Сохранить")
    assert re.search("Готово, третья\n.*Открыта словом третья", phone.text, re.DOTALL)
    phone.press("Да", "Да")
    assert phone.text == "Готово"


def test_a_flow_of_a_crew_belongs_to_whom_its_record_gives(tmp_path: Path):
    project = project_of(tmp_path, CREW)
    lines = (CrewLine(when="mix.line == 1", role="receiver"), CrewLine(role="lab"))
    plain = project.project.model_copy(update={"crews": {"unpack": lines}})
    program = compile_program(replace(project.sources(), project=plain))
    mixes = [Row("mix", "1", "", {"line": line}) for line in (1, 2)]
    assert [crew_roles(program.project, "unpack", {"mix": mix}) for mix in mixes] == [
        ("receiver",),
        ("lab",),
    ]
    assert [may_run(program, "unpack", {"mix": mix}, WORKER) for mix in mixes] == [True, False]


def test_parameters_of_a_button_hold_no_fields_of_a_record():
    written = pack_given("second", {"batch": Row("raw_batch", "7", "2211/3", {"weight": 5})})
    assert "weight" not in written


def test_records_among_parameters_are_read_anew_also_in_a_list():
    on = plant()
    on.memory.rows["7"] = Row("raw_batch", "7", "2211/3", {"number": "2211/3"})
    desk = Desk(on.program, on.ports, WORKER, on.clock.now())

    def read(value: object) -> object:
        given = read_afresh(desk, "weigh_blank", {"blank": value, "strange": 1})
        return given and given["blank"]

    line = Row("items[]", "1", "", {"kg": 5})
    assert read(Row("raw_batch", "7")) == on.memory.rows["7"]
    assert read((Row("raw_batch", "7"), line, 3)) == (on.memory.rows["7"], line, 3)
    assert read(Row("raw_batch", "8")) is None
