"""What a queue costs: the records that its order asks for are read with it, however long it is."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.bridge.lives import LockedRecords
from crm.production.models import RawBatch
from engine.model.values import Row
from tests.offered import program


def test_a_longer_queue_asks_for_what_it_leads_to_no_more_often(
    receive: Callable[..., RawBatch],
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = LockedRecords(program()).standing("raw_batch", "state", "received")
            for row in rows:
                material = row.fields["raw_material"]
                assert isinstance(material, Row)
                assert material.title == "Каркас"
        return len(asked)

    receive()
    receive()
    few = statements()
    receive()
    receive()
    assert statements() == few
