"""Telegram's messages as Arrivals."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import Message, Update
from docx import Document

from engine.model.conversation import Input, Kind
from engine.model.files import DOCX, StoredFile
from engine.run.arrival import Arrival
from engine.run.stored import pack, unpack
from engine.simulator.core import Simulator
from engine.simulator.params import Upload
from engine.simulator.pictures import photo_sizes
from engine.simulator.samples import photo
from engine.telegram import inbox
from engine.telegram.inbox import Inbox
from tests.engine.files.test_stripped import PHONE
from tests.engine.files.test_stripped import sent as told_picture
from tests.engine.telegram.office import PATIENCE_S, RECEIVER, InProcess, MemoryFiles, Plant

SAMPLE = "truck"
THREADS = 32  # of the loop, at most
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def box(plant: Plant, bot: Bot) -> Inbox:
    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    return Inbox(bot, plant.files, plant.clock, at_once)


async def came(core: Simulator, bot: Bot) -> list[Message]:
    bodies = await core.call("getUpdates", {})
    updates = [Update.model_validate(body, context={"bot": bot}) for body in bodies]
    return [update.message for update in updates if update.message]


async def read(core: Simulator, bot: Bot, box: Inbox) -> Arrival:
    arrival = await box.message((await came(core, bot))[-1], 5)
    assert arrival is not None
    return arrival


async def given(core: Simulator, bot: Bot, box: Inbox) -> Input:
    found = (await read(core, bot, box)).input
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/start", "start"),
        ("/start 12345678", "start 12345678"),
        ("/Tasks@meat_demo_bot", "tasks"),
        ("/cancel", "cancel"),
        ("/lang", "lang"),
        ("/help", "help"),
        ("Назад в меню", "start"),
        (" главное  МЕНЮ ", "start"),
        ("Вернуться", "start"),
        ("/start x7Kq_1-", "start x7Kq_1-"),
        ("/start 2211/3", "start"),
        ("/tasks x7Kq", "tasks"),
    ],
)
async def test_commands_and_the_words_for_the_menu_are_commands(
    typed: str, command: str, core: Simulator, bot: Bot, box: Inbox
) -> None:
    core.people.text(RECEIVER, typed)
    assert await read(core, bot, box) == Arrival(RECEIVER, 5, command=command, language="ru")


@pytest.mark.parametrize("typed", ["-5,5", "<b>", "/unknown", "😀", "9" * 400, "Вернуться домой"])
async def test_everything_else_that_is_typed_is_a_text(
    typed: str, core: Simulator, bot: Bot, box: Inbox
) -> None:
    core.people.text(RECEIVER, typed)
    assert await read(core, bot, box) == Arrival(
        RECEIVER, 5, input=Input.text(typed), language="ru"
    )


async def test_the_largest_size_of_a_photo_is_stored_as_temporary(
    core: Simulator, bot: Bot, box: Inbox, plant: Plant
) -> None:
    core.people.photos(RECEIVER, [photo_sizes(photo(SAMPLE))])
    (ref,) = (await given(core, bot, box)).sent
    largest = core.world.files.by_path("photos/file_" + str(len(core.world.files._by_id)) + ".jpg")
    assert largest is not None
    assert plant.files.kept[ref.key] == largest.data
    assert ref.key.startswith("tmp/2026/11/")
    assert (ref.mime, ref.size, ref.name) == ("image/jpeg", len(largest.data), "")


async def test_every_photo_of_an_album_names_its_album(
    core: Simulator, bot: Bot, box: Inbox
) -> None:
    core.people.photos(RECEIVER, [photo_sizes(photo(SAMPLE))] * 3)
    arrivals = [await box.message(message, 5) for message in await came(core, bot)]
    albums = {arrival.input.album for arrival in arrivals if arrival and arrival.input}
    assert len(arrivals) == 3
    assert len(albums) == 1
    assert albums != {""}


async def test_a_picture_or_a_pdf_sent_as_a_file_is_known_by_its_content(
    core: Simulator, bot: Bot, box: Inbox
) -> None:
    core.people.document(RECEIVER, Upload("ТТН.bin", PDF, "application/x-none"))
    (paper,) = (await given(core, bot, box)).sent
    assert (paper.mime, paper.name) == ("application/pdf", "ТТН.bin")
    core.people.document(RECEIVER, Upload("фото", photo(SAMPLE), "application/pdf"))
    (picture,) = (await given(core, bot, box)).sent
    assert picture.is_picture


async def test_a_picture_sent_as_a_file_loses_its_place_and_its_phone(
    core: Simulator, bot: Bot, box: Inbox, plant: Plant
) -> None:
    content = told_picture("JPEG")
    core.people.document(RECEIVER, Upload("IMG_0001.JPG", content, "image/jpeg"))
    (picture,) = (await given(core, bot, box)).sent
    kept = plant.files.kept[picture.key]
    assert (PHONE.encode() in content, PHONE.encode() in kept) == (True, False)
    assert picture.original == sha256(content).hexdigest()
    assert picture.sha256 == sha256(kept).hexdigest()
    assert unpack(pack((picture,))) == (picture,)


async def test_a_file_that_is_neither_is_refused_with_what_is_accepted(
    core: Simulator, bot: Bot, box: Inbox, plant: Plant
) -> None:
    core.people.document(RECEIVER, Upload("фото.jpg", b"not a picture", "image/jpeg"))
    assert await given(core, bot, box) == Input.unfit(inbox.NO_FILE)
    assert plant.files.kept == {}


async def test_a_photo_that_is_no_image_is_refused(
    core: Simulator, bot: Bot, box: Inbox, plant: Plant
) -> None:
    core.people.photos(RECEIVER, [photo_sizes(photo(SAMPLE))])
    for stored in core.world.files._by_path.values():
        object.__setattr__(stored, "data", b"GIF8 no more")
    assert await given(core, bot, box) == Input.unfit(inbox.NO_PHOTO)
    assert plant.files.kept == {}


async def test_a_file_over_20_mb_is_refused_without_being_fetched(
    core: Simulator, bot: Bot, box: Inbox, session: InProcess
) -> None:
    core.people.document(RECEIVER, Upload("большой.pdf", bytes(21 * 1024 * 1024)))
    assert await given(core, bot, box) == Input.unfit(inbox.TOO_LARGE)
    assert session.calls == []
    assert "20 МБ" in inbox.TOO_LARGE


async def test_a_file_that_turns_out_larger_than_it_said_is_refused(
    core: Simulator, bot: Bot, box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.people.document(RECEIVER, Upload("a.pdf", PDF + bytes(5000) + PDF))
    message = (await came(core, bot))[-1]
    assert message.document
    lying = message.model_copy(
        update={"document": message.document.model_copy(update={"file_size": None})}
    )
    monkeypatch.setattr(inbox, "LARGEST", 1000)
    arrival = await box.message(lying.as_(bot), 5)
    assert arrival is not None
    assert arrival.input == Input.unfit(inbox.TOO_LARGE)


async def test_a_file_is_fetched_again_after_a_broken_connection(
    core: Simulator, bot: Bot, box: Inbox, session: InProcess
) -> None:
    core.people.document(RECEIVER, Upload("a.pdf", PDF))
    core.world.faults.drop["getFile"] = 2
    assert (await given(core, bot, box)).kind is Kind.FILES
    assert session.calls == ["getFile"] * 3


async def test_a_file_that_never_comes_is_asked_for_again(
    core: Simulator, bot: Bot, box: Inbox
) -> None:
    core.people.document(RECEIVER, Upload("a.pdf", PDF))
    core.world.faults.drop["getFile"] = 9
    assert await given(core, bot, box) == Input.unfit(inbox.NOT_FETCHED)


async def test_stickers_and_voices_are_named(core: Simulator, bot: Bot, box: Inbox) -> None:
    core.people.sticker(RECEIVER)
    assert await given(core, bot, box) == Input.other("стикер")
    core.people.voice(RECEIVER)
    assert await given(core, bot, box) == Input.other("голосовое сообщение")


def message_of(bot: Bot, **content: Any) -> Message:
    body = {"message_id": 1, "date": 0, "chat": {"id": RECEIVER, "type": "private"}} | content
    return Message.model_validate(body, context={"bot": bot})


async def test_a_location_is_named_and_a_service_note_is_left_alone(bot: Bot, box: Inbox) -> None:
    place = await box.message(message_of(bot, location={"latitude": 55.0, "longitude": 37.0}), 5)
    assert place == Arrival(RECEIVER, 5, input=Input.other("геопозиция"))
    note = message_of(bot, message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    assert await box.message(note, 5) is None


async def test_a_corrected_message_is_answered_and_a_moving_location_is_not(
    bot: Bot, box: Inbox
) -> None:
    corrected = box.corrected(message_of(bot, text="-18,5", edit_date=1), 5)
    assert corrected == Arrival(RECEIVER, 5, input=Input.other(inbox.CORRECTED))
    moving = message_of(bot, location={"latitude": 55.0, "longitude": 37.0}, edit_date=1)
    assert box.corrected(moving, 5) is None


async def test_characters_that_no_database_takes_are_replaced(bot: Bot, box: Inbox) -> None:
    arrival = await box.message(message_of(bot, text="а\0б\ud83d"), 5)
    assert arrival is not None
    assert arrival.input == Input.text("а\N{REPLACEMENT CHARACTER}б?")


async def test_a_letter_with_its_mark_is_one_character(bot: Bot, box: Inbox) -> None:
    arrival = await box.message(message_of(bot, text="шеи\u0306 е\u0308ж"), 5)
    assert arrival is not None
    assert arrival.input == Input.text("шей ёж")


def test_documents_and_workbooks_are_taken_by_their_content() -> None:
    memory = BytesIO()
    Document().save(memory)
    assert inbox.paper(memory.getvalue()) == DOCX
    assert inbox.paper(memory.getvalue()[:3000]) is None


async def test_a_file_of_a_stranger_is_neither_fetched_nor_stored(
    core: Simulator, bot: Bot, plant: Plant
) -> None:
    asked: list[int] = []

    async def nobody(chat: int) -> bool:
        asked.append(chat)
        return False

    box = Inbox(bot, plant.files, plant.clock, known=nobody)
    core.people.photos(RECEIVER, [photo_sizes(photo(SAMPLE))])
    told = await given(core, bot, box)
    assert (told.kind, asked, plant.files.kept) == (Kind.OTHER, [RECEIVER], {})
    assert isinstance(bot.session, InProcess)
    assert "getFile" not in bot.session.calls


async def test_a_store_that_stands_still_takes_none_of_the_threads_of_the_loop(
    core: Simulator, bot: Bot, plant: Plant
) -> None:
    free = Event()

    class Standing(MemoryFiles):
        def put(self, key: str, content: bytes, mime: str) -> StoredFile:
            free.wait()
            return super().put(key, content, mime)

    core.people.photos(RECEIVER, [photo_sizes(photo(SAMPLE))])
    (sent,) = await came(core, bot)
    box = Inbox(bot, Standing(), plant.clock)
    storing = [asyncio.create_task(box.message(sent, 5)) for _ in range(THREADS)]
    try:
        await asyncio.sleep(0.1)  # each has come to the store
        assert (
            await asyncio.wait_for(asyncio.to_thread(lambda: "looked up"), PATIENCE_S)
            == "looked up"
        )
    finally:
        free.set()
    assert all(one and one.input for one in await asyncio.gather(*storing))
