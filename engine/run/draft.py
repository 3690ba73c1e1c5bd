"""A draft in the middle of a turn: its stops and fields, which questions are asked, which must be
asked again.

Pure: a Draft is made of a Program, a Session and Reads, and answers questions about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.languages.catalogue import Say
from engine.model.address import within, without_keys
from engine.model.conversation import Answer, Bounds, Session
from engine.model.text import Text
from engine.model.values import Value, show
from engine.ports import Reads
from engine.run.asking import Asking
from engine.run.limits import inside
from engine.run.program import FlowProgram, Program
from engine.run.rows import rows_of
from engine.run.walk import Closing, Stop, Walk, walk
from engine.steps.base import Step, View
from engine.steps.repeat import RepeatStep
from engine.steps.words import Check


@dataclass(frozen=True, slots=True, eq=False)
class Unsettled:
    """What must be asked before saving: where, why (for the worker), and which answers with it.
    `confirm` is the number of the group's question «Точно?» that is open there."""

    stop: Stop
    why: str = ""
    redo: tuple[str, ...] = ()
    closing: Closing | None = None
    confirm: int = -1


@dataclass(frozen=True)
class Draft:
    """A session with its flow and what it may read."""

    program: Program
    session: Session
    reads: Reads
    asked_before: Asking | None = field(default=None, compare=False)

    @cached_property
    def asking(self) -> Asking:
        """What this turn asks of the outside; shared by the drafts of one turn."""
        return self.asked_before or Asking(self.program.vocabulary, self.reads)

    @cached_property
    def say(self) -> Say:
        """Says a text in the language of the worker."""
        return self.program.languages.speaker(self.session.actor.language)

    def next(self, session: Session) -> Draft:
        """Return the draft of the same turn after a change of the session; the walk is the same
        one while the answers are."""
        draft = Draft(self.program, session, self.reads, self.asking)
        done: Walk | None = self.__dict__.get("walk")
        if done is not None and session.answers is self.session.answers and not done.timed:
            draft.__dict__["walk"] = done
        return draft

    @cached_property
    def flow(self) -> FlowProgram:
        """The flow of the session."""
        return self.program.flows[self.session.flow]

    @cached_property
    def walk(self) -> Walk:
        """Every stop of the conversation as it stands."""
        return walk(self.program, self.session, self.asking)

    @cached_property
    def fields(self) -> Mapping[str, Value]:
        """Every field of the flow by its name; None if not given."""
        return self.walk.env

    def evaluate(self, text: str, /, **more: Value) -> Value:
        """Run an expression over the fields; an error gives None, "not given"."""
        env = {**self.fields, **more} if more else self.fields
        return self.asking.run(compile_expression(text), env)

    def stop(self, address: str) -> Stop | None:
        """Return the stop at an address; None when the conversation does not come there."""
        at = self.walk.index.get(address)
        return None if at is None else self.walk.stops[at]

    def located(self, address: str) -> Stop:
        """Return the stop at an address, also when the conversation does not come there any more.

        Raises EngineError when the flow has no such step."""
        found = self.stop(address)
        if found is not None:
            return found
        place = self.program.node(self.session.flow, address)
        if place is None:
            raise EngineError(f"flow {self.session.flow} has no step at {address}")
        prefix = address[: len(address) - len(place.node.step.name)]
        env = self.walk.scopes.get(prefix, self.walk.env)
        return Stop(address, place.node, place.flow, env)

    def asks(self, stop: Stop) -> bool:
        """Tell whether a stop is asked in order: its value is not known by itself."""
        return stop.known is None or stop.address in self.session.redo

    def questions(self, here: str = "") -> list[Stop]:
        """Return the stops that are asked, the review among them, and the one at an address."""
        asked = (*self.session.redo, here)
        return [one for one in self.walk.stops if one.known is None or one.address in asked]

    def after(self, address: str) -> Stop | None:
        """Return the next stop in order that is to be asked; None at the end."""
        at = self.walk.index.get(address)
        if at is None:
            return next((one for one in self.walk.stops if not self.settled(one)), None)
        for stop in self.walk.stops[at + 1 :]:
            if self.asks(stop) or not self.settled(stop):
                return stop
        return None

    def bounds(self, stop: Stop) -> Bounds | None:
        """Return the limit in force for a stop; one that cannot be evaluated is met by nothing."""
        if stop.node.limit is None:
            return None
        return self.asking.bounds(stop.node.limit, stop.flow.codes, stop.env)

    def measured(self, stop: Stop, value: Value) -> Answer:
        """Make the answer of a stop: within its limit, or outside and not approved."""
        bounds = self.bounds(stop) if value is not None else None
        approved = bounds is None or inside(value, bounds)
        return Answer(value, bounds, approved=approved, depended=self._depended(stop))

    def _depended(self, stop: Stop) -> dict[str, Value]:
        """Return what an answer of a stop is given for now."""
        codes = stop.flow.codes
        return {one: self.asking.run(codes[one], stop.env) for one in stop.node.step.depends_on}

    def settled(self, stop: Stop) -> bool:
        """Tell whether the answer of a stop stands: given, its limit unchanged or still met, what
        it was given for as it was, its range kept, its checks held."""
        if stop.address in self.session.redo:
            return False
        answer = self.session.answers.get(stop.address)
        match stop.kind:
            case "review":
                return True
            case "wait":
                return answer is not None
            case "repeat":
                return self._complete(stop, answer)
            case "show":
                return answer is not None
            case "value":
                return self._decided(stop, answer)
        if answer is None:
            return stop.known is not None and self.stands(stop, self.measured(stop, stop.known))
        return self.stands(stop, answer)

    def stands(self, stop: Stop, answer: Answer) -> bool:
        """Tell whether an answer is still a good one at a stop."""
        if answer.value is None:
            return self.skips(stop)
        if not stop.node.step.stands(answer.value, self.view(stop)):
            return False
        if not _same_limit(answer, self.bounds(stop)) or not answer.approved:
            return False
        if answer.depended and answer.depended != self._depended(stop):
            return False
        if self.repeated(stop, answer.value) or self.broken(stop, answer.value) is not None:
            return False
        return answer.confirmed or not any(
            self.holds(stop, one.when) for one in stop.node.step.confirm
        )

    def _decided(self, stop: Stop, answer: Answer | None) -> bool:
        if stop.outside is None:
            return True
        value, bounds = stop.outside
        return (
            answer is not None
            and answer.approved
            and (answer.value, answer.bounds) == (value, bounds)
        )

    def _complete(self, stop: Stop, answer: Answer | None) -> bool:
        rows, step = rows_of(answer), stop.node.step
        if answer is None or rows is None or not isinstance(step, RepeatStep):
            return False
        if not answer.approved or not step.rows[0] <= len(rows.keys) <= step.rows[1]:
            return False
        return self.wrong_rows(stop) is None

    def wrong_rows(self, stop: Stop) -> Check | None:
        """Return the first check that the rows of a list do not meet now: a row that was corrected
        in the review changes what they add up to."""
        return self.broken(stop, self.walk.tables.get(stop.address, ()))

    def skips(self, stop: Stop) -> bool:
        """Tell whether a question may be skipped now."""
        skip = stop.node.step.skip
        return self.holds(stop, skip) if isinstance(skip, str) else skip

    def holds(self, stop: Stop | Closing, text: str, /, **more: Value) -> bool:
        """Tell whether a condition of a stop holds."""
        env = {**stop.env, **more} if more else stop.env
        return self.asking.holds(stop.flow.codes[text], env)

    def text(self, stop: Stop | Closing, text: str, /, **more: Value) -> Text:
        """Fill a text of a stop."""
        env = {**stop.env, **more} if more else stop.env
        return self.asking.text(stop.flow.texts[text], env)

    def repeated(self, stop: Stop, value: Value) -> bool:
        """Tell whether another row has this value already, where it must be the only one."""
        if not stop.node.step.unique or value is None:
            return False
        name = stop.node.step.name
        mine = _same(value)
        return any(_same(row.fields.get(name)) == mine for row in self.walk.siblings(stop))

    def broken(self, stop: Stop, value: Value) -> Check | None:
        """Return the first check that an answer does not meet."""
        name = stop.node.step.name
        return next(
            (
                one
                for one in stop.node.step.check
                if not self.holds(stop, one.that, **{name: value})
            ),
            None,
        )

    def closings(self, address: str) -> tuple[Closing, ...]:
        """Return the groups that end with a stop, the innermost first."""
        at = self.walk.index.get(address, -1)
        return tuple(one for one in self.walk.closings if one.last == at)

    def closed(self, closing: Closing) -> Unsettled | None:
        """Return what is open about a group whose questions are answered; None when it is good."""
        first, last = self.walk.stops[closing.first], self.walk.stops[closing.last]
        for check in closing.node.step.check:
            if not self.holds(closing, check.that):
                start = self.earlier(last, check.again, closing) or first
                return Unsettled(
                    start, self.text(closing, check.say).message, self.between(start, last)
                )
        answer = self.session.answers.get(closing.address)
        for at, confirm in enumerate(closing.node.step.confirm):
            if answer is None and self.holds(closing, confirm.when):
                return Unsettled(last, "", (), closing, at)
        return None

    def earlier(self, stop: Stop, again: str, closing: Closing | None = None) -> Stop | None:
        """Return the stop that `again:` names, seen from a later stop of the same scope: a step, or
        the first question of a group."""
        if not again:
            return None
        stops = self.walk.stops
        if closing is not None and again == closing.node.step.name:
            return stops[closing.first]
        address = stop.prefix + again
        at = self.walk.index.get(address)
        if at is not None:
            return stops[at]
        return next(
            (one for one in stops if one.prefix == stop.prefix and _member(one, again)), None
        )

    def between(self, first: Stop, last: Stop) -> tuple[str, ...]:
        """Return the addresses of what is asked from one stop to another, both included."""
        index = self.walk.index
        part = self.walk.stops[index[first.address] : index[last.address] + 1]
        return tuple(one.address for one in part if one.known is None or one is first)

    def unsettled(self) -> Unsettled | None:
        """Return the first thing that must be asked (again) before saving."""
        self._read_ahead()
        for stop in self.walk.stops:
            if not self.settled(stop):
                check = self.wrong_rows(stop) if stop.kind == "repeat" else None
                return Unsettled(stop, self.text(stop, check.say).message if check else "")
            for closing in self.closings(stop.address) if self.walk.closings else ():
                if (found := self.closed(closing)) is not None:
                    return found
        return None

    def _read_ahead(self) -> None:
        """Let the rows that the answers chose and the limits that they are held to be read in one
        go: one by one is a question each."""
        answers, chosen, limits = self.session.answers, set[tuple[str, str]](), set[str]()
        for stop in self.walk.stops:
            answer = answers.get(stop.address)
            if answer is None or answer.value is None:
                continue
            chosen.update(stop.node.step.stands_by(answer.value))
            if stop.node.limit is not None:
                limits.add(stop.node.limit.limit)
        self.reads.records.ahead(chosen, limits, self.asking.now)

    def view(self, stop: Stop) -> View:
        """Return what a step may look at."""
        current = self.session.answers.get(stop.address)
        if current is None and stop.known is not None:
            current = Answer(stop.known, approved=True)

        def evaluate(text: str, /, **more: Value) -> Value:
            env = {**stop.env, **more} if more else stop.env
            return self.asking.run(stop.flow.codes[text], env)

        def render(text: str, /, **more: Value) -> Text:
            return self.text(stop, text, **more)

        return View(
            self.reads,
            evaluate,
            self.session.look if stop.address == self.session.step else {},
            current,
            stop.node.unit,
            stop.address,
            stop.env,
            self.walk.siblings(stop),
            render,
            self.say,
        )

    def suggested(self, stop: Stop) -> tuple[Value, ...]:
        """Return the last values of this person that would be taken now."""
        step, count = stop.node.step, stop.node.step.suggest
        if not count:
            return ()
        last = self.reads.suggestions.last(
            self.session.actor.id, self.session.flow, without_keys(stop.address), count
        )
        view = self.view(stop)
        return tuple(value for value in last if step.stands(value, view))

    def decimals(self, stop: Stop) -> int | None:
        """Return how many digits a stop's number is shown with; None when it has no unit."""
        return stop.node.unit.decimals if stop.node.unit.name else None

    def label(self, name: str, stop: Stop) -> str:
        """Return the name for people of a field seen from a stop, as inside a sentence."""
        for path in (f"{_scope(stop.node.path)}{name}", name):
            node = stop.flow.index.get(path)
            if node is not None:
                return node.step.label or name
        return name

    def inside(self, owner: str) -> tuple[Stop, ...]:
        """Return the stops inside a row or a called flow."""
        return tuple(one for one in self.walk.stops if within(one.address, owner))


def _scope(path: str) -> str:
    return path[: path.rfind(".") + 1]


def _member(stop: Stop, group: str) -> bool:
    return any(path.rpartition(".")[2] == group for path in stop.node.groups)


def _same(value: Value) -> object:
    return getattr(value, "code", "") or (show(value) if value is not None else None)


def _same_limit(answer: Answer, bounds: Bounds | None) -> bool:
    """Tell whether the limit is as it was when the answer was given, or met before and now."""
    if bounds == answer.bounds:
        return True
    return bool(
        bounds
        and answer.bounds
        and inside(answer.value, bounds)
        and inside(answer.value, answer.bounds)
    )


def step_of(draft: Draft, address: str) -> Step:
    """Return the step at an address. Raises EngineError when the flow has it no longer."""
    return draft.located(address).node.step
