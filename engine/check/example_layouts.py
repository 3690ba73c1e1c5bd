"""The smallest Word document and Excel workbook that there can be: layouts of the small project on
which the examples of the rules are tried."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile, ZipInfo

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = f"{_OFFICE}/package/2006/content-types"
_LINKS = f"{_OFFICE}/package/2006/relationships"
_LINK = f"{_OFFICE}/officeDocument/2006/relationships"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_SHEET = f"{_OFFICE}/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument"


def document(*paragraphs: str) -> bytes:
    """Return a .docx of these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    main = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    kinds = {"/word/document.xml": f"{_KIND}.wordprocessingml.document.main+xml"}
    return _package(kinds, {"word/document.xml": main}, "word/document.xml")


def workbook(names: Mapping[str, str]) -> bytes:
    """Return an .xlsx of one empty sheet with these named ranges: name to address in it."""
    named = "".join(
        f'<definedName name="{name}">Sheet1!{address}</definedName>'
        for name, address in names.items()
    )
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_LINK}"><sheets>'
        f'<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        f"<definedNames>{named}</definedNames></workbook>"
    )
    link = f'<Relationship Id="rId1" Type="{_LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{link}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData/></worksheet>',
    }
    kinds = {
        "/xl/workbook.xml": f"{_KIND}.spreadsheetml.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{_KIND}.spreadsheetml.worksheet+xml",
    }
    return _package(kinds, parts, "xl/workbook.xml")


def _package(kinds: Mapping[str, str], parts: Mapping[str, str], main: str) -> bytes:
    listed = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    links = f"{_KIND[:11]}/vnd.openxmlformats-package.relationships+xml"
    usual = f'<Default Extension="rels" ContentType="{links}"/>'
    usual += '<Default Extension="xml" ContentType="application/xml"/>'
    root = f'<Relationship Id="rId1" Type="{_LINK}/officeDocument" Target="{main}"/>'
    made = BytesIO()
    with ZipFile(made, "w") as package:
        for name, text in {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}">{usual}{listed}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_LINKS}">{root}</Relationships>',
            **parts,
        }.items():
            package.writestr(ZipInfo(name), _HEAD + text)
    return made.getvalue()
