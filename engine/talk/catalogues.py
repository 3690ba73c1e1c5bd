"""The rehearsal plant's catalogues, limits and suggestions: what `flows/samples.yaml` and
`flows/limits.yaml` say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher

from engine.errors import EngineError
from engine.model.address import without_keys
from engine.model.conversation import Bounds, State
from engine.model.values import Option, Value
from engine.ports import Page
from engine.run.limits import first_bounds
from engine.run.program import Program
from engine.run.stored import unpack_session
from engine.talk.memory import Memory

ALIKE = 0.6  # share of common characters from which two names are called similar


def folded(text: str) -> str:
    """Return a name as names are compared: single spaces, no case."""
    return " ".join(text.split()).casefold()


class MemoryCatalogues:
    """Catalogues of the samples, with the rows that were typed in."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._sorted: dict[str, tuple[tuple[Option, ...], tuple[Option, ...]]] = {}

    def _rows(self, catalogue: str) -> tuple[Option, ...]:
        """Return the options in the order of their titles, sorted anew when there are others."""
        if catalogue not in self._memory.catalogues:
            raise EngineError(f"no catalogue {catalogue} in flows/samples.yaml")
        there = self._memory.catalogues[catalogue]
        known, rows = self._sorted.get(catalogue, ((), ()))
        if known is not there:
            rows = tuple(sorted(there, key=lambda option: folded(option.title)))
            self._sorted[catalogue] = there, rows
        return rows

    def page(self, catalogue: str, query: str, offset: int, count: int) -> Page:
        """Return options whose title contains `query` (ignoring case), in the order of their
        titles."""
        found, wanted = self._rows(catalogue), folded(query)
        if wanted:
            found = tuple(one for one in found if wanted in folded(one.title))
        return Page(found[offset : offset + count], len(found))

    def exact(self, catalogue: str, title: str) -> Option | None:
        """Return the option with this title after trimming and ignoring case."""
        wanted = folded(title)
        return next((one for one in self._rows(catalogue) if folded(one.title) == wanted), None)

    def similar(self, catalogue: str, title: str, count: int) -> tuple[Option, ...]:
        """Return the options with the nearest titles, nearest first."""
        scored = [(-_likeness(title, one.title), one) for one in self._rows(catalogue)]
        near = sorted((item for item in scored if -item[0] >= ALIKE), key=lambda item: item[0])
        return tuple(option for _, option in near[:count])

    def get(self, catalogue: str, code: str) -> Option | None:
        """Return the option with this code."""
        return next((one for one in self._rows(catalogue) if one.code == code), None)


def _likeness(one: str, other: str) -> float:
    one, other = folded(one), folded(other)
    if one in other or other in one:
        return 1.0
    return SequenceMatcher(None, one, other).ratio()


class FirstLimits:
    """The first values of limits.yaml, always in force."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def bounds(self, limit: str, arguments: Mapping[str, Value], at: datetime) -> Bounds:
        """Return the bounds of the first line that holds. Raises EngineError when none does."""
        del at
        if limit not in self._program.limits:
            raise EngineError(f"no limit {limit} in flows/limits.yaml")
        return first_bounds(self._program.limits[limit], limit, arguments)


class MemorySuggestions:
    """Last values of a person, from his saved sessions."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def last(self, person: str, flow: str, field: str, count: int) -> tuple[Value, ...]:
        """Return his last different values of a field, newest first."""
        saved = [unpack_session(json.loads(body)) for body in self._memory.sessions.values()]
        found: list[Value] = []
        for session in reversed(saved):
            if (session.actor.id, session.flow, session.state) != (person, flow, State.SAVED):
                continue
            for address, answer in session.answers.items():
                if without_keys(address) != field or answer.value is None:
                    continue
                if answer.value not in found:
                    found.append(answer.value)
        return tuple(found[:count])
