"""Every port of the engine on Django, put together. Start at `make_ports`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from crm.asked_once import remembering
from crm.bridge.chats import DjangoChats
from crm.bridge.deviations import DjangoDeviations
from crm.bridge.jobs import DjangoJobs
from crm.bridge.operations import DjangoOperations
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.people import DjangoPeople
from crm.bridge.reads import make_reads
from crm.bridge.tasks import DjangoTasks
from crm.ledger.forms import under_forms
from engine.ports import Clock, Ports
from engine.run.program import Program


def make_ports(
    program: Program, clock: Clock | None = None, jobs: DjangoJobs | None = None
) -> Ports:
    """Return the ports of a program; a test may bring its own clock and its own jobs."""
    jobs = jobs or DjangoJobs()

    @contextmanager
    def commit() -> Iterator[None]:
        with under_forms(program.digest), transaction.atomic(), remembering():
            yield

    operations = DjangoOperations(program, part=False)  # `commit` is the part
    return Ports(
        make_reads(program.zone, clock, jobs),
        operations,
        DjangoDeviations(),
        DjangoPeople(operations, program),
        DjangoChats(),
        DjangoOutbox(),
        commit,
        DjangoTasks(),
        jobs,
    )
