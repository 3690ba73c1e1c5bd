"""Texts and buttons as Telegram takes them."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from hypothesis import given
from hypothesis import strategies as some

from engine.model.conversation import Button
from engine.model.text import Span, Text, bold
from engine.telegram.keyboards import letter_keyboard, screen_keyboard
from engine.telegram.markup import html, length, split


def test_what_people_type_neither_formats_nor_breaks_a_message() -> None:
    typed = Text.of('<b>&_*</b> "кавычки"')
    assert html(typed) == '&lt;b&gt;&amp;_*&lt;/b&gt; "кавычки"'
    assert html(bold("<i>")) == "<b>&lt;i&gt;</b>"


def test_a_long_text_is_cut_at_the_ends_of_lines() -> None:
    text = Text.of("а" * 3000 + "\n") + bold("б" * 3000)
    first, second = split(text)
    assert (str(first), str(second)) == ("а" * 3000, "б" * 3000)
    assert second.spans == (Span("б" * 3000, "bold"),)


def test_a_text_without_characters_still_shows_something() -> None:
    assert [str(part) for part in split(Text.of(" \n "))] == ["…"]


spans = some.builds(
    Span,
    some.text(some.sampled_from("а🥩 \n<&"), max_size=60),
    some.sampled_from(["", "bold", "italic", "code"]),
)


@given(some.lists(spans, max_size=8).map(tuple), some.integers(2, 40))
def test_parts_fit_and_lose_nothing_but_blanks(spans: tuple[Span, ...], limit: int) -> None:
    text = Text(spans)
    parts = split(text, limit)
    assert all(0 < length(str(part)) <= limit for part in parts)
    kept = "".join("".join(str(part).split()) for part in parts)
    whole = "".join(str(text).split())
    assert kept == (whole or "…")


def test_titles_of_buttons_are_cut_to_forty_characters_and_kept_apart() -> None:
    """Two deliveries of the same company differ only at their ends."""
    company = "Учебная компания с очень длинным названием"
    rows = [(Button(f"{company}, 6500 кг", "a"),), (Button(f"{company}, 7000 кг", "b"),)]
    keyboard = screen_keyboard(rows, "tok", 1)
    assert keyboard is not None
    cut = [row[0].text for row in keyboard.inline_keyboard]
    assert cut == [f"Учебная компания с очень длинн…, {kg} кг" for kg in (6500, 7000)]


def test_buttons_are_numbered_in_reading_order() -> None:
    rows = ((Button("Да", "a"), Button("Нет", "b")), (Button("Назад", "c"),))
    keyboard = screen_keyboard(rows, "tok", 7)
    assert keyboard is not None
    data = [[button.callback_data for button in row] for row in keyboard.inline_keyboard]
    assert data == [["s.tok.7.0", "s.tok.7.1"], ["s.tok.7.2"]]
    assert screen_keyboard((), "tok", 7) is None


def test_a_keyboard_is_what_aiogram_makes_of_its_buttons() -> None:
    found = screen_keyboard(
        [[Button("Да", "yes"), Button("Нет", "no")], [Button("?", "why")]], "t", 7
    )
    texts = [[("Да", "s.t.7.0"), ("Нет", "s.t.7.1")], [("?", "s.t.7.2")]]
    rows = [
        [InlineKeyboardButton(text=one, callback_data=data) for one, data in row] for row in texts
    ]
    made = InlineKeyboardMarkup(inline_keyboard=rows)
    assert found is not None
    assert found == made
    assert found.model_dump_json(exclude_unset=True) == made.model_dump_json(exclude_unset=True)
    again = screen_keyboard([[Button("Да", "yes")]], "t", 8)
    assert again is not None
    assert found == made  # no keyboard is changed by the next one


def test_buttons_of_a_letter_name_the_letter() -> None:
    keyboard = letter_keyboard((Button("Принять", "a"), Button("Отклонить", "b")), "12")
    assert keyboard is not None
    assert [row[0].callback_data for row in keyboard.inline_keyboard] == ["n.12.0", "n.12.1"]
