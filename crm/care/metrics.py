"""What Prometheus is told: the only door to its client.

The office gives the numbers of the database (`plant`), asked at the moment of the scrape; each bot
and scheduler gives its own work (`turned`, `swept`) on a port of its own (`listen`). Nothing here
names a person, a chat or a thing of the plant."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crm.audit.models import BookCheck
from crm.audit.verify import unsealed
from crm.configuration import settings
from crm.jobs.models import Job
from crm.outbox.models import Notice
from crm.work.models import Task, Timer
from engine.model.text import warns
from engine.run.arrival import Shown

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

WORK = CollectorRegistry()  # of a bot or a scheduler
ProcessCollector(registry=WORK)
TURN_S = Histogram(
    "meatbot_turn_duration_seconds",
    "From an update that was read to its turn saved, waiting for a thread included.",
    buckets=BUCKETS_S,
    registry=WORK,
)
TURNS = Counter(
    "meatbot_turns",
    "Turns: done, refused (shown with a warning or an alert), failed (nothing was saved).",
    ["outcome"],
    registry=WORK,
)
SWEPT = Gauge(
    "meatbot_last_sweep_timestamp_seconds",
    "When this process last swept without a failure; 0: never.",
    registry=WORK,
)


def turned(seconds: float, shown: Shown | None) -> None:
    """Count a turn that took so long; None was shown where it failed."""
    TURN_S.observe(seconds)
    TURNS.labels("failed" if shown is None else "refused" if _refused(shown) else "done").inc()


def swept() -> None:
    """Remember the present moment as that of the last sweep."""
    SWEPT.set_to_current_time()


def _refused(shown: Shown) -> bool:
    return shown.alert or (shown.prompt is not None and warns(shown.prompt.text))


def listen() -> None:
    """Give the work of this process at METRICS_LISTEN, if there is one, from a thread that ends
    with it. A port that is taken is said and stops nobody's work."""
    host, _, port = settings().metrics_listen.rpartition(":")
    if not port:
        return
    try:
        start_http_server(int(port), host, registry=WORK)
    except OSError as error:
        log.error("METRICS_LISTEN %s:%s cannot be served: %s", host, port, error)


def plant() -> bytes:
    """Return the numbers of the database and of this process."""
    return generate_latest(PLANT)


class _Rows(Collector):
    """Asks the database seven questions at every scrape."""

    def collect(self) -> Iterator[Metric]:
        """Give what was found; of a database that is away, that alone."""
        try:
            found = list(_asked(timezone.now()))
        except DatabaseError:
            log.warning("no numbers: the database does not answer", exc_info=True)
            connection.close()
            found = []
        yield _gauge("database_up", "Whether the database answers.", bool(found))
        yield from found


PLANT = CollectorRegistry()
ProcessCollector(registry=PLANT)
PLANT.register(_Rows())


def _asked(now: datetime) -> Iterator[Metric]:
    outbox = Notice.objects.waiting().order_by()
    many, oldest = outbox.aggregate(many=Count("id"), oldest=Min("retry_from")).values()
    age_s = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    yield _gauge("outbox_waiting", "Messages that are to be sent.", many)
    yield _gauge("outbox_oldest_age_seconds", "Age of the oldest of them; 0: none waits.", age_s)
    dead = Notice.objects.undelivered().order_by().count()
    yield _gauge("outbox_undeliverable", "Messages that were given up.", dead)
    late = Task.objects.overdue(now).order_by().count()
    yield _gauge("tasks_overdue", "Tasks past their time that nobody has ended.", late)
    yield _gauge(
        "timers_due",
        "Timers whose time has come and that have not fired: above 0 for minutes, nobody sweeps.",
        Timer.objects.due(now).order_by().count(),
    )
    yield _jobs()
    yield _gauge("seal_waiting_rows", "Rows of the history that wait for a seal.", unsealed())
    yield from _books()


def _books() -> Iterator[Metric]:
    last = BookCheck.objects.done().values_list("wrong", "ended_at").first()
    wrong, ended = last or (0, None)
    yield _gauge("ledger_wrong", "What the last nightly check found wrong; 0: all is true.", wrong)
    yield _gauge(
        "ledger_checked_timestamp_seconds",
        "When the last nightly check ended; 0: never.",
        ended.timestamp() if ended else 0,
    )


def _jobs() -> Metric:
    jobs = GaugeMetricFamily(
        "meatbot_jobs", "Background jobs: running or failed, with their errors.", labels=["state"]
    )
    states = (Job.State.RUNNING, Job.State.FAILED)
    counted = Job.objects.filter(state__in=states).order_by().values_list("state")
    found = dict(counted.annotate(Count("id")))
    for state in states:
        jobs.add_metric([state.value], found.get(state.value, 0))
    return jobs


def _gauge(name: str, manual: str, value: float) -> Metric:
    return GaugeMetricFamily(f"meatbot_{name}", manual, value=value)
