"""One play: a form gone through on the stage by the real core, trying on its way whatever is still
to be met. Start at `Player.run`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.actions.run import RunAction
from engine.errors import Refusal
from engine.model.address import path_of, within
from engine.model.conversation import Answer, Input, Session, State
from engine.model.values import Value
from engine.run.advance import advance
from engine.run.draft import Draft
from engine.run.stages import AT, OUTSIDE, PHOTO, REASON, VALUE
from engine.run.walk import Stop
from engine.talk.explore import corners
from engine.talk.explore.acts import Act, acts
from engine.talk.explore.answers import Good, answers, same
from engine.talk.explore.goals import AT_ONCE, Goal, Sort, check_name
from engine.talk.explore.hall import Alarm, Hall
from engine.talk.explore.imagine import Filled, outcomes, placed, skipped, turn
from engine.talk.explore.sight import CRASH, MISTAKEN, Sight, Trouble
from engine.talk.explore.world import World

log = logging.getLogger(__name__)

MOST_TURNS, MOST_VISITS, MOST_GOOD = 1500, 12, 14


@dataclass
class Played:
    """What came of a play: what was met, what must not be, where it could not go on, taps of the
    straight way if it was saved."""

    met: set[Goal] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    stuck: str = ""
    stuck_at: Goal | None = None  # the question that took no answer
    sent: int = 0
    taps: int | None = None
    saved: str | None = None  # the session, as it is stored
    dials: dict[str, int] = field(default_factory=dict)  # of the facts with which it was saved


class Player:
    """Plays one form. `goals` are those still open, of this flow and of those that it calls."""

    def __init__(
        self,
        world: World,
        wish: Filled,
        goals: set[Goal],
        sight: Sight,
        *,
        hints: dict[str, tuple[Decimal, ...]],
        finale: Goal | None = None,
        saved: Mapping[str, str] | None = None,
        worked: Iterable[dict[str, int]] = (),
    ) -> None:
        self.world, self.wish, self.goals = world, wish, goals
        self.sight, self.hints, self.finale = sight, hints, finale
        self.worked = tuple(worked)  # dials of facts with which other plays were saved
        self.hall = Hall(world, wish.setting, sight)
        self.hall.stage.plant.memory.sessions.update(saved or {})
        self.played = Played()
        self.identity = ""
        self.return_to = ""  # a question to go back to, to try something else there
        self.editing = ""
        self.visits: dict[str, int] = {}
        self.tried: set[tuple[str, str]] = set()
        self.taps: dict[str, int] = {}
        self.saves = 0
        self.mended: dict[str, Value] = {}
        self.flips: Iterator[dict[str, int]] | None = None
        self.dials: dict[str, int] = {}
        self.refusals: list[str] = []
        self.waited: set[str] = set()

    def run(self) -> Played:
        """Play to the end, or as far as it goes."""
        alarm = Alarm(lambda said: self.trouble(CRASH, said))
        heard = logging.getLogger("engine")
        heard.addHandler(alarm)
        self.sight.met = self.trouble
        try:
            self.hall.begin()
            session = self.hall.chat.top
            self.identity = str(session.id) if session else ""
            while self._turn():
                pass
            self._ended()
        except Exception:
            log.exception("a play broke")  # the alarm hears it: whatever breaks is looked for
        finally:
            heard.removeHandler(alarm)
        self.played.sent = self.hall.sent
        return self.played

    def trouble(self, sort: str, said: str) -> None:
        """Note something that must not be, at the present question."""
        session = self.session or self.hall.chat.top
        path = path_of(session.step) if session else ""
        found = Trouble(sort, self.world.flow.name, path, said)
        if found not in self.played.troubles:
            self.played.troubles.append(found)

    @property
    def session(self) -> Session | None:
        """The session that is played, while it is live."""
        found = (one for one in self.hall.chat.sessions if str(one.id) == self.identity)
        return next(found, None)

    def meet(self, goal: Goal) -> None:
        """Note that a goal is met."""
        self.goals.discard(goal)
        self.played.met.add(goal)

    def is_open(self, sort: Sort, stop: Stop, what: str = "") -> bool:
        """Tell whether a goal of a stop is still open."""
        return Goal(sort, stop.flow.name, stop.node.path, what) in self.goals

    def at(self, sort: Sort, stop: Stop, what: str = "") -> None:
        """Note that a goal of a stop is met."""
        self.meet(Goal(sort, stop.flow.name, stop.node.path, what))

    def give_up(self, why: str) -> bool:
        """End the play where it cannot go on."""
        self.played.stuck = why
        return False

    def _turn(self) -> bool:
        """Do one thing; False when the play is over."""
        session = self.session
        if session is None:
            return False
        if self.hall.sent > MOST_TURNS:
            return self.give_up(f"больше {MOST_TURNS} действий, стоит на {session.step}")
        if self.hall.chat.screen.name == "said":
            return self.hall.press("show") or self.hall.press("go_on")
        if session.state is State.PARKED:
            return corners.decision(self, session)
        draft = self.hall.draft(session)
        stop = draft.stop(session.step)
        if stop is None:
            return self.hall.send(Input.show()) and self.session != session
        self._entered(draft, stop)
        self._refused(draft)
        if VALUE in session.look:
            return corners.about_value(self, draft, stop)
        there = self.return_to not in ("", stop.address) and stop.kind != "review"
        if there and self._goes_back(stop):
            return True
        self.return_to = ""
        match stop.kind:
            case "review":
                return corners.review(self, draft, stop)
            case "repeat":
                return corners.rows(self, draft, stop)
            case "wait":
                return corners.wait(self, draft, stop)
            case _:
                return self._question(draft, stop)

    def _goes_back(self, stop: Stop) -> bool:
        self.return_to = ""
        if not self.hall.press("back"):
            return False
        self.at(Sort.BACK, stop)
        return True

    def _entered(self, draft: Draft, stop: Stop) -> None:
        """Note the called flows that the form is in, and those that it has left."""
        for node in draft.flow.index.values():
            if node.step.kind != "call" or "*" in node.path:
                continue
            inside = within(stop.address, node.path)
            if inside:
                self.meet(Goal(Sort.CALL, draft.flow.name, node.path, "вход"))
            elif any(within(one, node.path) for one in draft.session.answers):
                self.meet(Goal(Sort.CALL, draft.flow.name, node.path, "выход"))

    def _refused(self, draft: Draft) -> None:
        """Note the checks of groups that the answers break."""
        if not draft.session.redo:
            return
        for closing in draft.walk.closings:
            last = draft.walk.stops[closing.last].address
            for at, check in enumerate(closing.node.step.check):
                if last in draft.session.answers and not draft.holds(closing, check.that):
                    path, flow = closing.node.path, closing.flow.name
                    self.meet(Goal(Sort.REFUSAL, flow, path, check_name(at)))

    def _question(self, draft: Draft, stop: Stop) -> bool:
        """Try what is open at a question, else answer it."""
        for act in acts(self, draft, stop):
            key = (stop.address, act.name)
            if key not in self.tried:
                self.tried.add(key)
                self._do(draft, stop, act)
                return True
        return self.answer(draft, stop)

    def _do(self, draft: Draft, stop: Stop, act: Act) -> None:
        if act.good is not None:
            self._judge(draft, stop, act)
        went = act.do() if act.do else self.give(stop, draft, act.inputs)
        if went:
            for goal in act.goals:
                self.meet(goal)
        after = self.session
        if act.comes_back and after is not None and after.step != stop.address:
            self.return_to = stop.address
            self.edited(stop)

    def edited(self, stop: Stop) -> None:
        """Note that an answer opened in the review was given anew."""
        if self.editing == stop.address:
            self.editing = ""
            self.at(Sort.EDIT, stop)

    def _judge(self, draft: Draft, stop: Stop, act: Act) -> None:
        """Compare what the question makes of an input with what it must."""
        session = draft.session
        for given in act.inputs[:-1]:
            session = advance(self.world.program, session, given, draft.reads).session
        now = self.hall.draft(session)
        here = now.stop(stop.address)
        if here is None or session.step != stop.address:
            return
        outcome = here.node.step.read(act.inputs[-1], now.view(here))
        if isinstance(outcome, Refusal) is act.good:
            said = f" «{outcome}»" if isinstance(outcome, Refusal) else ""
            wanted = "должно приниматься" if act.good else "должно быть отказано"
            self.trouble(MISTAKEN, f"{act.name}: {wanted}{said}")

    def give(self, stop: Stop, draft: Draft, inputs: tuple[Input, ...]) -> bool:
        """Do inputs one after another; a row that is on no button is typed."""
        for given in inputs:
            now = self.session
            if now is None or now.step != stop.address or now.state is State.PARKED:
                return True  # it went on by itself, as a slider does that has nothing left
            if not self.hall.send(given):
                title = corners.title_of(self, stop, given)
                if not title or not self.hall.send(Input.text(title)):
                    return False
        return True

    def answer(self, draft: Draft, stop: Stop) -> bool:
        """Give an answer that goes on: the wished one first, then others."""
        place = placed(draft, stop.address)
        visits = self.visits[place] = self.visits.get(place, 0) + 1
        if visits > MOST_VISITS:
            return self.give_up(f"{place} спрошено {visits} раз")
        wanted = self.wish.answers.get(place) if visits <= 2 else None
        if draft.session.redo and visits > 1:
            if place not in self.mended:
                corners.mend(self, draft)
            wanted = self.mended.pop(place, wanted)
        if wanted == "" and self.hall.press("skip"):
            self.at(Sort.SKIP, stop)
            self.at(Sort.ASKED, stop)
            return True
        chosen = self._chosen(draft, stop, wanted, visits)
        if chosen is None:
            if self.hall.press("skip"):
                self.at(Sort.SKIP, stop)
                return True
            self.played.stuck_at = Goal(Sort.ASKED, stop.flow.name, stop.node.path)
            return self.give_up(f"{place}: нет ответа, который принимается")
        given = self.give(stop, draft, chosen.inputs)
        self.edited(stop)
        self.taps[place] = len(chosen.inputs)
        after = self.session
        if after is None or after.step != stop.address or after.state is State.PARKED:
            self.at(Sort.ASKED, stop)
        if not given:
            return self.give_up(f"{place}: на экране нет кнопки ответа")
        return True

    def _chosen(self, draft: Draft, stop: Stop, wanted: Value, visits: int) -> Good | None:
        goods = answers(stop, draft, self.hints)
        current = draft.session.answers.get(stop.address)
        if self.editing == stop.address:
            current = current or Answer(stop.known)
            goods = [one for one in goods if not same(one.value, current.value)] or goods
        elif wanted is not None:
            goods.sort(key=lambda one: not same(one.value, wanted))
        elif visits > 2:
            goods = goods[visits % len(goods) :] + goods[: visits % len(goods)] if goods else []
        parks = corners.deviates(self, stop)
        order: tuple[str, ...] = ("parked", "on", "asks") if parks else ("on", "asks", "parked")
        if any(goal.sort is Sort.CONFIRM and goal.path in (stop.node.path, *stop.node.groups)
               and goal.flow == stop.flow.name for goal in self.goals):  # fmt: skip
            order = ("asks", *(one for one in order if one != "asks"))
        found: dict[str, Good] = {}
        for one in goods[:MOST_GOOD]:
            where = self._leads(draft, stop, one)
            is_wished = wanted is not None and one is goods[0]
            if where.replace("wanted", "parked") == order[0] or (
                is_wished and where in ("asks", "wanted") and not parks
            ):
                return one
            found.setdefault("parked" if where == "wanted" else where, one)
        for where in order[1:]:
            if where in found:
                return found[where]
        for check in stop.node.step.check:
            for one in goods[:4]:
                more = {stop.node.step.name: one.value}
                if turn(
                    self.hall.facts, self.world, check.that, draft, stop, wanted=True, more=more
                ):
                    return one
        return None

    def _leads(self, draft: Draft, stop: Stop, good: Good) -> str:
        """Tell where an answer leads: on, to a request, to a question about it, nowhere."""
        session = draft.session
        if draft.broken(stop, good.value) is not None:
            return "nowhere"
        for given in good.inputs:
            if session.state is not State.TALKING or session.step != stop.address:
                break  # it went on by itself, as a slider does that has nothing left
            session = advance(self.world.program, session, given, draft.reads).session
        asks = str(session.look.get(AT) or "").partition(":")[0]
        if session.state is State.PARKED or asks in (OUTSIDE, REASON, PHOTO):
            there = self.hall.draft(session).located(session.step)
            return "wanted" if corners.wants_decision(self, there) else "parked"
        if VALUE in session.look:
            return "asks"
        went = session.step != stop.address or not session.state.live
        return (
            "on"
            if went or session.answers.get(stop.address) != draft.session.answers.get(stop.address)
            else "nowhere"
        )

    def note(self, draft: Draft, saved: Mapping[str, Value] | None = None) -> None:
        """Note what conditions came to in a form that is filled, what was known, what computed."""
        for goal in outcomes(draft, self.world.flows, pairs=True, saved=saved):
            if goal in self.goals:
                self.meet(goal)
        for stop in draft.walk.stops:
            if stop.known is not None:
                self.at(Sort.WAY, stop, "known")
            elif stop.kind == "wait" and stop.address not in self.waited:
                self.at(Sort.WAIT, stop, AT_ONCE)
                self.at(Sort.ASKED, stop)
            elif stop.address in draft.session.answers and stop.node.step.asks:
                self.at(Sort.ASKED, stop)
        for flow in self.world.flows:
            for path, node in flow.index.items():
                if node.step.kind == "value" and self._computed(draft, path):
                    self.meet(Goal(Sort.ASKED, flow.name, path))

    def _computed(self, draft: Draft, path: str) -> bool:
        name = path.rpartition(".")[2]
        return any(env.get(name) is not None for env in draft.walk.scopes.values())

    def _ended(self) -> None:
        """Note how the form ended."""
        kept = self.hall.stage.plant.memory.sessions.get(self.identity)
        if kept is None:
            return
        session = self.hall.stage.session(self.identity)
        if session.state is not State.SAVED:
            return
        self.played.saved = kept
        self.played.dials = dict(self.hall.facts.dials)
        self.meet(Goal(Sort.SAVED, session.flow, self.world.flow.steps[-1].name))
        draft = self.hall.draft(session)
        self.note(draft, self._saved(draft))
        for goal in skipped(draft):
            self.meet(goal)
        here = {placed(draft, one) for one in session.answers}
        self.played.taps = 2 + sum(count for place, count in self.taps.items() if place in here)

    def _saved(self, draft: Draft) -> dict[str, Value]:
        """Return the fields of a saved form with what its operations made."""
        memory = self.hall.stage.plant.memory
        env = dict(draft.fields)
        for action in self.world.flow.blocks["save"]:
            if isinstance(action, RunAction) and action.as_:
                made = memory.results.get((self.identity, action.run))
                env[action.as_] = memory.rows.get(made) if made else None
        return env
