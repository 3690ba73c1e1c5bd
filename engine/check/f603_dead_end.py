"""F603: a state where a record would stay: nobody owns it, or nothing leaves it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIFE
from engine.check.f601_unknown_state import unknown_states
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import LifecycleSketch

UNSEEN = "запись ждала бы здесь, и никто не знал бы об этом"
FOREVER = "запись осталась бы здесь навсегда"


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every state."""
    for life in subject.project.lives.values():
        yield from _of(life)


def _of(life: LifecycleSketch) -> Iterator[Finding]:
    left = {source for _, _, form in life.transitions for source in form.sources}
    certain = life.whole and not any(unknown_states(life))
    for state, form in life.states.items():
        place = life.tree.key(("states", state))
        if form.final and state in left:
            message = say("из конечного состояния «{state}» есть переход", state=state)
            yield Finding(place, "F603", message, "уберите «final» или переход")
        elif not form.final and not form.owner:
            message = say("у состояния «{state}» нет хозяина", state=state)
            yield Finding(place, "F603", message, "добавьте «owner:» или «final: true»", UNSEEN)
        elif not form.final and state not in left and certain:
            message = say("из состояния «{state}» нет пути дальше", state=state)
            yield Finding(place, "F603", message, "добавьте переход или «final: true»", FOREVER)


RULE = Rule(
    "F603",
    "у состояния нет хозяина или пути дальше",
    find,
    (
        Example(
            LIFE,
            "received: {title: Принята, owner: porter}",
            "received: {title: Принята}",
            "received: {title: Принята, owner: foreman}",
            "received",
            "owner",
        ),
        Example(
            LIFE,
            "  done: {title: Закрыта, final: true}",
            "  done: {title: Закрыта, owner: porter}",
            "  done: {title: Готова, final: true}",
            "done",
            "final",
        ),
    ),
    "Запись осталась бы в этом состоянии навсегда, и никто не знал бы, что её ждут.",
)
