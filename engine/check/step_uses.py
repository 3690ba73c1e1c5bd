"""Every expression and text of the questions of a flow. Start at `of_step`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.check.flow_names import StepNames
from engine.check.scope import (
    DEVIATION_WORDS,
    VERDICT_WORDS,
    Names,
    given_type,
    read,
    texts,
)
from engine.check.use import Use
from engine.errors import say
from engine.expressions.known import type_of
from engine.expressions.types import (
    Integer,
    ListOf,
    Number,
    Optional,
    Record,
    Text,
    Truth,
    Type,
    bare,
)
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.base import LimitedStep, Step
from engine.steps.bounds import BoundedStep
from engine.steps.call import CallStep
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.options import OptionsStep
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.repeat import RepeatStep
from engine.steps.review import ReviewStep
from engine.steps.show import ShowStep
from engine.steps.sources import RowsStep, SourcedStep
from engine.steps.text import TextStep
from engine.steps.value import ValueStep
from engine.steps.wait import WaitStep
from engine.steps.words import Confirm, Warn

NEVER_ASKED = "без исправления вопрос не задавался бы никогда"
ANY_LIST = ListOf()  # a list of whatever


@dataclass(frozen=True, slots=True)
class _Of:
    """One step of a file, and the short way to say where its keys are."""

    project: Project
    tree: Tree
    one: StepNames

    @property
    def step(self) -> Step:
        """The step."""
        return self.one.step

    def path(self, *keys: str | int) -> Path:
        """Return the path of a key of the step."""
        return (*self.one.path, *keys)

    def use(self, names: Names, text: str, wanted: Type | None, *keys: str | int) -> Use:
        """Make the use of an expression under a key."""
        return Use(self.tree, self.path(*keys), text, names, wanted)

    def text(self, names: Names, text: str, *keys: str | int) -> Use:
        """Make the use of a text with holes under a key."""
        return Use(self.tree, self.path(*keys), text, names, holes=True)


def of_step(project: Project, tree: Tree, one: StepNames) -> Iterator[Use]:
    """Give the expressions and texts of a step, without those of the steps inside it."""
    of = _Of(project, tree, one)
    yield from _words(of)
    yield from _answered(of)
    match one.step:
        case ValueStep() as step:
            unit = Number(step.unit) if step.unit else None
            yield of.use(one.held, step.is_, unit, "is")
        case BoundedStep() as step:
            yield from _bounded(of, step)
        case TextStep() as step:
            yield from _counted(of, step.length, "length")
        case OptionsStep() as step:
            yield from _options(of, step)
        case RowsStep() as step:
            yield from _rows(of, step)
        case RepeatStep() as step:
            yield from _repeat(of, step)
        case CallStep() as step:
            yield from with_given(project, tree, of.path("with"), step.flow, step.with_, one.held)
        case WaitStep(until=str() as until):
            yield of.use(one.held, until, Truth(), "until")
        case ReviewStep(text=text) if text:
            yield of.text(one.held, text, "review", "text")
    if isinstance(one.step, LimitedStep) and one.step.limit is not None:
        yield from limit_uses(project, tree, of.path("limit"), one.step.limit, one.held)
    yield from _deviation(of)


def _words(of: _Of) -> Iterator[Use]:
    """Give what stands on every step and is looked at before it is asked."""
    step, one = of.step, of.one
    held = one.held
    if step.when is not None:
        where = of.path("when")
        yield Use(of.tree, where, step.when, one.before, Truth(), consequence=NEVER_ASKED)
    asked = held.plus({"minutes": Integer()}) if isinstance(step, WaitStep) else held
    if isinstance(step.prompt, str):
        yield of.text(asked, step.prompt, "prompt")
    else:
        for at, worded in enumerate(step.prompt):
            if worded.when is not None:
                yield of.use(held, worded.when, Truth(), "prompt", at, "when")
            yield of.text(asked.holding(worded.when), worded.text, "prompt", at, "text")
    yield of.text(held, step.hint, "hint")
    if step.unrecognised:
        yield of.text(held.plus({"typed": Text()}), step.unrecognised, "unrecognised")
    if isinstance(step.skip, str):
        yield of.use(held, step.skip, Truth(), "skip")
    wanted = Optional(bare(one.kind)) if one.kind is not None else None
    if step.otherwise is not None:
        yield of.use(one.before, step.otherwise, wanted, "otherwise")
    if step.known is not None:
        yield of.use(held, step.known, wanted, "known")
    if step.default is not None:
        yield of.use(held, step.default, wanted, "default")
    for at, text in enumerate(step.depends_on):
        yield of.use(held, text, None, "depends_on", at)


def _answered(of: _Of) -> Iterator[Use]:
    """Give what is looked at when a step has been answered."""
    step, own = of.step, of.one.own
    for at, check in enumerate(step.check):
        yield of.use(own, check.that, Truth(), "check", at, "that")
        yield of.text(own.holding(check.that, holds=False), check.say, "check", at, "say")
    remarks: list[tuple[str, tuple[Confirm | Warn, ...]]]
    remarks = [("confirm", step.confirm), ("warn", step.warn)]
    for key, several in remarks:
        for at, one in enumerate(several):
            yield of.use(own, one.when, Truth(), key, at, "when")
            yield of.text(own.holding(one.when), one.say, key, at, "say")
    if step.starts is not None:
        form = of.project.vocabulary.jobs.get(step.starts.job)
        for name, text in step.starts.with_.items():
            wanted = type_of(form.params[name]) if form and name in form.params else None
            what = say("параметру «{name}»", name=name)
            where = of.path("starts", "with", name)
            yield Use(of.tree, where, text, own, wanted, code="F721", what=what)


def _bounded(of: _Of, step: BoundedStep) -> Iterator[Use]:
    kind, held = bare(of.one.kind or step.result({})), of.one.held
    for at, bound in enumerate(step.range or ()):
        yield of.use(held, bound, kind, "range", at)
    for title, value in step.buttons.items():
        yield of.use(held, value, Optional(kind), "buttons", title)


def _counted(of: _Of, bounds: tuple[str, str] | None, key: str) -> Iterator[Use]:
    for at, bound in enumerate(bounds or ()):
        yield of.use(of.one.held, bound, Integer(), key, at)


def _options(of: _Of, step: OptionsStep) -> Iterator[Use]:
    held = of.one.held
    for code, form in step.options.items():
        if form.when is not None:
            yield of.use(held, form.when, Truth(), "options", code, "when")
    if isinstance(step, ChoicesStep):
        yield from _counted(of, step.count, "count")
    if isinstance(step, ChoiceStep) and step.other and step.other.number:
        for at, bound in enumerate(step.other.number.range or ()):
            yield of.use(held, bound, Number(step.unit), "other", "number", "range", at)


def _rows(of: _Of, step: RowsStep) -> Iterator[Use]:
    held, item = of.one.held, of.one.item
    if step.is_fact and step.from_:
        where = of.path("from")
        yield Use(of.tree, where, step.from_, held, ANY_LIST, code="F702", what="выбору")
    if step.exclude is not None:
        wanted = ListOf(item) if item is not None else ANY_LIST
        yield of.use(held, step.exclude, wanted, "exclude")
    yield of.text(held, step.empty, "empty")
    row = held.without_type("it") if item is None else held.plus({"it": item})
    if step.card:
        shown = row.plus({"index": Integer(), "count": Integer()})
        yield of.text(shown, step.card, "card")
    if isinstance(step, SourcedStep) and step.title:
        yield of.text(row, step.title, "title")
    if isinstance(step, PickStep) and step.choose.when is not None:
        yield of.use(row, step.choose.when, Truth(), "choose", "when")
    if isinstance(step, PicksStep):
        yield from _counted(of, step.count, "count")
        yield of.text(held, step.too_few, "too_few")
    if isinstance(step, ShowStep):
        for at, page in enumerate(step.pages_):
            yield of.text(held, page, "pages", at)


def _repeat(of: _Of, step: RepeatStep) -> Iterator[Use]:
    held, own = of.one.held, of.one.own
    if step.over is not None:
        yield Use(of.tree, of.path("over"), step.over, held, ANY_LIST, what="строкам")
    for at, button in enumerate(step.add):
        if button.when is not None:
            yield of.use(own, button.when, Truth(), "add", at, "when")
        fields = own.scope.records.get(f"{step.name}[]", {})
        for name, text in button.set.items():
            wanted = Optional(bare(fields[name])) if name in fields else None
            yield of.use(own, text, wanted, "add", at, "set", name)
    if step.summary:
        yield of.text(own, step.summary, "summary")


def _deviation(of: _Of) -> Iterator[Use]:
    step, own = of.step, of.one.own
    deviation = step.on_deviation if isinstance(step, LimitedStep) else None
    if deviation is None:
        return
    for at, name in enumerate(deviation.show):
        yield of.use(own, name, None, "on_deviation", "show", at)
    yield of.text(own, deviation.reason, "on_deviation", "reason")
    yield of.text(own, deviation.photo, "on_deviation", "photo")
    asked = own.plus(texts(DEVIATION_WORDS))
    yield of.text(asked, deviation.waiting, "on_deviation", "waiting")
    decided = own.plus(texts(VERDICT_WORDS))
    for code, answer in deviation.answers.items():
        yield of.text(decided, answer.say, "on_deviation", "answers", code, "say")


def limit_call(text: str) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """Return the name of a limit and its arguments, each with its offset; None for anything
    else, a duration (`14d`, which has a name of its own in the tree) among it."""
    node = read(text)
    if node is None:
        return None
    match node.tree:
        case ast.Name(id=name) if name in text:
            return name, ()
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in text:
            return name, tuple((node.source(one), node.offset(one)) for one in arguments)
        case _:
            return None


def limit_uses(project: Project, tree: Tree, path: Path, text: str, names: Names) -> Iterator[Use]:
    """Give the arguments of a limit."""
    call = limit_call(text)
    if call is None:
        if read(text) is None:
            yield Use(tree, path, text, names)
        return
    limit = project.limits.get(call[0])
    if limit is None or len(limit.given) != len(call[1]):
        return
    for (source, offset), (name, notation) in zip(call[1], limit.given.items(), strict=True):
        kind = given_type(notation)
        what = say("лимиту «{limit}» для «{name}»", limit=call[0], name=name)
        yield Use(tree, path, source, names, kind, offset, "F704", what)


def with_given(
    project: Project, tree: Tree, path: Path, flow: str, given: Mapping[str, str], names: Names
) -> Iterator[Use]:
    """Give what a flow is opened or called with, each wanted in the type of its parameter."""
    known = given and flow in project.sketches and ("flow", flow) not in project.broken
    params = project.sketches[flow].given if known else {}
    for name, text in given.items():
        wanted = given_type(params[name]) if name in params else None
        plain = bare(wanted) if wanted is not None else None
        if isinstance(plain, Record) and plain.kind not in project.vocabulary.records:
            wanted = None  # there is no such record, which is a finding of its own
        if wanted is None and text.strip() not in names.scope.fields:
            continue  # without the parameter nobody can tell an option from a field
        what = say("параметру «{name}»", name=name)
        yield Use(tree, (*path, name), text, names, wanted, code="F720", what=what)
