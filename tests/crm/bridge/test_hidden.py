"""What the Vocabulary does not tell of a record never enters the engine."""

from __future__ import annotations

from collections.abc import Iterator

from crm.bridge.records import RECORDS, DjangoRecords, row_of
from crm.bridge.vocabulary import vocabulary
from engine.model.values import Row
from tests.crm.conftest import Receive


def rows(row: Row) -> Iterator[Row]:
    """Give a record and the records within it."""
    yield row
    for value in row.fields.values():
        if isinstance(value, Row):
            yield from rows(value)


def test_a_record_holds_the_fields_of_the_vocabulary_and_no_others(receive: Receive) -> None:
    batch = receive()
    read = DjangoRecords().get("raw_batch", str(batch.pk))
    assert read is not None
    met = {row.kind: set(row.fields) for row in (*rows(read), *rows(row_of(batch)))}
    assert {"raw_batch", "company", "person"} <= set(met)
    known = vocabulary().records
    assert [kind for kind, fields in met.items() if fields - set(known[kind])] == []
    assert met["person"] == {"full_name"} == set(RECORDS["person"].fields)
