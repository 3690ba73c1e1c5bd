"""What of the flows, lifecycles and reports works on this plant: nothing that needs a name of
`crm.bridge.declared` alone is offered, so nobody meets a question that cannot be saved.

Start at `offered`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engine.actions.fire import FireAction
from engine.actions.report import ReportAction
from engine.expressions.written import Written
from engine.model.vocabulary import OperationForm, Vocabulary
from engine.run.program import Sources
from engine.schema.flow import Flow
from engine.schema.lifecycle import Lifecycle, StateForm, Transition
from engine.schema.menu import MenuEntry, MenuLeaf

Button = TypeVar("Button", bound=MenuLeaf)
_WORD = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*")
_FIELD = re.compile(r"\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Missing:
    """Names that are declared and do not work yet: whole words, and fields of records."""

    words: frozenset[str]
    fields: frozenset[str]
    kinds: frozenset[str]

    def met_by(self, part: Any) -> bool:
        """Tell whether something written needs one of the names."""
        if not (self.words or self.fields):
            return False
        texts = tuple(_texts(part))
        return any(
            not self.words.isdisjoint(_WORD.findall(text))
            or not self.fields.isdisjoint(_FIELD.findall(text))
            for text in texts
        )


def missing(known: Vocabulary, works: Vocabulary) -> Missing:
    """Return the names of a Vocabulary that do not work."""
    words = [
        {*getattr(known, part)} - {*getattr(works, part)}
        for part in ("facts", "catalogues", "operations", "jobs")
    ]
    there = {name for own in works.records.values() for name in own}
    fields = {name for own in known.records.values() for name in own} - there
    kinds = {*known.records} - {*works.records}
    return Missing(frozenset().union(*words), frozenset(fields), frozenset(kinds))


def alike(before: Vocabulary, works: Vocabulary) -> Vocabulary:
    """Return what works without the names that meant something else in a Vocabulary of before."""
    return replace(
        works,
        records={
            kind: {
                name: notation
                for name, notation in own.items()
                if before.records.get(kind, own).get(name, notation) == notation
            }
            for kind, own in works.records.items()
        },
        facts={
            name: fact for name, fact in works.facts.items() if before.facts.get(name, fact) == fact
        },
        operations={
            name: form
            for name, form in works.operations.items()
            if _takes(form, before.operations.get(name, form))
        },
    )


def _takes(form: OperationForm, before: OperationForm) -> bool:
    """Tell whether an operation can still be run as before: what it takes more is optional."""
    more = [kind for name, kind in form.params.items() if name not in before.params]
    same = all(form.params.get(name) == kind for name, kind in before.params.items())
    return same and form.result == before.result and all(kind.endswith("?") for kind in more)


def offered(sources: Sources, works: Vocabulary) -> tuple[Sources, tuple[str, ...]]:
    """Return the sources without what cannot work, and the names of the flows, lifecycles and
    reports that were left out."""
    lacks = missing(sources.vocabulary, works)
    reports = {name: form for name, form in sources.reports.items() if not lacks.met_by(form)}
    flows = {name: flow for name, flow in sources.flows.items() if not _flow_lacks(flow, lacks)}
    lifecycles = dict(sources.lifecycles)
    before: tuple[int, ...] = ()
    while before != (size := (len(flows), *_sizes(lifecycles))):
        before = size
        fired = {name for life in lifecycles.values() for name in life.transitions}
        lifecycles = {
            name: _lifecycle(life, flows, sources.flows, lacks, fired)
            for name, life in lifecycles.items()
            if life.record not in lacks.kinds
        }
        fired = {name for life in lifecycles.values() for name in life.transitions}
        flows = {
            name: flow
            for name, flow in flows.items()
            if not _leads_nowhere(flow, flows, sources, fired) and _reports(flow) <= {*reports}
        }
    kept = replace(sources, flows=flows, lifecycles=lifecycles, reports=reports)
    menu = tuple(cut for entry in sources.menu if (cut := _entry(entry, flows)) is not None)
    out = (
        *(sources.flows.keys() - flows),
        *(sources.lifecycles.keys() - lifecycles),
        *(sources.reports.keys() - reports),
    )
    return replace(kept, menu=menu), tuple(sorted(out))


def _entry(entry: Button, flows: Mapping[str, Flow]) -> Button | None:
    """Return a button of the menu without what does not work; None when nothing of it does."""
    if isinstance(entry, MenuEntry) and entry.tasks:
        return entry
    if not entry.entries:
        return entry if entry.flow in flows else None
    kept = tuple(one for leaf in entry.entries if (one := _entry(leaf, flows)) is not None)
    return entry.model_copy(update={"entries": kept}) if kept else None


def _reports(flow: Flow) -> set[str]:
    """Return the reports that a flow sends."""
    actions = (*flow.before, *flow.save, *flow.after)
    return {action.report for action in actions if isinstance(action, ReportAction)}


def _sizes(lifecycles: Mapping[str, Lifecycle]) -> tuple[int, ...]:
    return tuple(sum(len(forms) for forms in life.transitions.values())
                 + sum(len(state.tasks) for state in life.states.values())
                 for life in lifecycles.values())  # fmt: skip


def _flow_lacks(flow: Flow, lacks: Missing) -> bool:
    kinds = {kind.rstrip("?").removeprefix("list of ") for kind in flow.given.values()}
    return not lacks.kinds.isdisjoint(kinds) or lacks.met_by(flow)


def _leads_nowhere(
    flow: Flow, flows: Mapping[str, Flow], sources: Sources, fired: set[str]
) -> bool:
    """Tell whether a flow opens another one that is left out, or fires what nobody can."""
    gone = sources.flows.keys() - flows
    named = set(_named_flows(_plain(flow)))
    transitions = {one.fire for one in (*flow.save, *flow.after) if isinstance(one, FireAction)}
    known = {name for life in sources.lifecycles.values() for name in life.transitions}
    return bool(named & gone) or bool((transitions & known) - fired)


def _named_flows(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in ("flow", "call", "open") and isinstance(value, str):
                yield value
            yield from _named_flows(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _named_flows(item)


def _lifecycle(
    life: Lifecycle,
    flows: Mapping[str, Flow],
    every: Mapping[str, Flow],
    lacks: Missing,
    fired: Collection[str],
) -> Lifecycle:
    gone = every.keys() - flows
    transitions = {
        name: kept
        for name, forms in life.transitions.items()
        if (kept := tuple(form for form in forms if not _form_lacks(form, gone, lacks)))
    }
    others = {*fired} - (life.transitions.keys() - transitions.keys())
    states = {
        name: _state(state, flows, transitions, others, lacks)
        for name, state in life.states.items()
    }
    return life.model_copy(update={"transitions": transitions, "states": states})


def _form_lacks(form: Transition, gone: Iterable[str], lacks: Missing) -> bool:
    opens = set(_named_flows(_plain(form)))
    return lacks.met_by(form) or not lacks.fields.isdisjoint(form.set) or not opens.isdisjoint(gone)


def _state(
    state: StateForm,
    flows: Mapping[str, Flow],
    transitions: Mapping[str, Any],
    fired: Collection[str],
    lacks: Missing,
) -> StateForm:
    """Return a state with the tasks that can be done and the timers that can ring: `fired` are the
    transitions of all lifecycles, a timer may fire those of what it makes."""
    tasks = []
    for task in state.tasks:
        buttons = tuple(name for name in task.buttons if name in transitions)
        if (task.flow in flows or buttons) and not lacks.met_by(task):
            tasks.append(task.model_copy(update={"buttons": buttons}))
    timers = tuple(
        timer
        for timer in state.timers
        if not lacks.met_by(timer)
        and all(one.fire in fired for one in timer.do if isinstance(one, FireAction))
    )
    return state.model_copy(update={"tasks": tuple(tasks), "timers": timers})


def _plain(part: Any) -> Any:
    """Return something written as plain data, by the keys of YAML.

    By hand: classes are built when they are first read, and one that never was cannot dump."""
    if isinstance(part, Written):
        fields = type(part).model_fields
        return {form.alias or name: _plain(getattr(part, name)) for name, form in fields.items()}
    if isinstance(part, Mapping):
        return {name: _plain(value) for name, value in part.items()}
    return tuple(map(_plain, part)) if isinstance(part, list | tuple) else part


def _texts(part: Any) -> Iterator[str]:
    """Give every text of something written."""
    if isinstance(part, Written):
        yield from _texts(_plain(part))
    elif isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from _texts(item)
