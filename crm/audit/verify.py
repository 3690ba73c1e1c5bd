"""Whether every sealed row is still what it was, and every seal follows the one before. Start at
`verify`; `spans` cuts the work for several processes, `tonight` for the nights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from math import ceil

from django.db import connection

from crm.audit.models import Seal, ValueChange
from crm.audit.operations.seal import FIRST, digest_of
from crm.audit.rows import RESET, ROW, TABLES, said

YOUNG, PART = 100, 400  # seals of a night, a thousand rows each at most


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is not as it was: the table and the id of the row, or the number of the seal."""

    what: str
    table: str
    pk: int

    def __str__(self) -> str:
        return f"{self.what}: {self.table} {self.pk}"


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal, which stands for all before, and the rows behind it that wait for theirs."""

    seals: int
    digest: str
    unsealed: int


def head() -> Head:
    """Return the head of the chain."""
    last = Seal.objects.order_by("number").last()
    return Head(Seal.objects.count(), last.digest if last else FIRST, unsealed())


def unsealed() -> int:
    """Count the rows of all tables that wait for their seal, by one question."""
    counts = (
        f"(SELECT count(*) FROM {table} WHERE id > coalesce((SELECT last_id FROM audit_seal"  # noqa: S608 - ours
        f""" WHERE "table" = '{table}' ORDER BY after_id DESC LIMIT 1), 0))"""
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(counts)}")
        return int(cursor.fetchone()[0])


def spans(parts: int) -> list[tuple[int, int]]:
    """Cut the numbers of all seals into ranges, both ends included."""
    last = Seal.objects.order_by("number").last()
    count = last.number if last else 0
    ends = [count * part // parts for part in range(parts + 1)]
    return [(low + 1, high) for low, high in pairwise(ends) if high > low]


def tonight(night: date) -> list[tuple[int, int]]:
    """Give the ranges of seals that a night looks at: the youngest, and a part of all before them,
    another one each night. All at once would keep a bot from its chats for minutes."""
    newest = Seal.objects.order_by("number").values_list("number", flat=True).last() or 0
    young = max(1, newest - YOUNG + 1)
    found = [(young, newest)] if newest else []
    if young > 1:
        at = night.toordinal() % ceil((young - 1) / PART)
        found.insert(0, (at * PART + 1, min((at + 1) * PART, young - 1)))
    return found


def verify(first: int, last: int) -> Iterator[Wrong]:
    """Name all that is not as it was sealed by the seals of these numbers."""
    before = Seal.objects.filter(number=first - 1).values_list("digest", flat=True).first()
    digest = before or FIRST
    ends = {
        table: Seal.objects.filter(table=table, number__lt=first)
        .order_by("number")
        .values_list("last_id", flat=True)
        .last()
        or 0
        for table in TABLES
    }
    expected, gone = first, {table: last for _at, table, last in resets()}
    seals = Seal.objects.filter(number__gte=first, number__lte=last).order_by("number")
    for seal in seals.iterator(chunk_size=100):
        for missing in range(expected, seal.number):
            yield Wrong("Нет печати", "audit_seal", missing)
        if digest_of(seal, digest) != seal.digest or ends.get(seal.table) != seal.after_id:
            yield Wrong("Печать не та, что была поставлена", "audit_seal", seal.number)
        expected, digest, ends[seal.table] = seal.number + 1, seal.digest, seal.last_id
        if seal.table in TABLES:
            yield from _rows(seal, gone.get(seal.table, 0))
    for missing in range(expected, last + 1):
        yield Wrong("Нет печати", "audit_seal", missing)


def resets() -> list[tuple[datetime, str, int]]:
    """Return when a reset emptied which table, and up to which id: those rows are asked for no
    more, so whoever verifies is told of each."""
    found = ValueChange.objects.filter(record=RESET).order_by("pk")
    return [
        (at, table, int(last)) for at, table, last in found.values_list("at", "record_id", "new")
    ]


def _rows(seal: Seal, gone: int) -> Iterator[Wrong]:
    kept = dict(ROW.iter_unpack(bytes(seal.rows)[: len(seal.rows) // ROW.size * ROW.size]))
    for pk, digest in said(seal.table, seal.after_id, seal.last_id):
        was = kept.pop(pk, None)
        if was is None:
            yield Wrong("Строка вставлена позже", seal.table, pk)
        elif was != digest:
            yield Wrong("Строка изменена", seal.table, pk)
    for pk in (one for one in kept if one > gone):
        yield Wrong("Строки больше нет", seal.table, pk)
