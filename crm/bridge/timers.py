"""Reminders and escalations: the Timers port over rows.

A timer fires once, and only while its request is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from time import monotonic
from uuid import UUID

from django.db import connection, transaction

from crm.asked_once import remembering
from crm.audit.operations.seal import seal
from crm.bridge.chats import LYING
from crm.bridge.deviations import DjangoDeviations, late_key
from crm.bridge.files import send_waiting
from crm.bridge.jobs import NEXT as NEXT_JOB
from crm.bridge.jobs import DjangoJobs
from crm.bridge.lives import NEXT as NEXT_ALARM
from crm.bridge.lives import looked_at, make_lives
from crm.bridge.nightly import NightChecks
from crm.bridge.operations import DjangoOperations
from crm.bridge.outbox import put_notice
from crm.bridge.ports import make_ports
from crm.bridge.shipping import Shipping
from crm.bridge.tasks import IDLE as LEFT_LYING
from crm.bridge.tasks import LATE, NEXT_LATE
from crm.ledger.forms import under_forms
from crm.prepared import MOMENT, Prepared
from crm.production.operations.shipments import NOT_OVER, next_over
from crm.quality.operations.escalate_deviation import escalate_deviation
from crm.spans import from_json
from crm.together import Question, answered, ask_ahead
from crm.work.models import Timer
from crm.work.operations.timers import rung
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import lines
from engine.run.expire import expire, lying_since
from engine.run.grown import keep_tasks, keep_timers
from engine.run.program import Program
from engine.run.screens import answers_of, asked_by
from engine.run.told import TWICE, told_of_late
from engine.run.watch import IDLE, is_due, next_watch, watch

BATCH = 100  # timers fired in one transaction
SEALED_S = 30.0
CHECKED_S = 600.0  # between looks for a check of the books that its process left


class PresentTimers:
    """The Timers port under whatever Program is the present one."""

    def __init__(self, program: Callable[[], Program], jobs: DjangoJobs) -> None:
        self._program, self._jobs = program, jobs
        self._checks = NightChecks(program)
        self._sealed = 0.0  # when the last seal was tried, by the monotonic clock
        self._checked = -CHECKED_S  # when a check that waits was asked about, by the same
        self._kept = ""  # digest of the version whose timers and tasks all standing records have

    def sweep(self, now: datetime) -> int:
        """Fire every due timer; under a new version, first keep the timers and tasks that it
        adds. What was written meanwhile is sealed, twice a minute at most, and files that wait for
        the store are sent; a check of the books that was asked for begins beside."""
        return self.sweep_and_look(now)[0]

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        return DjangoTimers(self._program(), self._jobs).next_due()

    def sweep_and_look(self, now: datetime) -> tuple[int, datetime | None]:
        """Do what `sweep` does, and return when the next timer is due, too."""
        timers = DjangoTimers(self._program(), self._jobs)
        if timers.program.digest != self._kept:
            timers.keep(now)
            self._kept = timers.program.digest
        fired, due = timers.sweep_and_look(now)
        if monotonic() - self._sealed > SEALED_S:
            self._sealed = monotonic()
            seal(now)
            send_waiting()
        if fired or monotonic() - self._checked > CHECKED_S:  # a check is asked for by what fires
            self._checked = monotonic()
            self._checks.sweep(now)
        return fired, due


NEXT = Prepared(
    lambda: Timer.objects.of_deviations().waiting().values_list("due_at", flat=True)[:1]
)


# When there is something to do next.
MOMENTS: tuple[Question, ...] = tuple(
    (asked, ()) for asked in (NEXT, NEXT_JOB, NEXT_ALARM, NOT_OVER, NEXT_LATE)
)


def _next_reminder() -> datetime | None:
    return next(iter(answered(NEXT)), None)


@cache
def _due(*, skip: bool) -> Prepared:
    return Prepared(
        lambda now: (
            Timer.objects.of_deviations().due(now).select_for_update(skip_locked=skip)[:BATCH]
        ),
        MOMENT,
    )


class DjangoTimers:
    """The Timers port; the sweep does the background jobs that wait, too, and what the clock does
    with records, tasks and shipments."""

    def __init__(self, program: Program, jobs: DjangoJobs | None = None) -> None:
        self.program = program
        self.jobs = jobs or DjangoJobs()
        self.ports = make_ports(program, jobs=self.jobs)
        self.lives = make_lives(program, DjangoOperations(program).run)

    def keep(self, now: datetime) -> None:
        """Give the records that stand in their states the timers and tasks that they lack."""
        with under_forms(self.program.digest), transaction.atomic(), remembering():
            keep_timers(self.lives, now)
            keep_tasks(self.lives, now)

    def sweep(self, now: datetime) -> int:
        """Fire every due timer; any number of processes may sweep at once."""
        with under_forms(self.program.digest):
            return self._sweep(now, look=False)[0]

    def sweep_and_look(self, now: datetime) -> tuple[int, datetime | None]:
        """Do what `sweep` does, and return when the next timer is due, too."""
        with under_forms(self.program.digest):
            return self._sweep(now, look=True)

    def _sweep(self, now: datetime, *, look: bool) -> tuple[int, datetime | None]:
        """Ask by one statement what there is to do, mostly nothing, and when there will be."""
        with transaction.atomic(), remembering():
            ask_ahead(self._looked_at(now))
            works = [work for work, is_there in self._works(now) if is_there]
            fired = watch(self.lives, now)
            if not (fired or works):
                return 0, self._next_due() if look else None
        fired += sum(work(now) for work in works)
        return fired, self.next_due() if look else None

    def _looked_at(self, now: datetime) -> Iterator[Question]:
        yield from MOMENTS
        yield from ((LATE, (now,)), (LEFT_LYING, (now - IDLE,)))
        yield LYING, (lying_since(self.program, now),)
        yield from looked_at((*self.program.queues.values(), *self.program.kept))

    def _works(self, now: datetime) -> Iterator[tuple[Callable[[datetime], int], bool]]:
        """Give what is done beside the records and their tasks, each in transactions of its own,
        and whether there is anything to do."""
        yield self.jobs.sweep, is_due(self.jobs.next_due(), now)
        drafts = self.ports.chats.lying(lying_since(self.program, now))
        yield partial(expire, self.program, self.ports), bool(drafts)
        yield Shipping(self.program).sweep, is_due(next_over(), now)
        yield self._remind, is_due(_next_reminder(), now)

    def _remind(self, now: datetime) -> int:
        fired = 0
        while True:
            with transaction.atomic():
                skip = connection.features.has_select_for_update_skip_locked
                due: list[Timer] = _due(skip=skip).rows(now)
                for timer in due:
                    self._fire(timer, now)
                rung(due, now)
            fired += len(due)
            if len(due) < BATCH:
                return fired

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        with transaction.atomic(), remembering():
            return self._next_due()

    def _next_due(self) -> datetime | None:
        ask_ahead(MOMENTS)
        due = (_next_reminder(), self.jobs.next_due(), next_watch(self.lives), next_over())
        return min((one for one in due if one is not None), default=None)

    def _fire(self, timer: Timer, now: datetime) -> None:
        deviation = escalate_deviation(
            deviation_id=UUID(timer.subject_id), level=timer.level, at=now
        )
        if deviation is None:
            return
        minutes = int((now - deviation.asked_at).total_seconds() // 60)
        late = {"minutes": str(minutes), "number": deviation.number}
        text = lines(Message("⏰ Ждёт {minutes} мин. {number}", late), from_json(deviation.card))
        standing = DjangoDeviations().get(timer.subject_id)
        spec = asked_by(self.program, standing) if standing else None
        roles = told_of_late(
            self.program.project.escalation,
            timer.level,
            tuple(deviation.roles),
            spec.told_at_breach if spec else (),
        )
        # Only those who decide get the buttons; the others are told.
        buttons = answers_of(spec, str(deviation.pk)) if timer.level == 1 else ()
        put_notice(
            Notice(
                key=late_key(timer.subject_id, timer.level),
                text=text,
                roles=roles,
                deviation=str(deviation.pk),
                buttons=tuple((button.title, button.act, button.arg) for button in buttons),
                can_wait=timer.level == TWICE and spec is not None and not spec.critical,
            ),
            now,
        )
