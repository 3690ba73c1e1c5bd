"""What may stand in a file of a document: letters that XML can hold, names that disks can hold."""

from __future__ import annotations

import re

_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"}
_CONTROLS |= dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF))  # XML has no such letters
# What disks refuse, and what turns a name around: «Акт<U+202E>xcod.exe» would read as a document.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069]')
LONGEST_NAME = 120  # characters: 255 bytes of a Linux name hold them in any alphabet we print
LONGEST_ENDING = 5  # what is longer behind a dot is no ending: .docx, .xlsx


def printable(text: str) -> str:
    """Return a text without the letters that a file cannot hold; line ends become single.

    >>> printable("пер\\x07вая\\r\\nвторая")
    'первая\\nвторая'
    """
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def file_name(text: str) -> str:
    """Return a text as the name of a file: signs that disks refuse become dashes, and a name that
    is too long is cut before its ending.

    >>> file_name("Акт 2411/3.docx")
    'Акт 2411-3.docx'
    """
    name = _NOT_IN_NAMES.sub("-", printable(text)).strip(" .") or "-"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(dot + ending)]}{dot}{ending}"
