"""The rehearsal plant's people: who talks in a chat, and how an unknown chat becomes somebody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.errors import Refusal
from engine.model.conversation import Actor
from engine.talk.memory import Memory, Person

WRONG_CODES, LOCKED_FOR = 5, timedelta(hours=1)  # domain 4.2
REQUESTS_A_DAY = 3


class MemoryPeople:
    """People of the samples and their chats."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def actor(self, chat: int) -> Actor | None:
        """Return the active person bound to a chat, with the roles held now."""
        for person in self._memory.people.values():
            if person.chat == chat and chat and person.active:
                return Actor(person.id, person.name, person.roles, person.language)
        return None

    def bind(self, chat: int, code: str, at: datetime) -> Actor | Refusal:
        """Bind a chat by an invitation code; five wrong tries lock the chat for an hour."""
        wrong = tuple(
            one for one in self._memory.wrong_codes.get(chat, ()) if at - one < LOCKED_FOR
        )
        if len(wrong) >= WRONG_CODES:
            return Refusal("Слишком много неверных кодов. Попробуйте через час")
        person = self._memory.invitations.pop(code.strip().upper(), "")
        if not person:
            self._memory.wrong_codes[chat] = (*wrong, at)
            return Refusal("Код не подошёл. Проверьте его или запросите доступ")
        self._memory.people[person] = replace(self._memory.people[person], chat=chat)
        return self.actor(chat) or Refusal("Этот человек отключён. Обратитесь к администратору")

    def ask_access(self, chat: int, said: str, at: datetime) -> Refusal | None:
        """Keep a request for access; a chat may ask three times a day."""
        del at
        asked = self._memory.access.get(chat, ())
        if len(asked) >= REQUESTS_A_DAY:
            return Refusal("Сегодня запросов уже достаточно. Администратор их видит")
        self._memory.access[chat] = (*asked, said)
        return None

    def set_language(self, actor: Actor, language: str) -> Actor:
        """Keep the language that a person chose and return him with it."""
        self._memory.people[actor.id] = replace(self._memory.people[actor.id], language=language)
        return replace(actor, language=language)

    def holders(self, roles: tuple[str, ...]) -> tuple[Person, ...]:
        """Return active people who hold any of the roles, each once."""
        return tuple(
            person
            for person in self._memory.people.values()
            if person.active and not person.roles.isdisjoint(roles)
        )
