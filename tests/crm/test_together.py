"""Several queries as one statement give what each gives alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.asked_once import remembering
from crm.ledger.models import Edge, Posting, StateHistory
from crm.prepared import MOMENT, NUMBER, TEXT, Prepared
from crm.production.models import FreezerLoad, Mix, PalletItem, RawBatch
from crm.quality.models import Deviation, Hold
from crm.together import answered, ask_ahead, read_together, rows_along
from crm.work.models import Task
from tests.crm.office.floor import furnish
from tests.seeded import seed

pytestmark = pytest.mark.django_db
PATIENCE_S = 60  # on a busy machine


def queries() -> list[QuerySet[Any]]:
    """Ask for rows of every kind of column, in orders of their own, with rows beside them."""
    return [
        RawBatch.objects.select_related("raw_material", "created_by"),
        Mix.objects.select_related("order__recipe", "lot").order_by("-id"),
        Task.objects.select_related("person").order_by("-pk"),
        Deviation.objects.select_related("asked_by", "lot__raw_batch")[:1],
        Hold.objects.filter(lot__in=[]),
        StateHistory.objects.order_by("-id").select_related("by")[:5],
        Posting.objects.annotate(twice=F("kg") + F("kg")).select_related("event", "event__by"),
        PalletItem.objects.select_related("pallet", "lot__mix__order", "lot__second_minced"),
        FreezerLoad.objects.select_related("freezer", "created_by"),
        Edge.objects.filter(voided_by__isnull=True),
    ]


def seen(row: object, deep: int = 3) -> dict[str, object]:
    """Return the columns of a row and of those that were read beside it."""
    found = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    beside = row._state.fields_cache if deep else {}  # type: ignore[attr-defined]
    there = {name: one for name, one in beside.items() if one is not None}
    return found | {name: seen(one, deep - 1) for name, one in there.items()}


def test_rows_that_were_read_together_are_those_that_each_query_gives_alone() -> None:
    seed()
    furnish(2)
    together, alone = queries(), queries()
    with CaptureQueriesContext(connection) as asked:
        read_together(*together)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        found = [[seen(row) for row in one] for one in together]
    assert len(asked) == 0
    assert found == [[seen(row) for row in one] for one in alone]
    assert sum(map(bool, found)) == len(found) - 1


def test_nothing_is_asked_when_nothing_can_be_found() -> None:
    empty = Hold.objects.filter(lot__in=[])
    with CaptureQueriesContext(connection) as asked:
        read_together(empty)
    assert (len(asked), list(empty)) == (0, [])


def prepared() -> list[tuple[Prepared, tuple[Any, ...]]]:
    """The same rows asked for by what a turn asks by, prepared."""
    raw, task = RawBatch.objects.earliest("pk"), Task.objects.earliest("pk")
    by_kind = Prepared(lambda kind: Task.objects.filter(kind=kind).order_by("-pk"), TEXT)
    return [
        (Prepared(lambda key: RawBatch.objects.select_related("lot").filter(pk=key), NUMBER),
         (raw.pk,)),
        (by_kind, (task.kind,)),
        (by_kind, ("%s'",)),
        (Prepared(lambda: Mix.objects.select_related("order__recipe").order_by("-id")), ()),
        (Prepared(lambda at: Posting.objects.annotate(twice=F("kg") + F("kg")).filter(
            event__recorded_at__lte=at), MOMENT), (timezone.now(),)),
        (Prepared(lambda: Task.objects.order_by("pk").values_list("pk", "body", "created_at")), ()),
    ]  # fmt: skip


def test_prepared_queries_that_are_asked_ahead_answer_what_each_answers_alone() -> None:
    seed()
    furnish(2)
    questions = prepared()
    alone = [answered(asked, *given) for asked, given in questions]
    with transaction.atomic(), remembering():
        for times in (1, 0):  # what is known is asked for no second time
            with CaptureQueriesContext(connection) as asked:
                ask_ahead(questions)
            assert len(asked) == times
        with CaptureQueriesContext(connection) as asked:
            ahead = [answered(one, *given) for one, given in questions]
        assert not asked
        Task.objects.update(level=1)
        with CaptureQueriesContext(connection) as asked:
            assert {one.level for one in answered(questions[1][0], *questions[1][1])} == {1}
        assert len(asked) == 1
    as_seen = [[seen(one) if isinstance(one, Model) else one for one in rows] for rows in ahead]
    assert as_seen == [[seen(o) if isinstance(o, Model) else o for o in rows] for rows in alone]
    assert sum(map(bool, ahead)) == len(ahead) - 1


MIXES = Prepared(lambda: Mix.objects.select_related("order__recipe").order_by("-id"))
TASKS = Prepared(lambda: Task.objects.order_by("pk").values_list("pk", "body", "created_at"))
LOCKED = Prepared(
    lambda key: (
        RawBatch.objects.select_related("lot").select_for_update(of=("self",)).filter(pk=key)
    ),
    NUMBER,
)


def test_what_is_asked_along_with_a_lock_answers_what_each_answers_alone() -> None:
    seed()
    furnish(2)
    key, alone = RawBatch.objects.earliest("pk").pk, (MIXES.rows(), TASKS.rows())
    with transaction.atomic(), remembering(), CaptureQueriesContext(connection) as asked:
        assert [seen(one) for one in rows_along(LOCKED, key, ahead=(MIXES, TASKS))] == [
            seen(RawBatch.objects.select_related("lot").get(pk=key))
        ]
        mixes, tasks = answered(MIXES), answered(TASKS)
        assert rows_along(LOCKED, -1, ahead=(MIXES,)) == []
    assert len(asked) == 3
    assert [seen(one) for one in mixes] == [seen(one) for one in alone[0]] != []
    assert tasks == alone[1] != []


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_a_wait_for_a_lock_is_asked_anew() -> None:
    seed()
    furnish(2)
    key, found = RawBatch.objects.earliest("pk").pk, list[int]()
    levels = Prepared(lambda: Task.objects.order_by("pk").values_list("level", flat=True)[:1])

    def other() -> None:
        try:
            with transaction.atomic(), remembering():
                rows_along(LOCKED, key, ahead=(levels,))
                found.extend(answered(levels))
        finally:
            connection.close()

    with transaction.atomic():
        LOCKED.rows(key)
        waiting = threading.Thread(target=other)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        Task.objects.update(level=3)
    waiting.join(PATIENCE_S)
    assert found == [3]
