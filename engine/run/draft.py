"""A draft in the middle of a turn: its answers as fields, which questions are asked, which must
be asked again.

Pure: a Draft is made of a Program, a Session and Reads, and answers questions about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError
from engine.model.conversation import Answer, Bounds, Session
from engine.model.values import Value
from engine.ports import Reads
from engine.run.limits import inside, outside_everything
from engine.run.program import FlowProgram, Program
from engine.steps.base import Step, UnitForm, View
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep


@dataclass(frozen=True)
class Draft:
    """A session with its flow and what it may read."""

    program: Program
    session: Session
    reads: Reads

    @cached_property
    def flow(self) -> FlowProgram:
        """The flow of the session."""
        return self.program.flows[self.session.flow]

    @cached_property
    def fields(self) -> Mapping[str, Value]:
        """Every field by its name: answers, computed values, values of questions that were not
        asked; None if not given."""
        env: dict[str, Value] = dict(self.session.given)
        for step in self.flow.steps:
            env[step.name] = self._value(step, env)
        return env

    def _value(self, step: Step, env: Mapping[str, Value]) -> Value:
        asked = step.when is None or self._holds(step.when, env)
        if isinstance(step, ValueStep) and asked:
            return self._computed(step.is_, env)
        answer = self.session.answers.get(step.name)
        if asked and answer is not None:
            return answer.value
        return self._computed(step.otherwise, env) if step.otherwise and not asked else None

    def _computed(self, text: str, env: Mapping[str, Value]) -> Value:
        try:
            value: Value = self.flow.codes[text](env, self.reads.facts.ask, self.reads.clock.now())
        except EvaluationError:
            return None
        return value

    def _holds(self, text: str, env: Mapping[str, Value]) -> bool:
        return self._computed(text, env) is True

    def evaluate(self, text: str, /, **more: Value) -> Value:
        """Run an expression of the flow over the fields; an error gives None, "not given"."""
        return self._computed(text, {**self.fields, **more} if more else self.fields)

    def asked(self, step: Step) -> bool:
        """Tell whether a question is asked, given the answers so far."""
        return step.asks and (step.when is None or self._holds(step.when, self.fields))

    def questions(self) -> tuple[Step, ...]:
        """Return the questions that are asked, the review among them."""
        return tuple(step for step in self.flow.steps if self.asked(step))

    def after(self, name: str) -> Step:
        """Return the next question in order. Raises EngineError at the end: a flow ends with its
        review."""
        for step in self.flow.steps[self.flow.index[name] + 1 :] if name else self.flow.steps:
            if self.asked(step):
                return step
        raise EngineError(f"flow {self.flow.name} has no question after {name}")

    def bounds(self, step: Step) -> Bounds | None:
        """Return the limit in force for a step; one that cannot be evaluated is met by nothing."""
        call = self.flow.limits.get(step.name)
        if call is None:
            return None
        try:
            arguments = {name: self.evaluate(text) for name, text in call.arguments.items()}
            return self.reads.limits.bounds(call.limit, arguments, self.reads.clock.now())
        except (EngineError, EvaluationError):
            return outside_everything(call.limit)

    def measured(self, step: Step, value: Value) -> Answer:
        """Make the answer of a step: within its limit, or outside and not approved."""
        bounds = self.bounds(step) if value is not None else None
        return Answer(value, bounds, approved=bounds is None or inside(value, bounds))

    def settled(self, step: Step) -> bool:
        """Tell whether the answer of a step still stands: given, its limit unchanged or still
        met, its range kept."""
        answer = self.session.answers.get(step.name)
        if answer is None:
            return False
        if answer.value is None:
            return bool(step.skip)
        if not step.stands(answer.value, self.view(step)):
            return False
        bounds = self.bounds(step)
        if bounds != answer.bounds and not (
            bounds
            and answer.bounds
            and inside(answer.value, bounds)
            and inside(answer.value, answer.bounds)
        ):
            return False
        return answer.approved

    def unsettled(self) -> Step | None:
        """Return the first question that must be asked (again) before saving."""
        for step in self.questions():
            if step.kind != "review" and not self.settled(step):
                return step
        return None

    def view(self, step: Step) -> View:
        """Return what a step may look at."""
        unit = self.flow.units.get(step.name, UnitForm())
        return View(
            self.reads, self.evaluate, self.session.look, self.session.answers.get(step.name), unit
        )

    def decimals(self, step: Step) -> int | None:
        """Return how many digits a step's number is shown with; None when it has no unit."""
        return self.flow.units[step.name].decimals if step.name in self.flow.units else None

    def deviates(self, step: Step) -> bool:
        """Tell whether a step can be outside a limit."""
        return isinstance(step, NumberStep) and step.limit is not None
