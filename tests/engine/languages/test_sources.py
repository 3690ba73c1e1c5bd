"""Texts of the program are found by the calls that make messages."""

from __future__ import annotations

from pathlib import Path

from engine.languages.sources import Source, python_sources, template_sources

CODE = """
from engine.languages.message import Message, counted

TITLE = Message("Главное меню")
ABOUT = Message("Введите код "
                "приглашения")

def why(late: bool, other: str):
    yield Refusal("Поздно" if late else "Рано", {"by": other})
    yield counted(3, {"n": "3"}, one="{n} ответ", few="{n} ответа", many="{n} ответов")
    yield Message("{a}: {b}"), Message(other), say("нет ключа «{key}»", key=other)
    yield Message("Главное меню")
"""


def test_each_text_is_found_once_with_its_file(tmp_path: Path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "screens.py").write_text(CODE, encoding="utf-8")
    found = python_sources(tmp_path, ["engine"])
    assert found == tuple(
        Source(text, "engine/screens.py", plural=plural)
        for text, plural in (
            ("Главное меню", ""),
            ("Введите код приглашения", ""),
            ("Поздно", ""),
            ("Рано", ""),
            ("{n} ответ", "{n} ответов"),
            ("нет ключа «{key}»", ""),
        )
    )


def test_a_folder_of_another_domain_is_left_out(tmp_path: Path):
    for folder in ("check", "run"):
        (tmp_path / "engine" / folder).mkdir(parents=True)
        (tmp_path / "engine" / folder / "some.py").write_text('Message("Да")', encoding="utf-8")
    found = python_sources(tmp_path, ["engine"], ("engine/check/",))
    assert found == (Source("Да", "engine/run/some.py"),)


def test_a_text_of_a_template_is_found_in_either_quotes(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        """{% translate "Одно" %} <p title="{% translate 'Другое' %}">""", "utf-8"
    )
    found = template_sources(tmp_path, ".")
    assert [source.text for source in found] == ["Одно", "Другое"]
