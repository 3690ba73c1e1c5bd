"""What the processes of `tests.rounds` do at once: they close mixes and run dispatchers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from crm.bridge.lives import make_lives
from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.production.models import Mix
from engine.run.dispatcher import sweep
from tests.crm.production.orders import fire


def discharge(mix: int) -> str:
    """Let the mixer of line 1 take a mix out of the mixer."""
    fire(Mix.objects.get(pk=mix), "discharge", who="mixer_line_1")
    return "discharged"


def finish_unpacking(mix: int) -> str:
    """Press «Замес растарен»."""
    fire(Mix.objects.get(pk=mix), "finish_unpacking", who="unpacker_line_1")
    return "unpacked"


def dispatch(times: int) -> int:
    """Look at every queue, one time after another; return how many records went on."""
    operations, went = DjangoOperations(program()), 0
    for _ in range(times):
        with transaction.atomic():
            went += sweep(make_lives(operations.program, operations.run), timezone.localtime())
    return went
