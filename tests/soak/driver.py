"""Processes that are forked, watched, killed and replaced. Start at `drive`.

The parent never opens a connection: what it forks inherits a program that is read already, so a
process that replaces a killed one works after milliseconds."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection

from crm.bridge.connection import once_more
from crm.bridge.program import program
from crm.bridge.standing import verify_work
from crm.ledger.verify import Found, verify
from engine.errors import Refused

COUNT = 8
LOOK_S = 0.02
WAIT_S = 120  # for a process to end its last act
ENDED = "Килограммы, которых уже ничто не возьмёт"
Make = Callable[[Random], Any]  # something with `act`

fork = multiprocessing.get_context("fork")


class Stuck(Exception):
    """A process ended by itself, or does not end."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of a drive: operations, how many were meant, of them refused, processes killed,
    seconds."""

    name: str
    done: int
    meant: int
    refused: int
    killed: int
    seconds: float

    def __str__(self) -> str:
        rate = self.done / self.seconds
        left = f" of {self.meant}, the time was over" if self.done < self.meant else ""
        return (
            f"{self.name}: {self.done} operations{left} ({self.refused} refused) by {COUNT} "
            f"processes, {self.killed} killed, {self.seconds:.0f} s, {rate:.0f} a second"
        )


def drive(
    name: str, make: Make, count: int, every: int, seed: str, longest_s: float = math.inf
) -> Driven:
    """Let eight processes do `count` acts together, or as many as they can in that time; each
    `every` acts kill one of them with SIGKILL wherever it is, and start another. Raises Stuck."""
    started, chance = time.monotonic(), Random(seed)
    done, refused = fork.RawArray("q", COUNT), fork.RawArray("q", COUNT)
    over = fork.RawValue("b", 0)
    lives = 0

    def begin(slot: int) -> Any:
        given = (make, f"{seed}:{name}:{lives}:{slot}", slot, done, refused, over)
        process = fork.Process(target=_work, args=given, daemon=True)
        process.start()
        return process

    processes = [begin(slot) for slot in range(COUNT)]
    try:
        while sum(done) < count and time.monotonic() < started + longest_s:
            time.sleep(LOOK_S)
            if any(one.exitcode is not None for one in processes):
                raise Stuck(f"{name}: a process ended by itself")
            if sum(done) >= every * (lives + 1):
                lives += 1
                slot = chance.randrange(COUNT)
                os.kill(processes[slot].pid, signal.SIGKILL)
                processes[slot].join(WAIT_S)
                processes[slot] = begin(slot)
        over.value = 1
        for process in processes:
            process.join(WAIT_S)
            if process.exitcode != 0:
                raise Stuck(f"{name}: a process does not end")
    finally:
        for process in processes:
            process.kill()
    return Driven(name, sum(done), count, sum(refused), lives, time.monotonic() - started)


def _work(make: Make, seed: str, slot: int, done: Any, refused: Any, over: Any) -> None:
    worker = make(Random(seed))
    while not over.value:
        try:
            once_more(worker.act)
        except Refused:
            refused[slot] += 1
        done[slot] += 1
    connection.close()


def aside(work: Callable[[], Any]) -> Any:
    """Do some work in a process of its own and return what it returns. Raises Stuck."""
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=lambda: theirs.send(work()))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        raise Stuck("the work broke off") from None
    finally:
        process.join(WAIT_S)


def wrong() -> list[Found]:
    """Return every check of the books, tasks and states that finds something."""
    return [found for found in (*verify(), *verify_work(program())) if found.count]


def wrong_of_books() -> list[Found]:
    """The same of lots whose records are at their end, so that the plant leaves them alone."""
    return [found for found in wrong() if found.title != ENDED]
