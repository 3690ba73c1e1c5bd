"""What is checked of an answer. Each returns the value, or raises Wrong with words for the
worker."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image

PDF = "application/pdf"
NUMBER = re.compile(r"([-−–—])? *(\d{1,3}(?:[ \u00a0]\d{3})+|\d+)(?:[.,](\d+))?", re.ASCII)
DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?", re.ASCII)
LIMITS = {
    "Охлаждённое": (Decimal("-2.0"), Decimal("4.0")),
    "Замороженное": (Decimal("-60"), Decimal("-8.0")),
}
OLDEST = timedelta(days=1096)


class Wrong(Exception):
    """An answer that is not taken."""


def text(said: str, least: int, most: int) -> str:
    """Check a text: its length, something to read in it, nothing invisible."""
    said = said.strip()
    if not least <= len(said) <= most:
        raise Wrong(f"Нужно от {least} до {most} знаков, а здесь {len(said)}")
    if not any(character.isalnum() for character in said):
        raise Wrong("В тексте нет ни букв, ни цифр. Напишите словами")
    if any(ord(character) < 32 and character != "\n" for character in said):
        raise Wrong("В тексте есть знаки, которых не видно. Наберите его заново")
    return said


def number(said: str, least: str, most: str, decimals: int, unit: str) -> Decimal:
    """Check a number: its digits after the comma and its range."""
    said = said.strip()
    match = NUMBER.fullmatch(said)
    if match is None or len(said) > 30:
        raise Wrong(f"Не понял число «{said[:40]}». Например: 12,5")
    sign, whole, rest = match.groups()
    digits = re.sub(r"\D", "", whole)
    value = Decimal(f"{digits}.{rest}" if rest else digits)
    value = -value if sign else value
    if len((rest or "").rstrip("0")) > decimals:
        raise Wrong(
            f"Знаков после запятой — не больше {decimals}"
            if decimals
            else "Нужно целое число, например 12"
        )
    if not Decimal(least) <= value <= Decimal(most):
        raise Wrong(f"Нужно число от {least} до {most} {unit}")
    return value


def temperature(said: str) -> Decimal:
    """Check a temperature: the sensor's range."""
    return number(said, "-60", "40", 1, "°C")


def day(said: str, today: date) -> date:
    """Check a date: the calendar, then the range."""
    match = DATE.fullmatch(said.strip())
    if match is None:
        raise Wrong(f"Не понял дату «{said[:40]}». Напишите так: {today:%d.%m.%Y}")
    number_of_day, month, year = match.groups()
    full = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        value = date(full, int(month), int(number_of_day))
    except ValueError:
        raise Wrong(f"Даты {said} нет в календаре") from None
    return ranged(value, today)


def ranged(value: date, today: date) -> date:
    """Check the range of a date."""
    if not today - OLDEST <= value <= today:
        raise Wrong(f"Нужна дата от {today - OLDEST:%d.%m.%Y} до {today:%d.%m.%Y}")
    return value


def content(file: BytesIO) -> str | None:
    """Tell what a file is by its content, read to its end; None for what is not taken."""
    head = file.getvalue()[:5]
    if head == b"%PDF-":
        return PDF if b"%%EOF" in file.getvalue()[-2048:] else None
    file.seek(0)
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
            return str(Image.MIME[str(image.format)])
    except (OSError, SyntaxError, ValueError):
        return None


def within(value: Decimal, condition: str) -> bool:
    """Tell whether a temperature is within the limit of a condition."""
    least, most = LIMITS[condition]
    return least <= value <= most
