"""The same handlers found faster: by asynchronous filters only, and by one dictionary."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.filters import Command, CommandStart, Filter, StateFilter
from aiogram.fsm.state import State
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message

from tests.bench.peers import answers, form
from tests.bench.peers.form import Intake, Store

Handler = Callable[..., Awaitable[None]]

TYPED: Mapping[str, Handler] = {
    **dict.fromkeys(form.LISTS, answers.listed),
    **dict.fromkeys(form.CHOICES, answers.chosen),
    **dict.fromkeys(form.LIMITED, answers.temperature),
    "manufacture_date": answers.manufacture_date,
    "ttn_number": answers.ttn_number,
    "manufacturer": answers.manufacturer,
    "weight": answers.weight,
    "tags_number": answers.tags_number,
}
SENT: Mapping[str, Handler] = {
    **dict.fromkeys(form.ALBUMS, answers.photos),
    **dict.fromkeys(
        ("truck_unit_photo", "body_temp_photo", "product_temp_photo", "pallet_photo"),
        answers.photo,
    ),
}
PRESSED: Mapping[str, Handler] = {
    **dict.fromkeys((f"{name} option" for name in (*form.LISTS, *form.CHOICES)), answers.option),
    **dict.fromkeys((f"{name} done" for name in form.ALBUMS), answers.done),
    "manufacture_date ready": answers.ready,
    "review save": answers.save,
    "review edit": answers.edit,
    "waiting edit": answers.edit,
}
AROUND: Mapping[str, Handler] = {
    "skip": answers.skip,
    "keep": answers.keep,
    "back": answers.back,
    "page": answers.page,
    "search": answers.search,
    "list": answers.whole_list,
    "keep_typed": answers.keep_typed,
    "less": answers.less,
    "cancel": answers.cancel,
    "drop": answers.drop,
    "resume": answers.resume,
}
ANYWHERE: Mapping[str, Handler] = {
    "new": answers.new,
    "menu": answers.menu,
    "tasks": answers.tasks,
}
COMMANDS: Mapping[str, Handler] = {"/start": answers.start, "/help": answers.help_}


class Typed(Filter):
    """A text."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.text)


class Sent(Filter):
    """A photo or a document."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.photo or message.document)


class Pressed(Filter):
    """A press whose data begins with a word."""

    def __init__(self, word: str) -> None:
        self.word = word

    async def __call__(self, call: CallbackQuery) -> bool:
        return (call.data or "").partition(":")[0] == self.word


def filtered(store: Store) -> Dispatcher:
    """Make a dispatcher with a handler a question, all filters asynchronous."""
    made = Dispatcher(storage=MemoryStorage(), store=store)
    router = Router()
    router.message.register(answers.start, CommandStart())
    router.message.register(answers.help_, Command("help"))
    for name in form.ORDER:
        if name in TYPED:
            router.message.register(TYPED[name], StateFilter(state(name)), Typed())
        if name in SENT:
            router.message.register(SENT[name], StateFilter(state(name)), Sent())
    router.callback_query.register(answers.new, Pressed("new"))
    for words, handler in PRESSED.items():
        name, _, word = words.partition(" ")
        router.callback_query.register(handler, StateFilter(state(name)), Pressed(word))
    for word, handler in AROUND.items():
        router.callback_query.register(handler, StateFilter(Intake), Pressed(word))
    for word, handler in (("menu", answers.menu), ("tasks", answers.tasks)):
        router.callback_query.register(handler, Pressed(word))
    router.message.register(answers.not_this)
    router.callback_query.register(answers.old)
    made.include_router(router)
    return made


def state(name: str) -> State:
    """Return the state of a question."""
    found: State = getattr(Intake, name)
    return found


async def said(message: Message, raw_state: str | None, **given: Any) -> None:
    """Find the handler of a message by the state."""
    words, name = (message.text or "").split(), (raw_state or "").partition(":")[2]
    handler = COMMANDS.get(words[0]) if words else None
    if handler is None:
        by_state = TYPED if message.text else SENT if message.photo or message.document else {}
        handler = by_state.get(name, answers.not_this)
    await WANTING[handler].call(message, **given)


async def pressed(call: CallbackQuery, raw_state: str | None, **given: Any) -> None:
    """Find the handler of a press by the state and the first word of its data."""
    word, name = (call.data or "").partition(":")[0], (raw_state or "").partition(":")[2]
    handler = PRESSED.get(f"{name} {word}") or ANYWHERE.get(word)
    if handler is None:
        handler = AROUND.get(word, answers.old) if name else answers.old
    await WANTING[handler].call(call, **given)


# aiogram's own way to give a function only those arguments that it names.
WANTING: Mapping[Handler, CallableObject] = {
    handler: CallableObject(handler)
    for handlers in (COMMANDS, TYPED, SENT, PRESSED, AROUND, ANYWHERE)
    for handler in handlers.values()
} | {handler: CallableObject(handler) for handler in (answers.not_this, answers.old)}


def by_dictionary(store: Store) -> Dispatcher:
    """Make a dispatcher with one handler a kind of update and dictionaries on the state."""
    made = Dispatcher(storage=MemoryStorage(), store=store)
    made.message.register(said)
    made.callback_query.register(pressed)
    return made
