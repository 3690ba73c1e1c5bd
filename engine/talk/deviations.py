"""The rehearsal plant's decision requests, and the timers that remind of those that wait too
long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.errors import Refusal
from engine.languages.message import Message
from engine.model.conversation import Actor, Verdict
from engine.model.effects import Notice, Request
from engine.model.text import lines
from engine.ports import Ports, Standing
from engine.run.expire import expire
from engine.run.lives import Lives
from engine.run.program import Program
from engine.run.question import decision_of
from engine.run.screens import COMMENT, answers_of
from engine.run.told import TWICE, told_of_late
from engine.run.watch import next_watch, watch
from engine.talk.jobs import MemoryJobs
from engine.talk.memory import KeptDeviation, Memory
from engine.talk.outbox import MemoryOutbox


class MemoryDeviations:
    """Decision requests, by id."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def request(self, request: Request, chat: int, at: datetime) -> None:
        """Keep a request; the same id twice changes nothing."""
        self._memory.deviations.setdefault(
            request.id,
            KeptDeviation(
                request.id, chat, str(request.session.id), request.session.flow, request.step,
                request.roles, request.card, request.pictures, at, request.warn_s, request.breach_s,
            ),
        )  # fmt: skip

    def withdraw(self, deviation: str, reason: str, at: datetime) -> None:
        """Take a request back, or the approval of a value that was changed; a rejection stays."""
        del at
        kept = self._memory.deviations.get(deviation)
        if kept is not None and kept.state in ("open", "approved"):
            self._memory.deviations[deviation] = replace(kept, state="withdrawn", comment=reason)

    def decide(
        self, verdict: Verdict, actor: Actor, state: str, at: datetime
    ) -> Standing | Refusal:
        """Decide once. Refused when somebody was first, with who and when, and a rejection without
        its reason."""
        kept = self._memory.deviations.get(verdict.deviation)
        if kept is None:
            return Refusal("Этого запроса больше нет")
        if kept.state == "withdrawn":
            return Refusal("Запрос отозван")
        if kept.decided_at is not None:
            return Refusal(
                "Уже сделано: {who}, {time}",
                {"who": kept.decider, "time": f"{kept.decided_at:%H:%M}"},
            )
        if state == "rejected" and len(verdict.comment.strip()) < COMMENT[0]:
            return Refusal("Укажите причину: от 3 до 500 знаков")
        kept = replace(
            kept, state=state, decider=actor.name, decided_at=at, comment=verdict.comment
        )
        self._memory.deviations[kept.id] = kept
        return self._standing(kept)

    def get(self, deviation: str) -> Standing | None:
        """Return a deviation."""
        kept = self._memory.deviations.get(deviation)
        return self._standing(kept) if kept else None

    def open(self, roles: frozenset[str]) -> tuple[Standing, ...]:
        """Return open requests that these roles may decide, oldest first."""
        return tuple(
            self._standing(kept)
            for kept in self._memory.deviations.values()
            if kept.state == "open" and not roles.isdisjoint(kept.roles)
        )

    def _standing(self, kept: KeptDeviation) -> Standing:
        return Standing(
            kept.id, kept.state, kept.chat, kept.session, kept.flow, kept.step, kept.card,
            kept.decider, kept.decided_at, self._memory.digest_of(kept.session),
        )  # fmt: skip


class MemoryTimers:
    """Reminders and escalations of decision requests, each level once; jobs that ended; what the
    clock does with records and tasks."""

    def __init__(
        self,
        program: Program,
        memory: Memory,
        outbox: MemoryOutbox,
        jobs: MemoryJobs,
        lives: Lives,
        ports: Ports,
    ) -> None:
        self._program, self._memory, self._outbox, self._jobs = program, memory, outbox, jobs
        self._lives, self._ports = lives, ports

    def sweep(self, now: datetime) -> int:
        """Fire every reminder that is due and whose request still waits; return how many."""
        fired = self._jobs.sweep(now) + watch(self._lives, now)
        fired += expire(self._program, self._ports, now)
        for name in tuple(self._memory.deviations):
            while (due := self._memory.deviations[name].due()) is not None and due <= now:
                kept = self._memory.deviations[name]
                self._memory.deviations[name] = replace(kept, level=kept.level + 1)
                self._outbox.notify(self._overdue(self._memory.deviations[name], now))
                fired += 1
        return fired

    def next_due(self) -> datetime | None:
        """Return when the next reminder is due."""
        kept = (one.due() for one in self._memory.deviations.values())
        due = (*kept, self._jobs.next_due(), next_watch(self._lives))
        return min((moment for moment in due if moment is not None), default=None)

    def sweep_and_look(self, now: datetime) -> tuple[int, datetime | None]:
        """Sweep, and return how many fired and when the next is due."""
        return self.sweep(now), self.next_due()

    def _overdue(self, kept: KeptDeviation, now: datetime) -> Notice:
        """Remind those who decide, with the buttons; only tell the others (domain 9.1.4)."""
        minutes = int((now - kept.asked_at).total_seconds() // 60)
        under = self._program.under(self._memory.digest_of(kept.session), kept.flow)
        spec = decision_of(under, kept.flow, kept.step)
        buttons = answers_of(spec, kept.id)
        also = spec.told_at_breach if spec else ()
        can_wait = kept.level == TWICE and spec is not None and not spec.critical
        return Notice(
            f"deviation:{kept.id}:{kept.level}",
            lines(Message("⏰ Ждёт {minutes} мин", {"minutes": str(minutes)}), kept.card),
            told_of_late(self._program.project.escalation, kept.level, kept.roles, also),
            buttons=tuple((one.title, one.act, one.arg) for one in buttons if kept.level == 1),
            deviation=kept.id,
            can_wait=can_wait,
        )
