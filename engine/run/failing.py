"""System transitions that break: counted in rows, parked after three, tried again when a person
lets them (domain 6.3).

Start at `broke` and `parked`. A record that is parked waits in plain sight, and the owner of its
state has a task."""

from __future__ import annotations

from engine.languages.message import Message
from engine.model.text import Text, lines
from engine.model.values import Row
from engine.model.work import RETRY, TaskWanted
from engine.run.lives import Doing, Lives, open_task
from engine.run.machine import LifecycleMachine

TRIES = 3  # without a person
WARN_S, BREACH_S = 15 * 60, 45 * 60  # as a decision that somebody waits for


def parked(lives: Lives) -> frozenset[tuple[str, str, str]]:
    """Return the transitions, by kind and id of their records, that the system leaves alone until
    a person says so."""
    return lives.failures.often(TRIES)


def broke(
    doing: Doing, machine: LifecycleMachine, record: Row, transition: str, error: Exception
) -> None:
    """Count that a transition of a record broke; the third time it is parked: the record says why
    it waits, and the owner of its state gets a task."""
    lives, life = doing.lives, machine.lifecycle
    why = str(error)
    times = lives.failures.add(record.kind, record.id, transition, why, doing.at)
    if times < TRIES:
        return
    said = Message("остановлено после {times} ошибок: {why}", {"times": str(times), "why": why})
    lives.records.waits(record.kind, life.field, {record.id: said})
    state = machine.state(machine.standing(record))
    around = lives.around(doing.at)
    env = machine.env(record)
    to = around.receivers((state.owner,) if state and state.owner else (), env)
    who = record.title or life.title
    words = {"title": life.title_of(transition), "record": who}
    open_task(
        lives,
        TaskWanted(
            kind=RETRY,
            record=record.kind,
            record_id=record.id,
            title=Message("{record}: не получается «{title}»", words),
            text=lines(Text.of(Message("⚠️ {record}: не получается «{title}»", words)), said),
            to=to,
            lifecycle=life.lifecycle,
            buttons=((transition, ""),),
            warn_s=WARN_S,
            breach_s=BREACH_S,
        ),
        doing.at,
    )


def went(lives: Lives, record: Row, transition: str) -> None:
    """Forget what broke before: the transition went well."""
    lives.failures.clear(record.kind, record.id, transition)
