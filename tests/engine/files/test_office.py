"""Documents, workbooks and codes by their content."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import zxingcpp
from docx import Document
from openpyxl import Workbook
from PIL import Image

from engine.errors import EngineError
from engine.files.codes import StoredCodes, codes_of
from engine.files.office import office
from engine.model.files import DOCX, XLSX


def saved(thing: object) -> bytes:
    memory = BytesIO()
    thing.save(memory)  # type: ignore[attr-defined]
    return memory.getvalue()


def archive(**parts: bytes) -> bytes:
    memory = BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
        made.writestr("[Content_Types].xml", "<Types/>")
    return memory.getvalue()


def test_a_document_and_a_workbook_are_known_by_what_they_hold():
    assert office(saved(Document())) == DOCX
    assert office(saved(Workbook())) == XLSX


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.7\n%%EOF",
        saved(Document())[:2000],
        archive(word__document_xml=b"<a>"),
        archive(word__document_xml=b"<a/>", xl__workbook_xml=b"<a/>"),
        archive(other_xml=b"<a/>"),
        archive(word__document_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        archive(**{"word__document_xml": b"<a/>", "word__vbaProject.bin": b"x"}),
        archive(word__document_xml=b"<a>" + b" " * (101 * 1024 * 1024) + b"</a>"),
    ],
    ids=["empty", "head", "pdf", "cut", "broken xml", "both", "neither", "entity", "macro", "bomb"],
)
def test_what_does_not_open_is_neither(content):
    assert office(content) is None


def linked(kind: str, mode: str = "External") -> bytes:
    """A document with a part of this kind that lies elsewhere."""
    type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    one = f'<Relationship Id="r1" Type="{type_}" Target="//10.0.0.9/x" TargetMode="{mode}"/>'
    rels = f"<Relationships>{one}</Relationships>".encode()
    return archive(**{"word__document_xml": b"<a/>", "word___rels__settings.xml.rels": rels})


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "subDocument", "frame"])
def test_a_document_that_would_fetch_a_part_of_itself_from_elsewhere_is_none(kind):
    assert office(linked(kind)) is None
    assert office(linked(kind, "Internal")) == DOCX


@pytest.mark.parametrize("kind", ["hyperlink", "externalLinkPath"])
def test_a_document_may_name_an_address_that_is_opened_only_when_one_is_asked(kind):
    assert office(linked(kind)) == DOCX


def label(*texts: str) -> bytes:
    """A photo of labels side by side, each smaller than the one before."""
    page = Image.new("L", (900, 500), 255)
    left = 20
    for at, text in enumerate(texts):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8 - 3 * at))
        page.paste(picture, (left, 40))
        left += picture.width + 40
    memory = BytesIO()
    page.save(memory, "JPEG")
    return memory.getvalue()


def test_codes_of_a_photo_come_the_largest_first():
    assert codes_of(label("P-0001")) == ("P-0001",)
    assert codes_of(label("P-0001", "СКЛАД-7")) == ("P-0001", "СКЛАД-7")


def test_a_picture_without_a_code_and_no_picture_have_none():
    assert codes_of(label()) == ()
    assert codes_of(b"no picture") == ()


class Store:
    """A store with one picture."""

    def get(self, key: str) -> bytes:
        if key != "there":
            raise EngineError(key)
        return label("P-0001")


def test_a_stored_picture_is_read_and_one_that_is_gone_has_no_code():
    codes = StoredCodes(Store)  # type: ignore[arg-type]
    assert codes.read("there") == ("P-0001",)
    assert codes.read("gone") == ()
