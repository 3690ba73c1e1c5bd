"""A YAML file laid out in the house's way: keys in the order of the manual, two spaces of indent,
one space where one is enough, comments kept. Start at `laid_out`.

The data never change: texts keep their quotes, lists and options their order, long lines their
breaks. What is written over several lines in brackets keeps its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from engine.errors import EngineError
from engine.load.nodes import Node, comments, read_nodes
from engine.load.tree import Path, read_tree

Order = Callable[[Path, Sequence[str]], Sequence[str]]  # keys of the mapping at a path, in order
Group = tuple[list[str], list[str]]  # comments above an entry, without indent; its lines
STEP = "  "


def laid_out(text: str, order: Order) -> str:
    """Return a text laid out. Raises EngineError when it would say anything else than before: that
    would be our bug. The text must be one that `read_tree` takes without findings."""
    body = text.removeprefix("\ufeff").replace("\r\n", "\n")
    fresh = _Layout(body, order).text()
    before, after = read_tree("", body)[0].data, read_tree("", fresh)[0].data
    if before != after or _said(body) != _said(fresh):
        raise EngineError("laying a file out changed what it says")
    return fresh


def _said(text: str) -> Counter[str]:
    return Counter(comment for _, comment in comments(text, read_nodes(text)).values())


class _Layout:
    """Writes one text anew."""

    def __init__(self, text: str, order: Order) -> None:
        self._rows = text.split("\n")
        self._order = order
        self._root = read_nodes(text)
        self._comments = comments(text, self._root)

    def text(self) -> str:
        """Return the whole text; what stands above the first key stays at the top."""
        root = self._root
        head = self._above(0, root.start[0])
        while head and not head[0]:
            head.pop(0)
        body = [f"{row}{self._beside(root.end[0])}" for row in self._plain(root, "", (), 0)]
        if root.laid:
            body = _flat(self._groups(root, "", (), root.start[0]), "")
        while body and not body[0] and not (head and head[-1]):
            body.pop(0)
        tail = self._above(root.end[0] + 1, len(self._rows))
        while tail and not tail[-1]:
            tail.pop()
        return "\n".join([*head, *body, *tail]) + "\n"

    def _above(self, first: int, last: int) -> list[str]:
        """Return the comments and empty lines between two rows; of several empty ones, one."""
        found: list[str] = []
        for at in range(first, last):
            column, comment = self._comments.get(at, (0, ""))
            if comment and not self._rows[at][:column].strip(" -"):
                found.append(comment)
            elif not self._rows[at].strip() and (not found or found[-1]):
                found.append("")
        return found

    def _beside(self, at: int) -> str:
        """Return the comment that stands behind something in a row, two spaces away or more."""
        column, comment = self._comments.get(at, (0, ""))
        before = self._rows[at][:column].rstrip()
        if not comment or not before.strip(" -"):
            return ""
        return " " * max(2, column - len(before)) + comment

    def _groups(self, node: Node, indent: str, path: Path, seen: int) -> list[Group]:
        """Return the entries of a mapping or a list as lines; rows before `seen` are written."""
        found: dict[str, Group] = {}
        for at, (key, value) in enumerate(node.entries):
            begin = key or value
            above = self._above(seen, begin.start[0])
            if key is None:
                name = str(at)
                lines, more = self._item(value, indent, (*path, at))
                above += more[1:] if above[-1:] == more[:1] == [""] else more
            else:
                name = self._source(key).strip("'\"")
                lines = self._entry(key, value, indent, (*path, name))
            found[name] = above, lines
            seen = value.end[0] + 1
        if node.kind == "list":
            return list(found.values())
        return [found[name] for name in self._order(path, list(found))]

    def _entry(self, key: Node, value: Node, indent: str, path: Path) -> list[str]:
        """Return the lines of a key with its value."""
        line = f"{indent}{self._source(key)}:"
        inner = indent + STEP
        if value.laid:
            head = line + (self._beside(key.start[0]) if key.start[0] < value.start[0] else "")
            return [head, *_flat(self._groups(value, inner, path, key.start[0] + 1), inner)]
        if value.empty:
            return [line + self._beside(key.start[0])]
        below = value.start[0] > key.start[0]
        first, *more = self._plain(value, inner, path, len(inner if below else line) + 1 - below)
        if below:
            lines = [line + self._beside(key.start[0]), inner + first, *more]
        else:
            lines = [f"{line} {first}", *more]
        if value.style not in ("|", ">"):
            lines[-1] += self._beside(value.end[0])
        return lines

    def _item(self, value: Node, indent: str, path: Path) -> tuple[list[str], list[str]]:
        """Return the lines of an item of a list, and the comments that go above it."""
        inner = indent + STEP
        if not value.laid:
            first, *more = self._plain(value, inner, path, len(inner)) if not value.empty else [""]
            lines = [f"{indent}- {first}".rstrip(), *more]
            if value.style not in ("|", ">"):
                lines[-1] += self._beside(value.end[0])
            return lines, []
        (above, first_lines), *rest = self._groups(value, inner, path, value.start[0])
        lines = [*first_lines, *_flat(rest, inner)]
        lines[0] = f"{indent}- {lines[0][len(inner) :]}"
        return lines, above

    def _plain(self, value: Node, inner: str, path: Path, column: int) -> list[str]:
        """Return the lines of a scalar or of something in brackets; the first goes to a column."""
        if value.start[0] == value.end[0]:
            return [self._bracketed(value, path) if value.flow else self._source(value)]
        (first, begin), (last, end) = value.start, value.end
        rows = [self._rows[first][begin:], *self._rows[first + 1 : last], self._rows[last][:end]]
        if value.style in ("|", ">"):
            return [rows[0].rstrip(), *self._text(self._rows[first + 1 : last + 1], inner)]
        if value.flow:
            least = min((_indent(row) for row in rows[1:] if row.strip()), default=0)
            shift = max(column - value.start[1], len(inner) - least)
            return [rows[0].rstrip(), *(_shifted(row, shift) for row in rows[1:])]
        return [rows[0].rstrip(), *((inner + row.strip()).rstrip() for row in rows[1:])]

    def _text(self, rows: list[str], inner: str) -> list[str]:
        """Return the rows of a text under `|` or `>`, moved to an indent."""
        full = [row for row in rows if row.strip()]
        least = _indent(full[0]) if full else 0
        # A row of spaces is text where it is longer than the indent.
        return [
            _shifted(row, len(inner) - least, strip=False) if len(row) > least else ""
            for row in rows
        ]

    def _bracketed(self, node: Node, path: Path) -> str:
        """Return something in brackets, or a scalar in them, on one line."""
        if not node.flow:
            return self._source(node)
        if node.kind == "list":
            items = [self._bracketed(one, (*path, at)) for at, (_, one) in enumerate(node.entries)]
            return f"[{', '.join(items)}]"
        pairs = {}
        for key, value in node.entries:
            assert key is not None
            name = self._source(key).strip("'\"")
            pairs[name] = f"{self._source(key)}: {self._bracketed(value, (*path, name))}"
        return f"{{{', '.join(pairs[name] for name in self._order(path, list(pairs)))}}}"

    def _source(self, node: Node) -> str:
        return self._rows[node.start[0]][node.start[1] : node.end[1]]


def _flat(groups: list[Group], indent: str) -> list[str]:
    """Return the lines of entries with the comments above each, indented like them."""
    return [
        line
        for above, lines in groups
        for line in (*((indent + one).rstrip() for one in above), *lines)
    ]


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _shifted(row: str, shift: int, *, strip: bool = True) -> str:
    """Move a row to the right, or to the left as far as it has spaces."""
    moved = " " * shift + row if shift >= 0 else row[min(-shift, _indent(row)) :]
    return moved.rstrip() if strip else moved
