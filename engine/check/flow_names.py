"""Which names exist at each place of a flow: inside groups, rows and called flows. Start at
`Scopes.of`.

A field exists after its step; it is Optional when the step can be skipped or is not always asked,
and then known to be given wherever its conditions hold. Inside a row the list's own name is the
other rows; outside it is the whole list. A called flow sees what it is given and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from engine.check.scope import Names, base_names, condition, given_type
from engine.expressions.known import PERSON
from engine.expressions.scope import Condition
from engine.expressions.types import Integer, ListOf, Number, Optional, Record, Type, bare
from engine.load.forms import Part, Steps
from engine.load.project import Project
from engine.load.sketch import FlowSketch
from engine.load.tree import Path
from engine.steps.base import Step
from engine.steps.call import CallStep
from engine.steps.group import GroupStep
from engine.steps.number import NumberStep
from engine.steps.picks import PicksStep
from engine.steps.repeat import RepeatStep
from engine.steps.show import ShowStep
from engine.steps.sources import RowsStep
from engine.steps.value import ValueStep
from engine.steps.wait import WaitStep

NO_FIELD = ("review", "show", "group")


@dataclass(frozen=True, slots=True)
class StepNames:
    """A step with what may be named: `before` it is asked, by its `own` checks when it has been
    answered, `after` it. `kind` is the type of its answer, `item` of the rows that it offers;
    None when it cannot be told."""

    path: Path
    address: str
    step: Step
    before: Names
    own: Names
    after: Names
    kind: Type | None = None
    item: Type | None = None

    @property
    def held(self) -> Names:
        """What may be named where the step is asked."""
        return self.before.holding(self.step.when)


@dataclass(frozen=True, slots=True)
class FlowNames:
    """The names of a flow: at its start, at its end, at every step, those inside others too.

    `result` are the fields of a called flow, None of another."""

    start: Names
    last: Names
    steps: tuple[StepNames, ...]
    result: Mapping[str, Type] | None = None


@dataclass
class Scopes:
    """The names of the flows of a project, found once each."""

    project: Project
    _found: dict[str, FlowNames | None] = field(default_factory=dict)

    def of(self, sketch: FlowSketch) -> FlowNames:
        """Return the names of a flow."""
        found = self._found.get(sketch.tree.file)
        if found is None:
            self._found[sketch.tree.file] = None  # a flow that calls itself has no result
            found = self._found[sketch.tree.file] = _flow(self, sketch)
        return found

    def result(self, flow: str) -> Mapping[str, Type] | None:
        """Return the fields of a called flow's result; None when they cannot be told."""
        if flow not in self.project.sketches or ("flow", flow) in self.project.broken:
            return None
        sketch = self.project.sketches[flow]
        if sketch.tree.file in self._found and self._found[sketch.tree.file] is None:
            return None
        return self.of(sketch).result


def _flow(scopes: Scopes, sketch: FlowSketch) -> FlowNames:
    start = Names(base_names(scopes.project).scope, sketch.lost)
    start = start.plus({"actor": Record(PERSON)})
    for name, notation in sketch.given.items():
        kind = given_type(notation)
        plain = bare(kind) if kind is not None else None
        strange = isinstance(plain, Record) and plain.kind not in scopes.project.vocabulary.records
        start = start.without_type(name) if kind is None or strange else start.plus({name: kind})
    walker = _Walker(scopes)
    last = walker.steps(sketch.parts, start, ())
    return FlowNames(start, last, tuple(walker.found), _result(sketch, last))


def _result(sketch: FlowSketch, last: Names) -> Mapping[str, Type] | None:
    written = sketch.tree.at(("result",))
    if not isinstance(written, dict):
        return None
    found = {name: last.type_of(text) if isinstance(text, str) else None
             for name, text in written.items()}  # fmt: skip
    return {name: Type() if kind is None else kind for name, kind in found.items()}


class _Walker:
    """Walks the steps of a flow in order and collects their names."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes, self.project = scopes, scopes.project
        self.found: list[StepNames] = []

    def steps(
        self, steps: Steps, names: Names, outer: tuple[Condition, ...], scope: str = ""
    ) -> Names:
        """Walk steps; `outer` are the conditions of the groups they stand in."""
        for part in steps.parts:
            names = self._step(part, names, outer, scope)
        return names

    def _step(self, part: Part, names: Names, outer: tuple[Condition, ...], scope: str) -> Names:
        step, at = part.step, len(self.found)
        address = f"{scope}{step.name}"
        self.found.append(StepNames(part.path, address, step, names, names, names))
        conditions = (*outer, *(condition(step.when) if step.when else ()))
        held = names.holding(step.when)
        if isinstance(step, GroupStep):
            own = self.steps(part.within, held, conditions, scope)
            after = _outside(own, held, names)
            self.found[at] = StepNames(part.path, address, step, names, own, after)
            return after
        kind, item, known = self._kind(part, names, held, address)
        after = self._after(step, kind, known, conditions)
        own = known.holding(step.when)
        if kind is None and step.kind not in NO_FIELD:
            own = own.without_type(step.name)
        elif kind is not None:
            own = own.plus({step.name: bare(kind)})
            own = own.positive(step.name) if _is_positive(step, names) else own
        self.found[at] = StepNames(part.path, address, step, names, own, after, kind, item)
        return after

    def _kind(
        self, part: Part, names: Names, held: Names, address: str
    ) -> tuple[Type | None, Type | None, Names]:
        """Return the type of a step's answer, that of the rows it offers, and the names with the
        kinds of records that the step brings."""
        step = part.step
        match step:
            case RepeatStep():
                kind, records = self._rows(part, step, held, address)
                return kind, None, names.with_records(records)
            case CallStep():
                record = Record(f"{step.flow}()")
                result = self.scopes.result(step.flow)
                if result is None:
                    return None, None, names
                return record, None, names.with_records({record.kind: result})
            case ValueStep():
                found = held.type_of(step.is_)
                if isinstance(found, Number) and step.unit:
                    return Number(step.unit), None, names
                return found, None, names
            case RowsStep():
                item = self._item(step, held)
                if isinstance(step, ShowStep):
                    return None, item, names
                listed = ListOf(item) if item and isinstance(step, PicksStep) else item
                return listed, item, names
        if step.kind in NO_FIELD:
            return None, None, names
        return step.result(self.project.vocabulary.catalogues), None, names

    def _item(self, step: RowsStep, held: Names) -> Type | None:
        if not step.from_:
            return None
        if step.is_fact:
            return held.item_of(step.from_)
        kind = self.project.vocabulary.catalogues.get(step.from_)
        return Record(kind) if kind else None

    def _rows(
        self, part: Part, step: RepeatStep, held: Names, address: str
    ) -> tuple[Type, Mapping[str, Mapping[str, Type]]]:
        """Walk the questions of a row, twice: they may read the other rows, whose fields are
        theirs."""
        whole = not (part.within.broken or part.within.all_lost)
        row = Record(f"{step.name}[]" if whole else "?")
        records: Mapping[str, Mapping[str, Type]] = {}
        given = held
        if step.over is not None:
            item = held.item_of(step.over)
            given = given.plus({"index": Integer(), "count": Integer()})
            given = given.without_type("row") if item is None else given.plus({"row": item})
        for others in (Record("?"), row):
            before = len(self.found)
            start = given.with_records(records).plus({step.name: ListOf(others)})
            last = self.steps(part.within, start, (), f"{address}.*.")
            inner = self.found[before:]
            if others is not row:
                del self.found[before:]
            depth = address.count("*") + 1
            fields = {
                one.step.name: last.scope.fields.get(one.step.name, Type())
                for one in inner
                if one.step.kind not in NO_FIELD and one.address.count("*") == depth
            }
            old = held.scope.records
            records = {kind: one for kind, one in last.scope.records.items() if kind not in old}
            records = {**records, row.kind: fields}
        return ListOf(row), {kind: one for kind, one in records.items() if kind != "?"}

    def _after(
        self, step: Step, kind: Type | None, names: Names, conditions: tuple[Condition, ...]
    ) -> Names:
        """Return the names after a step: its field, whether it is surely given, its job."""
        after = names
        if step.kind not in NO_FIELD:
            after = _with_field(step, kind, names, conditions)
        if step.starts is not None:
            job = self.project.vocabulary.jobs.get(step.starts.job)
            result = given_type(job.result) if job and job.result else None
            name = step.starts.as_
            if result is None:
                return after.without_type(name)
            after = after.plus({name: Optional(bare(result))})
        return after


def _outside(inner: Names, held: Names, names: Names) -> Names:
    """Return the names after a group: with its fields, without what its condition proved."""
    scope = replace(
        inner.scope,
        known_set=names.scope.known_set,
        nonzero=names.scope.nonzero,
        options=names.scope.options,
        true=names.scope.true,
        positive=(inner.scope.positive - held.scope.positive) | names.scope.positive,
    )
    return replace(inner, scope=scope)


def _with_field(
    step: Step, kind: Type | None, names: Names, conditions: tuple[Condition, ...]
) -> Names:
    if kind is None:
        return names.without_type(step.name)
    computed = isinstance(kind, Optional)
    asked_always = not conditions or isinstance(step, RepeatStep) or step.otherwise is not None
    optional = computed or not asked_always or bool(step.skip)
    if step.otherwise is not None and isinstance(names.type_of(step.otherwise), Optional):
        optional = True
    after = names.plus({step.name: Optional(bare(kind)) if optional else kind})
    given_if = conditions
    if isinstance(step.skip, str):
        given_if = (*conditions, *condition(step.skip, holds=False))
    if optional and given_if and not computed and step.skip is not True:
        after = after.given_if(step.name, given_if)
    if _is_positive(step, names):
        after = after.positive(step.name)
    if isinstance(step, RepeatStep) and step.rows[0] > 0 and not conditions and not step.over:
        after = after.positive(f"count({step.name})")
    if isinstance(step, WaitStep) and step.for_ in after.scope.fields:
        after = after.given_if(step.for_, condition(f"{step.name} == finished"))
    return after


def _is_positive(step: Step, names: Names) -> bool:
    """Tell whether the range of a number begins above zero."""
    if not isinstance(step, NumberStep) or step.range is None:
        return False
    try:
        return Decimal(step.range[0]) > 0
    except ArithmeticError:
        return step.range[0] in names.scope.positive
