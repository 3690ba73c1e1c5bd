"""The lives that the program leads itself: every step that is written down, and no other, whoever
asks for it and however."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from crm.bridge.chats import DjangoChats
from crm.documents.models import Document
from crm.jobs.models import Job
from crm.ledger.models import Lot
from crm.ledger.operations.move_rows import move_rows
from crm.ledger.operations.move_state import change_state
from crm.office.models import Making
from crm.outbox.models import Notice
from crm.own_lives import OWN, may_follow
from crm.people.models import Person
from crm.production.models import Shipment
from crm.quality.models import Deviation, Hold
from crm.work.models import ALIVE, Session, Task
from engine.errors import EngineError
from engine.model.conversation import Actor, Chat, Screen, State
from engine.model.conversation import Session as Form

MODELS: dict[str, Any] = {
    "session": Session,
    **{one.RECORD: one for one in (Shipment, Deviation, Task, Hold, Notice, Document, Job, Making)},
}
PAIRS = [
    (record, before, after)
    for record, ways in OWN.items()
    for before, after in product(ways, repeat=2)
]
CRM = Path(__file__).parents[3] / "crm"
MOVERS = {"ledger/operations/move_rows.py"}  # `move_state` compiles its own


def pairs(*records: str) -> list[tuple[str, str, str]]:
    """Return every step of some records that can be asked for, also those that no life has."""
    return [one for one in PAIRS if one[0] in records]


def states(record: str) -> set[str]:
    return {str(code) for code, _ in MODELS[record]._meta.get_field("state").choices or ()}


@pytest.mark.parametrize("record", OWN)
def test_a_life_names_every_state_of_its_record_and_leads_to_no_other(record: str) -> None:
    ways = OWN[record]
    assert {*ways} == states(record)
    assert {after for some in ways.values() for after in some} <= {*ways}


@pytest.mark.parametrize("record", ["shipment", "deviation", "task", "hold"])
@pytest.mark.django_db
def test_a_step_that_no_life_has_is_refused_whoever_asks_for_it(record: str, at: datetime) -> None:
    for _, before, after in [one for one in pairs(record) if not may_follow(*one)]:
        row = MODELS[record](state=before)
        with pytest.raises(EngineError, match=f"{before} → {after} is no step"):
            change_state(row, "force", sources=[*OWN[record]], to=after, by=None, at=at)


def notice(state: str, at: datetime) -> Notice:
    moments = dict.fromkeys(("created_at", "retry_from", "next_try_at", "sent_at"), at)
    return Notice.objects.create(event=f"{uuid4()}", chat_id=1, state=state, **moments)


def document(state: str, at: datetime) -> Document:
    row = Document.objects.create(
        source_key=f"{uuid4()}", key=f"{uuid4()}", size=1, state="draft", created_at=at
    )
    Document.objects.filter(pk=row.pk).update(state=state, replaced_by=row)
    return row


def job(state: str, at: datetime) -> Job:
    ended = None if state == "running" else at
    return Job.objects.create(
        pk=uuid4(), session=uuid4(), chat_id=1, state=state, started_at=at, due_at=at,
        ended_at=ended,
    )  # fmt: skip


ROWS: dict[str, Callable[[str, datetime], Any]] = {
    "notice": notice, "document": document, "job": job,
}  # fmt: skip


@pytest.mark.parametrize("record", ROWS)
@pytest.mark.django_db
def test_rows_that_move_at_once_go_only_where_their_life_leads(record: str, at: datetime) -> None:
    more = {"ended_at": at} if record == "job" else {}
    for _, before, after in pairs(record):
        row = ROWS[record](before, at)
        moved = move_rows(MODELS[record].objects.filter(pk=row.pk), after, **more)
        row.refresh_from_db()
        assert moved == may_follow(record, before, after), (before, after)
        assert row.state == (after if moved else before)


@pytest.mark.django_db
def test_rows_move_at_once_in_one_statement(at: datetime, django_assert_num_queries: Any) -> None:
    for state in ("pending", "retrying", "sent"):
        notice(state, at)
    with django_assert_num_queries(1):
        assert move_rows(Notice.objects.all(), "superseded") == 2


@pytest.mark.django_db
def test_a_form_that_ended_is_never_kept_as_going_on_again(at: datetime) -> None:
    person = Person.objects.create(full_name="Орлова М. С.")
    form = Form(uuid4(), "any", "digest", Actor(str(person.pk), "Орлова М. С."))
    for _, before, after in pairs("session"):
        chats, chat = DjangoChats(), Chat(5, "token", 1, Screen())
        chats.load(5)
        one = replace(form, id=uuid4(), state=State(before), waiting="x")
        chats.keep(chat, at, ended=(one,))
        other = replace(one, state=State(after), step="другой вопрос")
        chats.load(5)
        if before not in ALIVE:  # it is no session of the chat any more: not even asked for
            with pytest.raises(IntegrityError), transaction.atomic():
                chats.keep(chat, at, ended=(other,))
        elif may_follow("session", before, after):
            chats.keep(chat, at, ended=(other,))
        else:
            with pytest.raises(EngineError, match=f"{before} → {after} is no step"):
                chats.keep(chat, at, ended=(other,))


@pytest.mark.django_db
def test_a_hold_is_released_once_and_its_release_is_history(at: datetime) -> None:
    lot = Lot.objects.create(kind="mix")
    hold = Hold.objects.create(lot=lot, kind="fhp", reason="жир не в норме", placed_at=at)
    what: dict[str, Any] = {"released_at": at, "release_reason": "повторный анализ"}
    change_state(hold, "release", sources=["placed"], to="released", by=None, at=at, values=what)
    hold.refresh_from_db()
    assert hold.state == "released"
    with pytest.raises(EngineError):
        change_state(hold, "place", sources=["released"], to="placed", by=None, at=at)


def test_no_module_but_the_movers_writes_a_state() -> None:
    found = {
        f"{name}:{line}"
        for path in CRM.rglob("*.py")
        if "migrations" not in path.parts
        and (name := path.relative_to(CRM).as_posix()) not in MOVERS
        for line in written(ast.parse(path.read_text("utf-8")))
    }
    assert not found


def written(tree: ast.Module) -> Iterator[int]:
    """Find where a state is put on a row, or given to an update."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr == "state":
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {one.arg for one in node.keywords}
            if node.func.attr == "update" and "state" in given:
                yield node.lineno


def test_shipments_go_the_way_of_domain_5_8_and_back_never() -> None:
    steps = {one[1:] for one in PAIRS if one[0] == "shipment" and may_follow(*one)}
    assert steps == {
        ("draft", "confirmed"), ("draft", "cancelled"), ("confirmed", "shipped"),
        ("confirmed", "cancelled"), ("shipped", "closed"),
    }  # fmt: skip
