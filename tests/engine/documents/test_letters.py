"""Names that disks and people take for what they are."""

from __future__ import annotations

import pytest

from engine.documents.letters import LONGEST_NAME, file_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "-..-etc-passwd"),
        ("Акт\u202excod.exe", "Акт-xcod.exe"),
        ("a\r\nContent-Type: text/html", "a-Content-Type- text-html"),
        (". .", "-"),
        ("Акт 2411/3.docx", "Акт 2411-3.docx"),
    ],
)
def test_a_name_leads_nowhere_and_reads_as_it_is_written(text: str, name: str) -> None:
    assert file_name(text) == name


@pytest.mark.parametrize(
    "text", ["ж" * 500 + ".docx", "ж" * 500, "a." + "ж" * 500, "." * 500 + "a"]
)
def test_a_long_name_is_cut_before_its_ending(text: str) -> None:
    name = file_name(text)
    assert len(name) <= LONGEST_NAME
    assert name.endswith(".docx") is text.endswith(".docx")
