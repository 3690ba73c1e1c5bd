"""Bots with many forms: ours over made-up flows, and linear routers as aiogram documents them.

Each lap begins a form, answers three of its questions and leaves it."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

from engine.load.project import load_project
from engine.run.program import compile_program
from engine.talk.samples import SamplePerson, Samples
from tests.bench.many import plant
from tests.bench.ours import Bare
from tests.bench.telegram import TOKEN, AtOnce, Phone

SAMPLES = Samples(
    people=(
        SamplePerson(name="Ветров П. А.", roles=("porter",)),
        SamplePerson(name="Орлова М. С.", roles=("foreman",)),
    ),
    catalogues={"companies": ("Учебная компания 1", "Учебная компания 2")},
)
TYPED = ("12,5",)
FORM = ("Учебная компания 1", "Охлаждённое", *TYPED, "/cancel")
LEAVE = "Да, отменить"  # shows the menu
QUESTIONS = 10  # of a form of the linear routers
ASKED = 3  # of them are answered in a lap


class Crowd(Bare):
    """Our bot with so many flows; talks by the first of them."""

    name = "ours"

    def __init__(self, count: int, seed: int) -> None:
        with TemporaryDirectory() as folder:
            project, findings = load_project(plant(Path(folder), count, seed))
        assert project is not None
        assert not findings, findings[:3]
        super().__init__(project, compile_program(project.sources()), SAMPLES)

    async def lap(self, forms: int) -> tuple[float, float]:
        """Return milliseconds a turn of the form by the clock and of the processor; its menu, which
        has a button a flow, is not counted."""
        turns, cpu, clock = 0, 0.0, 0.0
        for _ in range(forms):
            for press in ("/start", "Участок 0", "Форма 0"):
                await self._do(press)
            used, began = time.process_time(), time.perf_counter()
            for press in FORM:
                await self._do(press)
            clock += time.perf_counter() - began
            cpu += time.process_time() - used
            turns += len(FORM)
            await self._do(LEAVE)
            assert "отмен" in self.session.shown.lower(), self.session.shown
        return 1000 * clock / turns, 1000 * cpu / turns

    async def _do(self, said: str) -> None:
        typed = said.startswith("/") or said in TYPED
        await self.feed(self.phone.type(said) if typed else self.phone.press(said))


class Linear:
    """A dispatcher with a router a form, each question a handler with its State and an F; the form
    that is talked to is the last one."""

    def __init__(self, count: int) -> None:
        self.session = AtOnce()
        self.bot = Bot(TOKEN, session=self.session)
        self.phone = Phone(self.session, self.bot)
        self.dispatcher = Dispatcher(storage=MemoryStorage())
        for form in range(count):
            self.dispatcher.include_router(_router(form))
        self.last = count - 1

    async def lap(self, forms: int) -> tuple[float, float]:
        """Return milliseconds a turn by the clock and of the processor."""
        turns, cpu, began = 0, time.process_time(), time.perf_counter()
        for _ in range(min(forms, 4)):
            words = (f"/form{self.last}", *("12,5" for _ in range(ASKED)))
            for update in map(self.phone.type, words):
                await self.dispatcher.feed_update(self.bot, update)
                turns += 1
        clock, used = time.perf_counter() - began, time.process_time() - cpu
        assert self.session.shown == f"question {ASKED}", self.session.shown
        return 1000 * clock / turns, 1000 * used / turns


def _router(form: int) -> Router:
    states: Any = type(
        f"Form{form}", (StatesGroup,), {f"q{at}": State() for at in range(QUESTIONS)}
    )
    questions = [getattr(states, f"q{at}") for at in range(QUESTIONS)]
    router = Router()

    async def begin(message: Message, state: FSMContext) -> None:
        await state.set_state(questions[0])
        await message.answer("question 0")

    def taking(at: int) -> Any:
        async def take(message: Message, state: FSMContext) -> None:
            float((message.text or "").replace(",", "."))
            await state.update_data({str(at): message.text})
            await state.set_state(questions[at + 1])
            await message.answer(f"question {at + 1}")

        return take

    router.message.register(begin, Command(f"form{form}"))
    for at, state in enumerate(questions[:-1]):
        router.message.register(taking(at), state, F.text)
    return router
