"""Fields of a record of which some are read only when they are asked for.

A record of the plant leads to others, and those to others again: reading a load of a freezer must
not read its mix, the order of that, and all its pallets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Fields(Mapping[str, Any]):
    """Fields by name: `known` are there at once, `later` reads each other one, once.

    Whoever stores, copies or compares a record looks at `known` alone; to go through the values is
    to read them all.

    >>> fields = Fields({"number": "2411/3"}, {"order": lambda: print("read") or "№ 7"})
    >>> fields["order"], fields["order"], "order" in fields
    read
    ('№ 7', '№ 7', True)
    """

    __slots__ = ("_later", "_read", "known")

    def __init__(
        self,
        known: Mapping[str, Any],
        later: Mapping[str, Callable[[], Any]],
        read: dict[str, Any] | None = None,
    ) -> None:
        self.known, self._later = known, later
        self._read: dict[str, Any] = {} if read is None else read

    def __getitem__(self, name: str) -> Any:
        if name in self.known:
            return self.known[name]
        if name not in self._read:
            self._read[name] = self._later[name]()
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self.known or name in self._later

    def __iter__(self) -> Iterator[str]:
        yield from self.known
        yield from (name for name in self._later if name not in self.known)

    def __len__(self) -> int:
        return len(self.known.keys() | self._later.keys())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping) or set(self) != set(other):
            return False
        theirs = known(other)
        return all(theirs[name] == value for name, value in self.known.items() if name in theirs)

    __hash__ = None  # type: ignore[assignment]  # like every mapping that compares by content

    def __repr__(self) -> str:
        return f"Fields({self.known!r}, later={[*self][len(self.known) :]!r})"

    def over(self, more: Mapping[str, Any]) -> Fields:
        """Return the same fields with others over them; what is read of one is read of both."""
        return Fields({**self.known, **more}, self._later, self._read)

    def each(self, change: Callable[[Any], Any]) -> Fields:
        """Return the fields with each value changed, those of `later` when they are read."""
        later = {name: lambda name=name: change(self[name]) for name in self._later}
        return Fields({name: change(value) for name, value in self.known.items()}, later)


def known(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of a record that are there without reading.

    >>> known({"a": 1}), known(Fields({"a": 1}, {"b": dict}))
    ({'a': 1}, {'a': 1})
    """
    return fields.known if isinstance(fields, Fields) else fields


def over(fields: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return fields with others over them, reading none.

    >>> over({"a": 1, "b": 2}, {"b": 3})
    {'a': 1, 'b': 3}
    """
    return fields.over(more) if isinstance(fields, Fields) else {**fields, **more}
