"""Is it really a picture?"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import Base

from engine.files.pictures import Picture, as_png, is_pdf, look

BLOCKS = getattr(Image, "core").get_stats  # noqa: B009 - of Pillow's memory, by its manual


@cache
def drawn(form: str, width: int = 320, height: int = 200) -> bytes:
    image = Image.effect_noise((width, height), 60).convert("RGB")
    buffer = BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def heic(brand: bytes = b"heic", brands: bytes = b"mif1") -> bytes:
    size = box(b"ispe", struct.pack(">III", 0, 512, 512))
    size += box(b"ispe", struct.pack(">III", 0, 4032, 3024))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", brand + bytes(4) + brands) + meta + box(b"mdat", bytes(500))


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sum_

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_content(form: str) -> None:
    assert look(drawn(form)) == Picture(f"image/{form.lower()}", 320, 200)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    content = drawn(form)
    assert look(content[: int(len(content) * share)]) is None


@pytest.mark.parametrize(
    ("form", "how", "taken"),
    [("PNG", {}, False), ("JPEG", {"progressive": True}, False), ("JPEG", {}, True)],
)
def test_a_few_kilobytes_that_unpack_to_hundreds_of_megabytes_are_refused(form, how, taken) -> None:
    buffer = BytesIO()
    Image.new("L", (9_000, 5_000)).save(buffer, form, **how)
    assert (look(buffer.getvalue()) is not None) is taken


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_formats_are_refused(form: str) -> None:
    assert look(drawn(form)) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"hello", b"%PDF-1.7", b"<svg/>", b"PK\x03\x04", bytes(5000)]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert look(content) is None


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    assert look(png_that_claims(60_000, 60_000)) is None
    assert look(png_that_claims(9_400, 9_400)) is None
    assert look(png_that_claims(40_000, 1)) is None


def test_a_photo_of_a_large_phone_is_taken() -> None:
    assert look(drawn("JPEG", 4000, 3000)) == Picture("image/jpeg", 4000, 3000)


def test_photos_with_one_head_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = drawn("JPEG", 328), drawn("JPEG", 328).replace(b"\xff\x00", b"\xfe\x00")
    opened, opens = list[object](), Image.open

    def counted(*given: Any, **named: Any) -> Image.Image:
        opened.append(given)
        return opens(*given, **named)

    monkeypatch.setattr("engine.files.pictures.Image.open", counted)
    assert first != second
    assert look(first) == look(second) == Picture("image/jpeg", 328, 200)
    assert len(opened) == 1
    assert look(first[:-2000]) is None


@pytest.mark.parametrize("content", [heic(), heic(b"mif1", b"miafheic"), heic(b"avis", b"heix")])
def test_a_heic_is_known_by_its_boxes_and_has_the_size_of_the_picture(content: bytes) -> None:
    assert look(content) == Picture("image/heic", 4032, 3024)


@pytest.mark.parametrize(
    "content",
    [
        heic()[:-1],
        heic()[:60],
        heic(b"isom", b"mp42"),
        box(b"ftyp", b"heic" + bytes(4)),
        box(b"ftyp", b"heic" + bytes(4)) + box(b"meta", bytes(20)) + box(b"mdat", bytes(9)),
    ],
)
def test_a_truncated_or_foreign_container_is_no_heic(content: bytes) -> None:
    assert look(content) is None


def test_a_jpeg_of_a_few_dots_is_a_picture_too() -> None:
    assert look(drawn("JPEG", 6, 4)) == Picture("image/jpeg", 6, 4)


@pytest.mark.parametrize(("width", "height"), [(320, 200), (20, 600), (6, 4)])
def test_a_picture_becomes_a_png_of_the_wanted_size_whole_in_its_middle(
    width: int, height: int
) -> None:
    made = as_png(drawn("JPEG", width, height), 60, 42)
    assert made is not None
    assert look(made) == Picture("image/png", 60, 42)
    with Image.open(BytesIO(made)) as image:
        left, top, right, bottom = image.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert abs(left - (60 - right)) <= 1
    assert abs(top - (42 - bottom)) <= 1
    assert (right - left) * height == pytest.approx((bottom - top) * width, rel=0.6)
    assert right - left == 60 or bottom - top == 42


def held(exif: bytes) -> bytes:
    """A picture as a phone keeps it, red on the left and blue on the right, with its EXIF."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def turned() -> bytes:
    """The EXIF of a phone that was held upright: the left of what it keeps is the top."""
    exif = Image.Exif()
    exif[Base.Orientation], exif[Base.XResolution] = 6, 72.0
    return exif.tobytes()


def test_a_picture_stands_upright_however_the_phone_was_held() -> None:
    made = as_png(held(turned()), 60, 42)
    assert made is not None
    with Image.open(BytesIO(made)) as image:
        over, under = (image.getpixel((30, at)) for at in (5, 37))
    assert isinstance(over, tuple)
    assert isinstance(under, tuple)
    assert over[0] > 200 > over[2]
    assert under[2] > 200 > under[0]


def test_a_grey_of_sixteen_bits_keeps_its_shades() -> None:
    scan, buffer = Image.new("I;16", (60, 42), 40_000), BytesIO()
    scan.save(buffer, "PNG")
    made = as_png(buffer.getvalue(), 60, 42)
    assert made is not None
    with Image.open(BytesIO(made)) as image:
        assert image.getpixel((30, 21)) == (156, 156, 156, 255)


def test_a_picture_with_broken_words_about_itself_becomes_no_png() -> None:
    number, text = b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02"  # the kind of XResolution
    assert number in turned()
    assert as_png(held(turned().replace(number, text)), 60, 42) is None


def test_of_a_large_photo_no_more_is_unpacked_than_a_signature_needs() -> None:
    buffer = BytesIO()
    Image.new("L", (9_000, 8_000)).save(buffer, "JPEG")
    before = BLOCKS()["allocated_blocks"]
    assert as_png(buffer.getvalue(), 600, 420) is not None
    assert BLOCKS()["allocated_blocks"] - before < 16  # whole it is 18, of 16 MiB


@pytest.mark.parametrize("content", [b"", b"GIF89a", drawn("PNG")[:-40], heic()])
def test_what_pillow_cannot_read_becomes_no_png(content: bytes) -> None:
    assert as_png(content, 60, 42) is None


def test_a_pdf_has_a_beginning_and_an_end() -> None:
    assert is_pdf(b"%PDF-1.7\n...\n%%EOF\n")
    assert not is_pdf(b"%PDF-1.7\n...")
    assert not is_pdf(b"\n%%EOF\n")


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "HEIC"]), st.data())
def test_broken_bytes_never_raise(form: str, data: st.DataObject) -> None:
    content = bytearray(heic() if form == "HEIC" else drawn(form, 48, 32))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = look(bytes(content))
    assert found is None or found.mime.startswith("image/")
