"""Who talks in a chat, and how a stranger becomes somebody: the People port over rows and
operations. A request for access lives by its lifecycle, whoever answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.bridge.connection import repeatable
from crm.bridge.opening import actor
from crm.bridge.outbox import put_notice
from crm.bridge.persons import person_row
from crm.bridge.records import row_of
from crm.ledger.operations.move_state import move_state
from crm.people.models import AccessRequest, Person
from crm.people.operations.bind import Binding, bind
from crm.people.operations.decide_access import decide_access
from crm.people.operations.invite import revoke
from crm.people.operations.request_access import request_access
from crm.people.operations.save_person import save_person
from crm.people.roles import OfficeRole
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.conversation import Actor
from engine.model.effects import Notice
from engine.model.text import Text
from engine.ports import Context, Operations
from engine.run.lives import SYSTEM_ACTOR
from engine.run.program import Program

ADMINISTRATOR = OfficeRole.ADMINISTRATOR.value
RECORD, State = AccessRequest.RECORD, AccessRequest.State
# How a request goes where a plant's own forms have no lifecycle of it: the office answers then.
WAYS = {
    "ask": (State.NEW, State.OPEN),
    "bind": (State.OPEN, State.BOUND),
    "enter": (State.OPEN, State.BOUND),
    "decline": (State.OPEN, State.DECLINED),
}


class DjangoPeople:
    """The People port."""

    def __init__(self, operations: Operations, program: Program) -> None:
        self.operations, self.program = operations, program

    def actor(self, chat: int) -> Actor | None:
        """Return the active person of a chat with the roles held now: read along with the chat."""
        return actor(chat)

    def bind(self, chat: int, code: str, at: datetime) -> Actor | Refusal:
        """Bind a chat by an invitation code, end its request for access, and tell administrators
        who came, or that wrong codes closed a chat."""
        try:
            with transaction.atomic():
                binding = bind(None, chat_id=chat, code=code, at=at)
                _tell(binding, chat, at)
                if binding.person is None:
                    return binding.refusal or Refusal("Код не подходит")
                open_ones = AccessRequest.objects.filter(telegram_id=chat, state="open")
                for request in open_ones:
                    self._fire(SYSTEM_ACTOR, request, "enter", at)
                return actor_of(binding.person)
        except Refused as refused:  # an administrator was faster
            return refused.refusal

    def ask_access(self, chat: int, said: str, at: datetime) -> Refusal | None:
        """Keep a request for access; it is a task of administrators at once."""
        try:
            with transaction.atomic():
                request = request_access(None, chat_id=chat, said=said, at=at)
                self._fire(SYSTEM_ACTOR, request, "ask", at)
        except Refused as refused:
            return refused.refusal
        return None

    @repeatable
    @transaction.atomic
    def decide(
        self, by: Person, request: AccessRequest, person: Person | None, at: datetime
    ) -> None:
        """Answer a request in the office: bind its chat to `person`, or decline it when there is
        none. Whose account may change requests stands for an administrator. Raises Refused."""
        decide_access(by, request=request, person=person, at=at)
        self._fire(_administering(by), request, "bind" if person else "decline", at)

    @repeatable
    @transaction.atomic
    def let_in(self, by: Person, person: Person, at: datetime) -> None:
        """End the open request of the chat that the office has tied to a person by its number: he
        is in, and a code that he did not use would take his account to another chat."""
        if person.telegram_id is None:
            return
        waiting = AccessRequest.objects.select_for_update().filter(state=State.OPEN)
        for request in waiting.filter(telegram_id=person.telegram_id):
            revoke(person, at)
            request.decided_by, request.person = by, person
            request.save(update_fields=["decided_by", "person"])
            self._fire(_administering(by), request, "bind", at)

    def set_language(self, actor: Actor, language: str) -> Actor:
        """Keep the language that a person chose and return him with it."""
        person = person_of(actor)
        return actor_of(save_person(person, person=person, language=language))

    def _fire(self, actor: Actor, request: AccessRequest, transition: str, at: datetime) -> None:
        fresh = AccessRequest.objects.select_for_update().get(pk=request.pk)
        if RECORD in self.program.lifecycles:
            context = Context(actor=actor, session=str(uuid4()), at=at)
            self.operations.fire(row_of(fresh), transition, context)
            return
        source, to = WAYS[transition]
        ends = {} if to == State.OPEN else {"decided_at": at}
        move_state(
            fresh, transition, sources=[source], to=to, by=fresh.decided_by, at=at, values=ends
        )


def _tell(binding: Binding, chat: int, at: datetime) -> None:
    """Tell administrators what came of a code, where it is theirs to know."""
    if binding.person is not None:
        said = Message("{who} подключился(лась)", {"who": binding.person.full_name})
    elif binding.locked:
        said = Message("Пять неверных кодов: чат {chat} закрыт на 1 час", {"chat": str(chat)})
    else:
        return
    put_notice(Notice(f"code:{uuid4()}", Text.of(said), roles=(ADMINISTRATOR,)), at)


def _administering(by: Person) -> Actor:
    """Return who acts in the office: its permission stands for the role."""
    actor = actor_of(by)
    return replace(actor, roles=actor.roles | {ADMINISTRATOR})


def actor_of(person: Person) -> Actor:
    """Return a person as the engine knows him."""
    return Actor(str(person.pk), person.full_name, person.role_codes, person.language)


def person_of(actor: Actor) -> Person:
    """Return the row of an actor."""
    return person_row(actor.id)
