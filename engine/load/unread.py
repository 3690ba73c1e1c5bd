"""Flows of which some were left unread: known by name from an earlier check, and read when one of
them is asked for."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass

from engine.load.sketch import FlowSketch


@dataclass(frozen=True, slots=True)
class Unread:
    """What is known of a flow without reading it: its name; whether it is there but not whole;
    whether it could be read at all."""

    name: str
    broken: bool = False
    sketched: bool = True


class Flows(Mapping[str, FlowSketch]):
    """Every flow by its name. Their names are those of all flows; `values` and `items` give only
    the flows that were read, which are those to be checked."""

    def __init__(
        self, read: Mapping[str, FlowSketch], others: Mapping[str, Callable[[], FlowSketch | None]]
    ) -> None:
        self._read, self._others = dict(read), dict(others)
        self._later: dict[str, FlowSketch] = {}

    def __getitem__(self, name: str) -> FlowSketch:
        if name in self._read:
            return self._read[name]
        if name not in self._later:
            found = self._others[name]()
            if found is None:
                raise KeyError(name)
            self._later[name] = found
        return self._later[name]

    def __contains__(self, name: object) -> bool:
        return name in self._read or name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter({**self._read, **self._others})

    def __len__(self) -> int:
        return len({**self._read, **self._others})

    def values(self) -> ValuesView[FlowSketch]:
        """Return the flows to be checked."""
        return self._read.values()

    def items(self) -> ItemsView[str, FlowSketch]:
        """Return the flows to be checked, with their names."""
        return self._read.items()
