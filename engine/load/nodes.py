"""YAML text → nodes that know where they stand in it, and the comments between them: what laying a
file out anew needs. Only for texts that `read_tree` takes without findings. See `read_nodes`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml.cyaml import CBaseLoader

Position = tuple[int, int]  # line and column, both from 0
_COMMENT = re.compile(r"(?:(?<=\s)|^)#.*$")


@dataclass(slots=True)
class Node:
    """A value: where it begins and ends, what it holds. Entries of a mapping are (key, value),
    items of a list (None, value). `flow` is one in brackets; `style` is that of a scalar."""

    kind: Literal["scalar", "mapping", "list"]
    start: Position
    end: Position
    flow: bool = False
    style: str = ""
    entries: list[tuple[Node | None, Node]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written there."""
        return self.kind == "scalar" and self.start == self.end

    @property
    def laid(self) -> bool:
        """Tell whether its entries stand on lines of their own."""
        return self.kind != "scalar" and not self.flow


def read_nodes(text: str) -> Node:
    """Return the one document of a text."""
    loader: Any = CBaseLoader(text)
    try:
        loader.get_event()
        loader.get_event()
        return _node(loader, loader.get_event(), text.split("\n"), -1)
    finally:
        loader.dispose()


def _node(loader: Any, event: Any, lines: list[str], outer: int) -> Node:
    """Return the node that begins with an event; `outer` is the column of what it belongs to."""
    start = (event.start_mark.line, event.start_mark.column)
    end = (event.end_mark.line, event.end_mark.column)
    kind = type(event).__name__
    if kind == "ScalarEvent":
        style = event.style or ""
        return Node(
            "scalar", start, _end(start, lines, outer) if style in ("|", ">") else end, style=style
        )
    node = Node("mapping" if kind == "MappingStartEvent" else "list", start, end)
    node.flow = bool(event.flow_style)
    while True:
        event = loader.get_event()
        if type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            break
        one = _node(loader, event, lines, start[1])
        if node.kind == "list":
            node.entries.append((None, one))
        else:
            value = _node(loader, loader.get_event(), lines, one.start[1])
            node.entries.append((one, value))
    node.end = (
        (event.end_mark.line, event.end_mark.column) if node.flow else node.entries[-1][1].end
    )
    return node


def _end(start: Position, lines: list[str], outer: int) -> Position:
    """Return where a text of several lines (`|` or `>`) ends: it is indented more than what it
    belongs to; empty lines behind it count only where it keeps them (`|+`)."""
    header = lines[start[0]]
    last, inner = start[0], 0
    keeps = "+" in header[start[1] : start[1] + 3]
    for at in range(start[0] + 1, len(lines)):
        row = lines[at]
        indent = len(row) - len(row.lstrip(" "))
        if row.strip() and indent <= outer:
            break
        inner = inner or (indent if row.strip() else 0)
        more = bool(inner) and indent > inner  # spaces beyond the indent are text as well
        if row.strip() or more or (keeps and at < len(lines) - 1):
            last = at
    return last, len(lines[last])


def scalars(node: Node) -> Iterator[Node]:
    """Give every scalar and every flow collection's end, in the order of the text."""
    if node.kind == "scalar":
        yield node
    for key, value in node.entries:
        if key is not None:
            yield key
        yield from scalars(value)


def comments(text: str, root: Node) -> dict[int, tuple[int, str]]:
    """Return the comments of a text by line: the column where each begins, and itself."""
    lines = text.split("\n")
    taken: dict[int, list[tuple[int, int]]] = {}
    for one in scalars(root):
        for line in range(one.start[0], one.end[0] + 1):
            if one.style in ("|", ">"):
                span = (
                    (0, len(lines[line])) if line > one.start[0] else (one.start[1], one.start[1])
                )
            else:
                first = one.start[1] if line == one.start[0] else 0
                span = (first, one.end[1] if line == one.end[0] else len(lines[line]))
            taken.setdefault(line, []).append(span)
    found = {}
    for at, row in enumerate(lines):
        for match in re.finditer(r"#", row):
            column = match.start()
            free = all(not begin <= column < end for begin, end in taken.get(at, ()))
            if free and (column == 0 or row[column - 1].isspace()):
                found[at] = (column, row[column:].rstrip())
                break
    return found
