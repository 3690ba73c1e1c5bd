"""Files of translations: brought up to their sources, compiled, and the same for the same texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.languages.catalogue import read_languages
from engine.languages.message import Message, counted
from engine.languages.po import compiled, extract, path_of, read, table_of, translate, write
from engine.languages.pseudo import pseudo, uncovered, unmarked
from engine.languages.sources import Source, Status, status

LEFT = Source("Осталось {left} кг", "engine/a.py")
COUNTED = Source("{n} ответ", "engine/a.py", plural="{n} ответов")
WEIGHT = Source("Масса, кг", "flows/intake.yaml", "intake:weight:prompt")
ALL = (LEFT, COUNTED, WEIGHT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A `.po` with every text translated."""
    path = path_of(tmp_path, "en", "bot")
    extract(path, "en", ALL)
    catalog = read(path, "en")
    say(catalog, "Осталось {left} кг", "{left} kg are left")
    say(catalog, ("{n} ответ", "{n} ответов"), ("{n} answer", "{n} answers"))
    say(catalog, "Масса, кг", "Mass, kg", "intake:weight:prompt")
    write(path, catalog)
    return path


def say(catalog, text, translation, context=None):
    catalog.get(text, context).string = translation


def state(path: Path, *sources: Source) -> Status:
    return status(sources, table_of(read(path, "en")))


def test_a_new_language_misses_everything(tmp_path: Path):
    extract(tmp_path / "x.po", "en", ALL)
    assert state(tmp_path / "x.po", *ALL) == Status((), ALL, (), ())


def test_what_is_translated_stays_translated(file: Path):
    before = file.read_bytes()
    extract(file, "en", ALL)
    assert file.read_bytes() == before
    assert state(file, *ALL).complete


def test_a_changed_text_of_a_flow_makes_its_translation_stale(file: Path):
    changed = Source("Вес, кг", "flows/intake.yaml", "intake:weight:prompt")
    assert state(file, changed).stale == (changed,), "before it is extracted"
    extract(file, "en", [changed])
    assert state(file, changed).stale == (changed,), "and after"
    extract(file, "en", [changed])
    assert "# было: Масса, кг" in file.read_text(encoding="utf-8"), "however often"


def test_what_a_text_was_is_forgotten_when_its_translation_is_looked_at(file: Path):
    changed = Source("Вес, кг", "flows/intake.yaml", "intake:weight:prompt")
    extract(file, "en", [changed])
    file.write_text(file.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    extract(file, "en", [changed])
    assert state(file, changed).complete
    assert "было" not in file.read_text(encoding="utf-8")


def test_a_changed_text_of_the_program_makes_its_translation_stale(file: Path):
    changed = Source("Осталось {left} кг из {all}", "engine/a.py")
    extract(file, "en", [changed])
    assert state(file, changed).stale == (changed,)


def test_a_stale_translation_is_not_said(file: Path):
    changed = Source("Осталось {left} кг из {all}", "engine/a.py")
    extract(file, "en", [changed])
    assert b"are left" not in compiled(file, "en")


def test_a_text_that_moved_within_its_flow_keeps_its_translation(file: Path):
    moved = Source("Масса, кг", "flows/intake.yaml", "intake:mass:prompt")
    extract(file, "en", [moved])
    assert state(file, moved).translated == (moved,)


def test_a_translation_must_have_the_holes_of_its_source(file: Path):
    catalog = read(file, "en")
    say(catalog, "Осталось {left} кг", "{rest} kg are left")
    write(file, catalog)
    assert state(file, *ALL).broken == (LEFT,)


def test_one_of_a_counted_text_may_leave_its_number_out(file: Path):
    catalog = read(file, "en")
    say(catalog, ("{n} ответ", "{n} ответов"), ("one answer", "{n} answers"))
    write(file, catalog)
    assert state(file, COUNTED).translated == (COUNTED,)
    say(catalog, ("{n} ответ", "{n} ответов"), ("one answer", "answers"))
    write(file, catalog)
    assert state(file, COUNTED).broken == (COUNTED,)


def test_a_broken_file_says_where(tmp_path: Path):
    path = tmp_path / "en.po"
    path.write_text('msgid "Масса"\nmsgstr "Mass\nnonsense\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.po"):
        read(path, "en")


def test_a_language_made_up_is_a_folder_like_any_other(tmp_path: Path):
    for domain, sources in (("bot", (LEFT, COUNTED)), ("flows", (WEIGHT,))):
        path = path_of(tmp_path, "xx", domain)
        extract(path, "xx", sources)
        translate(path, "xx", pseudo)
    read_it = read_languages(tmp_path, ["ru", "xx"])
    left = Message(LEFT.text, {"left": "81,000"})
    assert read_it.say(left, "xx") == "⟦Осталось 81,000 кг~~~⟧"
    weight = Message(WEIGHT.text, context=WEIGHT.context)
    assert read_it.say(weight, "xx") == "⟦Масса, кг~~⟧"
    forms = {"one": "{n} ответ", "few": "{n} ответа", "many": "{n} ответов"}
    assert uncovered(read_it.say(counted(5, {"n": "5"}, **forms), "xx")) == ""


def test_a_made_up_text_is_at_least_40_percent_longer_and_can_be_read_back():
    for text in ("Да", "Пропустить", "Вас нет в системе. Введите код приглашения"):
        assert len(pseudo(text)) >= 1.4 * len(text)
        assert unmarked(pseudo(text)) == text


def test_an_example_of_yaml_in_a_text_of_the_program_is_no_hole(tmp_path: Path):
    source = Source("нужен пробел: {ключ: значение}", "engine/load/traps.py")
    path = tmp_path / "en.po"
    extract(path, "en", [source])
    catalog = read(path, "en")
    say(catalog, source.text, "a space is needed: {key: value}")
    write(path, catalog)
    assert state(path, source).complete
