"""Screens, presses and rights: every input is answered, and nothing is done that was not
offered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.model.conversation import Input, Verdict
from engine.steps.registry import KINDS
from engine.talk.phone import described, in_sight, titled
from engine.talk.stage import Stage
from tests.engine.rehearsal import FLOWS, rehearser

SCREEN_ACTS = {
    "menu", "tasks", "card", "flow", "resume", "restart", "go_on", "show", "cancel", "drop",
    "answer", "no_comment", "stranger", "request",
}  # fmt: skip


class Phone:
    """One person's phone on a stage."""

    def __init__(self, stage: Stage, role: str, index: int = 0) -> None:
        self.stage, self.chat = stage, stage.plant.chat_of(role, index)

    def press(self, *titles: str) -> Phone:
        for title in titles:
            found = titled(title, in_sight(self.stage, self.chat))
            assert found, title + described("phone", self.stage, self.chat, 0)
            message, index = found[0]
            self.stage.arrive(self.chat, data=message.data[index])
        return self

    def say(self, *texts: str) -> Phone:
        for text in texts:
            self.stage.arrive(self.chat, given=Input.text(text))
        return self

    def command(self, name: str) -> Phone:
        self.stage.arrive(self.chat, command=name)
        return self

    @property
    def text(self) -> str:
        screen = self.stage.screen(self.chat)
        assert screen is not None
        return screen.text

    @property
    def titles(self) -> list[str]:
        screen = self.stage.screen(self.chat)
        assert screen is not None
        return [button.title for button in screen.buttons]

    @property
    def toast(self) -> str:
        return self.stage.toasts[self.chat]


@pytest.fixture
def stage() -> Stage:
    return rehearser().stage()


@pytest.fixture
def receiver(stage: Stage) -> Phone:
    phone = Phone(stage, "receiver").command("start").press("Новая партия")
    return phone.say("ООО «Учебная компания 1»", "Каркас", "Каркас ЦБ", "замороженное")


def parked(receiver: Phone) -> Phone:
    return receiver.press("Пропустить", "Пропустить").say("-5,5")


def accepted(receiver: Phone) -> Phone:
    parked(receiver)
    Phone(receiver.stage, "technologist").press("✅ Подтвердить", "Пропустить")
    return receiver


def forget(phone: Phone, role: str) -> None:
    """Take a role away from the person of a phone."""
    people = phone.stage.plant.memory.people
    for person in tuple(people.values()):
        if person.chat == phone.chat:
            people[person.id] = replace(person, roles=person.roles - {role})


def test_no_question_uses_a_word_that_a_screen_acts_on():
    for kind in KINDS.values():
        source = (FLOWS.parent / "engine" / "steps" / f"{kind.kind}.py").read_text("utf-8")
        for act in SCREEN_ACTS:
            assert f'", "{act}"' not in source, (kind.kind, act)


def test_a_decision_that_nobody_may_make_is_told_at_once_to_who_hears_of_late_ones(
    receiver: Phone,
):
    for phone in [Phone(receiver.stage, "technologist", at) for at in (0, 1)]:
        forget(phone, "technologist")
    lead = receiver.stage.plant.chat_of("shift_lead")
    parked(receiver)
    said = [one.text for one in receiver.stage.messages if one.chat == lead]
    assert len(said) == 1
    assert said[0].startswith("Задача без исполнителя: Отклонение при приёмке")


def test_a_text_after_a_decision_is_no_answer_to_a_question_that_was_not_shown(receiver: Phone):
    accepted(receiver)
    assert "Приёмка согласована" in receiver.text
    receiver.say("21.11.2026")
    assert "Дата производства" in receiver.text
    session = receiver.stage.session(receiver.stage.touched)
    assert "manufacture_date" not in session.answers


def test_a_second_tap_on_the_cancelling_button_says_that_it_was_cancelled(receiver: Phone):
    receiver.press("✖ Отмена")
    message, index = titled("Да, отменить", in_sight(receiver.stage, receiver.chat))[0]
    for _ in range(2):
        receiver.stage.arrive(receiver.chat, data=message.data[index])
    assert receiver.toast == "Уже отменено в 10:00. Ничего не сохранено"


def test_a_late_second_tap_leaves_the_buttons_of_the_present_question_good(receiver: Phone):
    """A hasty worker taps twice, sees the next question, and answers it before the bot has said of
    the second tap that it came too late."""
    (first, index) = titled("⬅ Назад", in_sight(receiver.stage, receiver.chat))[0]
    receiver.press("⬅ Назад")
    (seen, onward) = titled("Охлаждённое", in_sight(receiver.stage, receiver.chat))[0]
    receiver.stage.arrive(receiver.chat, data=first.data[index])
    assert receiver.toast.startswith("Уже отвечено")
    receiver.stage.arrive(receiver.chat, data=seen.data[onward])
    assert receiver.toast == ""
    assert "✔ Кондиция: Охлаждённое" in receiver.text


def test_a_person_without_the_role_cannot_go_on_with_his_draft(receiver: Phone):
    forget(receiver, "receiver")
    before = receiver.stage.touched
    answers = receiver.stage.session(before).answers
    receiver.press("Пропустить")
    assert "больше нет роли" in receiver.text
    assert receiver.stage.session(before).answers == answers


def test_a_person_without_the_role_cannot_start_a_form_by_an_old_button(stage: Stage):
    phone = Phone(stage, "receiver").command("start")
    forget(phone, "receiver")
    phone.press("Новая партия")
    assert phone.toast == "Для этого у вас нет роли"
    assert stage.touched == ""


def test_a_technologist_who_lost_the_role_cannot_decide_by_the_card_he_has(receiver: Phone):
    parked(receiver)
    technologist = Phone(receiver.stage, "technologist")
    forget(technologist, "technologist")
    technologist.press("✅ Подтвердить")
    assert technologist.toast == "Это решает другая роль"
    assert [one.state for one in receiver.stage.plant.memory.deviations.values()] == ["open"]


def test_who_may_not_decide_sees_a_card_without_answers(receiver: Phone):
    parked(receiver)
    (deviation,) = receiver.stage.plant.memory.deviations
    from engine.run.screens import card

    ports, program = receiver.stage.plant.ports, receiver.stage.plant.program
    for role, expected in (("technologist", True), ("quality_manager", False)):
        actor = ports.people.actor(receiver.stage.plant.chat_of(role))
        assert actor is not None
        titles = [button.title for button in card(program, ports, actor, deviation).buttons]
        assert ("✅ Подтвердить" in titles) is expected


def test_a_press_of_somebody_elses_letter_is_refused(receiver: Phone):
    parked(receiver)
    technologist = Phone(receiver.stage, "technologist")
    message, index = titled("✅ Подтвердить", in_sight(receiver.stage, technologist.chat))[0]
    receiver.stage.arrive(receiver.chat, data=message.data[index])
    assert receiver.toast == "Эта кнопка не отсюда. Ничего не изменилось"


def test_a_forged_press_of_another_chats_screen_is_refused(receiver: Phone):
    lab = Phone(receiver.stage, "lab").command("start")
    screen = receiver.stage.screen(receiver.chat)
    assert screen is not None
    lab.stage.arrive(lab.chat, data=screen.data[0])
    assert lab.toast == "Эта кнопка не отсюда. Ничего не изменилось"


def test_the_first_decision_wins_and_the_second_is_told_who_was_first(receiver: Phone):
    parked(receiver)
    first, second = (Phone(receiver.stage, "technologist", index) for index in (0, 1))
    second.press("❌ Отклонить")
    first.press("✅ Подтвердить", "Пропустить")
    second.say("Слишком тепло")
    assert "Уже сделано: Орлова М. С., 10:00" in second.text
    assert "Приёмка согласована" in receiver.text


def test_a_decision_does_not_lose_the_form_that_the_technologist_is_in(receiver: Phone):
    stage = receiver.stage
    people = stage.plant.memory.people
    for person in tuple(people.values()):
        if "technologist" in person.roles:
            people[person.id] = replace(person, roles=person.roles | {"receiver"})
    technologist = Phone(stage, "technologist").command("start").press("Новая партия")
    technologist.say("ООО «Учебная компания 2»")
    parked(receiver)
    technologist.press("✅ Подтвердить", "Пропустить")
    assert "Выберите вид сырья" in technologist.text


def test_help_repeats_the_present_question(receiver: Phone):
    receiver.command("help")
    assert "главное меню" in receiver.text
    assert "Фото рефрижератора фуры" in receiver.text


def test_an_unknown_command_shows_the_menu(receiver: Phone):
    receiver.command("unknown")
    assert receiver.text.startswith("Главное меню")


def test_starting_again_throws_the_draft_away_and_withdraws_its_request(receiver: Phone):
    parked(receiver).command("start").press("Новая партия", "Начать заново")
    assert "Выберите компанию" in receiver.text
    assert [one.state for one in receiver.stage.plant.memory.deviations.values()] == ["withdrawn"]


@pytest.mark.parametrize("title", ["Исправить значение", "Отменить приёмку"])
def test_a_form_whose_decision_is_on_its_way_cannot_slip_away_from_it(receiver: Phone, title: str):
    parked(receiver)
    ports = receiver.stage.plant.ports
    (deviation,) = receiver.stage.plant.memory.deviations
    verdict = Verdict(deviation, "reject", "Слишком тепло", "Орлова М. С.")
    technologist = ports.people.actor(receiver.stage.plant.chat_of("technologist"))
    assert technologist is not None
    ports.deviations.decide(verdict, technologist, "rejected", ports.reads.clock.now())
    receiver.press(title)
    if title == "Отменить приёмку":
        receiver.press("Да, отменить")
    assert receiver.toast == "Решение уже принято, сейчас оно придёт сюда"
    ports.outbox.verdict(receiver.chat, verdict)
    receiver.stage.deliver()
    assert "Приёмка запрещена, оформлять на возврат. Причина: Слишком тепло" in receiver.text
    assert str(receiver.stage.session(receiver.stage.touched).state) == "refused"


def handed_on(phone: Phone, *, by_code: bool) -> None:
    """Give a phone to another receiver: he types his code, or the office ties the chat."""
    people = phone.stage.plant.memory.people
    before = next(one for one in people.values() if one.chat == phone.chat)
    people[before.id] = replace(before, chat=0, active=False)
    after = replace(before, id="new", name="Новиков Н. Н.", chat=0 if by_code else phone.chat)
    people[after.id] = after
    if by_code:
        phone.stage.plant.memory.invitations["CODE2345"] = after.id
        phone.say("CODE2345")
    else:
        phone.say("-18")


@pytest.mark.parametrize("by_code", [True, False])
def test_nobody_goes_on_with_the_draft_of_who_had_the_phone_before(receiver: Phone, by_code: bool):
    parked(receiver)
    handed_on(receiver, by_code=by_code)
    receiver.command("start")
    assert "Новиков Н. Н." in receiver.text
    assert not [title for title in receiver.titles if "Продолжить" in title]
    memory = receiver.stage.plant.memory
    assert [one.state for one in memory.deviations.values()] == ["withdrawn"]
    (ended,) = memory.sessions.values()
    assert json.loads(ended)["state"] == "cancelled"
