"""Tasks led from the office (domain 11.4): messages sent again, given to another person, put back
into the queue, cancelled. The record that a task is about stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from crm.bridge.connection import repeatable
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.people import actor_of
from crm.bridge.tasks import NO_TASK, DjangoTasks
from crm.people.models import Person
from crm.work.models import Task as TaskRow
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.work import COUNTERSIGN, Task
from engine.run.cards import card_of, close_card, ended, key_of, reopen_card, take_card
from engine.run.program import Program

BY_STATE = Message("Эту задачу ставит состояние записи. Исправьте запись, задача закроется сама")

BY_ANSWER = Message("Эту задачу закроет ответ второго человека: он подтвердит или отклонит")


class Leading:
    """What a shift lead does with tasks. Every call is one transaction. Raises Refused."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tasks, self.outbox = DjangoTasks(), DjangoOutbox()

    @repeatable
    @transaction.atomic
    def send_again(self, task: TaskRow, at: datetime) -> None:
        """Send the messages of a waiting task once more."""
        again = self.tasks.reissue(str(task.pk), at)
        if again is None:
            raise Refused(self._over(task))
        self.outbox.notify(card_of(self.program, again))

    @repeatable
    @transaction.atomic
    def give(self, task: TaskRow, person: Person, at: datetime) -> None:
        """Give a waiting task to a person; the cards of the others say who has it."""
        actor = actor_of(person)
        given = self.tasks.take_over(str(task.pk), actor, "", at)
        if isinstance(given, Refusal):
            raise Refused(given)
        take_card(self.outbox, given, actor)
        card = card_of(self.program, given)
        key = f"{key_of(given)}:given:{actor.id}:{at.isoformat()}"
        self.outbox.notify(replace(card, key=key, roles=(), people=(actor.id,)))

    @repeatable
    @transaction.atomic
    def put_back(self, task: TaskRow, at: datetime) -> None:
        """Put a taken task back into the queue of its role."""
        free = self.tasks.release(str(task.pk), at)
        if free is None:
            raise Refused(self._over(task))
        reopen_card(self.outbox, free)

    @repeatable
    @transaction.atomic
    def cancel(self, task: TaskRow, reason: str, at: datetime) -> None:
        """Cancel a waiting task that no state of its record asks for, and no person who waits for
        a second one."""
        if task.lifecycle:
            raise Refused(Refusal(BY_STATE))
        if task.kind == COUNTERSIGN:
            raise Refused(Refusal(BY_ANSWER))
        gone = self.tasks.cancel(str(task.pk), reason, at)
        if gone is None:
            raise Refused(self._over(task))
        close_card(self.outbox, gone)

    def _over(self, task: TaskRow) -> Refusal:
        there: Task | None = self.tasks.get(str(task.pk))
        if there is None:
            return NO_TASK
        return Refusal("Задачу никто не взял") if there.waits else ended(there)
