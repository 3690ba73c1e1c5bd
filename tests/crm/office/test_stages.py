"""«Справочник статусов»: every state of every record, as the lifecycles have it (F143)."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from crm.bridge.program import program

PAGE = "/admin/stages/"

pytestmark = pytest.mark.django_db


def words(client: Client, path: str = PAGE) -> str:
    text = html.unescape(client.get(path).content.decode())
    text = text[text.index("<main") :] if "<main" in text else text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_every_state_of_every_record_stands_there_by_its_name_and_code(office: Client) -> None:
    text = words(office)
    for machine in program().lifecycles.values():
        for state, form in machine.lifecycle.states.items():
            assert f"{form.title} {state} " in text, state


def test_who_leads_a_state_what_is_due_there_and_where_it_goes_on_is_told(office: Client) -> None:
    text = words(office, f"{PAGE}?record=freezer_load")
    assert "Замораживается freezing" in text
    line = text[text.index("Замораживается freezing") :]
    assert "в срок: Срок выгрузки" in line
    assert "Выгрузить плиточник …: …" in line
    assert program().lifecycles["freezer_load"].lifecycle.states["due"].title in line


def test_fields_and_crews_stand_there_by_their_titles_and_lengths_in_words(office: Client) -> None:
    text = words(office)
    assert not re.findall(r"crew\(\w+\)|(?:в срок: |ведёт: )[a-z_]+", text)
    assert "в срок: Начат + 4 ч" in words(office, f"{PAGE}?record=recall_drill")
    assert "Растарка unpacking Растарщик первой линии, " in words(office, f"{PAGE}?record=mix")
    assert "Есть вопросы questioned Кто принял" in words(office, f"{PAGE}?record=handover")


def test_one_record_is_shown_alone_and_an_unknown_one_shows_all(office: Client) -> None:
    blank = program().lifecycles["blank"].lifecycle.title
    mix = program().lifecycles["mix"].lifecycle
    state = next(iter(mix.states))
    assert f"{mix.states[state].title} {state} " not in words(office, f"{PAGE}?record=blank")
    assert blank in words(office, f"{PAGE}?record=blank")
    assert f"{mix.states[state].title} {state} " in words(office, f"{PAGE}?record=nothing")


def test_the_page_asks_the_database_for_none_of_it_and_takes_no_change(office: Client) -> None:
    assert office.post(PAGE).status_code == 405
