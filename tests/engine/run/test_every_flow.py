"""X65, X72, over all shipped flows: no question is without buttons and no button without somebody
who takes it; every question but the first has a way back, every answer can be edited at the review.
«Помощь» is at each of them (domain 3.24).

The talks of a form are played by a worker who tries out, at each question that he comes to, all of
its buttons, each in a world that is thrown away. A new form with its talk is tried without a word
here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from engine.model.address import path_of
from engine.model.conversation import Button, Chat, Session
from engine.run.anywhere import openable
from engine.run.arrival import Arrival
from engine.run.review import HIDDEN
from engine.run.stages import VALUE
from engine.run.tokens import callback_data
from engine.steps.call import CallStep
from engine.talk.parse import Talk, find_talks
from engine.talk.play import play
from engine.talk.stage import Stage
from tests.engine.rehearsal import FLOWS, program, rehearser

DEAD = ("уже не действует", "не ваша кнопка", "Это не ваше")  # toasts of a button nobody takes
TALKS = list(find_talks(FLOWS))
STAYS = ("refresh", "list", "turn")  # what is the same when it is looked at again


class Over(Exception):
    """The end of a world."""


@contextmanager
def aside(stage: Stage) -> Iterator[Stage]:
    """Give another hand on the same phones; whatever it does is undone."""
    try:
        with stage.plant.memory.transaction():
            yield Stage(stage.plant, stage.rebuild, messages=[*stage.messages], _update=1_000_000)
            raise Over
    except Over:
        pass


@dataclass
class Trying(Stage):
    """A stage whose workers try out all buttons of each question before they answer it. `stood` are
    the questions that a form came by, `tried` those whose buttons were pressed, by flow and path;
    `edited` the answers that were opened from a review."""

    stood: dict[str, list[str]] = field(default_factory=dict)
    tried: set[tuple[str, str, tuple[str, ...]]] = field(default_factory=set)
    edited: set[tuple[str, str]] = field(default_factory=set)

    def _serve(self, arrival: Arrival) -> None:
        """Let an update or a signal come in, then try out the question that stands."""
        super()._serve(arrival)
        standing = self.plant.ports.chats.load(arrival.chat)
        if standing.screen.name == "question" and standing.top is not None:
            self._try(standing, standing.top)

    def _try(self, standing: Chat, form: Session) -> None:
        before = self._came_by(form)
        acts = tuple(sorted({one.act for one in standing.buttons}))
        where = (form.flow, path_of(form.step), acts)
        assert standing.buttons, f"{where}: no buttons"
        self._opens_over(standing, form)
        if where in self.tried:
            return
        self.tried.add(where)
        for at, button in enumerate(standing.buttons):
            with aside(self) as hand:
                self._press(hand, standing, at, button)
        if form.waiting:
            return
        self._go_back(standing, form, before)
        if form.step == "review":
            self._edit_each(standing, form)

    def _opens_over(self, standing: Chat, form: Session) -> None:
        """«Помощь» is at every question (domain 3.24)."""
        people = self.plant.memory.people.values()
        [roles] = [one.roles for one in people if one.chat == standing.id]
        over = {flow.name for flow in openable(program(), roles, form.flow)}
        there = {one.arg for one in standing.buttons if one.act == "flow"}
        assert over <= there, f"{form.flow}, {form.step}: no way to {over - there}"

    def _came_by(self, form: Session) -> str:
        """Keep that a form stands at a question; return the one it stood at before, in order."""
        way = self.stood.setdefault(str(form.id), [])
        if form.editing or self._kind(form, form.step) in ("value", "wait"):
            return way[-1] if way else ""
        if form.step in way and self._kind(form, form.step) != "repeat":
            del way[way.index(form.step) :]
        way.append(form.step)
        return way[-2] if len(way) > 1 else ""

    def _press(self, hand: Stage, standing: Chat, at: int, button: Button) -> Chat:
        """Press a button; somebody must take it. Return the chat after."""
        top, shown = standing.top, self.screen(standing.id)
        assert top is not None
        where = f"{top.flow}, {top.step}: [{button.title}] ({button.act} {button.arg})"
        data = callback_data(standing.token, standing.turn, at)
        hand.arrive(standing.id, data=data)
        after, now = self.plant.ports.chats.load(standing.id), hand.screen(standing.id)
        toast = hand.toasts.get(standing.id, "")
        assert not any(one in toast for one in DEAD), f"{where}: {toast}"
        assert now is not None, f"{where}: silence"
        assert now.buttons, f"{where}: no buttons after it"
        assert "Сюда не подходит" not in now.text, f"{where}: {now.text}"
        moved = (after.sessions, after.screen) != (standing.sessions, standing.screen)
        said = shown is None or now.text != shown.text
        assert moved or said or toast or button.act in STAYS, f"{where}: nothing came of it"
        return after

    def _go_back(self, standing: Chat, form: Session, before: str) -> None:
        found = [at for at, one in enumerate(standing.buttons) if one.act == "back"]
        if self._kind(form, form.step) == "repeat" and not found:
            return  # a list with rows in it is left by its rows
        assert len(found) == bool(before), f"{form.flow}, {form.step}: {len(found)} ways back"
        for at in found:
            with aside(self) as hand:
                there = self._press(hand, standing, at, standing.buttons[at])
                after = there.top
                assert after is not None
                if there.screen.name == "resume":  # who was away is asked first whether he goes on
                    continue
                again = form.step if VALUE in form.look else before
                assert form.editing or after.step in (before, again), f"back to {after.step}"
                lost = {name for name in form.answers if name not in after.answers}
                assert all("." in name for name in lost), f"{form.step}: back loses {lost}"
                if before in form.answers and self._kind(form, before) != "repeat":
                    assert after.answers[before] == form.answers[before]

    def _edit_each(self, standing: Chat, form: Session) -> None:
        edits = {one.arg: at for at, one in enumerate(standing.buttons) if one.act == "edit"}
        asked = [one for one in form.trail if self._is_edited(form, one)]
        missing = [one for one in asked if one not in edits and one.rpartition(".")[0] not in edits]
        assert not missing, f"{form.flow}: cannot be edited: {missing}"
        for address, at in edits.items():
            with aside(self) as hand:
                there = self._press(hand, standing, at, standing.buttons[at])
                top = there.top
                assert top is not None
                if there.screen.name == "resume":
                    continue
                assert top.step in (address, *form.trail), f"{address}: edit opens {top.step}"
                [back] = [at for at, one in enumerate(there.buttons) if one.act == "back"]
                hand.arrive(standing.id, data=callback_data(there.token, there.turn, back))
                top = self.plant.ports.chats.load(standing.id).top
                assert top is not None
                assert (top.step, top.answers) == ("review", form.answers), address
                self.edited.add((form.flow, path_of(address)))

    def _is_edited(self, form: Session, address: str) -> bool:
        return self._kind(form, address) not in HIDDEN

    def _kind(self, form: Session, address: str) -> str:
        found = program().node(form.flow, address)
        return found.node.step.kind if found else ""


def talks_of(flow: str) -> list[Talk]:
    """Return the talks of a flow, the straight one first; of one that others call, theirs too."""
    callers = [
        name
        for name, one in program().flows.items()
        if any(isinstance(it.step, CallStep) and it.step.flow == flow for it in one.index.values())
    ]
    names = [flow, *callers]
    found = [(one.path.rpartition("/")[2].split(".")[:-1], one) for one in TALKS]
    mine = [(len(name), one.path, one) for name, one in found if name[0] in names]
    return [one for _, _, one in sorted(mine, key=lambda it: it[:2])]


def paths(flow: str) -> set[str]:
    """Return the questions of a flow, without those of a flow it calls. A list over given rows asks
    nothing itself."""
    index = program().flows[flow].index
    asking = {path: node.step for path, node in index.items() if node.step.asks}
    return {path for path, step in asking.items() if not getattr(step, "over", "")}


def own(flow: str, found: set[tuple[str, str]]) -> set[str]:
    """Return of what was found the questions of a flow, also where another one called it."""
    mine = set()
    for of, path in found:
        if of == flow:
            mine.add(path)
            continue
        head, _, rest = path.partition(".")
        node = program().flows[of].index.get(head)
        if node is not None and isinstance(node.step, CallStep) and node.step.flow == flow:
            mine.add(rest)
    return mine


@pytest.mark.parametrize("flow", sorted(program().flows))
def test_every_question_has_buttons_that_work_a_way_back_and_can_be_edited(flow: str) -> None:
    wanted = paths(flow)
    tried: set[str] = set()
    edited: set[str] = set()
    for talk in talks_of(flow):
        if wanted <= tried:
            break
        fresh = rehearser().stage()
        stage = Trying(fresh.plant, fresh.rebuild)
        play(talk, stage)
        tried |= own(flow, {(of, path) for of, path, _ in stage.tried})
        edited |= own(flow, stage.edited)
    assert wanted <= tried, f"no talk comes to {sorted(wanted - tried)}"
    assert edited or "review" not in wanted or len(wanted) == 1
