"""What a picture tells of its place, its time and its phone is not kept; its pixels are."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

from engine.files.pictures import look
from engine.files.stripped import stripped
from tests.engine.files.test_pictures import box

PHONE, PLACE = "Phone 17", "55.7512"
FORMS = ["JPEG", "PNG", "WEBP"]


def told(held: int = 1) -> Image.Exif:
    """Return what a phone writes beside a picture."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Orientation] = "Maker", PHONE, held
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSMapDatum] = PLACE
    return exif


def drawn(width: int = 64, height: int = 96) -> Image.Image:
    """Return a picture whose corners differ."""
    image = Image.new("RGB", (width, height), "#204060")
    image.paste("#e02010", (0, 0, width // 2, height // 2))
    return image


def sent(form: str, held: int = 1, **more: Any) -> bytes:
    out = BytesIO()
    if form == "PNG":
        words = PngInfo()
        words.add_text("Software", PHONE)
        more |= {"pnginfo": words}
    drawn().save(out, form, exif=told(held), lossless=True, quality=95, **more)
    return out.getvalue()


def pixels(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB")


def same(one: Image.Image, other: Image.Image, most: int = 0) -> bool:
    """Tell whether two pictures are one, up to what drawing anew may change."""
    if one.size != other.size:
        return False
    if most:
        one, other = (each.resize((8, 8), Image.Resampling.BOX) for each in (one, other))
    return max(ImageChops.difference(one, other).convert("L").tobytes()) <= most


@pytest.mark.parametrize("form", FORMS)
def test_place_and_phone_are_gone_and_no_pixel_changes(form: str) -> None:
    content = sent(form)
    assert PHONE.encode() in content
    less = stripped(content)
    assert (PHONE.encode() in less, PLACE.encode() in less, b"Exif" in less) == (False,) * 3
    assert look(less) == look(content)
    assert same(pixels(less), pixels(content))
    assert stripped(less) == less


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("held", [3, 6, 8])
def test_a_picture_that_was_held_otherwise_is_upright(form: str, held: int) -> None:
    less = stripped(sent(form, held))
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270}
    wanted = drawn().transpose(turned.get(held, Image.Transpose.ROTATE_90))
    assert same(pixels(less), wanted, most=0 if form == "PNG" else 20)
    assert PHONE.encode() not in less


def test_a_picture_too_large_to_draw_still_says_how_it_was_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.files.stripped.MOST_WHOLE", 100)
    less = stripped(sent("JPEG", 6))
    with Image.open(BytesIO(less)) as image:
        assert dict(image.getexif()) == {Base.Orientation: 6}
    assert same(pixels(less), pixels(sent("JPEG", 6)))


def test_colours_stay_and_a_comment_and_what_lies_behind_the_end_go() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = sent("JPEG", icc_profile=profile, comment=PLACE, progressive=True)
    less = stripped(content + b"and a film with a voice")
    with Image.open(BytesIO(less)) as image:
        assert (image.info["icc_profile"], image.info.get("comment")) == (profile, None)
    assert less.endswith(b"\xff\xd9")
    assert same(pixels(less), pixels(content))
    assert stripped(sent("PNG") + b"behind").endswith(b"IEND\xaeB`\x82")


def test_a_jpeg_is_cut_behind_its_own_end_also_with_marks_to_begin_again_in_its_pixels() -> None:
    content = sent("JPEG", restart_marker_blocks=1)
    assert content.count(b"\xff\xd0") > 1
    less = stripped(content + b"\xff\xd9 a film")
    assert PHONE.encode() not in less
    assert less.endswith(content[-40:])
    assert same(pixels(less), pixels(content))


@pytest.mark.parametrize("form", FORMS)
def test_an_upright_picture_is_opened_once(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, opened, opens = sent(form), list[str](), Image.open

    def counted(*given: Any, **named: Any) -> Image.Image:
        opened.append(form)
        return opens(*given, **named)

    monkeypatch.setattr("engine.files.stripped.Image.open", counted)
    assert PHONE.encode() not in stripped(content)
    assert opened == [form]


def test_a_jpeg_is_seen_to_tell_nothing_only_when_nothing_would_be_cut_from_it() -> None:
    def is_bare(content: bytes) -> bool:
        picture = look(content)
        assert picture is not None
        return picture.bare

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    less = stripped(sent("JPEG", icc_profile=profile))
    assert is_bare(less)
    filled = less[:2] + b"\xff" + less[2:]
    commented = less[:2] + b"\xff\xfe\x00\x06home" + less[2:]
    for tells in (sent("JPEG"), sent("JPEG", 6), commented, filled, less + b"a film"):
        assert not is_bare(tells)
        assert stripped(tells) != tells
    assert not is_bare(stripped(sent("PNG")))


@given(data=st.data())
@pytest.mark.filterwarnings("ignore")
def test_what_is_seen_to_tell_nothing_comes_back_as_it_is(data: st.DataObject) -> None:
    content = bytearray(stripped(sent("JPEG")))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(2, 700))] = data.draw(st.integers(0, 255))
    picture = look(bytes(content))
    assert picture is None or not picture.bare or stripped(bytes(content)) == content


def test_parts_that_are_not_where_they_should_be_are_drawn_anew() -> None:
    content = sent("JPEG")
    odd = content[:2] + b"\xff\xec\x00\x06" + b"lies" + b"junk" + content[2:]
    assert look(odd) is not None
    less = stripped(odd)
    assert PHONE.encode() not in less
    assert same(pixels(less), pixels(content), most=20)


def heic() -> bytes:
    """Return the boxes of a HEIC whose second item is its Exif; there is no picture in it."""

    def infe(item: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", item, 0) + kind + b"\0")

    iinf = box(b"iinf", bytes(4) + struct.pack(">H", 2) + infe(1, b"hvc1") + infe(2, b"Exif"))
    size = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 512, 512))))

    def made(start: int) -> bytes:
        places = b"".join(
            struct.pack(">HHHHII", item, 0, 0, 1, at, 20)[: 2 + 2 + 2 + 2 + 8]
            for item, at in ((1, start), (2, start + 20))
        )
        iloc = box(b"iloc", b"\1\0\0\0\x44\0" + struct.pack(">H", 2) + places)
        meta = box(b"meta", bytes(4) + iinf + iloc + size)
        return box(b"ftyp", b"heic" + bytes(4) + b"mif1") + meta

    begun = made(0)
    return made(len(begun) + 8) + box(b"mdat", b"p" * 20 + b"Exif: " + PHONE.encode() + b"\0" * 6)


def test_a_heic_keeps_its_pixels_and_what_it_tells_is_blank() -> None:
    content = heic()
    assert look(content) is not None
    less = stripped(content)
    assert (len(less), PHONE.encode() in less, b"p" * 20 in less) == (len(content), False, True)


def test_what_is_no_picture_comes_back_as_it_is() -> None:
    for content in (b"%PDF-1.7 %%EOF", b"", b"\xff\xd8\xff", b"\x89PNG", heic()[:60]):
        assert stripped(content) == content


@given(st.sampled_from(FORMS), st.data())
def test_a_damaged_picture_is_never_a_failure(form: str, data: st.DataObject) -> None:
    content = bytearray(sent(form))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    stripped(bytes(content))
