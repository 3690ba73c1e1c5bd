"""Codes that a layout draws: read back from the printed paper, in the place of their picture."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.documents.docx import placeholders, render
from engine.documents.errors import BadLayout
from engine.documents.pictures import LONGEST, qr
from engine.files.codes import codes_of

LAYOUT = (Path(__file__).parents[3] / "templates/pallet_label/layout.docx").read_bytes()
NASTY = "https://t.me/bot?start=a&b=<\"'>«ё» {{ 7*7 }}"


def pictures(content: bytes) -> Mapping[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        media = [name for name in package.namelist() if name.startswith("word/media/")]
        return {name: package.read(name) for name in media}


@pytest.mark.parametrize("text", ["uJ8v_4WkQ2mB1r", "2026-2211/3", NASTY, "ж" * 200])
def test_a_code_of_a_paper_reads_as_its_value(text: str) -> None:
    (picture,) = pictures(render(LAYOUT, {"link": text})).values()
    assert codes_of(picture) == (text,)


def test_a_code_of_nothing_leaves_the_picture_of_the_layout() -> None:
    for values in ({}, {"link": None}, {"link": ""}):
        assert pictures(render(LAYOUT, values)) == pictures(LAYOUT)


def test_the_same_values_give_the_same_bytes() -> None:
    assert render(LAYOUT, {"link": "a"}) == render(LAYOUT, {"link": "a"})
    assert render(LAYOUT, {"link": "a"}) != render(LAYOUT, {"link": "b"})


def test_the_value_of_a_code_is_a_placeholder_like_any_other() -> None:
    assert "link" in {one.name for one in placeholders(LAYOUT)}


def test_a_code_that_no_phone_would_read_is_refused() -> None:
    assert codes_of(qr("a" * LONGEST)) == ("a" * LONGEST,)
    with pytest.raises(BadLayout, match="код длиннее"):
        render(LAYOUT, {"link": "a" * (LONGEST + 1)})


ACT = (Path(__file__).parents[3] / "templates/incoming_control/layout.docx").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n and the rest"


def test_a_stored_image_stands_in_the_place_of_its_picture_alone() -> None:
    store = {"signature/1": PNG}
    made = pictures(render(ACT, {"signature_lab": "signature/1"}, store.__getitem__))
    assert [name for name, content in made.items() if content != pictures(ACT)[name]] == [
        name for name, content in made.items() if content == PNG
    ]
    assert [*made.values()].count(PNG) == 1


def test_an_image_of_nothing_or_without_a_store_leaves_the_picture_of_the_layout() -> None:
    assert pictures(render(ACT, {"signature_lab": "—"}, lambda _: PNG)) == pictures(ACT)
    assert pictures(render(ACT, {"signature_lab": "signature/1"})) == pictures(ACT)


def test_a_stored_file_that_is_no_png_is_refused() -> None:
    with pytest.raises(BadLayout, match="не PNG"):
        render(ACT, {"signature_lab": "signature/1"}, lambda _: b"GIF89a")
