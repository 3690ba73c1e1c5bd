"""Every expression and every text with holes of a project: where it stands, what it may name,
what is wanted of it. Start at `uses_of`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.action_uses import of_actions
from engine.check.flow_names import NO_FIELD, FlowNames, Scopes, StepNames
from engine.check.life_uses import uses_of_lives
from engine.check.menus import uses_of_menu
from engine.check.scope import (
    Names,
    base_names,
    block_names,
    document_names,
    given_type,
    names_after,
    texts,
)
from engine.check.step_uses import of_step
from engine.check.use import Use
from engine.expressions.types import Optional, Truth, bare
from engine.load.project import Project
from engine.load.sketch import FlowSketch, addressed
from engine.schema.limits import Limit
from engine.steps.base import LimitedStep

PAPER_WORDS = ("now_date", "draft")  # every document has them beside its own fields


def uses_of(project: Project, scopes: Scopes) -> Iterator[Use]:
    """Give every expression and every text of the project."""
    for sketch in project.sketches.values():
        yield from uses_of_flow(project, scopes, sketch)
    for name, limit in project.limits.items():
        yield from _of_limit(project, name, limit)
    yield from uses_of_lives(project)
    yield from uses_of_menu(project)
    yield from _of_documents(project)


def uses_of_flow(project: Project, scopes: Scopes, sketch: FlowSketch) -> Iterator[Use]:
    """Give every expression and every text of one flow."""
    return _placed(sketch, _of_flow(project, scopes.of(sketch), sketch))


def _placed(sketch: FlowSketch, uses: Iterator[Use]) -> Iterator[Use]:
    """Tell each use which fields come later, and which are read through the list of their row."""
    lines: dict[str, int] = {}
    inner: dict[str, str] = {}
    for address, part in addressed(sketch.parts):
        *owners, name = address.split(".")
        if owners:
            inner[name] = owners[-2]
        if part.step.kind not in NO_FIELD:
            lines[name] = sketch.tree.place(part.path).line
    for use in uses:
        known = use.names.scope.fields
        later = {name: line for name, line in lines.items() if name not in known}
        yield replace(use, later=later, inner=inner)


def _of_flow(project: Project, flow: FlowNames, sketch: FlowSketch) -> Iterator[Use]:
    tree = sketch.tree
    yield from of_actions(project, tree, sketch.blocks["before"], block_names(flow.start))
    for one in flow.steps:
        yield from of_step(project, tree, one)
        deviation = one.step.on_deviation if isinstance(one.step, LimitedStep) else None
        for code in deviation.answers if deviation else ():
            actions = sketch.blocks[f"answer:{one.address}:{code}"]
            yield from of_actions(project, tree, actions, _decided(one, flow.last))
    names = block_names(flow.last)
    yield from of_actions(project, tree, sketch.blocks["save"], names)
    names = names_after(project, sketch.blocks["save"], names)
    yield from of_actions(project, tree, sketch.blocks["after"], names)
    written = tree.at(("result",))
    for name, text in written.items() if isinstance(written, dict) else ():
        if isinstance(text, str):
            yield Use(tree, ("result", name), text, flow.last)


def _decided(one: StepNames, last: Names) -> Names:
    """Return what the actions of a decision may name: the answer is given, later ones may be."""
    known = one.own.scope.fields
    later = {
        name: Optional(bare(kind)) for name, kind in last.scope.fields.items() if name not in known
    }
    return block_names(one.own.plus(later))


def _of_limit(project: Project, name: str, limit: Limit) -> Iterator[Use]:
    kinds = {key: given_type(notation) for key, notation in limit.given.items()}
    names = base_names(project).plus({key: kind for key, kind in kinds.items() if kind})
    names = replace(names, unknown=frozenset(key for key, kind in kinds.items() if kind is None))
    for at, line in enumerate(limit.values):
        if line.when is not None:
            path = (name, "values", at, "when")
            yield Use(project.tree("limits"), path, line.when, names, Truth())


def _of_documents(project: Project) -> Iterator[Use]:
    for document in project.documents.values():
        tree = project.tree("document", document.document)
        names = base_names(project)
        if document.record in project.vocabulary.records:
            known = document_names(project, document)
            for name, text in document.fields.items():
                yield Use(tree, ("fields", name), text, known)
            if document.final is not None:
                yield Use(tree, ("final",), document.final, known, Truth())
        words = texts((*document.fields, *PAPER_WORDS))
        yield Use(tree, ("file",), document.file, names.plus(words), holes=True)
