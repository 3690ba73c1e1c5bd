"""Languages are folders of compiled translations; what they do not say is said in Russian."""

from __future__ import annotations

import io
import json
import logging
import time
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from engine.languages.catalogue import Languages, read_languages
from engine.languages.message import Message, counted
from engine.languages.packed import pack, unpack
from engine.model.text import Text
from engine.run.texts import compile_text

ENGLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Осталось {left} кг"
msgstr "{left} kg are left"

msgid "Пропустить"
msgstr "Skip"

msgid "Нет «{said}»"
msgstr "No {what}"

msgid "{n} ответ"
msgid_plural "{n} ответов"
msgstr[0] "{n} answer"
msgstr[1] "{n} answers"
"""
FORM = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "intake:weight:prompt"
msgid "Масса партии {batch.number}, кг"
msgstr "Mass of batch {batch.number}, kg"

msgctxt "intake:boxes:prompt"
msgid "{n} {n | one коробка | few коробки | many коробок}"
msgstr "{n} {n | one box | other boxes}"
"""
# Django's Russian has four forms, Babel's three; both are read as they are written.
FOUR = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);\\n"

msgid "{n} ответ"
msgid_plural "{n} ответов"
msgstr[0] "{n} А"
msgstr[1] "{n} Б"
msgstr[2] "{n} В"
msgstr[3] "{n} Г"
"""  # noqa: E501 - as Django writes it


def write(folder: Path, language: str, **domains: str) -> None:
    """Compile translations into a folder of locales."""
    there = folder / language / "LC_MESSAGES"
    there.mkdir(parents=True)
    for domain, text in domains.items():
        read = read_po(io.BytesIO(text.encode()), locale=language)
        with (there / f"{domain}.mo").open("wb") as file:
            write_mo(file, read)


@pytest.fixture
def english(tmp_path: Path) -> Languages:
    write(tmp_path, "en", bot=ENGLISH, flows=FORM)
    return read_languages(tmp_path, ["ru", "en"])


def answers(number: Decimal | int) -> Message:
    forms = {"one": "{n} ответ", "few": "{n} ответа", "many": "{n} ответов"}
    return counted(number, {"n": str(number)}, **forms)


def test_a_message_is_said_in_the_language_with_its_values(english: Languages):
    left = Message("Осталось {left} кг", {"left": "81,000"})
    assert english.say(left, "en") == "81,000 kg are left"
    assert english.say(left, "ru") == "Осталось 81,000 кг"
    assert type(english.say(left, "ru")) is str


def test_a_value_that_is_a_message_is_said_too(english: Languages):
    outer = Message("Не переведено: {what}", {"what": Message("Пропустить")})
    assert english.say(outer, "en") == "Не переведено: Skip"


def test_data_stays_as_it_is(english: Languages):
    assert english.say("Пропустить", "en") == "Пропустить"


def test_a_text_of_a_flow_is_found_by_its_place_and_its_source(english: Languages):
    values = {"batch.number": "2611/1"}
    place = "intake:weight:prompt"
    asked = Message("Масса партии {batch.number}, кг", values, context=place)
    assert english.say(asked, "en") == "Mass of batch 2611/1, kg"
    changed = Message("Вес партии {batch.number}, кг", values, context=place)
    assert english.say(changed, "en") == "Вес партии 2611/1, кг"


def test_a_translation_that_asks_for_an_unknown_value_is_not_used(english: Languages):
    assert english.say(Message("Нет «{said}»", {"said": "окорок"}), "en") == "Нет «окорок»"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1 answer"), (3, "3 answers"), (21, "21 answers"), (Decimal("2.5"), "2.5 answers")],
)
def test_a_counted_text_takes_the_forms_of_its_language(english: Languages, number, expected):
    assert english.say(answers(number), "en") == expected


@pytest.mark.parametrize(
    ("number", "russian", "said"),
    [
        (1, "1 коробка", "1 box"),
        (21, "21 коробка", "21 boxes"),
        (Decimal("3.0"), "3 коробки", "3 boxes"),
        (None, "— коробок", "— boxes"),
    ],
)
def test_a_word_at_a_number_takes_the_form_of_its_language(
    english: Languages, number, russian, said
):
    source = "{n} {n | one коробка | few коробки | many коробок}"
    named = Message(source, context="intake:boxes:prompt")
    text = compile_text(named, lambda _: None).render({"n": number}).message
    later = unpack(json.loads(json.dumps(pack(text))))  # as a message waits in the outbox
    for message in (text, later):
        assert (str(message), english.say(message, "en")) == (russian, said)
        assert english.say(message, "uz") == russian
    elsewhere = compile_text(source, lambda _: None).render({"n": number}).message
    assert english.say(elsewhere, "en") == russian  # not translated: with the forms of Russian


def test_a_language_may_have_as_many_forms_as_its_header_says(tmp_path: Path):
    write(tmp_path, "uk", bot=FOUR)
    said = read_languages(tmp_path, ["uk"])
    assert [said.say(answers(number), "uk") for number in (1, 3, 11, 21)] == [
        "1 А",
        "3 Б",
        "11 В",
        "21 А",
    ]


def test_a_counted_text_without_translation_keeps_the_russian_form(tmp_path: Path):
    write(tmp_path, "en", flows=FORM)
    assert read_languages(tmp_path, ["en"]).say(answers(3), "en") == "3 ответа"


def test_spans_keep_their_style(english: Languages):
    text = Text.of(Message("Пропустить"), "bold") + Text.of(" Пропустить")
    assert text.said(english.speaker("en")) == Text.of("Skip", "bold") + Text.of(" Пропустить")


def test_a_language_without_a_folder_is_warned_of_and_reads_russian(tmp_path: Path, caplog):
    with caplog.at_level(logging.WARNING):
        read = read_languages(tmp_path, ["ru", "tg"])
    assert [record.args for record in caplog.records] == [(tmp_path, "tg")]
    assert read.say(Message("Пропустить"), "tg") == "Пропустить"


def test_two_thousand_texts_are_read_in_less_than_50_ms(tmp_path: Path):
    header = FORM.partition("msgctxt")[0]
    entries = "".join(
        f'msgctxt "f:s{n}:prompt"\nmsgid "Вопрос {n}"\nmsgstr "Question {n}"\n\n'
        for n in range(2000)
    )
    took = []
    for number in range(3):  # the machine may be busy with something else in one of them
        folder = tmp_path / f"{number}"
        write(folder, "en", flows=header + entries)
        started = time.process_time()
        read = read_languages(folder, ["ru", "en"])
        took.append(time.process_time() - started)
    assert min(took) < 0.05
    assert read.say(Message("Вопрос 7", context="f:s7:prompt"), "en") == "Question 7"
