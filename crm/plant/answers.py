"""What workers answer. Start at `answer`: the field's own way, or the way of its kind of question.

A field's own way makes its numbers likely; without one every question of any flow is still
answered with something that it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crm.plant.asked import Asked, Thing
from crm.plant.meat import typed
from crm.plant.wares import OWN

REASONS = (
    "Перепроверили, подтверждаю",
    "По решению смены",
    "Проверено повторно на месте",
    "Согласовано с начальником смены",
)

Way = Callable[[Asked], Thing | None]


def answer(asked: Asked) -> Thing | None:
    """Return what the worker does at a question; None when he can only wait or give up."""
    own = OWN.get(asked.name) or OWN.get(f"*.{asked.own_name}")
    if own is not None:
        found = own(asked)
        if found is not None:
            return found
    return KINDS.get(asked.kind, _button)(asked)


def _button(asked: Asked) -> Thing | None:
    """Press whatever answers: the last resort of every kind."""
    return asked.act("keep", "default", "suggested", "option", "ready", "next", "done", "skip")


def _number(asked: Asked) -> Thing | None:
    ready = asked.ready()
    if ready is not None and asked.chance.random() < 0.5:
        return ready
    least, most = asked.range
    if most < least:
        return asked.act("skip")
    value = asked.chance.uniform(least, min(most, least + 1000))
    return typed(round(value, asked.decimals) if asked.decimals else max(int(value), int(least)))


def _choice(asked: Asked) -> Thing | None:
    options = asked.options()
    return asked.chance.choice(options) if options else asked.act("skip")


def _picks(asked: Asked) -> Thing | None:
    """Choose everything once, or a row or two; then end the question."""
    every, done = asked.act("all"), asked.act("done")
    if asked.kept("chosen", lambda: 0) == 0 and (every is not None or asked.options()):
        asked.memory["chosen"] = 1
        return every or _choice(asked)
    return done or _choice(asked)


def _photos(asked: Asked) -> Thing | None:
    done = asked.act("done")
    if done is not None:
        return done
    skip = asked.act("skip")
    if skip is not None and asked.chance.random() < 0.5:
        return skip
    return "{photo}"


def _date(asked: Asked) -> Thing | None:
    ready = asked.ready()
    return ready if ready is not None else f"{asked.now:%d.%m.%Y}"


def _moment(asked: Asked) -> Thing | None:
    return asked.ready() or f"{asked.now - timedelta(minutes=5):%d.%m.%Y %H:%M}"


def _time(asked: Asked) -> Thing | None:
    return asked.ready() or f"{asked.now:%H:%M}"


def _text(asked: Asked) -> Thing | None:
    skip = asked.act("skip")
    if skip is not None and asked.chance.random() < 0.6:
        return skip
    return asked.chance.choice(REASONS)


def _repeat(asked: Asked) -> Thing | None:
    """Add rows until there are as many as meant, then end the list."""
    meant = asked.kept(f"rows {asked.name}", lambda: 1)
    rows = len(asked.draft.walk.tables.get(asked.stop.address, ()))
    add = asked.fruitful("add")
    done = asked.act("done")
    if add and (done is None or rows < meant):
        return asked.chance.choice(add)
    return done


def _file(asked: Asked) -> Thing | None:
    return asked.act("done", "skip") or "{pdf}"


KINDS: dict[str, Way] = {
    "number": _number,
    "integer": _number,
    "choice": _choice,
    "yes_no": _choice,
    "pick": _choice,
    "scan": _choice,
    "picks": _picks,
    "ticks": _picks,
    "photos": _photos,
    "date": _date,
    "datetime": _moment,
    "time": _time,
    "text": _text,
    "repeat": _repeat,
    "show": lambda asked: asked.act("next"),
    "file": _file,
    "wait": lambda asked: None,
    "review": lambda asked: asked.act("save"),
}


def about_value(asked: Asked, stage: str) -> Thing | None:
    """Return what the worker says when something is asked about his value: yes, a reason, a photo,
    or a request for a decision."""
    match stage:
        case "confirm":
            slipped: Any = asked.memory.pop("slipped", False)
            return asked.act("no", "yes") if slipped else asked.act("yes")
        case "why" | "reason":
            return asked.chance.choice(REASONS)
        case "photo":
            return "{photo}"
        case _:
            return asked.act("request")
