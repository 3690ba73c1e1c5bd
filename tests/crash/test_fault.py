"""Lose the connection to the database at every statement of a save, and at its commit: each time
the next start finds no answer lost, one batch, one posting event, one notice a person.

The connection is really closed under the statement, so what is raised is what the driver raises.
`test_kill` does the same to a process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine
from django.db import Error, OperationalError, connection, transaction
from django.db.models import Sum

from crm.bridge.connection import on_rows
from crm.bridge.jobs import DjangoJobs
from crm.bridge.ports import make_ports
from crm.ledger.models import Event, Posting
from crm.office.seed import PEOPLE, seed
from crm.outbox.models import Notice
from crm.people.models import Person, RegistrationTry
from crm.production.models import RawBatch
from engine.model.conversation import Answer, Chat, Input, Session, State
from engine.model.files import FileRef
from engine.run.arrival import Arrival, Shown
from engine.run.perform import serve
from engine.run.tokens import callback_data
from engine.talk.parse import Says, read_talk
from engine.talk.things import Camera
from tests.crash.plants import FEWEST
from tests.crash.saves import rows
from tests.engine.rehearsal import FLOWS
from tests.guarded import flushable
from tests.offered import program

START = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Moscow"))
TALK = FLOWS / "receiving/raw_intake.talk"
LABORATORY = sum(role == "lab" for _, role in PEOPLE)  # one storekeeper is told beside them
# The drivers' own come from cursors that are closed on the way out.
LOST = (Error, sqlite3.Error, psycopg.Error)


class Receiver:
    """A worker on the real rows: every arrival meets fresh ports, as after a start."""

    def __init__(self) -> None:
        person = Person.objects.active().get(roles__role="receiver")
        assert person.telegram_id is not None
        self.chat_id = person.telegram_id
        self._updates, self._camera = count(1), Camera()

    @property
    def chat(self) -> Chat:
        ports = make_ports(program())
        with ports.transaction():
            return ports.chats.load(self.chat_id)

    def keep(self, chat: Chat, ended: Session) -> None:
        ports = make_ports(program())
        with ports.transaction():
            ports.chats.keep(chat, ports.reads.clock.now(), (ended,))

    def arrival(self, **what: Any) -> Arrival:
        return Arrival(self.chat_id, next(self._updates), **what)

    def pressing(self, title: str) -> Arrival:
        """Return the press of the present button of a title, or of the one that contains it."""
        chat = self.chat
        titles = [button.title for button in chat.buttons]
        at = [at for at, one in enumerate(titles) if one == title] or [
            at for at, one in enumerate(titles) if title in one
        ]
        assert at, f"no [{title}] among {titles}"
        return self.arrival(data=callback_data(chat.token, chat.turn, at[0]))

    def does(self, arrival: Arrival) -> Shown:
        return on_rows(lambda: serve(program(), make_ports(program()), arrival))

    def goes_through(self, arrival: Arrival) -> bool:
        """Serve an arrival without the bot that would begin anew; tell whether it was served."""
        try:
            serve(program(), make_ports(program()), arrival)
        except LOST:
            return False
        return True

    def plays_up_to_the_save(self) -> Arrival:
        """Answer as in the straight talk; return the press that saves, not done yet."""
        talk = read_talk(
            "raw_intake.talk", (FLOWS / "receiving/raw_intake.talk").read_text("utf-8")
        )
        for line in talk.lines:
            if not isinstance(line, Says):
                continue
            self._lets_the_search_end()
            if line.what == "Сохранить":
                return self.pressing(line.what)
            for arrival in self._arrivals(line):
                self.does(arrival)
        raise AssertionError("the talk saves nothing")

    def _lets_the_search_end(self) -> None:
        """Do the jobs that this form started, and tell it when it waits for one."""
        jobs = DjangoJobs()
        due = jobs.next_due()
        if due is not None and on_rows(partial(jobs.sweep, due)):
            self.does(self.arrival(input=Input.free()))

    def _arrivals(self, line: Says) -> Iterator[Arrival]:
        if line.how == "command":
            yield self.arrival(command=line.what)
        elif line.how == "button":
            yield self.pressing(line.what)
        elif line.how == "text":
            yield self.arrival(input=Input.text(line.what))
        else:
            for given in self._camera.inputs(line.who, line.what) or ():
                yield self.arrival(input=given)


@contextmanager
def lost_at(number: int) -> Iterator[list[str]]:
    """Close the connection under the n-th statement; give the statements that were reached."""
    reached: list[str] = []

    def breaking(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        reached.append(sql)
        if len(reached) == number:
            connection.connection.close()
        return execute(sql, *rest)

    with connection.execute_wrapper(breaking):
        yield reached


@contextmanager
def lost_at_commit(*, before: bool) -> Iterator[None]:
    """Close the connection before the commit reaches the database, or right after it did."""
    commit = connection._commit  # type: ignore[attr-defined]

    def breaking() -> None:
        if before:
            connection.connection.close()
            commit()
        else:
            commit()
            connection.connection.close()

    connection._commit = breaking  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del connection._commit  # type: ignore[attr-defined]


def check(session: UUID) -> None:
    """Assert that a session was saved exactly once, with its answers."""
    batch = RawBatch.objects.get(session=session)
    assert batch.state == RawBatch.State.RECEIVED
    assert str(batch.weight_received) == "18250.500"
    assert (batch.ttn_number, batch.tags_number) == ("ТТН-4471", 24)
    event = Event.objects.get(session=session)
    assert Posting.objects.filter(event=event).aggregate(sum=Sum("kg"))["sum"] == 0
    told = Notice.objects.filter(event__startswith=f"{session}:", kind=Notice.Kind.MESSAGE)
    assert told.count() == told.values("person").distinct().count() == 1 + LABORATORY


class Save:
    """The save of one form; a form that begins on a day of its own begins its counters anew."""

    def __init__(self, receiver: Receiver, standing: Chat) -> None:
        assert standing.top is not None
        self.receiver, self.session = receiver, uuid4()
        answers = {name: self._mine(answer) for name, answer in standing.top.answers.items()}
        mine = replace(standing.top, id=self.session, answers=answers)
        # Two live forms of one moment would stand in the chat in any order.
        played = replace(standing.top, state=State.CANCELLED)
        # Days go by between two saves: who comes back is asked first whether he goes on.
        receiver.keep(replace(standing, sessions=(mine,), touched=None), played)
        self.standing, self.before = receiver.chat, rows()
        self.press = receiver.pressing("Сохранить")

    def _mine(self, answer: Answer) -> Answer:
        """Give a form files of its own: a stored file belongs to one record."""
        if not (isinstance(answer.value, tuple) and isinstance(answer.value[0], FileRef)):
            return answer
        files = (one for one in answer.value if isinstance(one, FileRef))
        return replace(
            answer, value=tuple(replace(one, key=f"{one.key}-{self.session}") for one in files)
        )

    def is_untouched(self) -> None:
        """Assert at the next start that no answer is lost and nothing of the save is there."""
        connection.close()
        assert self.receiver.chat == self.standing
        assert rows() == self.before

    def is_done_once(self) -> None:
        """Start: the update comes again, twice, and the worker presses once more: one save."""
        connection.close()
        shown = self.receiver.does(self.press)
        assert RawBatch.objects.filter(session=self.session).exists(), f"not saved: {shown}"
        check(self.session)
        after = rows()
        self.receiver.does(self.press)
        assert rows() == after
        again = replace(self.press, update=next(self.receiver._updates))
        assert "Уже сохранено" in self.receiver.does(again).toast
        check(self.session)


@pytest.fixture(scope="module", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    with flushable():
        yield


@pytest.fixture
def receiver(transactional_db: None) -> Iterator[Receiver]:
    with time_machine.travel(START, tick=False):
        seed()
        yield Receiver()


def test_a_save_that_loses_its_database_at_any_statement_is_done_once(receiver: Receiver) -> None:
    receiver.plays_up_to_the_save()
    standing = receiver.chat
    for number in count(1):
        with time_machine.travel(START + timedelta(days=number), tick=False):
            save = Save(receiver, standing)
            with lost_at(number) as reached:
                if receiver.goes_through(save.press):
                    break
            save.is_untouched()
            save.is_done_once()
    save.is_done_once()
    print(f"the connection was lost at each of {len(reached)} statements of a save")
    assert len(reached) == number - 1 >= FEWEST


def test_a_save_that_loses_its_database_before_the_commit_is_done_once(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    with lost_at_commit(before=True), pytest.raises(LOST):
        receiver.does(save.press)
    save.is_untouched()
    save.is_done_once()


def test_a_save_that_loses_its_database_after_the_commit_was_done_once(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    with lost_at_commit(before=False), pytest.raises(LOST):
        receiver.does(save.press)
    connection.close()
    check(save.session)
    save.is_done_once()


def test_a_bot_that_lost_its_database_at_a_commit_goes_on_at_the_second_press(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    with lost_at_commit(before=True), pytest.raises(LOST):
        receiver.does(save.press)
    receiver.does(save.press)
    check(save.session)


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the file of the database grow no more, as on a disk that is full."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page is left to be used again
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone() or (0,)
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute("PRAGMA max_page_count = 4294967294")


@pytest.mark.sqlite_only  # PostgreSQL ends a transaction in the same way, its disk is its own
def test_a_save_that_meets_a_full_disk_keeps_nothing_and_is_done_once_there_is_room(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    with full_disk(), pytest.raises(LOST, match="full"):
        receiver.does(save.press)
    save.is_untouched()
    save.is_done_once()


def _own_connection() -> tuple[int, dict[str, Any]]:
    """Return the number of our backend, and what another connection is opened with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone() or (0,)
    parameters = connection.get_connection_params()
    return mine, {name: parameters[name] for name in ("host", "user", "dbname")}


def _end(backend: int, own: dict[str, Any]) -> None:
    """Let the server end a connection without its owner's knowing."""
    with psycopg.connect(**own, autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


@contextmanager
def _ended_at(number: int) -> Iterator[list[str]]:
    """Let the server end our connection under the n-th statement; give those that were reached."""
    reached: list[str] = []
    backend = _own_connection()

    def ending(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        reached.append(sql)
        if len(reached) == number:
            _end(*backend)
        return execute(sql, *rest)

    with connection.execute_wrapper(ending):
        yield reached


@pytest.mark.postgres_only
def test_a_bot_whose_database_was_restarted_goes_on_at_the_first_press(receiver: Receiver) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    _end(*_own_connection())
    assert receiver.does(save.press).prompt is not None
    check(save.session)
    save.is_done_once()


@pytest.mark.postgres_only
def test_a_press_whose_connection_is_ended_before_the_commit_is_done_at_once(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    standing = receiver.chat
    for number in (1, 2, FEWEST // 2, FEWEST):
        with time_machine.travel(START + timedelta(days=number), tick=False):
            save = Save(receiver, standing)
            with _ended_at(number) as reached:
                assert receiver.does(save.press).prompt is not None
            assert len(reached) >= number + FEWEST, "it was not done anew"
            check(save.session)
            save.is_done_once()


def test_a_press_that_loses_the_answer_to_its_commit_is_not_done_anew(
    receiver: Receiver,
) -> None:
    receiver.plays_up_to_the_save()
    save = Save(receiver, receiver.chat)
    served = count()
    with lost_at_commit(before=False), pytest.raises(LOST):
        on_rows(lambda: (next(served), serve(program(), make_ports(program()), save.press)))
    assert next(served) == 1
    connection.close()
    check(save.session)
    save.is_done_once()


@pytest.mark.postgres_only
@pytest.mark.parametrize("by_itself", [True, False])
def test_what_was_kept_before_the_connection_is_lost_is_not_done_again(
    receiver: Receiver, *, by_itself: bool
) -> None:
    tries, backend = count(700), _own_connection()

    def work() -> None:
        if by_itself:
            RegistrationTry.objects.filter(wrong=0).update(wrong=1)
        else:
            with transaction.atomic():
                RegistrationTry.objects.create(pk=next(tries))
        _end(*backend)
        with transaction.atomic():
            RegistrationTry.objects.create(pk=next(tries))

    with pytest.raises(OperationalError):
        on_rows(work)
    connection.close()
    assert RegistrationTry.objects.count() == (0 if by_itself else 1)
