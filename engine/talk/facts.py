"""The rehearsal plant's facts: what `flows/samples.yaml` answers, or a talk says is so now.

An answer is a value, or is made at each question: `{is: expression}` computes it of the arguments
(`arg_1`, `arg_2`, …), `{every: kind, where: expression}` lists the records of a kind for which the
condition holds (`it` is the record). A record with the id of one that is kept stands for that
one, as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError, compile_expression
from engine.model.values import Value
from engine.ports import Clock
from engine.talk.memory import Memory
from engine.talk.scripted import value_of

COMPUTED, LISTED = {"is"}, {"every", "where"}


class SampleFacts:
    """Answers of facts, as the samples give them, or as the talk changed them."""

    def __init__(self, answers: Mapping[str, Any], memory: Memory, clock: Clock) -> None:
        self._answers, self._memory, self._clock = answers, memory, clock

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact. Raises EngineError for one that the samples do not answer."""
        answers = self._memory.facts if fact in self._memory.facts else self._answers
        if fact not in answers:
            raise EngineError(f"flows/samples.yaml answers no fact {fact}")
        answer = answers[fact]
        env = {f"arg_{at}": value for at, value in enumerate(arguments, start=1)}
        if isinstance(answer, dict) and set(answer) == COMPUTED:
            return self._value(fact, answer["is"], env)
        if isinstance(answer, dict) and "every" in answer and set(answer) <= LISTED:
            return self._listed(fact, answer, env)
        return self._memory.fresh(value_of(answer))

    def _listed(self, fact: str, answer: Mapping[str, Any], env: Mapping[str, Value]) -> Value:
        kept = [row for row in self._memory.rows.values() if row.kind == answer["every"]]
        rows = [self._memory.fresh(row) for row in kept]
        if "where" not in answer:
            return tuple(rows)
        return tuple(row for row in rows if self._holds(fact, answer["where"], row, env))

    def _holds(self, fact: str, text: str, row: Value, env: Mapping[str, Value]) -> bool:
        return self._value(fact, text, {**env, "it": row}) is True

    def _value(self, fact: str, text: str, env: Mapping[str, Value]) -> Value:
        try:
            value: Value = compile_expression(text)(env, self.ask, self._clock.now())
        except (EvaluationError, ValueError) as error:
            raise EngineError(f"flows/samples.yaml, fact {fact}: {error}") from error
        return value
