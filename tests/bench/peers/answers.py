"""What the handlers do; the peers differ in how an update finds its handler."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

from aiogram import Bot
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from tests.bench.peers import checks, form
from tests.bench.peers.form import Data, Intake, Store

Event = Message | CallbackQuery
LARGEST = 20 * 1024 * 1024
MOST_PHOTOS = 20


async def show(event: Event, screen: tuple[str, InlineKeyboardMarkup]) -> None:
    """Show a screen: below a typed answer, in place of a pressed one. A press is answered."""
    text, keyboard = screen
    if isinstance(event, CallbackQuery):
        await event.answer()
        if isinstance(event.message, Message):
            await event.message.edit_text(text, reply_markup=keyboard)
        return
    await event.answer(text, reply_markup=keyboard)


async def ask(event: Event, state: FSMContext, data: Data, name: str, trouble: str = "") -> None:
    """Go to a question, or to the review, and show it."""
    await state.set_data(data)
    await state.set_state(getattr(Intake, name))
    screen = form.review(data, trouble) if name == "review" else form.question(name, data, trouble)
    await show(event, screen)


async def again(event: Event, state: FSMContext, trouble: str) -> None:
    """Ask the same question once more, saying what was wrong."""
    data, name = await state.get_data(), await present(state)
    await show(
        event,
        form.review(data, trouble) if name == "review" else form.question(name, data, trouble),
    )


async def present(state: FSMContext) -> str:
    """Return the name of the present question."""
    return (await state.get_state() or "").partition(":")[2]


async def look(event: Event, state: FSMContext, **seen: Any) -> None:
    """Show the same question in another way."""
    data = await state.get_data() | {"look": seen}
    await ask(event, state, data, await present(state))


async def take(event: Event, state: FSMContext, store: Store, name: str, value: Any) -> None:
    """Keep an answer and go on; a temperature outside its limit stops the form."""
    data = await state.get_data()
    data |= {"answers": {**data["answers"], name: value}, "look": {}}
    condition = data["answers"].get("condition")
    if name in form.LIMITED and value is not None and not checks.within(value, condition):
        await state.set_data(data)
        await state.set_state(Intake.waiting)
        text = f"Приёмка временно запрещена: {form.LABELS[name]} {value}"
        rows = [[form.button("Исправить значение", f"edit:{name}")], [form.CANCEL]]
        await show(event, (text, InlineKeyboardMarkup(inline_keyboard=rows)))
        return
    await onward(event, state, store, data, name)


async def onward(event: Event, state: FSMContext, store: Store, data: Data, name: str) -> None:
    """Go to the next question; from the last one and while editing to what is open, or to the
    review."""
    at = form.ORDER.index(name) + 1
    if not data["editing"] and at < len(form.ORDER):
        await ask(event, state, data | {"trail": [*data["trail"], name]}, form.ORDER[at])
        return
    missing = form.unsettled(data["answers"], store.today)
    if missing is not None:
        await ask(event, state, data | {"editing": True}, missing)
        return
    await ask(event, state, data | {"editing": False, "trail": list(form.ORDER)}, "review")


async def start(message: Message, state: FSMContext, store: Store) -> None:
    """Show the main menu; a form that was begun stays."""
    name = store.receivers.get(message.chat.id)
    if name is None:
        await message.answer("Вас нет в системе. Введите код приглашения от администратора")
        return
    draft = await present(state) if (await state.get_data()).get("answers") else ""
    await show(message, form.menu(name, draft))


async def menu(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Go back to the main menu."""
    draft = await present(state) if (await state.get_data()).get("answers") else ""
    await show(call, form.menu(store.receivers.get(call.from_user.id, ""), draft))


async def tasks(call: CallbackQuery) -> None:
    """Say that nothing waits."""
    await call.answer("Задач нет")


async def help_(message: Message) -> None:
    """Say how to use the bot."""
    await message.answer("Отвечайте кнопками или текстом. /start — главное меню")


async def new(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Begin a form."""
    if call.from_user.id not in store.receivers:
        await call.answer("Для этого у вас нет роли", show_alert=True)
        return
    await ask(call, state, form.fresh(), form.ORDER[0])


async def resume(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Go on with the form that was begun."""
    data, name = await state.get_data(), await present(state)
    if name == "waiting":
        name = form.unsettled(data["answers"], store.today) or "review"
    await ask(call, state, data, name)


async def option(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Take a pressed row of a list or of fixed choices."""
    name = await present(state)
    titles = form.LISTS.get(name) or form.CHOICES[name]
    at = (call.data or "").partition(":")[2]
    if not at.isdigit() or int(at) >= len(titles):
        await call.answer("Этой строки больше нет в списке", show_alert=True)
        return
    await take(call, state, store, name, titles[int(at)])


async def page(call: CallbackQuery, state: FSMContext) -> None:
    """Show another page of a list."""
    at = (call.data or "").partition(":")[2]
    seen = (await state.get_data())["look"]
    query = {"query": seen["query"]} if seen.get("query") else {}
    await look(call, state, start=int(at) if at.isdigit() else 0, **query)


async def search(call: CallbackQuery, state: FSMContext) -> None:
    """Ask for a part of a title."""
    await look(call, state, searching=True)


async def whole_list(call: CallbackQuery, state: FSMContext) -> None:
    """Show the list from its beginning."""
    await look(call, state)


async def keep_typed(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Take the name that was typed."""
    typed = (await state.get_data())["look"].get("typed")
    if not typed:
        await again(call, state, "Введите название")
        return
    await take(call, state, store, await present(state), typed)


async def listed(message: Message, state: FSMContext, store: Store) -> None:
    """Take the typed title of a row; search, or ask about a new name."""
    name, said = await present(state), " ".join((message.text or "").split())
    exact = [one for one in form.LISTS[name] if one.casefold() == said.casefold()]
    if exact:
        await take(message, state, store, name, exact[0])
        return
    if (await state.get_data())["look"].get("searching"):
        if not any(said.casefold() in one.casefold() for one in form.LISTS[name]):
            await again(message, state, f"По «{said[:40]}» ничего не нашлось. Попробуйте короче")
            return
        await look(message, state, query=said)
        return
    if name == "company":
        await again(message, state, f"«{said[:40]}» нет в списке. Выберите кнопкой")
        return
    try:
        typed = checks.text(said, 2, 200 if name == "supplier" else 100)
    except checks.Wrong as wrong:
        await again(message, state, str(wrong))
        return
    await look(message, state, typed=typed)


async def chosen(message: Message, state: FSMContext, store: Store) -> None:
    """Take the typed title of a fixed choice, or another answer where one is taken."""
    name, said = await present(state), (message.text or "").strip()
    titles = form.CHOICES[name]
    exact = [one for one in titles if one.casefold() == said.casefold()]
    if exact:
        await take(message, state, store, name, exact[0])
    elif name == "accounting_type":
        await checked(message, state, store, lambda: checks.text(said, 2, 60))
    else:
        await again(message, state, f"Выберите одну из кнопок: {', '.join(titles)}")


async def checked(message: Message, state: FSMContext, store: Store, read: Any) -> None:
    """Take a typed answer if it passes its check."""
    try:
        value = read()
    except checks.Wrong as wrong:
        await again(message, state, str(wrong))
        return
    await take(message, state, store, await present(state), value)


async def temperature(message: Message, state: FSMContext, store: Store) -> None:
    """Take a typed temperature."""
    await checked(message, state, store, lambda: checks.temperature(message.text or ""))


async def manufacture_date(message: Message, state: FSMContext, store: Store) -> None:
    """Take a typed date."""
    await checked(message, state, store, lambda: checks.day(message.text or "", store.today))


async def ready(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Take «Сегодня» or «Вчера»."""
    back = 1 if call.data == "ready:1" else 0
    await take(call, state, store, "manufacture_date", store.today - timedelta(days=back))


async def ttn_number(message: Message, state: FSMContext, store: Store) -> None:
    """Take the number of a waybill."""
    await checked(message, state, store, lambda: checks.text(message.text or "", 1, 50))


async def manufacturer(message: Message, state: FSMContext, store: Store) -> None:
    """Take the name of a manufacturer."""
    await checked(message, state, store, lambda: checks.text(message.text or "", 2, 600))


async def weight(message: Message, state: FSMContext, store: Store) -> None:
    """Take a weight."""
    said = message.text or ""
    await checked(message, state, store, lambda: checks.number(said, "0.001", "40000", 3, "кг"))


async def tags_number(message: Message, state: FSMContext, store: Store) -> None:
    """Take a whole number."""
    said = message.text or ""
    await checked(message, state, store, lambda: checks.number(said, "0", "9999", 0, ""))


async def photo(message: Message, state: FSMContext, store: Store, bot: Bot) -> None:
    """Take the only picture of a question."""
    try:
        sent = await fetched(message, store, bot, pdf=False)
    except checks.Wrong as wrong:
        await again(message, state, str(wrong))
        return
    await take(message, state, store, await present(state), [sent])


async def photos(message: Message, state: FSMContext, store: Store, bot: Bot) -> None:
    """Add a picture or a PDF to those of a question."""
    try:
        sent = await fetched(message, store, bot, pdf=True)
    except checks.Wrong as wrong:
        await again(message, state, str(wrong))
        return
    there = (await state.get_data())["look"].get("pictures", [])
    if sent in there:
        await again(message, state, f"Это фото уже есть. Всего фото: {len(there)}")
    elif len(there) >= MOST_PHOTOS:
        await again(message, state, f"Здесь не больше {MOST_PHOTOS} фото")
    else:
        await look(message, state, pictures=[*there, sent])


async def fetched(message: Message, store: Store, bot: Bot, *, pdf: bool) -> str:
    """Fetch what was sent, look at it and keep it for the office; return its key. Raises Wrong."""
    sent = message.photo[-1] if message.photo else message.document
    if sent is None or (sent.file_size or 0) > LARGEST:
        raise checks.Wrong("Файл больше 20 МБ. Пришлите файл поменьше")
    memory = BytesIO()
    await bot.download(sent, memory)
    mime = await asyncio.to_thread(checks.content, memory)
    if mime is None or (mime == checks.PDF and not pdf):
        raise checks.Wrong("Здесь нужно фото" if mime else "Такой файл не подходит")
    store.files[sent.file_unique_id] = memory.getvalue()
    return sent.file_unique_id


async def done(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Take the pictures that were sent."""
    pictures = (await state.get_data())["look"].get("pictures")
    if not pictures:
        await again(call, state, "Нужно фото: не меньше 1")
        return
    await take(call, state, store, await present(state), pictures)


async def less(call: CallbackQuery, state: FSMContext) -> None:
    """Take the last picture back."""
    pictures = (await state.get_data())["look"].get("pictures", [])[:-1]
    await look(call, state, **({"pictures": pictures} if pictures else {}))


async def skip(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Skip a question that may be skipped."""
    name = await present(state)
    if name in form.NEEDED:
        await again(call, state, "Этот вопрос пропустить нельзя")
        return
    await take(call, state, store, name, None)


async def keep(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Keep the answer that was given before."""
    name = await present(state)
    await take(call, state, store, name, (await state.get_data())["answers"].get(name))


async def back(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Go one question back, or back to the review."""
    data = await state.get_data() | {"look": {}}
    if data["editing"]:
        await onward(call, state, store, data, await present(state))
        return
    if not data["trail"]:
        await again(call, state, "Это первый вопрос")
        return
    *trail, last = data["trail"]
    await ask(call, state, data | {"trail": trail}, last)


async def cancel(call: CallbackQuery) -> None:
    """Ask whether to cancel."""
    rows = [[form.button("Да, отменить", "drop"), form.button("Нет", "resume")]]
    await show(call, ("Отменить форму?", InlineKeyboardMarkup(inline_keyboard=rows)))


async def drop(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Cancel the form."""
    await state.clear()
    await menu(call, state, store)


async def edit(call: CallbackQuery, state: FSMContext) -> None:
    """Open an answer for changing."""
    name = (call.data or "").partition(":")[2]
    data = await state.get_data()
    if name not in data["answers"]:
        await call.answer("Такого ответа нет", show_alert=True)
        return
    pictures = data["answers"][name] if name in form.ALBUMS else None
    seen = {"pictures": pictures} if pictures else {}
    editing = await present(state) == "review" or data["editing"]
    await ask(call, state, data | {"editing": editing, "look": seen}, name)


async def save(call: CallbackQuery, state: FSMContext, store: Store) -> None:
    """Save the form and leave notices for the store and the laboratory."""
    data = await state.get_data()
    missing = form.unsettled(data["answers"], store.today)
    if missing is not None:
        trouble = "Этот ответ надо дать заново: условия изменились"
        await ask(call, state, data | {"editing": True, "look": {}}, missing, trouble)
        return
    number = f"{store.today:%d%m}/{len(store.saved) + 3}"
    store.saved.append(data["answers"])
    words = form.shown("weight", data["answers"])
    for role in ("storekeeper", "lab"):
        store.notices.append((role, f"Новая партия сырья {number}, масса {words} кг"))
    await state.clear()
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[form.MENU]])
    await show(call, (f"Партия {number} зарегистрирована. ОСГ: нет данных", keyboard))


async def not_this(message: Message, state: FSMContext) -> None:
    """Say that this is no answer to the present question."""
    if not await state.get_state():
        await message.answer("Нажмите /start")
        return
    await again(message, state, "Сюда это не подходит")


async def old(call: CallbackQuery) -> None:
    """Answer a press that means nothing any more."""
    await call.answer("Эта кнопка уже не действует", show_alert=True)
