"""Called flows with their results, jobs that answers start, waits with their ways to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.model.conversation import Input, State
from engine.model.effects import CancelJob, StartJob, WakeAt
from engine.model.vocabulary import FactForm, OperationForm
from engine.talk.plant import rehearsal_plant
from engine.talk.stage import Stage
from tests.engine.run.inline import Inline, inline
from tests.engine.run.test_reactions import Phone

INTAKE = """
flow: intake
title: Приёмка
roles: [receiver]
steps:
  - text: ttn
    label: номер ТТН
    prompt: Номер ТТН
    starts: {job: find_documents, with: {number: ttn}, as: found}
  - text: place
    label: место
    prompt: Место
  - wait: search
    for: found
    at_most: 5m
    leave: Пропустить
    prompt: "Ищу документы по {ttn}. Прошло {minutes} мин"
  - call: docs
    flow: documents
    when: is_set(found)
    with: {mass: found.weight}
  - number: weight
    label: масса
    unit: kg
    buttons: {Совпадает: docs.weight}
    prompt: "Масса"
  - review: {save: Сохранить}
"""
DOCUMENTS = """
flow: documents
title: Документы
given: {mass: number kg}
steps:
  - choice: trust
    label: верим
    options: {all: Всё, half: Половина}
    prompt: Что берём
  - text: why
    when: trust == half
    prompt: Почему
result:
  weight: mass if trust == all else mass / 2
"""
JOB = OperationForm({"number": "text"}, "vet_documents")


def intake(folder: Path, **line: Any) -> Inline:
    lines = [{"after": "2m", "result": {"kind": "vet_documents", "weight": "900"}, **line}]
    return inline(folder, INTAKE, DOCUMENTS, jobs={"find_documents": (JOB, lines)})


def test_an_answer_starts_a_job_and_the_form_goes_on(tmp_path: Path):
    form = intake(tmp_path).say("4471")
    assert form.at == "place"
    (started,) = form.turn.effects
    assert isinstance(started, StartJob)
    assert started.arguments == {"number": "4471"}


def test_the_same_answer_again_keeps_its_job_and_a_changed_one_starts_another(tmp_path: Path):
    form = intake(tmp_path).say("4471")
    job = form.session.answers["ttn"].job
    form.press("⬅ Назад", "Оставить: 4471")
    assert form.session.answers["ttn"].job == job
    form.press("⬅ Назад").say("4472")
    assert [type(one) for one in form.turn.effects] == [CancelJob, StartJob]
    assert form.session.answers["ttn"].job != job


def test_a_wait_is_not_asked_when_its_job_has_ended(tmp_path: Path):
    form = intake(tmp_path).say("4471").wait(minutes=3).say("склад")
    assert form.at == "docs.trust"
    assert form.session.trail == ("ttn", "place")


def test_a_wait_goes_on_by_itself_when_its_job_ends(tmp_path: Path):
    form = intake(tmp_path).say("4471", "склад")
    assert form.at == "search"
    assert "Ищу документы по 4471. Прошло 0 мин" in form.text
    wake = form.turn.effects[-1]
    assert isinstance(wake, WakeAt)
    assert f"{wake.at:%H:%M}" == "10:05"
    form.take(Input.job("another"))
    assert form.turn.prompt is None
    form.wait(minutes=2).take(Input.job(form.session.answers["ttn"].job))
    assert form.at == "docs.trust"


def test_anything_typed_at_a_wait_repeats_it(tmp_path: Path):
    form = intake(tmp_path).say("4471", "склад", "ну что там")
    assert form.at == "search"
    assert "Подождите или нажмите «Пропустить»" in form.text


@pytest.mark.parametrize("way", ["left", "timeout", "failed"])
def test_after_a_wait_that_did_not_succeed_the_result_stays_unset(tmp_path: Path, way: str):
    form = intake(tmp_path, after="9m", failed=way == "failed").say("4471", "склад")
    if way == "left":
        form.press("Пропустить")
    else:
        form.wait(minutes=5 if way == "timeout" else 9).take(Input.clock())
    assert form.at == "weight"
    assert form.field("search") != "—"
    assert "Совпадает" not in form.titles
    form.wait(minutes=30).say("5")
    assert form.at == "review"


def test_the_job_goes_on_while_the_worker_goes_back(tmp_path: Path):
    form = intake(tmp_path).say("4471", "склад").press("⬅ Назад", "⬅ Назад")
    form.wait(minutes=2).press("Оставить: 4471", "Оставить: склад")
    assert form.at == "docs.trust"


def test_the_result_of_a_called_flow_is_a_record(tmp_path: Path):
    form = intake(tmp_path).say("4471").wait(minutes=3).say("склад")
    form.press("Половина").say("рваные")
    assert form.at == "weight"
    form.press("Совпадает")
    assert form.field("weight") == "450"
    assert "Верим: Половина" in form.text
    form.press("✏ Верим", "Всё")
    assert form.at == "review"


def test_back_goes_into_the_called_flow(tmp_path: Path):
    form = intake(tmp_path).say("4471").wait(minutes=3).say("склад").press("Всё", "⬅ Назад")
    assert form.at == "docs.trust"


def test_a_wait_for_a_condition_looks_again_on_a_signal_and_on_its_button(tmp_path: Path):
    flow = """
flow: load
title: Загрузка
roles: [receiver]
steps:
  - wait: room
    until: free_places() > 0
    refresh: Обновить
    prompt: Мест нет
  - text: note
    prompt: Куда
  - review: {save: Сохранить}
"""
    form = inline(tmp_path, flow, facts={"free_places": (FactForm((), "integer"), "0")})
    assert form.at == "room"
    form.press("Обновить")
    assert form.at == "room"
    facts: Any = form.plant.ports.reads.facts
    facts._answers["free_places"] = "1"
    form.take(Input.free())
    assert form.at == "note"
    form.say("сюда").press("Сохранить")
    assert form.session.state is State.SAVED


def test_a_flow_that_only_shows_ends_without_a_review(tmp_path: Path):
    flow = """
flow: look
title: Посмотреть
roles: [receiver]
steps:
  - yes_no: seen
    prompt: Видели?
"""
    form = inline(tmp_path, flow).press("Да")
    assert form.session.state is State.SAVED


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    plant = intake(tmp_path).plant
    menu = tuple(entry.model_copy(update={"flow": "intake"}) for entry in plant.program.menu)
    fresh = rehearsal_plant(replace(plant.program, menu=menu), plant.vocabulary, plant.samples)
    stage = Stage(fresh, lambda old: old)
    phone = Phone(stage, "receiver").command("start")
    phone.press(next(title for title in phone.titles if title.startswith("Новая")))
    return phone.say("4471", "склад")


def test_the_end_of_a_job_comes_into_the_chat_by_the_outbox(phone: Phone):
    assert "Ищу документы" in phone.text
    phone.stage.wait(timedelta(minutes=2))
    assert "Что берём" in phone.text


def test_the_end_of_a_time_comes_into_the_chat_by_the_outbox(phone: Phone):
    memory = phone.stage.plant.memory
    for name, job in memory.jobs.items():
        memory.jobs[name] = replace(job, ends_at=job.ends_at + timedelta(hours=1))
    phone.stage.wait(timedelta(minutes=5))
    assert "Масса" in phone.text


def test_a_wait_that_ended_behind_the_menu_is_over_when_the_form_goes_on(phone: Phone):
    phone.command("start")
    phone.stage.wait(timedelta(minutes=3))
    assert "Главное меню" in phone.text
    phone.press(next(title for title in phone.titles if title.startswith("▶")))
    assert "Что берём" in phone.text


def test_a_cancelled_form_lets_its_job_go(phone: Phone):
    phone.command("cancel").press("Да, отменить")
    assert [job.told for job in phone.stage.plant.memory.jobs.values()] == [True]
