"""The form: its states, texts and lists, and the screens made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.bench.peers import checks

Data = dict[str, Any]  # what the storage keeps for a chat
Row = list[InlineKeyboardButton]
PAGE = 8  # options on a page


class Intake(StatesGroup):
    """A state a question, the review, and the stop at a value outside its limit."""

    company = State()
    material = State()
    nomenclature = State()
    condition = State()
    truck_unit_photo = State()
    body_temp_photo = State()
    body_temp = State()
    manufacture_date = State()
    ttn_number = State()
    upd_photo = State()
    ttn_photos = State()
    tn_photo = State()
    vet_photos = State()
    supplier = State()
    manufacturer = State()
    accounting_type = State()
    weight = State()
    product_temp_photo = State()
    product_temp = State()
    pallet_photo = State()
    tags_number = State()
    review = State()
    waiting = State()


PROMPTS = {
    "company": "Выберите компанию",
    "material": "Выберите вид сырья или введите новый",
    "nomenclature": "Выберите вид по номенклатуре или введите новый",
    "condition": "Выберите кондицию",
    "truck_unit_photo": "Фото рефрижератора фуры",
    "body_temp_photo": "Фото температуры кузова при открытии",
    "body_temp": "Температура кузова при открытии, °C",
    "manufacture_date": "Дата производства",
    "ttn_number": "Номер ТТН",
    "upd_photo": "Фото УПД",
    "ttn_photos": "Фото ТТН: одно или несколько, затем «Подтвердить»",
    "tn_photo": "Фото ТН",
    "vet_photos": "Фото ЭВСД: одно или несколько, затем «Подтвердить»",
    "supplier": "Введите поставщика",
    "manufacturer": "Введите производителя",
    "accounting_type": "Тип для бух. учёта",
    "weight": "Общая масса, кг",
    "product_temp_photo": "Фото температуры продукта",
    "product_temp": "Температура сырья на складе, °C",
    "pallet_photo": "Фото паллета",
    "tags_number": "Количество бирок",
}
LABELS = {
    "company": "Компания",
    "material": "Вид сырья",
    "nomenclature": "Вид по номенклатуре",
    "condition": "Кондиция",
    "truck_unit_photo": "Фото рефрижератора",
    "body_temp_photo": "Фото температуры кузова",
    "body_temp": "Температура кузова",
    "manufacture_date": "Дата производства",
    "ttn_number": "Номер ТТН",
    "upd_photo": "Фото УПД",
    "ttn_photos": "Фото ТТН",
    "tn_photo": "Фото ТН",
    "vet_photos": "Фото ЭВСД",
    "supplier": "Поставщик",
    "manufacturer": "Производитель",
    "accounting_type": "Тип для бух. учёта",
    "weight": "Общая масса",
    "product_temp_photo": "Фото температуры продукта",
    "product_temp": "Температура сырья",
    "pallet_photo": "Фото паллета",
    "tags_number": "Количество бирок",
}
ORDER = tuple(PROMPTS)
NEEDED = {"company", "material", "nomenclature", "condition", "supplier", "accounting_type"}
NEEDED |= {"weight", "tags_number"}
LIMITED = {"body_temp", "product_temp"}
ALBUMS = {"upd_photo", "ttn_photos", "tn_photo", "vet_photos"}
DECIMALS = {"body_temp": 1, "product_temp": 1, "weight": 3, "tags_number": 0}
LISTS = {
    "company": ["ООО «Учебная компания 1»", "ООО «Учебная компания 2»"],
    "material": [
        *("Грудная кость", "Индейка", "Каркас", "Киль", "Микс", "МКО", "ПКЧ"),
        *("СЛЧ", "Спинка ЦБ целая", "Трубчатая кость", "Шея"),
    ],
    "nomenclature": [
        *("Индейка каркас", "Каркас ЦБ", "Кость грудная", "Спинка ЦБ", "Шея ЦБ без кожи"),
    ],
    "supplier": [
        *("Агрофирма «Учебная»", "Птицефабрика «Образцовая»"),
        *("Птицефабрика «Примерная»", "Фабрика «Пробная»"),
    ],
}
CHOICES = {
    "condition": ["Охлаждённое", "Замороженное"],
    "accounting_type": ["Суп", "Киль", "Каркас", "Трубч. кость"],
}
ROLE = "Приёмщик сырья"


@dataclass
class Store:
    """What is outside a bot: who may, the date, saved forms, notices that wait."""

    receivers: dict[int, str]
    today: date
    saved: list[Data] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[tuple[str, str]] = field(default_factory=list)


def fresh() -> Data:
    """Return the data of a form that begins."""
    return {"answers": {}, "trail": [], "editing": False, "look": {}}


def button(title: str, data: str) -> InlineKeyboardButton:
    """Make a button."""
    return InlineKeyboardButton(text=title, callback_data=data)


BACK, CANCEL = button("⬅ Назад", "back"), button("✖ Отмена", "cancel")
REVIEW, MENU = button("⬅ К проверке", "back"), button("Главное меню", "menu")


def question(name: str, data: Data, trouble: str = "") -> tuple[str, InlineKeyboardMarkup]:
    """Return the text and the buttons of a question."""
    look, current, trail = data["look"], data["answers"].get(name), data["trail"]
    lines = [f"<i>Новая партия · {ORDER.index(name) + 1} из {len(ORDER) + 1}</i>"]
    if trail and not data["editing"]:
        lines.append(f"✔ {LABELS[trail[-1]]}: {escape(shown(trail[-1], data['answers']))}")
    if trouble:
        lines.append(f"⚠ {escape(trouble)}")
    lines.append(f"<b>{PROMPTS[name]}</b>")
    body, rows = under(name, look)
    if body:
        lines.append(escape(body))
    if not look and current is not None:
        rows.append([button(f"Оставить: {shown(name, data['answers'])[:24]}", "keep")])
    if name not in NEEDED:
        rows.append([button("Пропустить", "skip")])
    if data["editing"]:
        rows.append([REVIEW, CANCEL])
    else:
        rows.append([BACK, CANCEL] if trail else [CANCEL])
    rows.append([MENU])
    return "\n".join(lines), InlineKeyboardMarkup(inline_keyboard=rows)


def under(name: str, look: Data) -> tuple[str, list[Row]]:
    """Return what stands under a question: a line and its own buttons."""
    if name in LISTS:
        return listed(name, look)
    if name in CHOICES:
        return "", in_rows([(title, at) for at, title in enumerate(CHOICES[name])])
    if name == "manufacture_date":
        return "", [[button("Сегодня", "ready:0"), button("Вчера", "ready:1")]]
    if name in ALBUMS and look.get("pictures"):
        rows = [[button("Подтвердить", "done")], [button("Убрать последнее фото", "less")]]
        return f"Фото: {len(look['pictures'])}. Ещё или «Подтвердить»", rows
    return "", []


def listed(name: str, look: Data) -> tuple[str, list[Row]]:
    """Return a page of a list, its search, or the question about a typed name."""
    if look.get("typed"):
        keep = "Записать так" if name == "supplier" else "Создать"
        rows = [[button(keep, "keep_typed")], [button("Выбрать из списка", "list")]]
        return f"{keep} «{look['typed']}»?", rows
    if look.get("searching"):
        return "Введите часть названия", [[button("К списку", "list")]]
    query, start = look.get("query", ""), look.get("start", 0)
    found = [
        (title, at)
        for at, title in enumerate(LISTS[name])
        if not query or query.casefold() in title.casefold()
    ]
    rows = in_rows(found[start : start + PAGE])
    if len(found) > PAGE:
        last = (len(found) - 1) // PAGE * PAGE
        rows.append(
            [
                button("◀", f"page:{start - PAGE if start else last}"),
                button(f"{start // PAGE + 1} из {last // PAGE + 1}", f"page:{start}"),
                button("▶", f"page:{start + PAGE if start < last else 0}"),
            ]
        )
    if query:
        rows.append([button("К списку", "list")])
        return f"Поиск «{query}»: найдено {len(found)}", rows
    if len(found) > PAGE:
        rows.append([button("🔍 Найти", "search")])
    return "", rows


def in_rows(titles: list[tuple[str, int]]) -> list[Row]:
    """Lay options out, two in a row when they are short."""
    width = 2 if all(len(title) <= 18 for title, _ in titles) else 1
    buttons = [button(title, f"option:{at}") for title, at in titles]
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]


def review(data: Data, trouble: str = "") -> tuple[str, InlineKeyboardMarkup]:
    """Return all answers with a button to change each."""
    answers = data["answers"]
    lines = ["<i>Новая партия · проверка</i>"]
    if trouble:
        lines.append(f"⚠ {escape(trouble)}")
    lines.append("<b>Проверьте ответы</b>")
    lines += [f"{LABELS[name]}: <b>{escape(shown(name, answers))}</b>" for name in ORDER]
    edits = [button(f"✏ {LABELS[name]}", f"edit:{name}") for name in ORDER]
    rows = [[button("Сохранить", "save")]]
    rows += [edits[at : at + 2] for at in range(0, len(edits), 2)]
    return "\n".join(lines), InlineKeyboardMarkup(inline_keyboard=[*rows, [BACK, CANCEL], [MENU]])


def menu(name: str, draft: str) -> tuple[str, InlineKeyboardMarkup]:
    """Return the main menu; `draft` is the question of a form that can go on."""
    rows = [[button("Новая партия", "new")], [button("Мои задачи (0)", "tasks")]]
    if draft:
        rows.insert(0, [button("▶ Продолжить «Новая партия»", "resume")])
    text = f"<b>Главное меню</b>\n{escape(name)}\n{ROLE}"
    return text, InlineKeyboardMarkup(inline_keyboard=rows)


def shown(name: str, answers: Data) -> str:
    """Write an answer for people."""
    value = answers.get(name)
    if value is None:
        return "—"
    if isinstance(value, list):
        return f"фото: {len(value)}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        written = f"{value:,.{DECIMALS[name]}f}".replace(",", "\u202f").replace(".", ",")
        return written.replace("-", "−")
    return str(value)


def unsettled(answers: Data, today: date) -> str | None:
    """Return the first question that must be asked (again) before saving."""
    for name in ORDER:
        value = answers.get(name)
        if name not in answers or (value is None and name in NEEDED):
            return name
        if name in LIMITED and value is not None and not checks.within(value, answers["condition"]):
            return name
        if name == "manufacture_date" and value is not None:
            try:
                checks.ranged(value, today)
            except checks.Wrong:
                return name
    return None
