"""What the screens of the bot cost the database, whatever the history (domain 15: X77)."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.work.operations.record_task import create_task
from engine.run.menu import menu
from tests.bench.on_rows import Save, deliver
from tests.crm.conftest import Receive

MENU, CAROUSEL = 2, 4  # queries
SAVE = {"sqlite": 30, "postgresql": 26}  # statements
OF_RECORDS = re.compile(r'FROM "(?:production|quality|ledger|catalogue)_')


def cost_of_menu(talker: Talker, who: str) -> int:
    chat = talker.state(who)
    actor = talker.ports.people.actor(talker.chat(who))
    assert chat is not None
    assert actor is not None
    with talker.ports.transaction(), CaptureQueriesContext(connection) as asked:
        menu(talker.program, talker.ports, chat, actor)
    return len(asked)


def cost_of_page(talker: Talker, page: str) -> int:
    """Return how many queries of records turning a page of the carousel asks."""
    with CaptureQueriesContext(connection) as asked:
        phone = talker.press("lab", "▶")
    assert phone.sees(f"…Партия {page}…")
    return sum(bool(OF_RECORDS.search(one["sql"])) for one in asked)


def history(receive: Receive, count: int) -> None:
    for _ in range(count):
        batch = receive()
        create_task(
            kind="analyse_raw", title="Анализ", subject=RawBatch.RECORD, subject_id=str(batch.pk),
            lifecycle="raw_batch", roles=["lab"], people=[], body={}, at=batch.created_at,
            warn_s=None, breach_s=None,
        )  # fmt: skip


@pytest.mark.parametrize(
    "who", ["lab", "receiver", "technologist", "freezer_storekeeper", "defrost_operator"]
)
def test_a_menu_costs_two_queries_whatever_the_history(
    talker: Talker, receive: Receive, who: str
) -> None:
    talker.say(who, "/menu")
    few = cost_of_menu(talker, who)
    history(receive, 12)
    assert cost_of_menu(talker, who) == few
    assert few <= MENU


def test_a_page_of_a_carousel_costs_four_queries_whatever_the_history(
    talker: Talker, receive: Receive
) -> None:
    history(receive, 3)
    talker.say("lab", "/menu", "[Лаборатория]")
    few = cost_of_page(talker, "2 из 3")
    history(receive, 12)
    assert cost_of_page(talker, "3 из 15") <= few  # one is asked along with the chat by habit
    assert few <= CAROUSEL


def test_a_save_of_a_delivery_costs_few_statements(talker: Talker) -> None:
    deliver(talker, 1)
    assert len(Save(talker).statements) <= SAVE[connection.vendor]
