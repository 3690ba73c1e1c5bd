"""Who talks in a chat: the People port over rows and operations."""

from __future__ import annotations

from datetime import datetime

from crm.people.models import Person
from crm.people.operations.bind import bind
from crm.people.operations.request_access import request_access
from crm.people.operations.save_person import save_person
from engine.errors import Refusal, Refused
from engine.model.conversation import Actor


class DjangoPeople:
    """The People port."""

    def actor(self, chat: int) -> Actor | None:
        """Return the active person of a chat with the roles held now: every turn asks, so it is
        one statement."""
        found = Person.objects.active().filter(telegram_id=chat).order_by()
        rows = list(found.values_list("pk", "full_name", "language", "roles__role"))
        if not rows:
            return None
        identity, name, language, _ = rows[0]
        return Actor(str(identity), name, frozenset(row[3] for row in rows if row[3]), language)

    def bind(self, chat: int, code: str, at: datetime) -> Actor | Refusal:
        """Bind a chat by an invitation code."""
        binding = bind(None, chat_id=chat, code=code, at=at)
        if binding.person is None:
            return binding.refusal or Refusal("Код не подходит")
        return actor_of(binding.person)

    def ask_access(self, chat: int, said: str, at: datetime) -> Refusal | None:
        """Keep a request for access."""
        try:
            request_access(None, chat_id=chat, said=said, at=at)
        except Refused as refused:
            return refused.refusal
        return None

    def set_language(self, actor: Actor, language: str) -> Actor:
        """Keep the language that a person chose and return him with it."""
        person = person_of(actor)
        return actor_of(save_person(person, person=person, language=language))


def actor_of(person: Person) -> Actor:
    """Return a person as the engine knows him."""
    return Actor(str(person.pk), person.full_name, person.role_codes, person.language)


def person_of(actor: Actor) -> Person:
    """Return the row of an actor."""
    return Person.objects.get(pk=int(actor.id))
