"""Work first, then the screen: one turn as a chat sees it."""

from __future__ import annotations

import re

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update

from engine.model.conversation import Button, Prompt, Seen
from engine.model.text import Text
from engine.run.arrival import Arrival, Shown
from engine.simulator.core import Simulator
from engine.simulator.pictures import photo_sizes
from engine.simulator.samples import photo
from engine.telegram.answering import error_code
from engine.telegram.bot import Talker
from tests.engine.telegram.office import RECEIVER, InProcess, Plant, said, written


class Line:
    """Feeds the bot what came since the last time, without polling."""

    def __init__(self, core: Simulator, bot: Bot, talker: Talker) -> None:
        self.core, self.bot, self.talker = core, bot, talker
        self.offset = 0

    async def work(self) -> None:
        for body in await self.core.call("getUpdates", {"offset": self.offset}):
            update = Update.model_validate(body, context={"bot": self.bot})
            self.offset = update.update_id + 1
            await self.talker.feed(update)

    async def type(self, text: str) -> None:
        self.core.people.text(RECEIVER, text)
        await self.work()

    async def press(self, label: str = "Дальше", message: int = 0) -> None:
        self.core.people.press_named(RECEIVER, label, message_id=message)
        await self.work()

    def toasts(self) -> list[str]:
        return [toast.text for toast in self.core.people.chat(RECEIVER).toasts]


@pytest.fixture
def line(core: Simulator, bot: Bot, talker: Talker) -> Line:
    return Line(core, bot, talker)


async def test_a_typed_answer_gets_a_fresh_screen_below_it(
    line: Line, core: Simulator, plant: Plant
) -> None:
    await line.type("-5,5")
    assert said(core, RECEIVER) == ["Принято: -5,5"]
    assert plant.chats.message(RECEIVER) == written(core, RECEIVER)[0].id


async def test_a_press_is_answered_and_changes_its_message(
    line: Line, core: Simulator, session: InProcess, plant: Plant
) -> None:
    await line.type("-5,5")
    session.calls.clear()
    await line.press()
    assert session.calls == ["answerCallbackQuery", "editMessageText"]
    assert said(core, RECEIVER) == ["Принято: s.t101.1.0"]
    assert line.toasts() == [""]


async def test_a_stale_press_takes_the_buttons_off_and_shows_the_present_screen(
    line: Line, core: Simulator
) -> None:
    await line.type("1")
    await line.type("2")
    old = written(core, RECEIVER)[0]
    await line.press(message=old.id)
    assert line.toasts() == ["Уже отвечено"]
    assert old.keyboard is None
    assert said(core, RECEIVER)[-1] == "Принято: s.t101.1.0"


async def test_a_late_second_tap_leaves_the_screen_that_was_there_good(
    line: Line, core: Simulator, plant: Plant
) -> None:
    await line.type("1")
    await line.type("2")
    old, present = written(core, RECEIVER)
    await line.press(message=old.id)
    turn = plant.chats.load(RECEIVER).turn
    await line.press(message=present.id)
    assert line.toasts() == ["Уже отвечено", ""]
    assert plant.chats.load(RECEIVER).turn == turn + 1
    assert [one.keyboard is None for one in written(core, RECEIVER)] == [True, True, False]


async def test_a_second_tap_on_the_present_message_leaves_one_screen(
    line: Line, core: Simulator
) -> None:
    await line.type("1")
    core.people.press_named(RECEIVER, "Дальше")
    core.people.press_named(RECEIVER, "Дальше")
    await line.work()
    (only,) = written(core, RECEIVER)
    assert only.keyboard is not None
    assert line.toasts() == ["", "Уже отвечено"]


async def test_a_second_tap_that_shows_nothing_leaves_the_present_buttons(
    line: Line, core: Simulator, plant: Plant
) -> None:
    await line.type("1")
    core.people.press_named(RECEIVER, "Дальше")
    core.people.press_named(RECEIVER, "Дальше")
    plant.prompt = lambda arrival: (
        None if len(plant.arrivals) > 2 else Prompt(Text.of("Сохранено"), ((Button("Меню", "m"),),))
    )
    await line.work()
    (only,) = written(core, RECEIVER)
    assert only.keyboard is not None
    assert line.toasts() == ["", "Ничего не изменилось"]


@pytest.mark.parametrize("same_process", [True, False])
async def test_a_screen_shown_twice_by_a_bot_that_died_is_answered_where_it_is_lowest(
    line: Line, core: Simulator, plant: Plant, bot: Bot, same_process: bool
) -> None:
    await line.type("1")
    (first,) = written(core, RECEIVER)
    button = InlineKeyboardButton(text="Дальше", callback_data="s.t101.1.0")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    second = await bot.send_message(RECEIVER, "Принято: 1", reply_markup=keyboard)
    plant.chats.shown(Seen(RECEIVER, 1, second.message_id))
    line.talker.answering.on_screen.clear()
    if same_process:
        line.talker.answering.on_screen[RECEIVER] = (1, second.message_id)
    await line.press(message=first.id)
    assert said(core, RECEIVER) == ["Принято: 1", "Принято: s.t101.1.0"]
    assert [message.keyboard is None for message in written(core, RECEIVER)] == [True, False]


async def test_a_press_on_a_letter_is_answered_below_it(line: Line, core: Simulator) -> None:
    await line.type("1")
    letter = written(core, RECEIVER)[0]
    core.people.forge(RECEIVER, "n.12.0", letter.id)
    await line.work()
    assert said(core, RECEIVER) == ["Принято: 1", "Принято: n.12.0"]
    assert letter.keyboard is not None


async def test_later_pictures_of_an_album_change_the_screen_of_the_first(
    line: Line, core: Simulator
) -> None:
    core.people.photos(RECEIVER, [photo_sizes(photo("truck"))] * 3)
    await line.work()
    assert said(core, RECEIVER) == ["Принято: files: 1"]


async def test_an_unexpected_error_is_told_with_a_code_that_stands_in_the_log(
    line: Line, core: Simulator, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    await line.type("1")
    plant.fails = RuntimeError("the table is gone")
    await line.type("2")
    await line.press()
    told = [said(core, RECEIVER)[-1], line.toasts()[-1]]
    for words in told:
        found = re.fullmatch(
            r"Не получилось\. Ничего не сохранено\. Код ошибки ([A-Z]\d[A-Z]\d)", words
        )
        assert found
        assert f"{found[1]}: chat 101\nTraceback" in caplog.text
        assert f"{found[1]}: chat 101 stood at меню" in caplog.text
    assert "the table is gone" in caplog.text


async def test_an_apology_is_told_in_the_language_of_the_last_turn(
    line: Line, core: Simulator, plant: Plant
) -> None:
    line.talker.answering.say = lambda text, language: f"{language}: {text}"
    plant.language = "en"
    await line.type("1")
    plant.fails = RuntimeError("the table is gone")
    await line.type("2")
    await line.press()
    for words in (said(core, RECEIVER)[-1], line.toasts()[-1]):
        assert words.startswith("en: Не получилось. Ничего не сохранено.")


async def test_whoever_counts_turns_is_told_how_long_each_took_and_which_failed(
    line: Line, plant: Plant
) -> None:
    took: list[tuple[float, Shown | None]] = []
    line.talker.answering.took = lambda seconds, shown: took.append((seconds, shown))
    await line.type("1")
    plant.fails = RuntimeError("the table is gone")
    await line.type("2")
    (first_s, shown), (second_s, failed) = took
    assert shown is not None
    assert failed is None
    assert 0 < first_s < 60
    assert 0 < second_s < 60


async def test_a_screen_that_cannot_be_sent_is_owed_and_paid(
    line: Line, core: Simulator, talker: Talker, plant: Plant
) -> None:
    core.world.faults.drop["sendMessage"] = 4
    await line.type("-5,5")
    assert talker.answering.owed == {RECEIVER}
    assert plant.chats.undelivered() == (RECEIVER,)
    await talker.answering.pay()
    assert talker.answering.owed == set()
    assert len(said(core, RECEIVER)) == 1
    assert plant.chats.undelivered() == ()


async def test_a_screen_that_telegram_refuses_is_told_with_a_code_and_not_repeated(
    line: Line, core: Simulator, talker: Talker, plant: Plant
) -> None:
    plant.prompt = lambda arrival: Prompt(Text.of("?"), ((Button("а", "b"),) * 200,))
    await line.type("1")
    assert said(core, RECEIVER)[0].startswith("Сохранено, но показать следующий вопрос не")
    assert talker.answering.owed == set()


async def test_a_worker_who_blocked_the_bot_breaks_nothing(
    line: Line, core: Simulator, talker: Talker
) -> None:
    core.people.block(RECEIVER)
    await talker.answering.system(Arrival(RECEIVER, command="start"))
    assert talker.answering.owed == set()


async def test_a_repeated_update_is_worked_once(line: Line, core: Simulator, plant: Plant) -> None:
    core.world.faults.duplicate = 1
    await line.type("-5,5")
    await line.work()
    assert len(plant.arrivals) == 1
    assert said(core, RECEIVER) == ["Принято: -5,5"]


async def test_a_group_is_left_alone(bot: Bot, talker: Talker, session: InProcess) -> None:
    group = {"id": -5, "type": "group", "title": "Смена"}
    user = {"id": RECEIVER, "is_bot": False, "first_name": "Ветров"}
    message = {"message_id": 1, "date": 1, "chat": group, "from": user, "text": "/start"}
    press = {"id": "1", "from": user, "chat_instance": "1", "data": "x", "message": message}
    for body in ({"message": message}, {"callback_query": press}):
        update = Update.model_validate({"update_id": 1, **body}, context={"bot": bot})
        await talker.feed(update)
    assert session.calls == ["answerCallbackQuery"]


def test_error_codes_can_be_dictated() -> None:
    codes = {error_code() for _ in range(200)}
    assert all(re.fullmatch("[ACEFHKLMPRTXY][2-79][ACEFHKLMPRTXY][2-79]", code) for code in codes)
    assert len(codes) > 150
