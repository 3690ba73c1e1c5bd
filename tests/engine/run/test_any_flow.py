"""Whatever is sent to a flow that has every word, in whatever order, with a restart at every turn:
nothing raises, nothing is a dead end, answers that an edit does not touch stay."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.model.conversation import Button, Input, State, Verdict
from engine.model.values import Row
from engine.model.vocabulary import FactForm, OperationForm
from engine.run.question import question
from engine.run.stages import VALUE
from engine.run.stored import pack_session, unpack_session
from engine.run.walk import Stop
from engine.talk.plant import rehearsal_plant
from tests.engine.rehearsal import picture
from tests.engine.run.inline import Inline, inline
from tests.engine.run.test_decisions import DEVIATION, LIMITS

INDENT = "      "
EVERYTHING = f"""
flow: everything
title: Всё
roles: [receiver]
given: {{blank: blank}}
steps:
  - choice: kind
    label: вид
    options: {{cold: Холодное, warm: Тёплое}}
    prompt: Вид
  - text: ttn
    label: ттн
    skip: kind == warm
    prompt: ТТН
    starts: {{job: find_documents, with: {{number: ttn}}, as: found}}
  - repeat: items
    label: состав
    rows: [1, 3]
    add:
      - {{title: Добавить, set: {{source: raw}}}}
      - {{title: Своё, when: kind == warm}}
    remove: Убрать
    steps:
      - choice: source
        label: откуда
        options: {{raw: Склад, own: Своё}}
        prompt: Откуда
      - text: batch
        label: партия
        unique: true
        when: source == raw
        prompt: Партия
      - number: kg
        label: масса
        unit: kg
        range: [1, 30 - sum(items.kg)]
        confirm: [{{when: kg > 20, say: "Точно {{kg}}?", reason: true}}]
        prompt: Масса
  - value: total
    label: всего
    is: sum(items.kg)
    unit: kg
    when: kind == cold
    limit: weighing(1)
    on_deviation:{DEVIATION}
  - group: analysis
    check: [{{that: fat + protein < 100, say: Много, again: analysis}}]
    confirm: [{{when: fat + protein < 10, say: "Мало. Верно?"}}]
    steps:
      - number: fat
        label: жир
        prompt: Жир
        buttons: {{Как в прошлый раз: 7}}
      - number: protein
        label: белок
        prompt: Белок
        check: [{{that: protein != 13, say: Не тринадцать, again: fat}}]
  - repeat: actual
    label: факт
    over: blank.items
    steps:
      - number: weighed
        label: вес
        unit: kg
        limit: weighing(row.kg)
        prompt: "{{index}} из {{count}}"
        on_deviation:{DEVIATION.replace(chr(10), chr(10) + "    ")}
          ask_again: Запросить
          reason: true
  - wait: search
    for: found
    when: is_set(ttn)
    at_most: 5m
    leave: Пропустить
    prompt: Ищу
  - call: docs
    flow: documents
    when: is_set(found)
    with: {{mass: found.weight}}
  - photos: proof
    label: фото
    skip: true
    prompt: Фото
  - text: why
    label: почему
    when: kind == warm and total2 > 5
    prompt: Почему
  - review: {{save: Сохранить, again: Заново}}
""".replace(" and total2 > 5", " and fat > 5")
DOCUMENTS = """
flow: documents
title: Документы
given: {mass: number kg}
steps:
  - choice: trust
    label: верим
    options: {all: Всё, half: Половина}
    prompt: Что берём
result:
  weight: mass if trust == all else mass / 2
"""
BLANK = Row("blank", "7", "З1", {"items": (
    Row("item", "11", "", {"kg": 12}), Row("item", "12", "", {"kg": 14}),
)})  # fmt: skip
JOB = OperationForm({"number": "text"}, "vet_documents")
LINES: list[dict[str, Any]] = [
    {"when": "number == '9'", "after": "1m", "failed": True},
    {"after": "2m", "result": {"kind": "vet_documents", "weight": "900"}},
]
TEXTS = st.one_of(
    st.sampled_from(["1", "5", "7", "9", "13", "15", "25", "99", "да", "нет", "А", "Б", "12,5"]),
    st.text(max_size=6),
)
OPEN_ENDED = ("fat", "protein", "kg", "weighed")


@cache
def first() -> Inline:
    return inline(
        Path(mkdtemp()),
        EVERYTHING,
        DOCUMENTS,
        facts={"nothing": (FactForm((), "integer"), "0")},
        jobs={"find_documents": (JOB, LINES)},
        limits=LIMITS,
        given={"blank": BLANK},
    )


def begin() -> Inline:
    plant = first().plant
    fresh = rehearsal_plant(plant.program, plant.vocabulary, plant.samples)
    return Inline(fresh, "everything", {"blank": BLANK}, first().actor)


class AnyFlow(RuleBasedStateMachine):
    """One worker and one who decides."""

    @initialize()
    def start(self) -> None:
        self.form = begin()
        self.asked = 0

    def send(self, given: Input) -> None:
        """Take an input; answers that it does not belong to stay as they are."""
        before = self.form.session
        if not before.state.live:
            return
        self.form.take(given)
        after = self.form.session.answers
        touched = {
            name
            for name in {**before.answers, **after}
            if before.answers.get(name) != after.get(name)
        }
        stray = {name for name in touched if not self.belongs(name, before.step)}
        assert not stray, f"{given} at {before.step} touched {stray}"

    def belongs(self, name: str, step: str) -> bool:
        """Tell whether an answer may change by a turn at a step: its own, rows taken away, what
        the system settles or a decision is asked about."""
        album = self.form.session.album
        return (
            name == step
            or name in ("search", "total", "analysis", "items")
            or (name.startswith("items.") and step.startswith("items"))
            or (album is not None and name == album.step)
        )

    @rule(said=TEXTS)
    def say(self, said: str) -> None:
        self.send(Input.text(said))

    @rule(at=st.integers(0, 30))
    def press(self, at: int) -> None:
        buttons = self.pressed()
        if buttons:
            one = buttons[at % len(buttons)]
            self.send(Input.press(one.act, one.arg))

    def pressed(self) -> list[Button]:
        session = self.form.session
        prompt = question(self.form.draft) if session.state.live else None
        ways = ("cancel", "menu", "restart", "flow")
        return [one for one in prompt.buttons if one.act not in ways] if prompt else []

    @rule(
        act=st.sampled_from(
            ["back", "keep", "skip", "edit", "save", "add", "less", "done", "yes", "no", "request",
             "leave", "list", "remove", "fix", "option", "why", "suggested", "default", "ready"]
        ),
        arg=st.sampled_from(["", "0", "1", "2", "items.1", "items.1.kg", "cold", "docs.trust"]),
    )  # fmt: skip
    def press_anything(self, act: str, arg: str) -> None:
        self.send(Input.press(act, arg))

    @rule(album=st.sampled_from(["", "g"]), name=st.sampled_from("abc"))
    def photo(self, album: str, name: str) -> None:
        self.send(Input.files(picture(name), album=album))

    @rule(minutes=st.sampled_from([0, 1, 3, 9]))
    def wait(self, minutes: int) -> None:
        self.form.wait(minutes=minutes)
        self.send(Input.clock())

    @rule()
    def job(self) -> None:
        answer = self.form.session.answers.get("ttn")
        self.send(Input.job(answer.job if answer else "none"))

    @rule(code=st.sampled_from(["approve", "reject", "gone"]))
    def decide(self, code: str) -> None:
        session = self.form.session
        if session.waiting and (code != "reject" or len(session.answers) % 3 == 0):
            verdict = Verdict(session.waiting, code, "", "Орлова М. С.")
            self.send(Input.decided(verdict))

    @invariant()
    def it_stands_somewhere_and_can_be_stored(self) -> None:
        if not hasattr(self, "form"):
            return
        session = self.form.session
        assert (session.state is State.PARKED) is bool(session.waiting)
        if session.state.live:
            stored = unpack_session(json.loads(json.dumps(pack_session(session))))
            assert replace(stored, actor=session.actor) == session
            assert question(self.form.draft).buttons

    def teardown(self) -> None:
        """Bring the form to its end: answer what is asked as a sensible person would."""
        if not hasattr(self, "form"):
            return
        for _ in range(150):
            session = self.form.session
            if session.state in (State.SAVED, State.REFUSED):
                return
            if session.waiting:
                verdict = Verdict(session.waiting, "approve", "", "Орлова М. С.")
                self.send(Input.decided(verdict))
                continue
            stop = self.form.draft.stop(session.step)
            self.sensible(stop)
        raise AssertionError(f"no end: stands at {self.form.at}: {question(self.form.draft).text}")

    def sensible(self, stop: Stop | None) -> None:
        acts = {one.act: one for one in self.pressed()}
        for act in ("save", "yes", "leave", "done", "list", "request", "skip", "option", "add"):
            if act in acts:
                self.send(Input.press(act, acts[act].arg))
                return
        in_words = VALUE in self.form.session.look
        name = stop.node.step.name if stop and not in_words else ""
        self.asked += 1
        self.send(Input.text({"kg": "1", "weighed": "15", "fat": "20", "protein": "20"}.get(
            name, f"Ответ {self.asked}")))  # fmt: skip


AnyFlow.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyFlow = AnyFlow.TestCase
