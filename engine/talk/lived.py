"""What the talks reached of the lifecycles: transitions done, and conditions that refused with
their text.

A refusal counts when a line of the talk says its text: that it came about is not enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import Place
from engine.load.tree import Path, Tree
from engine.run.program import Program
from engine.schema.lifecycle import SAME, Lifecycle, Transition
from engine.talk.memory import Memory
from engine.talk.parse import Happens, Holds, Sees, Talk
from engine.talk.phone import fits


@dataclass(frozen=True, slots=True)
class Point:
    """What a talk must show: a form of a transition done, or its condition refused; `say` is what
    the refusal says, as it is written."""

    transition: str
    form: int
    condition: int | None = None
    say: str = ""


@dataclass(frozen=True, slots=True)
class Lived:
    """A lifecycle's points, in order, those that talks showed, and where each is written."""

    lifecycle: str
    all: tuple[Point, ...]
    shown: frozenset[Point]
    places: Mapping[Point, Place]

    @property
    def missed(self) -> tuple[Point, ...]:
        """Points that no talk showed, in order."""
        return tuple(one for one in self.all if one not in self.shown)


@dataclass
class Chronicle:
    """Collects points while talks are played: give `unmet` to the plant, and tell it of the end of
    each talk."""

    program: Program
    _shown: dict[str, set[Point]] = field(default_factory=dict)
    _refused: list[tuple[str, Point, str]] = field(default_factory=list)  # in the present talk

    def unmet(self, lifecycle: str, form: Transition, at: int, said: str) -> None:
        """Learn of a condition that does not hold."""
        life = self.program.lifecycles[lifecycle].lifecycle
        for point in points(life):
            if point.condition == at and life.forms(point.transition)[point.form] == form:
                self._refused.append((lifecycle, point, said))

    def ended(self, talk: Talk, memory: Memory) -> None:
        """Learn from a talk that went as written."""
        for changed in (one for lines in memory.history.values() for one in lines):
            change = changed.change
            forms = self.program.lifecycles[change.lifecycle].lifecycle.forms(change.transition)
            for at, form in enumerate(forms):
                to = change.source if form.to == SAME else form.to
                if change.source in form.sources and change.to == to:
                    self._keep(change.lifecycle, Point(change.transition, at))
        fragments = tuple(_fragments(talk))
        for lifecycle, point, said in self._refused:
            if any(fits(fragment, said) for fragment in fragments):
                self._keep(lifecycle, point)
        self.forget()

    def forget(self) -> None:
        """Forget the refusals of the present talk."""
        self._refused.clear()

    def _keep(self, lifecycle: str, point: Point) -> None:
        self._shown.setdefault(lifecycle, set()).add(point)

    def of(self, lifecycle: Lifecycle, tree: Tree) -> Lived:
        """Return what was shown of a lifecycle."""
        every = tuple(points(lifecycle))
        places = {point: tree.place(_path(tree, point)) for point in every}
        shown = frozenset(self._shown.get(lifecycle.lifecycle, set()))
        return Lived(lifecycle.lifecycle, every, shown, places)


def points(life: Lifecycle) -> Iterator[Point]:
    """Give every form of every transition, each followed by its conditions."""
    for name, forms in life.transitions.items():
        for at, form in enumerate(forms):
            yield Point(name, at)
            for index, guard in enumerate(form.require):
                yield Point(name, at, index, guard.say)


def _path(tree: Tree, point: Point) -> Path:
    path: Path = ("transitions", point.transition)
    if (*path, point.form) in tree.values:
        path = (*path, point.form)
    return path if point.condition is None else (*path, "require", point.condition)


def _fragments(talk: Talk) -> Iterator[str]:
    """Give what a talk says that it sees, or that somebody waits for, as fragments of a text."""
    for line in talk.lines:
        match line:
            case Sees(where="<" | "<<", what=what):
                fragment = what
            case Holds(words=("waits", _, *text)) | Happens(words=("refused", _, _, _, *text)):
                fragment = f"…{' '.join(text)}…"
            case _:
                continue
        if fragment.strip("… "):
            yield fragment
