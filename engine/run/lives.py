"""What doing transitions needs of the outside, and one commit of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.errors import EngineError
from engine.languages.message import Message
from engine.model.conversation import Actor
from engine.model.values import Row, Value
from engine.model.work import Task, TaskWanted
from engine.plant_ports import Alarms, Failures, Records, Resources, Tasks
from engine.ports import Chats, Context, Outbox, Reads, TransactionMaker
from engine.run.around import Alike, Around, Unmet, strangers, unheard
from engine.run.cards import card_of, close_card
from engine.run.program import Program
from engine.run.told import alarm

SYSTEM_ACTOR = Actor("", Message("Система"))
Run = Callable[[str, Mapping[str, Value], Context], Row | None]


@dataclass(frozen=True, slots=True)
class Lives:
    """What doing transitions needs of the outside. `run` runs an operation; `chats` are those of
    the forms that wait for what transitions bring about, `unmet` is told of refused conditions."""

    program: Program
    records: Records
    resources: Resources
    tasks: Tasks
    alarms: Alarms
    outbox: Outbox
    reads: Reads
    transaction: TransactionMaker
    run: Run
    chats: Chats
    failures: Failures
    unmet: Unmet = unheard
    alike: Alike = strangers

    def around(self, now: datetime) -> Around:
        """Return the surroundings of a decision."""
        return Around(
            self.program.project,
            now.astimezone(self.program.zone),
            self.reads.facts.ask,
            self.resources.holders,
            self.resources.stopped,
            self.unmet,
            self.alike,
        )


@dataclass(slots=True)
class Doing:
    """One commit: what was touched in it, by whom, when; `moved` are the records as their last
    moves left them."""

    lives: Lives
    context: Context
    touched: list[tuple[str, str]] = field(default_factory=list)
    moved: dict[tuple[str, str], Row] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.context.at

    @property
    def actor(self) -> Actor | None:
        return self.context.actor if self.context.actor.id else None


def fresh(lives: Lives, record: Row) -> Row:
    row = lives.records.get(record.kind, record.id)
    if row is None:
        raise EngineError(f"no {record.kind} {record.id}")
    return row


def open_task(lives: Lives, wanted: TaskWanted, at: datetime) -> Task:
    """Open a task; its card goes to everyone who may do it."""
    return make_task(lives.program, lives.tasks, lives.outbox, wanted, at)


def make_task(
    program: Program, tasks: Tasks, outbox: Outbox, wanted: TaskWanted, at: datetime
) -> Task:
    """Open a task; its card goes to everyone who may do it.

    Nobody to do it: it is told at once to those whom `escalation:` names at breach; where nobody is
    one of them, to those whom it names last."""
    task = tasks.create(_titled(program, wanted), at)
    if not task.opened:
        return task
    if not outbox.notify(card_of(program, task)):
        alarm(program.project.escalation, outbox, f"task:{task.id}", task.wanted.title)
    return task


def _titled(program: Program, wanted: TaskWanted) -> TaskWanted:
    """Give the buttons of a task that have none the titles of their transitions."""
    buttons = tuple(
        (name, program.machine_for(wanted.record, name).lifecycle.title_of(name))
        if title == name
        else (name, title)
        for name, title in wanted.buttons
    )
    return replace(wanted, buttons=buttons)


def end_task(lives: Lives, task: Task | None, second: str = "") -> None:
    """Take the buttons off the cards of a task that has just ended; `second` confirmed the command
    that did it."""
    if task is not None:
        close_card(lives.outbox, task, second)
