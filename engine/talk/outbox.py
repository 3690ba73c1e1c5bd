"""The rehearsal plant's outbox: messages, documents and decisions that wait to be delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from engine.languages.catalogue import SOURCE
from engine.model.conversation import Button, Signal, Verdict
from engine.model.effects import Notice, Paper, ReportWanted
from engine.model.letters import MOVING, Letter
from engine.model.quiet import USUAL, end_of_quiet
from engine.model.text import Text, lines
from engine.ports import Clock
from engine.talk.memory import KeptLetter, Memory
from engine.talk.people import MemoryPeople

CLAIMED_FOR = timedelta(minutes=1)
BACK_OFF_S = (5, 15, 60, 300, 900, 3600)  # domain 9.1.2


class MemoryOutbox:
    """Messages that wait, unique by key and person."""

    def __init__(self, memory: Memory, people: MemoryPeople, clock: Clock) -> None:
        self._memory, self._people, self._clock = memory, people, clock

    def notify(self, notice: Notice) -> int:
        """Write one row a person, holders of `roles` and `people`; return how many they are."""
        named = tuple(self._memory.people[one] for one in notice.people)
        people = dict.fromkeys((*self._people.holders(notice.roles), *named))
        buttons = tuple(Button(title, act, arg) for title, act, arg in notice.buttons)
        now = self._clock.now()
        due = end_of_quiet(now, *USUAL) if notice.can_wait else now
        for person in people:
            self._write(
                KeptLetter("", notice.key, "message", person.id, person.chat, due, notice.text,
                           buttons, notice.pictures)
            )  # fmt: skip
        return len(people)

    def drop(self, key: str) -> None:
        """Take back the notices with a key that are not delivered yet."""
        for letter in tuple(self._memory.letters.values()):
            if letter.key == key and letter.state == "pending":
                self._memory.letters[letter.id] = replace(letter, state="superseded")

    def change(
        self, key: str, note: Text, *, live: bool, but: str = "", over: bool = False
    ) -> None:
        """Change the messages of the notices with a key, or drop them."""
        for letter in tuple(self._memory.letters.values()):
            if letter.key != key or letter.kind != "message" or letter.person == but:
                continue
            number = sum(one.about == letter.id for one in self._memory.letters.values())
            if over and letter.state == "pending" and not (letter.begun or number):
                self._memory.letters[letter.id] = replace(letter, state="superseded")
                continue
            edit = replace(
                letter, key=f"{key}:{number}", kind="edit", about=letter.id, state="pending",
                text=lines(letter.text, note), buttons=letter.buttons if live else (),
                due=self._clock.now(), message=None, begun=False,
            )  # fmt: skip
            self._write(edit)

    def paper(self, paper: Paper) -> None:
        """Write a row for a document to render and send."""
        chat = self._memory.people[paper.person].chat
        self._write(
            KeptLetter("", paper.key, "paper", paper.person, chat, self._clock.now(), paper=paper)
        )

    def verdict(self, chat: int, verdict: Verdict) -> None:
        """Write a row that brings a decision into the chat that waits for it."""
        key = f"verdict:{verdict.deviation}"
        self._write(KeptLetter("", key, "verdict", "", chat, self._clock.now(), verdict=verdict))

    def report(self, report: ReportWanted) -> None:
        """Write a row for a report to make and send."""
        chat = self._memory.people[report.person].chat
        now = self._clock.now()
        self._write(KeptLetter("", report.key, "report", report.person, chat, now, report=report))

    def signal(self, chat: int, key: str, signal: Signal, at: datetime) -> None:
        """Write a row that brings a signal into a chat at a moment."""
        self._write(KeptLetter("", f"signal:{key}", "signal", "", chat, at, signal=signal))

    def _write(self, letter: KeptLetter) -> None:
        identity = uuid5(NAMESPACE_OID, f"{letter.key} {letter.person or letter.chat}").hex
        self._memory.letters.setdefault(identity, replace(letter, id=identity))

    def claim(self, now: datetime, count: int, *, moving: bool = False) -> tuple[Letter, ...]:
        """Claim up to `count` due rows, in order of writing; a claimed row is due again after a
        minute. `moving`: only those that bring a form on."""
        due = [
            letter
            for letter in self._memory.letters.values()
            if letter.state == "pending" and letter.chat and letter.due <= now
            if letter.kind in MOVING or not moving
        ][:count]
        for letter in due:
            self._memory.letters[letter.id] = replace(letter, due=now + CLAIMED_FOR, begun=True)
        return tuple(
            Letter(one.id, one.kind, one.chat, one.text, one.buttons, one.pictures, one.paper,
                   one.verdict, one.attempts, one.signal, one.report, self._language(one),
                   one.about, self._memory.letters[one.about].message if one.about else None)
            for one in due
        )  # fmt: skip

    def _language(self, letter: KeptLetter) -> str:
        return self._memory.people[letter.person].language if letter.person else SOURCE

    def sent(self, letter: str, message: int | None, now: datetime) -> None:
        """Mark a row as delivered."""
        del now
        kept = self._memory.letters[letter]
        self._memory.letters[letter] = replace(kept, state="sent", message=message)

    def failed(
        self, letter: str, error: str, now: datetime, *, after_s: float | None, permanent: bool
    ) -> None:
        """Plan the next try, or give the row up; a named pause is no attempt."""
        kept = self._memory.letters[letter]
        wait, attempts = after_s, kept.attempts
        if wait is None or permanent:
            wait, attempts = BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)], attempts + 1
        self._memory.letters[letter] = replace(
            kept,
            error=error,
            attempts=attempts,
            due=now + timedelta(seconds=wait),
            state="undeliverable" if permanent else kept.state,
        )

    def press(self, letter: str, chat: int, index: int) -> Button | None:
        """Return the button of a delivered row, only in the chat it was delivered to."""
        kept = self._memory.letters.get(letter)
        if kept is None or kept.chat != chat or kept.state != "sent":
            return None
        return kept.buttons[index] if 0 <= index < len(kept.buttons) else None

    def next_due(self) -> datetime | None:
        """Return when the next row is due."""
        return min(
            (
                one.due
                for one in self._memory.letters.values()
                if one.state == "pending" and one.chat
            ),
            default=None,
        )
