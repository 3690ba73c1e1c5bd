"""A database that is slow for one chat (domain X26)."""

from __future__ import annotations

import psycopg
import pytest

from engine.simulator.client import PhoneClient
from tests.crash.plants import PATIENCE_S, UNSHOWN, Plant, address, until
from tests.e2e.conftest import chat

pytestmark = [pytest.mark.database, pytest.mark.postgres_only]

STANDING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def test_a_statement_of_one_chat_that_stands_still_keeps_no_other_chat_waiting(
    plant: Plant,
) -> None:
    hands = PhoneClient(plant.phones_url, PATIENCE_S)
    slow, other = chat("receiver"), chat("technologist")

    def last() -> int:
        said = (one for one in hands.chat(slow)["messages"] if not one["mine"])
        return max((one["id"] for one in said), default=0)

    plant.start()
    hands.text(slow, "/start")
    hands.wait_text(slow, "")
    until(lambda: not plant.one(UNSHOWN))  # else what it writes of that is what stands still
    before = last()
    with psycopg.connect(address(plant.name)) as holding:
        holding.execute("SELECT 1 FROM work_chat WHERE chat_id = %s FOR UPDATE", [slow])
        hands.text(slow, "/tasks")
        until(lambda: plant.one(STANDING) > 0)
        hands.text(other, "/start")
        hands.wait_text(other, "")  # the second of X26 is asked of `crm.bridge.threads`
        assert plant.one(STANDING) > 0
        assert last() == before
    hands.wait_text(slow, "", after_id=before)
