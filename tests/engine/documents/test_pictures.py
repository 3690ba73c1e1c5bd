"""Codes that a layout draws: read back from the printed paper, in the place of their picture."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from PIL import Image

from engine.check.checked import check_folder
from engine.check.example import write
from engine.documents.docx import placeholders, render
from engine.documents.errors import BadLayout
from engine.documents.pictures import LONGEST, qr
from engine.files.codes import codes_of
from tests.engine.documents.words import saved

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


def test_a_lost_file_leaves_the_picture_of_the_layout() -> None:
    assert pictures(render(ACT, {"signature_lab": "signature/1"}, lambda _: None)) == pictures(ACT)


def pictured(*said: str, head: str | None = None) -> bytes:
    """A paper that shows one image again and again, once for each text about it; a loop's
    words stand in paragraphs of their own. `head` is said of it in the header."""
    document = Document()
    image = BytesIO()
    Image.new("L", (9, 9)).save(image, "PNG")
    for text in said:
        if text.startswith("{%"):
            document.add_paragraph(text)
        else:
            document.add_picture(image)._inline.docPr.set("descr", text)
    if head is not None:
        run = document.sections[0].header.paragraphs[0].add_run(head)
        run.add_picture(image)._inline.docPr.set("descr", head)
    made = saved(document)
    assert len(pictures(made)) == 1
    return made


@pytest.mark.parametrize(
    ("said", "head"),
    [
        (("IMG {{ a }}", "IMG {{ b }}"), None),
        (("IMG {{ a }}", "QR {{ a }}"), None),
        (("", "IMG {{ a }}"), None),
        (("IMG {{ a }}",), "IMG {{ b }}"),
        (("IMG {{ a }}",), "Logo"),
    ],
)
def test_copies_of_one_picture_that_say_different_things_are_no_layout(
    said: tuple[str, ...], head: str | None
) -> None:
    with pytest.raises(BadLayout, match="одна картинка стоит и для"):
        placeholders(pictured(*said, head=head))


def test_copies_of_one_picture_that_say_the_same_are_all_drawn() -> None:
    layout = pictured("IMG {{ a }}", "IMG {{ a }}", head="IMG {{ a }}")
    (made,) = pictures(render(layout, {"a": "signature/1"}, lambda _: PNG)).values()
    assert made == PNG


@pytest.mark.parametrize("other", ["signature/2", None])
def test_one_picture_shows_no_two_values_in_a_loop(other: str | None) -> None:
    layout = pictured("{%p for one in rows %}", "IMG {{ one.key }}", "{%p endfor %}")
    with pytest.raises(BadLayout, match="одна картинка стоит и для «IMG signature/1»"):
        render(layout, {"rows": [{"key": "signature/1"}, {"key": other}]}, lambda _: PNG)


def test_the_check_names_the_picture_that_two_signatures_share(tmp_path: Path) -> None:
    write(tmp_path)
    layout = pictured("IMG {{ number }}", "IMG {{ weight }}")
    (tmp_path / "templates/act/layout.docx").write_bytes(layout)
    (found,) = check_folder(tmp_path / "flows").findings
    assert found.code == "F703"
    assert "одна картинка стоит и для «IMG {{ number }}», и для «IMG {{ weight }}»" in found.message
