"""What a JPEG is told by, without drawing it."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from engine.files.jpeg import MOST, SCAN, head, segments
from engine.files.pictures import BROKEN, look
from engine.simulator.samples import photo

LARGE = 1_000_000  # pixels that a test does not draw
WAYS = (
    {"mode": "RGB", "subsampling": 0},
    {"mode": "RGB", "subsampling": 2},
    {"mode": "RGB", "restart_marker_blocks": 3, "optimize": True},
    {"mode": "L"},
    {"mode": "CMYK"},
    {"mode": "RGB", "progressive": True},
)


@cache
def drawn(way: int, width: int = 60, height: int = 41) -> bytes:
    options = dict(WAYS[way])
    made = BytesIO()
    image = Image.effect_noise((width, height), 60).convert(str(options.pop("mode")))
    image.save(made, "JPEG", **options)
    return made.getvalue()


def is_drawn(content: bytes) -> bool:
    """Tell whether Pillow draws all of it."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as image:
            width, height = image.size
            assume(width * height <= LARGE)
            image.draft("L", (max(width // 8, 1), max(height // 8, 1)))
            image.load()
    except BROKEN:
        return False
    return True


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """Change bytes, mostly of the head; take segments away, double them, cut the file, end it
    early, put a mark into its pixels."""
    parts = [content[start:end] for _, start, end in segments(content)]
    near = next(start for kind, start, _ in segments(content) if kind == SCAN) + 14
    match data.draw(st.sampled_from(["bytes", "bytes", "gone", "twice", "cut", "ended", "mark"])):
        case "gone":
            del parts[data.draw(st.integers(0, len(parts) - 1))]
            return content[:2] + b"".join(parts)
        case "twice":
            one, place = (data.draw(st.integers(0, len(parts) - 1)) for _ in range(2))
            parts.insert(place, parts[one])
            return content[:2] + b"".join(parts)
        case "cut":
            return content[: data.draw(st.integers(2, len(content)))]
        case "ended":
            return content[: data.draw(st.integers(2, len(content)))] + b"\xff\xd9"
        case "mark":
            at = data.draw(st.integers(near, len(content)))
            return (
                content[:at] + b"\xff" + data.draw(st.binary(min_size=1, max_size=1)) + content[at:]
            )
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(2, near) | st.integers(2, len(content) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    return bytes(changed)


@given(way=st.integers(0, len(WAYS) - 1), data=st.data())
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_jpeg_is_taken_if_and_only_if_all_of_it_is_drawn(
    way: int, data: st.DataObject
) -> None:
    content = damaged(drawn(way), data)
    assert (look(content) is not None) is is_drawn(content)


@pytest.mark.parametrize("way", range(5))
def test_of_a_picture_in_one_scan_the_head_tells(way: int) -> None:
    short = head(drawn(way))
    assert short is not None
    assert (short.width, short.height) == (60, 41)
    assert len(short.drawn) < len(drawn(way)) - 500
    with Image.open(BytesIO(short.drawn)) as image:
        image.load()
        assert image.size == (60, 8)


def test_the_head_of_a_photo_is_a_kilobyte() -> None:
    short = head(photo("waybill"))
    assert short is not None
    assert len(short.drawn) < 1024


@pytest.mark.parametrize(
    "content",
    [
        drawn(5),
        drawn(0)[:-2],
        drawn(0)[:400],
        drawn(0).replace(b"\xff\xc0", b"\xff\xff\xff"),
        drawn(0, 60, 7),
        drawn(0)[:2] + b"\xff\xfe\0\2" * 10_000 + drawn(0)[2:],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8",
        b"",
    ],
    ids=[
        "progressive",
        "no end",
        "cut",
        "odd",
        "lower than a block",
        "many parts",
        "nothing",
        "start",
        "empty",
    ],
)
def test_any_other_has_to_be_drawn(content: bytes) -> None:
    assert head(content) is None


def test_what_comes_behind_as_many_parts_as_are_read_is_not_taken_for_the_end() -> None:
    content, comment = drawn(0), b"\xff\xfe\0\2"
    behind = content[:-2] + comment + content[-2:]
    front = sum(1 for _ in segments(content)) - 2
    filled = behind[:2] + comment * (MOST - front - 2) + behind[2:]
    assert [kind for kind, _, _ in segments(filled)][MOST - 2 : MOST] == [SCAN, 0xFE]
    assert head(filled) is None
