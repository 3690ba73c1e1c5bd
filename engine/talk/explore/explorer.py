"""Go through every path of flows: plan plays, play them, say what was met. Start at `explore`."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from engine.model.address import path_of
from engine.run.program import Program
from engine.run.stored import unpack_session
from engine.talk.explore.conditions import AFTER, SAVE
from engine.talk.explore.corners import UNSAVED
from engine.talk.explore.goals import Goal, Sort, goals_of, one_of
from engine.talk.explore.imagine import SKIPPED, Filled, Imagination
from engine.talk.explore.made import VERY_MANY
from engine.talk.explore.player import Played, Player
from engine.talk.explore.seek import BASES, seek, sought_of
from engine.talk.explore.sight import DEAD_END, Sight, Trouble
from engine.talk.explore.world import Setting, World
from engine.talk.samples import Samples

SEED, TRIES, MOST_PLAYS = 7, 250, 60
ROW_TRIES, LED_TRIES, FEW, FRUITLESS, BARREN = 20, 200, 8, 40, 4
BLOCKS = (SAVE, AFTER)
MOST_GIVEN = 8  # sets of parameters that are tried for one goal
NO_ANSWER = "ни один ответ не принимается"


@dataclass
class Explored:
    """What came of a flow: its goals and those that were met, plays, troubles, taps, why plays got
    stuck, seconds."""

    flow: str
    goals: tuple[Goal, ...]
    met: set[Goal] = field(default_factory=set)
    played: list[Played] = field(default_factory=list)
    planned: list[tuple[Filled, int]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def troubles(self) -> list[Trouble]:
        """Everything that must not be, once each."""
        return list(dict.fromkeys(one for play in self.played for one in play.troubles))

    @property
    def taps(self) -> list[int]:
        """Taps of the straight ways that were saved."""
        return sorted(one.taps for one in self.played if one.taps is not None)


class Explorer:
    """Explores one flow."""

    def __init__(
        self, program: Program, samples: Samples, flow: str, *, pairs: bool = True
    ) -> None:
        self.world = World(program, samples, flow)
        self.random = Random(f"{SEED}{flow}")
        self.imagination = Imagination(self.world, self.random, pairs=pairs)
        goals = [
            goal
            for one in self.world.flows
            for goal in goals_of(
                self.world.program,
                one.name,
                pairs=pairs,
                inner=one is not self.world.flow,
                absent=self.world.absent(one),
            )
        ]
        self.open = set(goals)
        self.done = Explored(flow, tuple(goals))
        self.imaginable = {
            one
            for one in goals
            if one.sort in (Sort.BRANCH, Sort.PAIR)
            or (one.sort is Sort.REFUSAL and sought_of(self.world, one) is not None)
        }
        self.imagined: list[Filled] = []
        self.saved: dict[str, str] = {}  # sessions, as they are stored
        self.remembered: set[str] = set()  # fields that they answer
        self.worked: list[dict[str, int]] = []  # dials of facts with which forms were saved
        self.givens: list[Mapping[str, int]] = []  # parameters with which they were

    def plan(self) -> None:
        """Imagine many forms and keep the few that meet all that any of them meets."""
        seen: set[Goal] = set()
        last = 0
        for at in range(TRIES):
            setting = self.imagination.setting() if at > 1 else Setting()
            skips = 1.0 if at == 1 else SKIPPED
            self.imagined.append(self.imagination.fill(setting, skips=skips))
            if self.imagined[-1].goals - seen:
                last, seen = at, seen | self.imagined[-1].goals
            if at - last > FRUITLESS and seen >= self.imaginable:
                break
        for goal in sorted(self.open & self.imaginable - seen):
            found = self._sought(goal)
            if found is not None:
                self.imagined.append(found)
        left = {goal for one in self.imagined for goal in one.goals} & self.open
        for pool in ([one for one in self.imagined if one.whole], self.imagined):
            left = self._keep_best(pool, left)
        if not self.done.planned:
            self.done.planned.append((self.imagined[0], 0))

    def _sought(self, goal: Goal) -> Filled | None:
        """Look for a form that comes to a goal that chance has not found."""
        sought = sought_of(self.world, goal)
        if sought is None:
            return None
        parts = {one_of(goal.flow, one, holds=holds) for one, holds in sought.wanted}
        for base in self._bases(parts):
            found = seek(self.world, self.imagination, base, sought, self.random)
            if found is not None:
                return found
        return None

    def _bases(self, parts: set[Goal]) -> list[Filled]:
        """Return whole forms to begin a search from: for each part of what is sought some that
        have it, of the rarest part first."""
        whole = [one for one in self.imagined if one.whole]
        having = [[one for one in whole if part in one.goals] for part in parts]
        having.sort(key=len)
        chosen = [one for forms in (*having, whole) for one in forms[:BASES]]
        return list({id(one): one for one in chosen}.values())

    def _keep_best(self, pool: list[Filled], left: set[Goal]) -> set[Goal]:
        """Plan the form that meets most of what is left, again and again; return what none does."""
        while left and pool:
            best = max(pool, key=lambda one: (len(one.goals & left), -one.oddness))
            gained = len(best.goals & left)
            if not gained:
                break
            self.done.planned.append((best, gained))
            left = left - best.goals
        return left

    def play(self) -> None:
        """Play what was planned, then once more for what is still open and can be led to."""
        sight = Sight(self.world.program.languages, lambda sort, said: None)
        for wish, _ in self.done.planned:
            self._one(wish, sight)
        self._lead(sight)
        for play in self.done.played:
            if play.stuck_at is not None and play.stuck_at not in self.done.met:
                at = play.stuck_at
                play.troubles.append(Trouble(DEAD_END, at.flow, at.path, NO_ANSWER))

    def _lead(self, sight: Sight) -> None:
        barren: Counter[Sort] = Counter()
        for goal in sorted(self.open):
            if goal not in self.open or barren[goal.sort] >= BARREN:
                continue
            if len(self.done.played) < MOST_PLAYS:
                self._led_to(goal, sight)
                barren[goal.sort] += goal in self.open

    def _one(self, wish: Filled, sight: Sight, finale: Goal | None = None) -> None:
        player = Player(
            self.world, wish, self.open, sight, hints=self.imagination.hints, finale=finale,
            saved=self.saved, worked=self.worked,
        )  # fmt: skip
        played = player.run()
        self._learn(wish, played)
        self.done.played.append(played)
        self.done.met |= played.met
        self.open -= played.met

    def _led_to(self, goal: Goal, sight: Sight) -> None:
        """Play for one goal, where a form can be imagined that comes to it: once more with other
        parameters, where it is the saving that refuses those."""
        given: list[Mapping[str, int]] = []
        for wish in self._leading_to(goal):
            if wish.setting.given in given:
                continue
            given.append(wish.setting.given)
            self._one(wish, sight, goal)
            refused = self.world.flow.given and self.done.played[-1].stuck.startswith(UNSAVED)
            if goal not in self.open or not refused or len(given) == MOST_GIVEN:
                break

    def _leading_to(self, goal: Goal) -> Iterator[Filled]:
        """Give forms that may meet a goal, those first that are likely to be saved."""
        if goal.sort is Sort.ROWS:
            wish = self._with_rows(goal)
            yield from [wish] if wish is not None else []
            return
        fitting = [one for one in self.imagined if goal in one.goals]
        fitting.sort(key=self._unlikely)
        yield from fitting
        if not fitting and goal.path.partition(".")[0] in BLOCKS:
            wish = self._made_whole()
            yield from [wish] if wish is not None else []
        elif not fitting and goal.sort is not Sort.PAIR:
            yield from self._coming_to(goal)

    def _learn(self, wish: Filled, played: Played) -> None:
        """Keep what a saved form is good for: a value that later ones may suggest, parameters and
        facts with which a form is saved."""
        if played.saved is None:
            return
        answers = unpack_session(json.loads(played.saved)).answers
        given = {path_of(at) for at, answer in answers.items() if answer.value is not None}
        if given - self.remembered:
            self.saved[f"before {len(self.saved)}"] = played.saved
            self.remembered |= given
        if played.dials not in self.worked:
            self.worked.append(played.dials)
        self.givens.append(wish.setting.given)

    def _unlikely(self, wish: Filled) -> tuple[bool, bool, int]:
        """Return how little likely an imagined form is to be saved."""
        return not wish.whole, wish.setting.given not in self.givens, wish.oddness

    def _made_whole(self) -> Filled | None:
        """Give a form after which what operations make has every field."""
        plain = [one for one in self.imagined if one.whole]
        plain.sort(key=lambda one: one.oddness)
        return replace(plain[0], setting=replace(plain[0].setting, whole=True)) if plain else None

    def _coming_to(self, goal: Goal) -> Iterator[Filled]:
        """Give imagined forms that come to the step of a goal; new ones when none did."""
        known = [one for one in self.imagined if _comes_to(one, goal)]
        yield from sorted(known, key=lambda one: one.oddness)
        for _ in range(LED_TRIES):
            filled = self.imagination.fill(self.imagination.setting(plain=0.0))
            if _comes_to(filled, goal):
                self.imagined.append(filled)
                yield filled

    def _with_rows(self, goal: Goal) -> Filled | None:
        """Imagine a form with so many rows; where they are many, lists are long."""
        if not goal.what.isdigit() or "*" in goal.path:
            return None
        world, count = self.world, int(goal.what)
        lists = {
            name: world.dial(name, VERY_MANY)
            for name in world.facts
            if world.program.vocabulary.facts[name].result.startswith("list of ")
        }
        for _ in range(ROW_TRIES):
            setting = self.imagination.setting()
            if count > FEW:
                setting = replace(setting, facts={**setting.facts, **lists})
            filled = self.imagination.fill(setting, {goal.path: count})
            if filled.whole:
                return filled
        return None


def _comes_to(filled: Filled, goal: Goal) -> bool:
    """Tell whether an imagined form comes to the step of a goal, in a flow that it calls too."""
    there = [place for place in filled.answers if filled.answers[place] != ""]
    if goal.sort is Sort.BACK:
        there = there[1:]
    called = "" if goal.flow == filled.session.flow else f".{goal.path}"
    paths = map(_path, there)
    return filled.whole and any(
        path == goal.path if not called else path.endswith(called) for path in paths
    )


def _path(place: str) -> str:
    return ".".join("*" if part.isdigit() else part for part in place.split("."))


def explore(
    program: Program, samples: Samples, flows: Iterable[str], *, run: bool, pairs: bool = True
) -> Iterator[Explored]:
    """Explore flows one after another; without `run` the plays are only planned."""
    for flow in flows:
        start = time.perf_counter()
        explorer = Explorer(program, samples, flow, pairs=pairs)
        explorer.plan()
        if run:
            explorer.play()
        explorer.done.seconds = time.perf_counter() - start
        yield explorer.done
