"""The steps of a flow compiled: where each stands, what it is asked under, what its answer depends
on. Start at `nodes_of`.

A node's path is the address of its answers with `*` for a row's key: `items.*.kg`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import EngineError
from engine.expressions.compile import Compiled, compile_expression
from engine.expressions.parse import names, parse
from engine.model.address import ROW_MARK, inside
from engine.run.limits import LimitCall, read_call
from engine.schema.limits import Limit
from engine.steps.base import LimitedStep, OnDeviation, Step, UnitForm
from engine.steps.call import CallStep
from engine.steps.group import GroupStep
from engine.steps.repeat import RepeatStep
from engine.steps.review import ReviewStep
from engine.steps.show import ShowStep
from engine.steps.value import ValueStep
from engine.steps.wait import WaitStep

# Kinds that are walked in a way of their own (`walk`); every other one is a question.
WALKED = (GroupStep, RepeatStep, CallStep, ValueStep, WaitStep)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step. `groups` are the paths of the groups it stands in, the innermost last; `reads` the
    names that its question, bounds and checks look at, `depends` those and what computes them;
    `plain` tells that it is a question without a job, `fills` that an answer of it is a field;
    `members` are the nodes of a group, those of its groups too."""

    path: str
    step: Step
    within: tuple[Node, ...]
    groups: tuple[str, ...]
    limit: LimitCall | None
    unit: UnitForm
    when: Compiled | None
    otherwise: Compiled | None
    known: Compiled | None
    main: Compiled | None  # `is` of a value, `over` of a repeat, `until` of a wait
    reads: frozenset[str]
    depends: frozenset[str]
    plain: bool
    fills: bool
    members: tuple[Node, ...]

    @property
    def deviation(self) -> OnDeviation | None:
        """What happens outside the limit, if the step has one."""
        return self.step.on_deviation if isinstance(self.step, LimitedStep) else None


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What nodes are made from: units and limits, and what computes each name so far."""

    units: Mapping[str, UnitForm]
    limits: Mapping[str, Limit]
    sources: dict[str, frozenset[str]]
    limited: bool


def nodes_of(
    steps: Iterable[Step],
    units: Mapping[str, UnitForm],
    limits: Mapping[str, Limit],
    *,
    limited: bool = True,
) -> tuple[Node, ...]:
    """Return the nodes of a flow's steps; not `limited`: without their limits. Raises EngineError
    for what the checker refuses."""
    around = _Surroundings(units, limits, {}, limited)
    return tuple(_node(step, "", (), around) for step in steps)


def every(nodes: Iterable[Node]) -> Iterator[Node]:
    """Give nodes and those inside them, in order."""
    for node in nodes:
        yield node
        yield from every(node.within)


def _node(step: Step, scope: str, groups: tuple[str, ...], around: _Surroundings) -> Node:
    path = inside(scope, step.name)
    limit = None
    if isinstance(step, LimitedStep) and step.limit and around.limited:
        limit = read_call(step.limit, around.limits)
    reads = _reads(step, limit)
    within: tuple[Node, ...] = ()
    if isinstance(step, GroupStep):
        within = tuple(_node(one, scope, (*groups, path), around) for one in step.steps)
    elif isinstance(step, RepeatStep):
        row = inside(path, ROW_MARK)
        within = tuple(_node(one, row, (), around) for one in step.steps)
    depends = reads.union(*(around.sources.get(name, frozenset()) for name in reads))
    _keep_sources(step, depends, within, around.sources)
    return Node(
        path,
        step,
        within,
        groups,
        limit,
        around.units.get(getattr(step, "unit", ""), UnitForm()),
        _code(step.when),
        _code(step.otherwise),
        _code(step.known),
        _code(_main(step)),
        reads,
        depends,
        not isinstance(step, WALKED) and step.starts is None,
        not isinstance(step, ReviewStep | ShowStep),
        tuple(every(within)) if isinstance(step, GroupStep) else (),
    )


def _main(step: Step) -> str | None:
    match step:
        case ValueStep():
            return step.is_
        case RepeatStep():
            return step.over
        case WaitStep():
            return step.until
        case _:
            return None


def _code(text: str | None) -> Compiled | None:
    return compile_expression(text) if text else None


def _keep_sources(
    step: Step,
    depends: frozenset[str],
    within: tuple[Node, ...],
    sources: dict[str, frozenset[str]],
) -> None:
    """Remember what a name comes from, where it is computed and not asked."""
    if isinstance(step, ValueStep | CallStep) or step.known:
        sources[step.name] = depends
    elif isinstance(step, RepeatStep):
        inner = tuple(every(within))
        names = frozenset(node.step.name for node in inner)
        sources[step.name] = depends.union(names, *(node.depends for node in inner))
    if step.starts:
        sources[step.starts.as_] = depends | {step.name}


def _reads(step: Step, limit: LimitCall | None) -> frozenset[str]:
    """Return the names that decide whether and how a step is asked, not how it looks."""
    own = [*step.expressions(), step.when, step.known, step.otherwise]
    own += [one.that for one in step.check] + [one.when for one in step.confirm]
    if isinstance(step.skip, str):
        own.append(step.skip)
    if step.starts:
        own += step.starts.with_.values()
    own += step.depends_on
    if limit:
        own += limit.arguments.values()
    found = frozenset[str]().union(*(names_of(text) for text in own if text))
    return found - {step.name}


def names_of(text: str) -> frozenset[str]:
    """Return the names that an expression reads. Raises EngineError for a broken one."""
    try:
        return names(parse(text))
    except ValueError as error:
        raise EngineError(f"broken expression «{text}»: {error}") from error


def expressions_of(node: Node) -> Iterator[str]:
    """Give every expression that a turn may ask for of one step."""
    step = node.step
    yield from step.expressions()
    for text in (step.when, step.otherwise, step.known, step.default):
        if text:
            yield text
    yield from step.depends_on
    if isinstance(step.skip, str):
        yield step.skip
    yield from (one.when for one in step.prompts if one.when)
    yield from (one.that for one in step.check)
    yield from (one.when for one in step.confirm)
    yield from (one.when for one in step.warn)
    if step.starts:
        yield from step.starts.with_.values()
    if node.limit:
        yield from node.limit.arguments.values()


def texts_of(node: Node) -> Iterator[str]:
    """Give every text with holes that a turn may show of one step."""
    step, deviation = node.step, node.deviation
    yield from (one.text for one in step.prompts)
    yield from (step.hint, step.unrecognised)
    yield from step.templates()
    yield from (one.say for one in step.check)
    yield from (one.say for one in step.confirm)
    yield from (one.say for one in step.warn)
    if deviation:
        yield from (deviation.waiting, deviation.reason, deviation.photo)
        yield from (answer.say for answer in deviation.answers.values())
