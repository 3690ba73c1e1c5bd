"""Processes that are started once and then act at the same moment, round after round.

On PostgreSQL: real connections, real locks, nothing shared in memory. Ask for the fixture `writers`
of `tests/crm/conftest.py`; `Writers.round` gives each process its argument, lets all go at one
barrier, and returns what each did or why it was refused."""

from __future__ import annotations

import logging
import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

log = logging.getLogger(__name__)

COUNT = 8
WAIT_S = 240  # for all to start, and for all to have done their round, on a busy machine


@dataclass(frozen=True, slots=True)
class Done:
    """What one process did: its result, the text of its refusal, or the trace of what broke."""

    result: Any = None
    refused: str = ""
    broke: str = ""


class Writers:
    """The processes."""

    def __init__(self, pipes: Sequence[Any]) -> None:
        self.pipes = pipes

    def round(self, act: Callable[[Any], object], arguments: Sequence[object]) -> list[Done]:
        """Let every process do `act`, a function of a module, at once, each with its argument.

        Raises AssertionError, with their traces, when any raised something else than Refused."""
        for pipe, argument in zip(self.pipes, arguments, strict=True):
            pipe.send((act.__module__, act.__name__, argument))
        done = []
        for pipe in self.pipes:
            assert pipe.poll(WAIT_S), "a process is stuck"
            done.append(pipe.recv())
        broke = [one.broke for one in done if one.broke]
        assert not broke, "\n".join(broke)
        return done


@contextmanager
def started(database: str, count: int = COUNT) -> Iterator[Writers]:
    """Start processes on a database of the server of DATABASE_URL; end them at the end."""
    # One clean process imports and compiles, and is forked: eight of them would for half a minute.
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["tests.rounds_ready"])
    barrier = server.Barrier(count)
    pairs = [server.Pipe() for _ in range(count)]
    processes = [
        server.Process(target=_work, args=(theirs, barrier, database), daemon=True)
        for _, theirs in pairs
    ]
    for process in processes:
        process.start()
    try:
        yield Writers([ours for ours, _ in pairs])
    finally:
        for process in processes:
            process.kill()
            process.join(WAIT_S)


def _work(pipe: Any, barrier: Any, database: str) -> None:
    """Be one of the processes, until killed."""
    from django.db import connections

    from engine.errors import Refused

    connections.settings["default"]["NAME"] = database
    while True:
        module, name, argument = pipe.recv()
        act = getattr(import_module(module), name)
        barrier.wait(WAIT_S)
        try:
            pipe.send(Done(act(argument)))
        except Refused as error:
            pipe.send(Done(refused=str(error)))
        except Exception:
            log.exception("a process broke")
            pipe.send(Done(broke=traceback.format_exc()))
