"""Whatever people press and send, in whatever order: nothing raises, every press is answered,
nothing is saved twice, and
every form can be brought to its end."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.model.conversation import Input, Session, State
from engine.run.stored import unpack_session
from engine.talk.rehearse import Rehearser
from engine.talk.stage import Message, Stage
from engine.talk.things import Camera
from tests.engine.rehearsal import copied, loaded
from tests.sizes import sizes

PEOPLE = ("receiver", "technologist", "lab", "")
STRANGER = 9999
INTAKE = "raw_intake"
KEPT = ("receiving", "help", "lifecycles")  # the forms of the people who talk here


@cache
def stages() -> Rehearser:
    """Return what makes stages with the forms of these people alone."""
    root = copied(Path(mkdtemp()))
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in KEPT:
            rmtree(folder)
    menu = "- {title: Новая партия, flow: raw_intake, roles: [receiver]}\n"
    (root / "menu.yaml").write_text(menu, encoding="utf-8")
    return Rehearser(root, loaded(root))


ANSWERS = {
    "company": "ООО «Учебная компания 1»", "material": "Каркас", "nomenclature": "Каркас ЦБ",
    "condition": "замороженное", "body_temp": "-18", "manufacture_date": "20.11.2026",
    "ttn_number": "4471", "supplier": "Фабрика «Пробная»", "manufacturer": "Фабрика",
    "accounting_type": "Киль", "weight": "900", "product_temp": "-18", "tags_number": "12",
}  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        [*ANSWERS.values(), "охлаждённое", "-5,5", "6", "2", "да", "Тепло", "<b>", "😀", "31.02",
         "ABCD2345", "9" * 29]
    ),
    st.text(max_size=8),
)  # fmt: skip
THINGS = st.sampled_from(
    ["photo", "photo 3", "same photo", "file", "pdf", "sticker", "bad photo", "digits 400"]
)
COMMANDS = st.sampled_from(["start", "cancel", "tasks", "help", "lang"])
FORGED = st.one_of(st.text(max_size=12), st.sampled_from(["s.x.1.0", "n.x.0", "s..1.1", "n.x.99"]))


class AnyTalk(RuleBasedStateMachine):
    """People of three roles and a stranger on one stage."""

    @initialize()
    def begin(self) -> None:
        self.stage: Stage = stages().stage()
        self.camera = Camera()
        self.said(who="receiver", command="start")
        self.pressed(who="receiver", at=0)

    def chat(self, who: str) -> int:
        return self.stage.plant.chat_of(who) if who else STRANGER

    def buttons(self, chat: int, live: bool) -> list[tuple[Message, int]]:
        screen = self.stage.screen(chat)
        shown = [one for one in self.stage.messages if one.chat == chat]
        fitting = [one for one in shown if (one is screen or (one.live and not one.screen)) is live]
        return [(one, index) for one in reversed(fitting) for index in range(len(one.buttons))]

    def press(self, chat: int, data: str) -> None:
        before = len(self.stage.messages)
        self.stage.arrive(chat, data=data)
        came = [one for one in self.stage.messages[before:] if one.chat == chat]
        assert came or self.stage.toasts[chat], f"a press of {data} was not answered"

    @rule(who=st.sampled_from(PEOPLE), at=st.integers(0, 40))
    def pressed(self, who: str, at: int) -> None:
        """Press a button that is in sight."""
        found = self.buttons(self.chat(who), live=True)
        if found:
            message, index = found[at % len(found)]
            self.press(message.chat, message.data[index])

    @rule(at=st.integers(0, 40))
    def receiver_presses(self, at: int) -> None:
        """Press more often where the form is."""
        self.pressed(who="receiver", at=at)

    @rule(who=st.sampled_from(PEOPLE), at=st.integers(0, 400))
    def pressed_an_old_one(self, who: str, at: int) -> None:
        found = self.buttons(self.chat(who), live=False)
        if found:
            message, index = found[at % len(found)]
            self.press(message.chat, message.data[index])

    @rule(who=st.sampled_from(PEOPLE), data=FORGED)
    def pressed_a_forged_one(self, who: str, data: str) -> None:
        if data:
            self.press(self.chat(who), data)

    @rule(who=st.sampled_from(PEOPLE), text=TEXTS)
    def wrote(self, who: str, text: str) -> None:
        self.stage.arrive(self.chat(who), given=Input.text(text))

    @rule()
    def receiver_answers(self) -> None:
        """Answer the question that the receiver sees as a sensible person would."""
        self.answer()

    @rule(who=st.sampled_from(PEOPLE), thing=THINGS)
    def sent(self, who: str, thing: str) -> None:
        for given in self.camera.inputs(who, thing) or ():
            self.stage.arrive(self.chat(who), given=given)

    @rule(who=st.sampled_from(PEOPLE), command=COMMANDS)
    def said(self, who: str, command: str) -> None:
        self.stage.arrive(self.chat(who), command=command)

    @rule(minutes=st.sampled_from([1, 16, 50, 2000]))
    def waited(self, minutes: int) -> None:
        from datetime import timedelta

        self.stage.wait(timedelta(minutes=minutes))

    @rule(lost=st.booleans())
    def restarted(self, lost: bool) -> None:
        """Restart; sometimes an answer of the bot is lost before."""
        if lost:
            self.stage.lose()
            self.stage.arrive(self.chat("receiver"), command="help")
        self.stage.restart()

    @rule()
    def repeated(self) -> None:
        self.stage.repeat()

    def sessions(self) -> list[Session]:
        kept = self.stage.plant.memory.sessions.values()
        return [unpack_session(json.loads(body)) for body in kept]

    @invariant()
    def a_session_makes_at_most_one_batch(self) -> None:
        if not hasattr(self, "stage"):
            return
        over = (State.SAVED, State.REFUSED)
        ended = [one for one in self.sessions() if one.flow == INTAKE and one.state in over]
        assert self.batches() == len(ended)

    @invariant()
    def every_screen_has_a_button(self) -> None:
        if not hasattr(self, "stage"):
            return
        for who in PEOPLE:
            screen = self.stage.screen(self.chat(who))
            assert screen is None or screen.buttons

    @invariant()
    def a_parked_form_waits_for_an_open_request(self) -> None:
        if not hasattr(self, "stage"):
            return
        for session in self.sessions():
            assert (session.state is State.PARKED) is bool(session.waiting)
            if session.waiting:
                assert self.stage.plant.memory.deviations[session.waiting].state == "open"

    def batches(self) -> int:
        return sum(row.kind == "raw_batch" for row in self.stage.plant.memory.made)

    def act(self, *acts: str) -> bool:
        """Press the first button in sight of the receiver with one of these acts."""
        for message, index in self.buttons(self.chat("receiver"), live=True):
            if message.screen and message.buttons[index].act in acts:
                self.press(message.chat, message.data[index])
                return True
        return False

    def answer(self) -> None:
        chat = self.stage.plant.ports.chats.load(self.chat("receiver"))
        top = chat.top
        if top is None or chat.screen.name != "question":
            self.said(who="receiver", command="start")
            if not self.act("resume"):
                self.act("flow")
        elif top.state is State.PARKED:
            self.act("fix")
        elif top.step == "review":
            self.act("save")
        elif top.flow != INTAKE:
            if not self.act("skip", "option", "done"):
                self.stage.arrive(chat.id, given=Input.text("Порвался мешок"))
        elif not self.act("skip", "next", "leave"):
            if top.step in ANSWERS:
                self.stage.arrive(chat.id, given=Input.text(ANSWERS[top.step]))
            else:
                self.act("option", "done")

    def teardown(self) -> None:
        """Bring the receiver's form to its end, one way or the other."""
        if not hasattr(self, "stage"):
            return
        saved = self.batches()
        if len(self.stage.messages) % 2:
            for _ in range(80):
                self.answer()
                if self.batches() > saved:
                    return
            raise AssertionError("the form could not be saved")
        for _ in self.stage.plant.ports.chats.load(self.chat("receiver")).sessions:
            self.said(who="receiver", command="cancel")
            self.act("drop")
        assert self.stage.plant.ports.chats.load(self.chat("receiver")).sessions == ()


AnyTalk.TestCase.settings = settings(
    max_examples=sizes().examples(50),
    stateful_step_count=35,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyTalk = AnyTalk.TestCase
