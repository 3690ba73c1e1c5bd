"""What an operation of the Vocabulary is: one file each in `crm/<app>/operations/` that holds an
`OPERATION`; the file's name is the operation's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter, signature, unwrap

from engine.errors import EngineError

GIVEN = ("session", "at", "second")  # what `run` gets beside the parameters, where it names it


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that YAML may run: the types of its parameters, the function, the kind of the
    record that it returns (None: nothing that YAML may name).

    `run(by, session=…, at=…, second=…, **arguments)` gets the person (None: the system), the
    session of the form (None: no form), the moment and who confirmed it (None: one person is
    enough; leave a word out where it is not needed), then each parameter by its name, as its type
    says:

    - a record with a table: its row, under its lock when its model has a `state` or its kind is
      `locked`; `list of` it: a tuple of rows;
    - a record of a catalogue for which a new name was typed: the name, a str;
    - a record without a table: a `crm.fact.Line`, its fields converted in the same way;
    - choice: its code; text: a str; number: a Decimal; integer: an int; files: FileRefs;
    - measurements: Measured; answers: a mapping of Answer by address; values of those that stand in
      `answers` of this operation are converted by the type there;
    - what is not given: None.

    It runs in one transaction. It raises Refused for what the worker can mend."""

    parameters: Mapping[str, str]
    run: Callable[..., object]
    result: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def inside(self) -> Callable[..., object]:
        """The function without the transaction that it begins by itself: for whoever has begun
        one, in which it would be a part of its own, two statements more."""
        inside: Callable[..., object] = unwrap(self.run)
        return inside

    def wants(self) -> frozenset[str]:
        """Return which of `session`, `at` and `second` the function takes. Raises EngineError when
        it does not take the parameters that are written, or needs others."""
        takes, needed, anything = _words(self.run)
        foreign = set() if anything else {*self.parameters} - takes
        lacking = needed - {*self.parameters} - {*GIVEN}
        if foreign or lacking:
            raise EngineError(f"run takes no {sorted(foreign)} and needs {sorted(lacking)}")
        return takes & {*GIVEN}


@cache
def _words(run: Callable[..., object]) -> tuple[frozenset[str], frozenset[str], bool]:
    """Return which words a function takes, which it needs, and whether it takes any other."""
    words = list(signature(run).parameters.values())[1:]
    takes = frozenset(one.name for one in words if one.kind is not Parameter.VAR_KEYWORD)
    needed = takes & {one.name for one in words if one.default is Parameter.empty}
    return takes, needed, len(takes) < len(words)
