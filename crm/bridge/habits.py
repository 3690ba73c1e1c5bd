"""What turns ask again and again, to be asked along with their chat.

A form that stands at a question asks for the same lists whoever fills it in: whether deliveries are
expected, the page that it shows next. What a turn asked that began at a place is read with the next
chat that stands there, by the statement that locks it. Only what needs nothing given is learnt. The
answers are those of that very turn; a guess that is wrong costs a part of a statement. Start at
`Habits`."""

from __future__ import annotations

from crm.prepared import Prepared
from engine.model.address import without_keys
from engine.model.conversation import Chat

MOST = 20_000  # chats; of others nothing is guessed
Place = tuple[str, str, str]  # a screen, the form on top and its question


class Habits:
    """Where the chats of this process stand, and what was asked the last time from there."""

    def __init__(self) -> None:
        self._at: dict[int, Place] = {}
        self._asked: dict[Place, tuple[Prepared, ...]] = {}
        self._places: dict[Place, Place] = {}  # each is held once

    def of(self, chat: int) -> tuple[Prepared, ...]:
        """Return what the next turn of a chat will ask, as far as can be guessed."""
        place = self._at.get(chat)
        return self._asked.get(place, ()) if place is not None else ()

    def learn(self, chat: Chat, asked: tuple[Prepared, ...]) -> None:
        """Keep what a turn of a chat asked, and where it left the chat."""
        began = self._at.get(chat.id)
        if began is not None:
            self._asked[began] = asked
        if len(self._at) >= MOST:
            self._at.clear()
        top = chat.top
        step = without_keys(top.step) if top else ""
        place = chat.screen.name, top.flow if top else "", step
        self._at[chat.id] = self._places.setdefault(place, place)


HABITS = Habits()
