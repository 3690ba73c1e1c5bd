"""The walk: (flow, answers, reads) → the stops of a conversation, in order. Start at `walk`.

A stop is a question at an address with the fields in sight there. Order is the default next: the
rows of a repeat, the questions of a called flow and the buttons after a row are stops like any
other, so back, edit, resume and proofs of paths are the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.model.address import is_key
from engine.model.conversation import Answer, Bounds, Session
from engine.model.quick import quick
from engine.model.values import Option, Row, Value
from engine.run.asking import Asking
from engine.run.limits import inside
from engine.run.nodes import Node, every
from engine.run.program import FlowProgram, Program
from engine.run.rows import Rows, add_buttons, known_as, preset, rows_of
from engine.run.stages import SINCE
from engine.steps.base import Step
from engine.steps.call import CallStep
from engine.steps.group import GroupStep
from engine.steps.repeat import RepeatStep
from engine.steps.value import ValueStep
from engine.steps.wait import WaitStep, ended

DEEPEST_CALL = 5  # flows that call one another; the checker refuses rings
JOB = "~job:"  # before a job's field in an environment: the job's id
Env = dict[str, Value]


@dataclass(slots=True, eq=False)
class Stop:
    """A place where a conversation may stand.

    `known` is a value that needs no question, `outside` the value and bounds of a computed field
    that a person must decide about, `ended` how a wait is over by itself. `table` is the address
    of the repeat whose row it stands in. Nobody changes one: it is not frozen because two walks of
    every stop a turn made that a fifth of the walk."""

    address: str
    node: Node
    flow: FlowProgram
    env: Mapping[str, Value]
    known: Value = None
    outside: tuple[Value, Bounds] | None = None
    ended: str = ""
    table: str = ""

    @property
    def kind(self) -> str:
        """The kind of its step."""
        return self.node.step.kind

    @property
    def prefix(self) -> str:
        """The address of the scope it stands in, with its point: "" or "items.2."."""
        return self.address[: len(self.address) - len(self.node.step.name)]


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """A group with checks or remarks: it is looked at after its last stop. `first` and `last` are
    indexes of stops."""

    address: str
    node: Node
    flow: FlowProgram
    env: Mapping[str, Value]
    first: int
    last: int


@dataclass(slots=True)
class Walk:
    """What a walk found. `env` are the fields of the flow, `scopes` those of every row and call by
    their prefix, `tables` the rows of every repeat by its address; `timed`: it depends on where
    the session stands, for a wait counts from there."""

    stops: list[Stop] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    env: Env = field(default_factory=dict)
    scopes: dict[str, Env] = field(default_factory=dict)
    tables: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    measured: list[tuple[str, Value, Bounds]] = field(default_factory=list)
    timed: bool = False

    def siblings(self, stop: Stop) -> tuple[Row, ...]:
        """Return the other rows of the repeat that a stop stands in."""
        if not stop.table:
            return ()
        key = stop.address[len(stop.table) + 1 :].partition(".")[0]
        return tuple(row for row in self.tables.get(stop.table, ()) if row.id != key)


def walk(program: Program, session: Session, asking: Asking) -> Walk:
    """Walk the session's flow."""
    flow = program.flows[session.flow]
    actor = session.actor
    env: Env = {"actor": Row("person", actor.id, actor.name, {"full_name": actor.name})}
    env.update(dict.fromkeys(flow.given))
    env.update(session.given)
    walker = _Walker(program, session, asking)
    walker.found.env = env
    walker.steps(_Scope(flow, "", env), flow.nodes)
    walker.found.index = {stop.address: at for at, stop in enumerate(walker.found.stops)}
    return walker.found


@quick
@dataclass(frozen=True, slots=True)
class _Scope:
    """Where steps are walked: their flow, the prefix of addresses, the fields so far."""

    flow: FlowProgram
    prefix: str
    env: Env
    table: str = ""
    depth: int = 0
    presets: Mapping[str, str] = field(default_factory=dict)


class _Walker:
    """Walks steps in order and collects what it finds."""

    def __init__(self, program: Program, session: Session, asking: Asking) -> None:
        self.program, self.session, self.asking = program, session, asking
        self.answers: Mapping[str, Answer] = session.answers
        self.found = Walk()

    def steps(self, scope: _Scope, nodes: Iterable[Node]) -> None:
        """Walk the steps of a scope. A plain question has its way here: most are such, and each is
        gone by twice a turn; so are its conditions, which hold as `Asking.holds` says."""
        flow, prefix, env, table = scope.flow, scope.prefix, scope.env, scope.table
        self.found.scopes[prefix] = env
        stops, answers, run = self.found.stops, self.answers, self.asking.run
        for node in nodes:
            if node.when is not None and run(node.when, env) is not True:
                self._unasked(scope, node)
            elif node.plain and not scope.presets:
                name = node.step.name
                address, known = prefix + name, None
                answer = answers.get(address)
                if answer is None and node.known is not None:
                    known = known_as(node.step, run(node.known, env))
                stops.append(Stop(address, node, flow, env, known, None, "", table))
                if node.fills:
                    env[name] = known if answer is None else answer.value
            else:
                _WAYS.get(type(node.step), _Walker._leaf)(self, scope, node)

    def _stop(self, scope: _Scope, node: Node, address: str) -> Stop:
        return Stop(address, node, scope.flow, scope.env, table=scope.table)

    def _unasked(self, scope: _Scope, node: Node) -> None:
        """Give the fields of a step that is not asked the value they have then."""
        for one in (node, *node.members):
            value = None
            if one.otherwise is not None:
                value = self.asking.run(one.otherwise, scope.env)
            elif isinstance(one.step, RepeatStep):
                value = ()
            scope.env[one.step.name] = value
            if one.step.starts:
                scope.env[one.step.starts.as_] = None

    def _leaf(self, scope: _Scope, node: Node) -> None:
        step, address = node.step, scope.prefix + node.step.name
        answer, known = self.answers.get(address), None
        if answer is None and (node.known is not None or scope.presets):
            known = self._known(scope, node)
        value = known if answer is None else answer.value
        self.found.stops.append(
            Stop(address, node, scope.flow, scope.env, known=known, table=scope.table)
        )
        if node.fills:
            scope.env[step.name] = value
        if step.starts:
            job = answer.job if answer is not None else ""
            state = self.asking.job(job) if job else None
            scope.env[step.starts.as_] = state.result if state else None
            scope.env[JOB + step.starts.as_] = job

    def _known(self, scope: _Scope, node: Node) -> Value:
        text = scope.presets.get(node.step.name)
        if text is not None:
            code = compile_expression(text)
            return preset(node.step, text, lambda: self.asking.run(code, scope.env))
        known = self.asking.run(node.known, scope.env) if node.known is not None else None
        return known_as(node.step, known)

    def _group(self, scope: _Scope, node: Node) -> None:
        first = len(self.found.stops)
        self.steps(scope, node.within)
        last = len(self.found.stops) - 1
        if (node.step.check or node.step.confirm or node.step.warn) and last >= first:
            address = scope.prefix + node.step.name
            self.found.closings.append(Closing(address, node, scope.flow, scope.env, first, last))

    def _value(self, scope: _Scope, node: Node) -> None:
        assert node.main is not None
        value = self.asking.run(node.main, scope.env)
        scope.env[node.step.name] = value
        if node.limit is None or value is None:
            return
        address = scope.prefix + node.step.name
        bounds = self.asking.bounds(node.limit, scope.flow.codes, scope.env)
        self.found.measured.append((address, value, bounds))
        if not inside(value, bounds):
            self.found.stops.append(
                Stop(
                    address, node, scope.flow, scope.env, outside=(value, bounds), table=scope.table
                )
            )

    def _repeat(self, scope: _Scope, node: Node) -> None:
        step = node.step
        assert isinstance(step, RepeatStep)
        address = scope.prefix + step.name
        given = self._given(scope, node, step)
        rows = self._rows(scope, address, step, given)
        collected: list[Row] = []
        inner: list[Env] = []
        for at, key in enumerate(rows.keys):
            env: Env = {**scope.env, step.name: tuple(collected)}
            if given is not None:
                env |= {"row": given[at][1], "index": at + 1, "count": len(given)}
            begun = rows.button(key, step)
            self.steps(
                _Scope(
                    scope.flow, f"{address}.{key}.", env, address, scope.depth,
                    begun.set if begun else {},
                ),
                node.within,
            )  # fmt: skip
            names = (one.step.name for one in every(node.within))
            collected.append(
                Row(f"{step.name}[]", key, "", {name: env.get(name) for name in names})
            )
            inner.append(env)
        for at, env in enumerate(inner):
            env[step.name] = tuple(row for place, row in enumerate(collected) if place != at)
        scope.env[step.name] = self.found.tables[address] = tuple(collected)
        if given is None:
            self.found.stops.append(self._stop(scope, node, address))

    def _given(self, scope: _Scope, node: Node, step: RepeatStep) -> list[tuple[str, Value]] | None:
        """Return the rows that `over:` gives, each with its key: a record's id, else its number."""
        if node.main is None:
            return None
        found = self.asking.run(node.main, scope.env)
        items = list(found) if isinstance(found, tuple | list) else []
        keys = [item.id if isinstance(item, Row) else "" for item in items]
        sound = len(set(keys)) == len(keys) and all(is_key(key) and "." not in key for key in keys)
        if not sound:
            keys = [str(at + 1) for at in range(len(items))]
        return list(zip(keys, items, strict=True))

    def _rows(
        self,
        scope: _Scope,
        address: str,
        step: RepeatStep,
        given: list[tuple[str, Value]] | None,
    ) -> Rows:
        if given is not None:
            return Rows(0, {key: 0 for key, _ in given})
        rows = rows_of(self.answers.get(address))
        if rows is not None:
            return rows
        shown = add_buttons(step, lambda text: self.asking.holds(scope.flow.codes[text], scope.env))
        alone = len(shown) == 1 and step.rows[0] > 0
        return Rows(1, {"1": shown[0]}) if alone else Rows(0, {})

    def _call(self, scope: _Scope, node: Node) -> None:
        step = node.step
        assert isinstance(step, CallStep)
        if scope.depth >= DEEPEST_CALL:
            raise EngineError(f"flows call one another too deep at {scope.prefix}{step.name}")
        flow = self.program.flows[step.flow]
        codes = scope.flow.codes
        given = {name: self.asking.run(codes[text], scope.env) for name, text in step.with_.items()}
        env: Env = {"actor": scope.env.get("actor"), **dict.fromkeys(flow.given), **given}
        prefix = f"{scope.prefix}{step.name}."
        self.steps(_Scope(flow, prefix, env, scope.table, scope.depth + 1), flow.nodes)
        result = {name: self.asking.run(code, env) for name, code in flow.result.items()}
        scope.env[step.name] = Row(f"{step.flow}()", step.name, "", result)

    def _wait(self, scope: _Scope, node: Node) -> None:
        step = node.step
        assert isinstance(step, WaitStep)
        address = scope.prefix + step.name
        answer = self.answers.get(address)
        how = answer.value.code if answer and isinstance(answer.value, Option) else ""
        if not how:
            how = self._over(scope, node, step)
            self.found.stops.append(
                Stop(address, node, scope.flow, scope.env, ended=how, table=scope.table)
            )
        else:
            self.found.stops.append(self._stop(scope, node, address))
        scope.env[step.name] = ended(how) if how else None
        if step.for_ and how in ("left", "failed", "timeout"):
            scope.env[step.for_] = None

    def _over(self, scope: _Scope, node: Node, step: WaitStep) -> str:
        """Tell how a wait is over by itself; empty while it goes on."""
        if node.main is not None:
            if self.asking.holds_now(node.main, scope.env):
                return "finished"
            self.found.timed = True
            here = self.session.step == scope.prefix + step.name
            since = self.session.look.get(SINCE) if here else None
            return self._late(step, since)
        job = scope.env.get(JOB + step.for_)
        state = self.asking.job(job) if isinstance(job, str) and job else None
        if state is None or state.status == "failed":
            return "failed"
        return "finished" if state.status == "done" else self._late(step, state.started_at)

    def _late(self, step: WaitStep, since: Value) -> str:
        if not step.at_most or not isinstance(since, datetime):
            return ""
        waited = (self.asking.now - since).total_seconds()
        return "timeout" if waited >= step.at_most else ""


# Kinds of steps that are walked in a way of their own; every other one is a question.
_WAYS: Mapping[type[Step], Callable[[_Walker, _Scope, Node], None]] = {
    GroupStep: _Walker._group,
    RepeatStep: _Walker._repeat,
    CallStep: _Walker._call,
    ValueStep: _Walker._value,
    WaitStep: _Walker._wait,
}
