"""What is still worth trying at a question, in order. Start at `acts`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from engine.expressions.parse import calls, parse
from engine.model.conversation import Input
from engine.run.draft import Draft
from engine.run.walk import Stop
from engine.steps.bounds import BoundedStep
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.show import ShowStep
from engine.steps.sources import RowsStep
from engine.talk.explore.answers import answers, text_of, tick_to, ticked_now
from engine.talk.explore.goals import Goal, Sort, check_name
from engine.talk.explore.imagine import turn
from engine.talk.explore.made import NONE
from engine.talk.explore.probes import probes

if TYPE_CHECKING:
    from engine.talk.explore.player import Player

EMPTY, MANY_TRIED = "пустой список", 8


@dataclass(frozen=True, slots=True)
class Act:
    """Something to try: the goals that it meets, its inputs (or what it does instead), whether the
    question must take the last input (None: either is right), whether to come back afterwards."""

    name: str
    goals: tuple[Goal, ...]
    inputs: tuple[Input, ...] = ()
    do: Callable[[], bool] | None = None
    good: bool | None = None
    comes_back: bool = True


def acts(player: Player, draft: Draft, stop: Stop) -> Iterator[Act]:
    """Give what is open at a question."""

    def goal(sort: Sort, what: str = "") -> Goal | None:
        found = Goal(sort, stop.flow.name, stop.node.path, what)
        return found if found in player.goals else None

    for probe in probes(stop, draft):
        wanted = goal(probe.sort, probe.what)
        if wanted is not None:
            yield Act(f"{probe.sort} {probe.what}", (wanted,), probe.inputs, None, probe.good)
    back, skip = goal(Sort.BACK), goal(Sort.SKIP)
    if back is not None and player.hall.offers("back"):
        yield Act("назад", (back,), (Input.press("back"),), comes_back=False)
    yield from _checks(player, draft, stop, goal)
    yield from _options(draft, stop, goal)
    yield from _ways(player, draft, stop, goal)
    if skip is not None and player.hall.offers("skip"):
        yield Act("пропустить", (skip,), (Input.press("skip"),))


Open = Callable[..., Goal | None]


def at_name(at: int) -> str:
    """Return the mark of a check that a way to break it was looked for."""
    return f"искали {at}"


def _checks(player: Player, draft: Draft, stop: Stop, goal: Open) -> Iterator[Act]:
    """Break each check: by another answer, or by what a fact answers."""
    name = stop.node.step.name
    for at, check in enumerate(stop.node.step.check):
        wanted = goal(Sort.REFUSAL, check_name(at))
        if wanted is None or (stop.address, at_name(at)) in player.tried:
            continue
        player.tried.add((stop.address, at_name(at)))
        for good in answers(stop, draft, player.hints)[:MANY_TRIED]:
            dials = dict(player.hall.facts.dials)
            more = {name: good.value}
            found = turn(
                player.hall.facts, player.world, check.that, draft, stop, wanted=False, more=more
            )
            if found:
                do = partial(_broken, player, draft, stop, good.inputs, dials)
                yield Act(check_name(at), (wanted,), do=do)
                return


def _broken(
    player: Player, draft: Draft, stop: Stop, inputs: tuple[Input, ...], dials: dict[str, int]
) -> bool:
    """Give an answer that a check refuses, then let facts answer as before."""
    went = player.give(stop, draft, inputs)
    player.hall.facts.dials = dials
    return went


def _options(draft: Draft, stop: Stop, goal: Open) -> Iterator[Act]:
    step, view = stop.node.step, draft.view(stop)
    if isinstance(step, ChoiceStep):
        for code in step.offered(view):
            wanted = goal(Sort.OPTION, code)
            if wanted is not None:
                yield Act(f"вариант {code}", (wanted,), (Input.press("option", code),))
    elif isinstance(step, ChoicesStep):
        for code in step.offered(view):
            wanted = goal(Sort.OPTION, code)
            if wanted is not None:
                inputs = tick_to((code,), ticked_now(step, view))
                yield Act(f"вариант {code}", (wanted,), inputs)


def _ways(player: Player, draft: Draft, stop: Stop, goal: Open) -> Iterator[Act]:
    step, hall = stop.node.step, player.hall
    for word, act in (("default", "default"), ("suggest", "suggested")):
        wanted = goal(Sort.WAY, word)
        if wanted is not None and hall.offers(act):
            yield Act(word, (wanted,), do=lambda act=act: hall.press(act))  # type: ignore[misc]
    if isinstance(step, BoundedStep):
        for title in step.buttons:
            wanted = goal(Sort.WAY, f"кнопка «{title}»")
            if wanted is not None and hall.offers("ready", title):
                yield Act(f"кнопка {title}", (wanted,), (Input.press("ready", title),))
    if isinstance(step, PicksStep) and (wanted := goal(Sort.WAY, "all")) is not None:
        yield Act("all", (wanted,), (Input.press("all"),))
    if isinstance(step, ShowStep) and (wanted := goal(Sort.WAY, "листать")) is not None:
        turns = (Input.press("turn", "1"),)
        yield Act("листать", (wanted,), turns)
    if isinstance(step, ChoiceStep | PickStep):
        yield from _typed(player, step, goal)
    if isinstance(step, PickStep | PicksStep):
        yield from _empty(player, step, goal)


def _typed(player: Player, step: ChoiceStep | PickStep, goal: Open) -> Iterator[Act]:
    """Type what is in no list: a new row, another answer."""
    for word in ("add", "other"):
        wanted = goal(Sort.WAY, word)
        if wanted is None:
            continue
        said = "Новая запись" if word == "add" else _other(step)

        def do(said: str = said) -> bool:
            player.hall.send(Input.text(said))
            if player.hall.offers("keep_typed"):
                player.hall.press("keep_typed")
            return True

        yield Act(word, (wanted,), do=do)


def _other(step: ChoiceStep | PickStep) -> str:
    assert step.other is not None
    if step.other.text is not None:
        return text_of(step.other.text[0] + 1)
    return "1"


def _empty(player: Player, step: RowsStep, goal: Open) -> Iterator[Act]:
    """Look at a list when there is nothing in it."""
    wanted = goal(Sort.WAY, EMPTY)
    names = calls(parse(step.from_)) & set(player.world.facts) if step.is_fact else set()
    if wanted is None or not names:
        return

    def do() -> bool:
        facts = player.hall.facts
        before = dict(facts.dials)
        facts.dials |= {name: player.world.dial(name, NONE) for name in names}
        player.hall.send(Input.show())
        facts.dials = before
        player.hall.send(Input.show())
        return True

    yield Act(EMPTY, (wanted,), do=do)
