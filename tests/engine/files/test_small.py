"""Small pictures: what is kept of a large one to stand among others."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from engine.files.small import SIDE, small
from tests.engine.files.test_pictures import heic

WHITE, RED = (255, 255, 255), (255, 0, 0)


def drawn(
    size: tuple[int, int],
    form: str,
    colour: float | tuple[int, ...] | str = RED,
    mode: str = "RGB",
    **more: object,
) -> bytes:
    made = BytesIO()
    Image.new(mode, size, colour).save(made, form, **more)
    return made.getvalue()


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_becomes_small_and_keeps_its_shape(form: str) -> None:
    content = drawn((1200, 900), form)
    made = small(content)
    shown = opened(made)
    assert (shown.format, shown.size) == ("JPEG", (SIDE, SIDE * 3 // 4))
    assert len(made or b"") < 5000


def test_a_picture_that_is_small_already_does_not_grow() -> None:
    assert opened(small(drawn((40, 30), "PNG"))).size == (40, 30)


def test_a_picture_of_before_that_says_how_the_phone_was_held_stands_upright() -> None:
    held = Image.Exif()
    held[0x0112] = 6
    assert opened(small(drawn((800, 400), "JPEG", exif=held))).size == (SIDE // 2, SIDE)


def test_what_can_be_seen_through_lies_on_white() -> None:
    shown = opened(small(drawn((500, 500), "PNG", (0, 0, 0, 0), "RGBA")))
    assert shown.getpixel((100, 100)) == WHITE


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 %%EOF", b"\xff\xd8jpeg", heic()])
def test_of_what_cannot_be_drawn_there_is_no_small_one(content: bytes) -> None:
    assert small(content) is None
