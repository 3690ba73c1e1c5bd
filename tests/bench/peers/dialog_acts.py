"""What the windows of `dialogs` do when something is typed, pressed or sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button

from tests.bench.peers import answers, checks, form
from tests.bench.peers.form import Data, Intake, Store

Pressed = CallbackQuery


class Around(StatesGroup):
    """What is shown besides the form: the menu, whether to cancel, the end."""

    menu = State()


class Leaving(StatesGroup):
    """Whether to cancel."""

    sure = State()


class Ended(StatesGroup):
    """What was saved."""

    saved = State()


def name_of(manager: DialogManager) -> str:
    """Return the name of the present question."""
    return (manager.current_context().state.state or "").partition(":")[2]


def _store(manager: DialogManager) -> Store:
    store: Store = manager.middleware_data["store"]
    return store


def _trouble(manager: DialogManager, words: str) -> None:
    """Say it above the same question."""
    manager.dialog_data["trouble"] = words


async def _go(manager: DialogManager, name: str) -> None:
    await manager.switch_to(getattr(Intake, name))


async def take(manager: DialogManager, name: str, value: Any) -> None:
    """Keep an answer and go on; a temperature outside its limit stops the form."""
    data = manager.dialog_data
    data["answers"][name], data["look"] = value, {}
    condition = data["answers"].get("condition")
    if name in form.LIMITED and value is not None and not checks.within(value, condition):
        data["late"] = name
        await _go(manager, "waiting")
        return
    await onward(manager, name)


async def onward(manager: DialogManager, name: str) -> None:
    """Go to the next question; from the last one and while editing to what is open, or to the
    review."""
    data, at = manager.dialog_data, form.ORDER.index(name) + 1
    if not data["editing"] and at < len(form.ORDER):
        data["trail"].append(name)
        await _go(manager, form.ORDER[at])
        return
    missing = form.unsettled(data["answers"], _store(manager).today)
    data["editing"] = missing is not None
    data["trail"] = data["trail"] if missing is not None else [*form.ORDER]
    await _go(manager, missing or "review")


async def typed(message: Message, _: MessageInput, manager: DialogManager) -> None:
    """Take what was typed, if it passes its check."""
    name = name_of(manager)
    try:
        value = _read(name, message.text or "", manager)
    except checks.Wrong as wrong:
        _trouble(manager, str(wrong))
        return
    if value is not None:
        await take(manager, name, value)


def _read(name: str, said: str, manager: DialogManager) -> Any:
    """Return the answer; None when the same question shows something else instead."""
    if name in form.LISTS:
        return _listed(name, " ".join(said.split()), manager.dialog_data)
    if name in form.CHOICES:
        titles = form.CHOICES[name]
        exact = [one for one in titles if one.casefold() == said.strip().casefold()]
        if not exact and name != "accounting_type":
            raise checks.Wrong(f"Выберите одну из кнопок: {', '.join(titles)}")
        return exact[0] if exact else checks.text(said, 2, 60)
    match name:
        case "body_temp" | "product_temp":
            return checks.temperature(said)
        case "manufacture_date":
            return checks.day(said, _store(manager).today)
        case "ttn_number":
            return checks.text(said, 1, 50)
        case "manufacturer":
            return checks.text(said, 2, 600)
        case "weight":
            return checks.number(said, "0.001", "40000", 3, "кг")
        case "tags_number":
            return checks.number(said, "0", "9999", 0, "")
        case _:
            raise checks.Wrong("Сюда это не подходит")


def _listed(name: str, said: str, data: Data) -> str | None:
    exact = [one for one in form.LISTS[name] if one.casefold() == said.casefold()]
    if exact:
        return exact[0]
    if data["look"].get("searching"):
        if not any(said.casefold() in one.casefold() for one in form.LISTS[name]):
            raise checks.Wrong(f"По «{said[:40]}» ничего не нашлось. Попробуйте короче")
        data["look"] = {"query": said}
        return None
    if name == "company":
        raise checks.Wrong(f"«{said[:40]}» нет в списке. Выберите кнопкой")
    data["look"] = {"typed": checks.text(said, 2, 200 if name == "supplier" else 100)}
    return None


async def sent(message: Message, _: MessageInput, manager: DialogManager) -> None:
    """Take a picture, or add it to those of a question."""
    name, bot = name_of(manager), manager.middleware_data["bot"]
    if name not in form.ALBUMS and not name.endswith("photo"):
        _trouble(manager, "Сюда это не подходит")
        return
    try:
        key = await answers.fetched(message, _store(manager), bot, pdf=name in form.ALBUMS)
    except checks.Wrong as wrong:
        _trouble(manager, str(wrong))
        return
    if name not in form.ALBUMS:
        await take(manager, name, [key])
        return
    there = manager.dialog_data["look"].get("pictures", [])
    if key in there:
        _trouble(manager, f"Это фото уже есть. Всего фото: {len(there)}")
    elif len(there) >= answers.MOST_PHOTOS:
        _trouble(manager, f"Здесь не больше {answers.MOST_PHOTOS} фото")
    else:
        manager.dialog_data["look"] = {"pictures": [*there, key]}


async def not_this(_message: Message, _: MessageInput, manager: DialogManager) -> None:
    """Say that this is no answer to the present question."""
    _trouble(manager, "Сюда это не подходит")


async def option(_call: Pressed, _: Any, manager: DialogManager, at: int) -> None:
    """Take a pressed row of a list or of fixed choices."""
    name = name_of(manager)
    titles = form.LISTS.get(name) or form.CHOICES[name]
    await take(manager, name, titles[at])


async def turned(_call: Pressed, button: Button, manager: DialogManager) -> None:
    """Show another page of a list."""
    look, name = manager.dialog_data["look"], name_of(manager)
    last = (len(found(name, look)) - 1) // form.PAGE * form.PAGE
    start = look.get("start", 0)
    moved = start - form.PAGE if button.widget_id == "left" else start + form.PAGE
    look["start"] = last if moved < 0 else 0 if moved > last else moved


async def search(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Ask for a part of a title."""
    manager.dialog_data["look"] = {"searching": True}


async def whole_list(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Show the list from its beginning."""
    manager.dialog_data["look"] = {}


async def keep_typed(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Take the name that was typed."""
    await take(manager, name_of(manager), manager.dialog_data["look"]["typed"])


async def ready(_call: Pressed, button: Button, manager: DialogManager) -> None:
    """Take «Сегодня» or «Вчера»."""
    back = 1 if button.widget_id == "yesterday" else 0
    await take(manager, "manufacture_date", _store(manager).today - timedelta(days=back))


async def done(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Take the pictures that were sent."""
    await take(manager, name_of(manager), manager.dialog_data["look"]["pictures"])


async def less(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Take the last picture back."""
    left = manager.dialog_data["look"]["pictures"][:-1]
    manager.dialog_data["look"] = {"pictures": left} if left else {}


async def skip(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Skip a question that may be skipped."""
    await take(manager, name_of(manager), None)


async def keep(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Keep the answer that was given before."""
    name = name_of(manager)
    await take(manager, name, manager.dialog_data["answers"].get(name))


async def back(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Go one question back, or back to the review."""
    data = manager.dialog_data
    data["look"] = {}
    if data["editing"]:
        await onward(manager, name_of(manager))
    elif data["trail"]:
        await _go(manager, data["trail"].pop())


async def edit(_call: Pressed, button: Button, manager: DialogManager) -> None:
    """Open an answer for changing."""
    data = manager.dialog_data
    name = data["late"] if button.widget_id == "mend" else (button.widget_id or "")[len("edit_") :]
    pictures = data["answers"].get(name) if name in form.ALBUMS else None
    data["editing"] = data["editing"] or name_of(manager) == "review"
    data["look"] = {"pictures": pictures} if pictures else {}
    await _go(manager, name)


async def save(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Save the form and leave notices for the store and the laboratory."""
    data, store = manager.dialog_data, _store(manager)
    missing = form.unsettled(data["answers"], store.today)
    if missing is not None:
        data["editing"] = True
        _trouble(manager, "Этот ответ надо дать заново: условия изменились")
        await _go(manager, missing)
        return
    number = f"{store.today:%d%m}/{len(store.saved) + 3}"
    store.saved.append(data["answers"])
    words = form.shown("weight", data["answers"])
    for role in ("storekeeper", "lab"):
        store.notices.append((role, f"Новая партия сырья {number}, масса {words} кг"))
    await manager.start(Ended.saved, {"number": number}, StartMode.RESET_STACK)


async def new(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Begin a form."""
    await manager.start(Intake.company, mode=StartMode.RESET_STACK)
    manager.dialog_data.update(form.fresh())


async def menu(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Go to the main menu; the form stays below it."""
    await manager.start(Around.menu)


async def leave(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Ask whether to cancel."""
    await manager.start(Leaving.sure)


async def drop(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Cancel the form."""
    await manager.start(Around.menu, mode=StartMode.RESET_STACK)


async def resume(_call: Pressed, _: Button, manager: DialogManager) -> None:
    """Go on with the form below."""
    await manager.done()


def found(name: str, look: Data) -> list[tuple[str, int]]:
    """Return the rows of a list that its search leaves."""
    query = look.get("query", "").casefold()
    return [(one, at) for at, one in enumerate(form.LISTS[name]) if query in one.casefold()]
