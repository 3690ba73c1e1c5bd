"""The same form as windows of aiogram-dialog: a dialog with a window a question, widgets for the
buttons, the library's own storage of what was answered and its own way to show it."""

from __future__ import annotations

from html import escape
from operator import itemgetter
from typing import Any

from aiogram import Dispatcher
from aiogram.enums import ContentType
from aiogram.filters import Command, CommandStart
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, LaunchMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Group, Keyboard, Row, Select
from aiogram_dialog.widgets.text import Const, Format

from tests.bench.peers import answers, form
from tests.bench.peers import dialog_acts as acts
from tests.bench.peers.dialog_acts import Around, Ended, Leaving, found, name_of
from tests.bench.peers.form import Data, Intake, Store

TITLED = 18  # characters of a title that has another beside it


def dispatcher(store: Store) -> Dispatcher:
    """Make the bot's dispatcher."""
    made = Dispatcher(storage=MemoryStorage(), store=store)
    made.message.register(start, CommandStart())
    made.message.register(answers.help_, Command("help"))
    made.include_routers(
        Dialog(_menu(), launch_mode=LaunchMode.SINGLE_TOP),
        Dialog(*(_question(name) for name in form.ORDER), _review(), _waiting()),
        Dialog(_leaving()),
        Dialog(_ended()),
    )
    made.message.register(nothing_yet)
    made.callback_query.register(answers.old)
    setup_dialogs(made)
    return made


async def start(message: Message, dialog_manager: DialogManager, store: Store) -> None:
    """Show the main menu; a form that was begun stays below it."""
    if message.chat.id not in store.receivers:
        await message.answer("Вас нет в системе. Введите код приглашения от администратора")
        return
    await dialog_manager.start(Around.menu)


async def nothing_yet(message: Message) -> None:
    """Say how to begin."""
    await message.answer("Нажмите /start")


async def asked(dialog_manager: DialogManager, **_: Any) -> Data:
    """Return what a question shows."""
    data, name = {**form.fresh(), **dialog_manager.dialog_data}, name_of(dialog_manager)
    look, current, trail = data["look"], data["answers"].get(name), data["trail"]
    trouble = dialog_manager.dialog_data.pop("trouble", "")
    lines = [f"<i>Новая партия · {form.ORDER.index(name) + 1} из {len(form.ORDER) + 1}</i>"]
    if trail and not data["editing"]:
        lines.append(
            f"✔ {form.LABELS[trail[-1]]}: {escape(form.shown(trail[-1], data['answers']))}"
        )
    lines += [f"⚠ {escape(trouble)}"] if trouble else []
    lines.append(f"<b>{form.PROMPTS[name]}</b>")
    shown = _of_list(name, look) if name in form.LISTS else {}
    if pictures := look.get("pictures"):
        lines.append(f"Фото: {len(pictures)}. Ещё или «Подтвердить»")
    lines += [escape(shown["body"])] if shown.get("body") else []
    kept = f"Оставить: {form.shown(name, data['answers'])[:24]}"
    return shown | {
        "text": "\n".join(lines),
        "pictures": bool(pictures),
        "kept": kept,
        "current": current is not None and not look,
        "first": not trail and not data["editing"],
        "back": "⬅ К проверке" if data["editing"] else "⬅ Назад",
    }


def _of_list(name: str, look: Data) -> Data:
    """Return what a list shows: a page, its search, or the question about a typed name."""
    if look.get("typed"):
        verb = "Записать так" if name == "supplier" else "Создать"
        return {"options": [], "typed": verb, "body": f"{verb} «{look['typed']}»?"}
    if look.get("searching"):
        return {"options": [], "narrowed": True, "body": "Введите часть названия"}
    rows, start, query = found(name, look), look.get("start", 0), look.get("query")
    paged = len(rows) > form.PAGE
    return {
        "options": rows[start : start + form.PAGE],
        "paged": paged,
        "searchable": paged and not query,
        "narrowed": bool(query),
        "page": f"{start // form.PAGE + 1} из {(len(rows) - 1) // form.PAGE + 1}",
        "body": f"Поиск «{query}»: найдено {len(rows)}" if query else "",
    }


def _question(name: str) -> Window:
    return Window(
        Format("{text}"),
        *_own(name),
        Button(Format("{kept}"), "keep", acts.keep, when="current"),
        *([] if name in form.NEEDED else [Button(Const("Пропустить"), "skip", acts.skip)]),
        Row(
            Button(Format("{back}"), "back", acts.back, when=lambda data, *_: not data["first"]),
            Button(Const("✖ Отмена"), "cancel", acts.leave),
        ),
        Button(Const("Главное меню"), "menu", acts.menu),
        MessageInput(acts.typed, content_types=[ContentType.TEXT]),
        MessageInput(acts.sent, content_types=[ContentType.PHOTO, ContentType.DOCUMENT]),
        MessageInput(acts.not_this),
        state=getattr(Intake, name),
        getter=asked,
    )


def _own(name: str) -> list[Keyboard]:
    """Return the widgets that stand right under a question."""
    titles = form.LISTS.get(name) or form.CHOICES.get(name)
    if titles:
        items = "options" if name in form.LISTS else [(one, at) for at, one in enumerate(titles)]
        chosen: Select[int] = Select(
            Format("{item[0]}"), "option", itemgetter(1), items, int, acts.option
        )
        width = 2 if all(len(one) <= TITLED for one in titles) else 1
        return [Group(chosen, width=width), *(_pages() if name in form.LISTS else [])]
    if name == "manufacture_date":
        days = (("Сегодня", "today"), ("Вчера", "yesterday"))
        return [Row(*(Button(Const(title), key, acts.ready) for title, key in days))]
    if name in form.ALBUMS:
        return [
            Button(Const("Подтвердить"), "done", acts.done, when="pictures"),
            Button(Const("Убрать последнее фото"), "less", acts.less, when="pictures"),
        ]
    return []


def _pages() -> list[Keyboard]:
    return [
        Row(
            Button(Const("◀"), "left", acts.turned),
            Button(Format("{page}"), "here"),
            Button(Const("▶"), "right", acts.turned),
            when="paged",
        ),
        Button(Const("🔍 Найти"), "search", acts.search, when="searchable"),
        Button(Const("К списку"), "list", acts.whole_list, when="narrowed"),
        Button(Format("{typed}"), "keep_typed", acts.keep_typed, when="typed"),
        Button(Const("Выбрать из списка"), "relist", acts.whole_list, when="typed"),
    ]


async def reviewed(dialog_manager: DialogManager, **_: Any) -> Data:
    """Return the text of the review."""
    answered = dialog_manager.dialog_data["answers"]
    trouble = dialog_manager.dialog_data.pop("trouble", "")
    lines = ["<i>Новая партия · проверка</i>"]
    lines += [f"⚠ {escape(trouble)}"] if trouble else []
    lines.append("<b>Проверьте ответы</b>")
    shown = ((name, form.shown(name, answered)) for name in form.ORDER)
    lines += [f"{form.LABELS[name]}: <b>{escape(words)}</b>" for name, words in shown]
    return {"text": "\n".join(lines)}


def _review() -> Window:
    edits = [
        Button(Const(f"✏ {form.LABELS[name]}"), f"edit_{name}", acts.edit) for name in form.ORDER
    ]
    return Window(
        Format("{text}"),
        Button(Const("Сохранить"), "save", acts.save),
        Group(*edits, width=2),
        Row(
            Button(Const("⬅ Назад"), "back", acts.back),
            Button(Const("✖ Отмена"), "cancel", acts.leave),
        ),
        Button(Const("Главное меню"), "menu", acts.menu),
        MessageInput(acts.not_this),
        state=Intake.review,
        getter=reviewed,
    )


async def late(dialog_manager: DialogManager, **_: Any) -> Data:
    """Return what is said about a value outside its limit."""
    name, answered = dialog_manager.dialog_data["late"], dialog_manager.dialog_data["answers"]
    return {"text": f"Приёмка временно запрещена: {form.LABELS[name]} {answered[name]}"}


def _waiting() -> Window:
    return Window(
        Format("{text}"),
        Button(Const("Исправить значение"), "mend", acts.edit),
        Button(Const("✖ Отмена"), "cancel", acts.leave),
        state=Intake.waiting,
        getter=late,
    )


async def who(dialog_manager: DialogManager, store: Store, **_: Any) -> Data:
    """Return who is before the menu, and whether a form can go on."""
    user = getattr(dialog_manager.event, "from_user", None)  # an error has none
    name = store.receivers.get(user.id if user else 0, "")
    begun = len(dialog_manager.current_stack().intents) > 1
    return {"text": f"<b>Главное меню</b>\n{escape(name)}\n{form.ROLE}", "begun": begun}


def _menu() -> Window:
    return Window(
        Format("{text}"),
        Button(Const("▶ Продолжить «Новая партия»"), "resume", acts.resume, when="begun"),
        Button(Const("Новая партия"), "new", acts.new),
        Button(Const("Мои задачи (0)"), "tasks"),
        state=Around.menu,
        getter=who,
    )


def _leaving() -> Window:
    return Window(
        Const("Отменить форму?"),
        Row(
            Button(Const("Да, отменить"), "drop", acts.drop),
            Button(Const("Нет"), "stay", acts.resume),
        ),
        state=Leaving.sure,
    )


def _ended() -> Window:
    return Window(
        Format("Партия {start_data[number]} зарегистрирована. ОСГ: нет данных"),
        Button(Const("Главное меню"), "menu", acts.drop),
        state=Ended.saved,
    )
