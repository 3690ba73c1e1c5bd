"""What one turn asks of the outside: each fact and each job once, at one moment.

Start at `Asking`. Errors of computing are values here: None, "not given", which is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import EngineError
from engine.expressions.compile import Compiled, EvaluationError
from engine.model.conversation import Bounds
from engine.model.fields import known
from engine.model.nothing import JobState
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary
from engine.ports import Reads
from engine.run.limits import LimitCall, outside_everything
from engine.run.texts import CompiledText

BLANK = "—"
# Tells itself from others. Asked by type: most fields are such, and to ask what else a value may
# be took a tenth of a form that is gone through.
PLAIN = frozenset({str, int, bool, Decimal, date, datetime, type(None)})


class Asking:
    """Runs expressions and texts of one turn over fields."""

    def __init__(self, vocabulary: Vocabulary, reads: Reads) -> None:
        self.reads = reads
        self.now: datetime = reads.clock.now()
        self._facts = vocabulary.facts
        self._answers: dict[Any, Value] = {}
        self._jobs: dict[str, JobState | None] = {}
        self._rows: dict[
            int, tuple[Row, int]
        ] = {}  # by id, with its number; held, so that no other gets the id
        self._numbers: dict[Any, int] = {}

    def run(self, code: Compiled, env: Mapping[str, Value]) -> Value:
        """Return the value of an expression; None when it cannot be computed."""
        try:
            value: Value = code(env, self.ask, self.now)
        except EvaluationError:
            return None
        return value

    def holds_now(self, code: Compiled, env: Mapping[str, Value]) -> bool:
        """Tell whether a condition holds of the records that it names as they stand now: a form
        keeps them as they were when it came by them."""
        named = {name: env.get(name) for name in code.names}
        fresh = {
            name: self.reads.records.get(row.kind, row.id) or row
            for name, row in named.items()
            if isinstance(row, Row)
        }
        return self.holds(code, {**env, **fresh} if fresh else env)

    def holds(self, code: Compiled, env: Mapping[str, Value]) -> bool:
        """Tell whether a condition holds; one that cannot be computed does not."""
        return self.run(code, env) is True

    def text(self, text: CompiledText, env: Mapping[str, Value]) -> Text:
        """Fill a text; where a hole cannot be computed, every hole of it is shown as «—»."""
        try:
            return text.render(env, self.ask, self.now)
        except EvaluationError:
            return text.blank(BLANK)

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact, once a turn. Raises EvaluationError when something it needs is not
        given: no fact is asked about nothing."""
        form = self._facts.get(fact)
        if form is None:
            raise EvaluationError(f"нет факта {fact}")
        for at, value in enumerate(arguments):
            optional = at < len(form.params) and form.params[at].endswith("?")
            if value is None and not optional:
                raise EvaluationError(f"факт {fact}: значение не задано")
        key = (fact, self._key(arguments))
        if key not in self._answers:
            self._answers[key] = self.reads.facts.ask(fact, arguments)
        return self._answers[key]

    def _key(self, value: Value) -> Any:
        """Return what tells a value from others of this turn; equal records have one number, which
        is found once a record: its fields may be many, and lie deep."""
        match value:
            case Row():
                known_as = self._rows.get(id(value))
                if known_as is None:
                    own = tuple(
                        (name, item if type(item) in PLAIN else self._key(item))
                        for name, item in known(value.fields).items()
                    )
                    whole = (value.kind, value.id, own)
                    number = self._numbers.setdefault(whole, len(self._numbers))
                    known_as = self._rows[id(value)] = (value, number)
                return (Row, known_as[1])
            case Option(code, title):
                return (Option, code, title)
            case tuple():
                return tuple(one if type(one) in PLAIN else self._key(one) for one in value)
            case Mapping():
                return tuple((name, self._key(item)) for name, item in value.items())
            case _:
                return value

    def job(self, identity: str) -> JobState | None:
        """Return how a job stands, asked once a turn."""
        if identity not in self._jobs:
            self._jobs[identity] = self.reads.jobs.state(identity)
        return self._jobs[identity]

    def bounds(
        self, call: LimitCall, codes: Mapping[str, Compiled], env: Mapping[str, Value]
    ) -> Bounds:
        """Return the limit in force; one that cannot be evaluated is met by nothing."""
        try:
            arguments = {name: self.run(codes[text], env) for name, text in call.arguments.items()}
            return self.reads.limits.bounds(call.limit, arguments, self.now)
        except (EngineError, EvaluationError):
            return outside_everything(call.limit)
