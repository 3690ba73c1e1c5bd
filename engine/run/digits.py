"""How many digits a number in a text is shown with: those of its unit, told by the type of what
stands in the hole.

Types here only say units; what may be not given is the checker's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.actions.run import RunAction
from engine.expressions.check import Scope, Signature, infer
from engine.expressions.parse import parse
from engine.expressions.types import Choice, Integer, ListOf, Number, Record, Type, bare, read_type
from engine.model.vocabulary import Vocabulary
from engine.run.nodes import Node, every, nodes_of
from engine.schema.flow import Flow
from engine.steps.base import UnitForm
from engine.steps.call import CallStep
from engine.steps.repeat import RepeatStep
from engine.steps.sources import RowsStep
from engine.steps.value import ValueStep

NO_FIELD = ("group", "review", "show")
IT = "it"  # the row that a text of rows is about
DEEPEST = 5  # flows that call one another


class Digits:
    """Answers for holes where these names are known."""

    def __init__(
        self, units: Mapping[str, UnitForm], vocabulary: Vocabulary, fields: Mapping[str, Type]
    ) -> None:
        self._units, self._vocabulary = units, vocabulary
        self._records = {
            kind: {name: _type(notation) for name, notation in of_kind.items()}
            for kind, of_kind in vocabulary.records.items()
        }
        self._facts = {
            name: Signature(tuple(map(_asked, fact.params)), _type(fact.result))
            for name, fact in vocabulary.facts.items()
        }
        self._fields: dict[str, Type] = dict(fields)

    def type_of(self, source: str) -> Type | None:
        """Return the type of an expression; None when it cannot be told."""
        known = frozenset(self._fields)
        try:
            kind, _ = infer(
                parse(source), Scope(self._fields, self._records, self._facts, known_set=known)
            )
        except ValueError:
            return None
        return bare(kind) if kind is not None else None

    def __call__(self, source: str) -> int | None:
        """Return the digits of a hole's number; None: as they are."""
        kind = self.type_of(source)
        if isinstance(kind, Integer):
            return 0
        if isinstance(kind, Number) and kind.unit in self._units:
            return self._units[kind.unit].decimals
        return None


def record_digits(record: str, units: Mapping[str, UnitForm], vocabulary: Vocabulary) -> Digits:
    """Return what answers for texts about a record: its fields by themselves or under its name."""
    own = {name: _type(kind) for name, kind in vocabulary.records.get(record, {}).items()}
    return Digits(units, vocabulary, {**own, record: Record(record)})


class FlowDigits(Digits):
    """Answers for the holes of one flow."""

    def __init__(
        self,
        flow: Flow,
        nodes: Iterable[Node],
        units: Mapping[str, UnitForm],
        vocabulary: Vocabulary,
        flows: Mapping[str, Flow],
        depth: int = 0,
    ) -> None:
        super().__init__(units, vocabulary, {n: _type(kind) for n, kind in flow.given.items()})
        self._flows, self._depth = flows, depth
        for node in nodes:
            self._learn(node)
        for action in (*flow.before, *flow.save, *flow.after):
            operation = vocabulary.operations.get(getattr(action, "run", ""))
            if isinstance(action, RunAction) and action.as_ and operation and operation.result:
                self._fields[action.as_] = _type(operation.result)
        self.results = {name: self.type_of(text) for name, text in flow.result.items()}

    def _learn(self, node: Node) -> None:
        step = node.step
        if step.kind in NO_FIELD:
            return
        kind: Type | None = bare(step.result(self._vocabulary.sources))
        if isinstance(step, ValueStep) and not step.unit:
            kind = self.type_of(step.is_)
        if isinstance(step, RowsStep) and step.is_fact:
            kind = self._learn_source(step)
        if isinstance(step, RepeatStep):
            self._learn_rows(node, step)
        if isinstance(step, CallStep):
            self._records[f"{step.flow}()"] = self._called(step)
        self._fields.setdefault(step.name, kind or Type())
        job = self._vocabulary.jobs.get(step.starts.job) if step.starts else None
        if step.starts and job and job.result:
            self._fields[step.starts.as_] = _type(job.result)

    def _learn_source(self, step: RowsStep) -> Type | None:
        """Learn what `it` is in the texts of rows; a field that has another type in the rows of
        another question is shown as it is."""
        rows = self.type_of(step.from_)
        item = bare(rows.item) if isinstance(rows, ListOf) else None
        if isinstance(item, Record):
            known = self._records.setdefault(IT, {})
            for name, kind in self._records.get(item.kind, {}).items():
                known[name] = kind if known.get(name, kind) == kind else Type()
            self._fields[IT] = Record(IT)
        return ListOf(item) if item and step.kind == "picks" else item

    def _learn_rows(self, node: Node, step: RepeatStep) -> None:
        """Learn the fields of a row; those given by `over:` have theirs under `row`."""
        if step.over:
            rows = self.type_of(step.over)
            self._fields["row"] = bare(rows.item) if isinstance(rows, ListOf) else Type()
            self._fields |= {"index": Integer(), "count": Integer()}
        for inner in every(node.within):
            self._learn(inner)
        self._records[f"{step.name}[]"] = {
            one.step.name: self._fields.get(one.step.name, Type()) for one in every(node.within)
        }

    def _called(self, step: CallStep) -> dict[str, Type]:
        flow = self._flows.get(step.flow)
        if flow is None or self._depth >= DEEPEST:
            return {}
        nodes = tuple(every(nodes_of(flow.steps, self._units, {}, limited=False)))
        called = FlowDigits(
            flow, nodes, self._units, self._vocabulary, self._flows, self._depth + 1
        )
        return {name: kind or Type() for name, kind in called.results.items()}


def _asked(notation: str) -> Type:
    """Return the type of a parameter: a choice knows the codes that are written for it, anything
    else takes what comes."""
    found = bare(read_type(notation))
    return found if isinstance(found, Choice) else Type()


def _type(notation: str) -> Type:
    found = bare(read_type(notation))
    return ListOf(bare(found.item)) if isinstance(found, ListOf) else found
