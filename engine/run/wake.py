"""Forms at a `wait until`: they look again when a commit brought about what they wait for.

Start at `wake`. Two chats are never locked together: a form is told by a row of the outbox."""

from __future__ import annotations

import logging
from datetime import datetime

from engine.errors import EngineError
from engine.model.conversation import Chat, Kind, Screen, Signal
from engine.run.draft import Draft
from engine.run.lives import Lives
from engine.steps.wait import WaitStep

log = logging.getLogger(__name__)
QUESTION = Screen("question")


def wake(lives: Lives, now: datetime) -> int:
    """Tell every form in sight whose wait is over by its condition; return how many there were.

    The condition itself is asked: what it reads is known to its facts alone. A form that cannot be
    looked at holds up nobody; a form behind another screen looks when it is opened."""
    told = 0
    for chat in lives.chats.waiting():
        try:
            with lives.transaction():
                over = _over(lives, chat)
        except EngineError:
            log.exception("the form of chat %s cannot be woken", chat.id)
            continue
        if over and chat.top is not None:
            session = str(chat.top.id)
            key = f"free:{session}:{now.isoformat()}"
            lives.outbox.signal(chat.id, key, Signal(Kind.FREE, session), now)
            told += 1
    return told


def _over(lives: Lives, chat: Chat) -> bool:
    top = chat.top
    if top is None or chat.screen != QUESTION:
        return False
    under = lives.program.under(top.digest, top.flow)
    if top.flow not in under.flows:
        return False
    stop = Draft(under, top, lives.reads).stop(top.step)
    step = stop.node.step if stop else None
    return isinstance(step, WaitStep) and bool(step.until and stop and stop.ended)
