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
