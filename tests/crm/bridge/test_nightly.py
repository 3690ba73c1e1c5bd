"""The check of a night: asked for by the plant's clock, done once, told when something is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session as Stay
from django.db import connection, connections

from crm.audit.models import BookCheck, Seal
from crm.audit.operations.check_books import claim
from crm.audit.operations.seal import seal
from crm.audit.verify import tonight
from crm.bridge.jobs import DjangoJobs
from crm.bridge.nightly import NightChecks, Work, beside
from crm.bridge.timers import DjangoTimers
from crm.ledger.models import Account, Balance, Lot, StateHistory
from crm.ledger.verify import one_moment, verify
from crm.outbox.models import Notice
from crm.people.models import Person, PersonRole
from crm.plant.clock import PlantClock
from crm.work.models import Chat, File, Proposal, Session, Update
from crm.work.operations.proposal import note_published, propose
from engine.files.errors import StoreUnavailable
from engine.files.keys import object_key
from engine.files.local import LocalFiles
from tests.crm.audit.test_seals import HISTORY, change, tampered
from tests.engine.rehearsal import program
from tests.seeded import seed

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 1, 1, tzinfo=UTC)  # 04:01 of the plant


@pytest.fixture
def clock(db: None) -> Iterator[PlantClock]:
    """A plant that was opened in the evening, and its clock."""
    with PlantClock(EVENING) as clock:
        seed()
        yield clock


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalFiles:
    """A store of this test, for the night sweeps it."""
    files = LocalFiles(tmp_path, "secret")
    monkeypatch.setattr("crm.bridge.nightly.open_files", lambda: files)
    return files


def at_once(work: Work) -> None:
    """Do it here, in the transaction of the test."""
    work()


def swept(now: datetime) -> None:
    """Fire what is due, and do the check that was asked for."""
    DjangoTimers(program(), DjangoJobs()).sweep(now)
    NightChecks(program, at_once).sweep(now)


def administrator() -> Person:
    person = Person.objects.create(full_name="Лосева А. Н.", telegram_id=77, language="ru")
    PersonRole.objects.create(person=person, role="administrator")
    return person


def lie() -> None:
    """Write what no posting says."""
    lot = Lot.objects.create(kind="pallet", born=9_999)
    Balance.objects.create(lot=lot, account=Account.CUSTOMER, physical=5)


def test_true_books_are_looked_at_once_a_night_at_four_and_nobody_is_told(
    clock: PlantClock,
) -> None:
    administrator()
    swept(EVENING + timedelta(hours=5))
    assert not BookCheck.objects.exists()
    for minutes in (0, 1, 120):
        clock.move_to(NIGHT + timedelta(minutes=minutes))
        swept(NIGHT + timedelta(minutes=minutes))
    check = BookCheck.objects.get()
    assert (check.night, check.wrong, check.found) == (date(2026, 11, 23), 0, [])
    assert check.ended_at == NIGHT
    assert not Notice.objects.filter(event__startswith="books:").exists()


def test_what_is_wrong_is_told_to_the_administrator_by_its_title_and_kept(
    clock: PlantClock,
) -> None:
    person = administrator()
    lie()
    clock.move_to(NIGHT)
    swept(NIGHT)
    titles = {"Остатки, которые не равны сумме строк": 1, "Лоты без происхождения": 1}
    check = BookCheck.objects.get()
    assert {title: count for title, count, _ in check.found} == titles
    assert check.wrong == 2
    told = Notice.objects.get(event=f"books:{check.pk}", person=person)
    assert "Ночная проверка 23.11.2026: не сходится 2" in told.plain_text
    assert all(f"{title}: {count}" in told.plain_text for title, count in titles.items())


def test_the_head_of_the_history_goes_where_who_writes_rows_cannot_write(
    clock: PlantClock, caplog: pytest.LogCaptureFixture
) -> None:
    seal(EVENING)
    clock.move_to(NIGHT)
    with caplog.at_level("INFO", "crm.bridge.nightly"):
        swept(NIGHT)
    (told,) = (one for one in caplog.messages if "the last is" in one)
    assert Seal.objects.filter(digest=told.rpartition(" ")[2]).exists()


def test_history_that_somebody_wrote_anew_is_told_in_the_morning(clock: PlantClock) -> None:
    person = administrator()
    change(EVENING, 1)
    row = StateHistory.objects.latest("pk").pk
    seal(EVENING)
    tampered(f"UPDATE {HISTORY} SET reason = 'another' WHERE id = %s", row)
    clock.move_to(NIGHT)
    swept(NIGHT)
    title = "История, которая не та, что была"
    assert [title, 1, [f"Строка изменена: {HISTORY} {row}"]] in BookCheck.objects.get().found
    told = Notice.objects.get(event__startswith="books:", person=person).plain_text
    assert f"{title}: 1" in told


def test_a_night_looks_at_the_youngest_seals_and_all_nights_at_all(
    clock: PlantClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tonight(NIGHT.date()) == []
    Seal.objects.bulk_create(
        Seal(number=one, table="t", after_id=one, last_id=one + 1, rows=b"", made_at=NIGHT)
        for one in range(1, 12)
    )
    monkeypatch.setattr("crm.audit.verify.YOUNG", 3)
    monkeypatch.setattr("crm.audit.verify.PART", 4)
    nights = [tonight(NIGHT.date() + timedelta(days=day)) for day in range(2)]
    assert sorted(nights) == [[(1, 4), (9, 11)], [(5, 8), (9, 11)]]


def test_what_is_over_is_forgotten_in_the_night_and_nothing_else(
    clock: PlantClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bridge.retention.AT_ONCE", 2)  # several statements for a few rows
    clock.move_to(NIGHT)
    for number, hours in enumerate((47, 49, 50, 51)):
        Update.objects.create(update_id=number, chat_id=7, at=NIGHT - timedelta(hours=hours))
    for key, days in (("over", -1), ("open", 1)):
        Stay.objects.create(session_key=key, expire_date=NIGHT + timedelta(days=days))
    person = Person.objects.create(full_name="Лосева А. Н.", telegram_id=77)
    chat = Chat.objects.create(pk=77)
    for state, days in (("cancelled", 31), ("expired", 29), ("saved", 31), ("refused", 31)):
        Session.objects.create(
            id=uuid4(), chat=chat, person=person, flow="f", digest="d", state=state,
            answers={"name": "Лосева"}, started_at=NIGHT, updated_at=NIGHT,
            ended_at=NIGHT - timedelta(days=days),
        )  # fmt: skip
    for number, days in enumerate((29, 31, 31)):
        proposal = propose(
            person, at=NIGHT - timedelta(days=days), reason="новый вопрос", base="", changed=b"",
            removed=[],
        )  # fmt: skip
        if number == 2:
            note_published(person, proposal=proposal, version="v", at=NIGHT)
    swept(NIGHT)
    assert sorted(Proposal.objects.values_list("at", "version")) == [
        (NIGHT - timedelta(days=31), "v"), (NIGHT - timedelta(days=29), ""),
    ]  # fmt: skip
    assert list(Update.objects.values_list("pk", flat=True)) == [0]
    assert list(Stay.objects.values_list("pk", flat=True)) == ["open"]
    kept = set(Session.objects.exclude(answers={}).values_list("state", flat=True))
    assert (kept, Session.objects.count()) == ({"expired", "saved", "refused"}, 4)


def test_files_are_swept_in_the_night_and_one_that_is_lost_is_told(
    clock: PlantClock, store: LocalFiles
) -> None:
    person = administrator()
    orphan, lost = (object_key("tmp", NIGHT) for _ in range(2))
    store.put(orphan, b"x", "image/jpeg")
    os.utime(store._path(orphan), (0, 0))
    File.objects.create(
        kind="problem", key=lost, sha256="a" * 64, size=1, mime="image/jpeg", taken_at=NIGHT
    )
    clock.move_to(NIGHT)
    swept(NIGHT)
    assert not list(store.keys(""))
    assert BookCheck.objects.get().found == [["Файлы, которых нет в хранилище", 1, [lost]]]
    told = Notice.objects.get(event__startswith="books:", person=person).plain_text
    assert "Файлы, которых нет в хранилище: 1" in told


def test_a_night_without_the_store_checks_the_books_all_the_same(
    clock: PlantClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> LocalFiles:
        raise StoreUnavailable("down")

    monkeypatch.setattr("crm.bridge.nightly.open_files", away)
    lie()
    clock.move_to(NIGHT)
    swept(NIGHT)
    assert BookCheck.objects.get().wrong == 2
    assert "the files were not looked through" in caplog.text


def test_a_check_whose_process_ended_is_done_by_another_an_hour_later_and_not_before(
    clock: PlantClock,
) -> None:
    BookCheck.objects.create(night=NIGHT.date(), asked_at=NIGHT)
    assert claim(NIGHT) is not None
    assert claim(NIGHT + timedelta(minutes=59)) is None
    assert claim(NIGHT + timedelta(minutes=61)) is not None
    assert claim(NIGHT + timedelta(minutes=62)) is None


def test_nights_that_nobody_looked_at_are_not_made_up_for(clock: PlantClock) -> None:
    for days in range(3):
        night = NIGHT + timedelta(days=days)
        BookCheck.objects.create(night=night.date(), asked_at=night)
    NightChecks(program, at_once).sweep(NIGHT + timedelta(days=3))
    NightChecks(program, at_once).sweep(NIGHT + timedelta(days=3))
    assert BookCheck.objects.get(ended_at__isnull=False).night == date(2026, 11, 25)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_sweep_one_does_the_check_and_none_waits_for_it() -> None:
    BookCheck.objects.create(night=NIGHT.date(), asked_at=NIGHT)
    begun: list[Work] = []

    def sweep(_: int) -> None:
        NightChecks(program, begun.append).sweep(NIGHT)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(8)))
    assert len(begun) == 1
    beside(begun[0]).join()
    assert BookCheck.objects.get().ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_look_at_one_moment_sees_no_later_row_and_keeps_nobody_from_writing() -> None:
    def wrong() -> int:
        return sum(one.count for one in verify())

    with one_moment():
        assert wrong() == 0
        beside(lie).join()
        assert wrong() == 0
    assert wrong() == 2
    assert not connection.in_atomic_block


def test_a_check_that_fails_is_said_in_the_journal_and_ends_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise ValueError("no disk")

    beside(fail).join()
    assert "the check of the night failed" in caplog.text
