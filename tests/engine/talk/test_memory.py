"""What the rehearsal plant's memory gives back."""

from __future__ import annotations

from engine.model.values import Option, Row
from engine.talk.memory import Memory


def memory(*rows: Row) -> Memory:
    return Memory(rows={row.id: row for row in rows})


def test_records_within_records_are_read_as_they_stand_now() -> None:
    old, now = Row("batch", "7", "", {"kg": 1}), Row("batch", "7", "", {"kg": 2})
    mix = Row("mix", "1", "", {"of": old, "lines": (Row("line", "2", "", {"batch": old}), 5)})
    found = memory(now, mix).fresh((mix, old))
    line = Row("line", "2", "", {"batch": now})
    assert found == (Row("mix", "1", "", {"of": now, "lines": (line, 5)}), now)


def test_what_has_not_changed_comes_back_as_it_is() -> None:
    batch = Row("batch", "7", "", {"kg": 1, "meat": Option("beef", "Говядина")})
    mix = Row("mix", "1", "", {"of": batch, "lines": (batch, Row("line", "unknown"))})
    assert memory(batch, mix).fresh(mix) is mix
    assert memory(batch).fresh(both := (mix, 3)) is both
