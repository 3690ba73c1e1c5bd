"""Ready-made photos for whoever tries a flow without a camera: drawn at first use, kept in
memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 960)
# In the order in which a delivery is photographed: a played talk takes them in turn.
TITLES = {
    "truck": "Фура",
    "cold": "Термометр −18,5\u00a0°C",
    "upd": "УПД",
    "waybill": "ТТН",
    "waybill_back": "ТТН, оборот",
    "vet": "ЭВСД",
    "product": "Щуп в продукте −12,0\u00a0°C",
    "pallet": "Паллета с сырьём",
    "warm": "Термометр +6,5\u00a0°C",
}
_FONTS = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
_INK = "#22303c"

Draw = ImageDraw.ImageDraw
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def photo(name: str) -> bytes:
    """Return a ready-made photo as JPEG bytes, by a name of TITLES."""
    image = Image.new("RGB", SIZE, "#dfe7ec")
    draw = ImageDraw.Draw(image)
    _SCENES[name](draw)
    _caption(draw, TITLES[name])
    kept = BytesIO()
    image.save(kept, "JPEG", quality=82)
    return kept.getvalue()


def _font(size: int) -> Font | None:
    """Return a font that has Cyrillic letters; None where the machine has none."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _text(
    draw: Draw, place: tuple[int, int], text: str, size: int, fill: str, anchor: str = "mm"
) -> None:
    font = _font(size)
    if font is not None:
        draw.text(place, text, font=font, fill=fill, anchor=anchor)


def _caption(draw: Draw, title: str) -> None:
    draw.rectangle((0, 868, 1280, 960), fill="#22303c")
    _text(draw, (640, 914), title, 44, "#ffffff")


def _yard(draw: Draw) -> None:
    for step in range(0, 868, 4):
        shade = 214 + step * 30 // 868
        draw.rectangle((0, step, 1280, step + 4), fill=(shade - 22, shade - 8, shade))
    draw.rectangle((0, 690, 1280, 868), fill="#8a9299")
    for left in range(40, 1280, 220):
        draw.rectangle((left, 780, left + 120, 792), fill="#d9dde0")


def _truck(draw: Draw) -> None:
    _yard(draw)
    draw.ellipse((120, 740, 1180, 800), fill="#767e85")
    draw.rounded_rectangle((110, 240, 850, 690), 14, fill="#f7f9fa", outline="#b8c2c9", width=5)
    for left in range(170, 840, 70):
        draw.line((left, 250, left, 680), fill="#e3e9ec", width=4)
    draw.rectangle((112, 610, 848, 640), fill="#2f7fb8")
    draw.rounded_rectangle((780, 270, 880, 430), 10, fill="#4b5a66")
    for top in range(292, 420, 22):
        draw.rectangle((795, top, 865, top + 10), fill="#2c3740")
    draw.rounded_rectangle((880, 380, 1160, 700), 34, fill="#2f7fb8", outline="#24658f", width=5)
    draw.polygon([(960, 410), (1120, 410), (1146, 540), (960, 540)], fill="#cfe6f2")
    draw.rounded_rectangle((1120, 620, 1170, 660), 10, fill="#ffe9a8")
    for centre in (240, 370, 980):
        draw.ellipse((centre - 66, 640, centre + 66, 772), fill="#22303c")
        draw.ellipse((centre - 28, 678, centre + 28, 734), fill="#b8c2c9")
    _text(draw, (450, 430), "РЕФРИЖЕРАТОР", 58, "#2f7fb8")


def _thermometer(draw: Draw, reading: str, body: str, glass: str) -> None:
    draw.rectangle((0, 0, 1280, 868), fill=body)
    for left in range(0, 1280, 160):
        draw.line((left, 0, left, 868), fill="#c8d3da", width=5)
    draw.rounded_rectangle((270, 170, 1010, 690), 60, fill="#f4f6f7", outline="#a7b3bb", width=8)
    draw.rounded_rectangle((340, 240, 940, 520), 24, fill=glass, outline="#7f8b84", width=6)
    _text(draw, (640, 380), reading, 132, _INK)
    for number, left in enumerate((430, 600, 770)):
        draw.ellipse((left, 570, left + 80, 650), fill=("#2f7fb8", "#9aa7b0", "#d1495b")[number])
    _text(draw, (640, 210), "ТЕРМОМЕТР", 30, "#75828b")


def _cold(draw: Draw) -> None:
    _thermometer(draw, "−18,5 °C", "#dbe9f3", "#cfe3d4")


def _warm(draw: Draw) -> None:
    _thermometer(draw, "+6,5 °C", "#efe6da", "#f3d9c9")


def _product(draw: Draw) -> None:
    draw.rectangle((0, 0, 1280, 868), fill="#e6ecef")
    for top in range(430, 868, 146):
        for left in range(-40, 1280, 330):
            draw.rounded_rectangle(
                (left, top, left + 310, top + 132), 26, fill="#d98f8f", outline="#b96c6c", width=5
            )
            draw.rounded_rectangle((left + 24, top + 20, left + 286, top + 44), 12, fill="#eab3b0")
    draw.line((640, 330, 640, 560), fill="#8b98a1", width=16)
    draw.rounded_rectangle((430, 90, 850, 350), 40, fill="#f4f6f7", outline="#a7b3bb", width=8)
    draw.rounded_rectangle((470, 140, 810, 280), 18, fill="#cfe3d4", outline="#7f8b84", width=5)
    _text(draw, (640, 210), "−12,0 °C", 78, _INK)


def _sheet(draw: Draw, title: str, lines: tuple[str, ...]) -> None:
    draw.rectangle((0, 0, 1280, 868), fill="#b9a58b")
    for top in range(0, 868, 62):
        draw.line((0, top, 1280, top + 24), fill="#ad987d", width=8)
    draw.rectangle((322, 52, 982, 868), fill="#8f7d66")
    draw.rectangle((310, 40, 970, 868), fill="#fdfdf9")
    _text(draw, (640, 110), title, 36, _INK)
    for number, line in enumerate(lines):
        top = 190 + number * 54
        _text(draw, (360, top), line, 28, "#41505b", "lm")
        draw.line((360, top + 24, 920, top + 24), fill="#d5dade", width=2)
    for number in range(6):
        top = 190 + (len(lines) + number) * 54
        for left, right in ((360, 500), (520, 720), (740, 920)):
            draw.rectangle((left, top - 8, right, top + 6), fill="#e3e7ea")
    draw.ellipse((730, 690, 900, 860), outline="#3f6fb0", width=7)
    draw.ellipse((756, 716, 874, 834), outline="#3f6fb0", width=3)


def _waybill(draw: Draw) -> None:
    _sheet(draw, "ТРАНСПОРТНАЯ НАКЛАДНАЯ", ("№ ТТН-1042", "Груз: каркас ЦБ", "Масса: 18 250,5 кг"))


def _waybill_back(draw: Draw) -> None:
    _sheet(draw, "СВЕДЕНИЯ О ПРИЁМКЕ", ("Сдал: водитель", "Принял: приёмщик сырья"))


def _upd(draw: Draw) -> None:
    _sheet(draw, "УПД № 318", ("Продавец: поставщик", "Покупатель: завод", "Товар: каркас ЦБ"))


def _vet(draw: Draw) -> None:
    _sheet(draw, "ВЕТЕРИНАРНЫЙ ДОКУМЕНТ", ("ЭВСД, форма № 2", "Продукция: сырьё птицы"))
    cell = 18
    for row in range(11):
        for column in range(11):
            corner = (row < 3 and not 3 <= column <= 7) or (row > 7 and column < 3)
            if corner or (row * 7 + column * 5 + row * column) % 3 == 0:
                left, top = 370 + column * cell, 620 + row * cell
                draw.rectangle((left, top, left + cell - 2, top + cell - 2), fill=_INK)


def _pallet(draw: Draw) -> None:
    draw.rectangle((0, 0, 1280, 868), fill="#e2e8eb")
    draw.rectangle((0, 700, 1280, 868), fill="#b4bcc2")
    for row in range(4):
        for column in range(4):
            left, top = 260 + column * 192, 190 + row * 124
            draw.rectangle(
                (left, top, left + 186, top + 118), fill="#c99f6b", outline="#9d7747", width=5
            )
            draw.rectangle((left + 80, top, left + 106, top + 118), fill="#dcbf94")
            draw.rectangle((left + 18, top + 70, left + 66, top + 100), fill="#f7f3ea")
    draw.rectangle((240, 690, 1044, 716), fill="#a97f4a")
    for left in (250, 600, 950):
        draw.rectangle((left, 716, left + 86, 762), fill="#8e6a3c")
    draw.rectangle((240, 762, 1044, 784), fill="#a97f4a")


_SCENES: dict[str, Callable[[Draw], None]] = {
    "truck": _truck,
    "cold": _cold,
    "warm": _warm,
    "product": _product,
    "waybill": _waybill,
    "waybill_back": _waybill_back,
    "upd": _upd,
    "vet": _vet,
    "pallet": _pallet,
}
