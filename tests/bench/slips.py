"""Slips of an author's fingers, one a function: each changes one place of a YAML text.

They know YAML (keys, values, lists, indents) and the schemas for editors (which keys are needed,
which value is a number or a text, how long it may be), and nothing of what the checker looks for.
What is deleted or swapped is what another line mentions: the rest would be a change of mind, not a
slip. Start at `slip`."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.check.json_schemas import schemas
from engine.load.nodes import Node, read_nodes
from engine.load.tree import Path

WORD = re.compile(r"[a-z][a-z0-9_]{2,}")
HOLE = re.compile(r"\{([^{}]+)\}")
LONG_TEXT = 5000


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: by which operator, the whole text after it, the lines (from 1) where a finding is
    on the spot, and the line before and after for people."""

    name: str
    text: str
    lines: frozenset[int]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a file: its path, its key if it has one, itself, what the schema says of it."""

    path: Path
    key: Node | None
    value: Node
    owner: Node
    schema: dict[str, Any]


class File:
    """A text with its places and edits."""

    def __init__(self, text: str, kind: str, chance: random.Random) -> None:
        self.text, self.kind, self.chance = text, kind, chance
        self.rows = text.split("\n")
        self.starts = [0]
        for row in self.rows:
            self.starts.append(self.starts[-1] + len(row) + 1)
        self.root = read_nodes(text)
        self.places = list(self._places(self.root, (), _schema(kind), kind))

    def _places(self, node: Node, path: Path, schema: dict[str, Any], kind: str) -> Iterator[Place]:
        for at, (key, value) in enumerate(node.entries):
            name = self.source(key).strip("'\"") if key else at
            inner = _inner(schema, name, self, node, kind)
            yield Place((*path, name), key, value, node, inner)
            yield from self._places(value, (*path, name), inner, kind)

    def source(self, node: Node) -> str:
        """Return the text of a node."""
        return self.text[self.at(node.start) : self.at(node.end)]

    def at(self, position: tuple[int, int]) -> int:
        """Return where a line and a column are in the text."""
        return self.starts[position[0]] + position[1]

    def scalars(self) -> list[Place]:
        """Return the places of single values that say something, on one line."""
        return [
            one
            for one in self.places
            if one.value.kind == "scalar"
            and not one.value.empty
            and one.value.start[0] == one.value.end[0]
        ]

    def mentions(self, name: str, place: Place) -> int:
        """Return how often a name is mentioned outside of a place."""
        inside = file_part(self, place)
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        return len(pattern.findall(self.text)) - len(pattern.findall(inside))

    def put(self, name: str, start: int, end: int, new: str, *more: int) -> Slip:
        """Return the slip that puts a text in the place of another; `more` are further lines where
        a finding is on the spot."""
        text = self.text[:start] + new + self.text[end:]
        line = self.text.count("\n", 0, start)
        after = text.split("\n")
        shown = after[line] if line < len(after) else ""
        lines = frozenset({line + 1, *(one + 1 for one in more)})
        return Slip(name, text, lines, self.rows[line].strip(), shown.strip()[:120])


def file_part(file: File, place: Place) -> str:
    """Return the text of a place with its key."""
    return file.text[file.at((place.key or place.value).start) : file.at(place.value.end)]


Operator = Callable[[File], Slip | None]


def slip(name: str, text: str, kind: str, chance: random.Random) -> Slip | None:
    """Return a slip of an operator in a file of a kind; None when there is nothing to slip on."""
    return OPERATORS[name](File(text, kind, chance))


def _schema(kind: str) -> dict[str, Any]:
    return _schemas()[kind]


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    return {name.removesuffix(".json"): json.loads(text) for name, text in schemas().items()}


def _inner(
    schema: dict[str, Any], name: str | int, file: File, node: Node, kind: str
) -> dict[str, Any]:
    """Return the schema of a part, as far as it can be followed; empty where it cannot."""
    form = _form(schema, file, node, kind)
    if isinstance(name, int):
        items = form.get("items", {})
        if isinstance(items, list):
            return dict(items[name]) if name < len(items) else {}
        return dict(items)
    properties = form.get("properties", {})
    return dict(properties.get(name) or form.get("additionalProperties") or {})


def _form(schema: dict[str, Any], file: File, node: Node, kind: str) -> dict[str, Any]:
    """Follow references and choices to what fits a node: by its first key, or by its shape."""
    root = _schema(kind)
    if "$ref" in schema:
        return _form(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], file, node, kind)
    wanted = "array" if node.kind == "list" else "object"
    for one in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        form = _form(one, file, node, kind)
        key = node.entries[0][0] if node.entries else None
        first = file.source(key) if key is not None else ""
        if form.get("type") == wanted and (
            "oneOf" not in schema or first in form.get("required", ())
        ):
            return form
    return schema


def _typo(word: str, chance: random.Random) -> str:
    """Return a word with one slip: two letters swapped, one lost, one doubled, one added."""
    at = chance.randrange(len(word) - 1)
    made = chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[: at + 1] + chance.choice("aeiostr") + word[at + 1 :],
        )
    )
    return made if made != word else word + word[-1]


def _names(file: File) -> list[Place]:
    return [one for one in file.scalars() if WORD.fullmatch(file.source(one.value))]


def rename_value(file: File) -> Slip | None:
    """A name that something is called by, mistyped."""
    return _renamed(file, [one.value for one in _names(file)], "rename value")


def rename_key(file: File) -> Slip | None:
    """A key, mistyped."""
    keys = [one.key for one in file.places if one.key and WORD.fullmatch(file.source(one.key))]
    return _renamed(file, keys, "rename key")


def _renamed(file: File, nodes: list[Node], name: str) -> Slip | None:
    if not nodes:
        return None
    node = file.chance.choice(nodes)
    typo = _typo(file.source(node), file.chance)
    return file.put(name, file.at(node.start), file.at(node.end), typo)


def rename_inside(file: File) -> Slip | None:
    """A name in an expression, mistyped."""
    found = [
        (one.value, match)
        for one in file.scalars()
        if "expression" in str(one.schema).lower() and not HOLE.search(file.source(one.value))
        for match in WORD.finditer(file.source(one.value))
        if match[0] not in ("and", "not")
    ]
    if not found:
        return None
    node, match = file.chance.choice(found)
    start = file.at(node.start) + match.start()
    return file.put("rename inside", start, start + len(match[0]), _typo(match[0], file.chance))


def swap_values(file: File) -> Slip | None:
    """The values of two keys of one mapping, in each other's place."""
    pairs = [
        (one, other)
        for one in file.scalars()
        for other in file.scalars()
        if one.owner is other.owner
        and one.key
        and one.value.start < other.value.start
        and one.schema != other.schema
        and file.source(one.value) != file.source(other.value)
    ]
    if not pairs:
        return None
    one, other = file.chance.choice(pairs)
    (a, b), (c, d) = ((file.at(each.value.start), file.at(each.value.end)) for each in (one, other))
    swapped = file.text[c:d] + file.text[b:c] + file.text[a:b]
    return file.put("swap values", a, d, swapped, other.value.start[0])


def swap_items(file: File) -> Slip | None:
    """Two items of a list over several lines, of which one mentions what the other is called, in
    each other's place."""
    found = []
    for node in {id(one.owner): one.owner for one in file.places}.values():
        if node.kind == "list" and node.laid:
            items = [value for _, value in node.entries]
            found += [
                (one, two)
                for at, one in enumerate(items)
                for two in items[at + 1 :]
                if _mentions(file.source(two), _called(file, one))
            ]
    if not found:
        return None
    one, two = file.chance.choice(found)
    a, b = file.starts[one.start[0]], file.starts[one.end[0] + 1]
    c, d = file.starts[two.start[0]], file.starts[two.end[0] + 1]
    swapped = file.text[c:d] + file.text[b:c] + file.text[a:b]
    moved = two.end[0] - two.start[0]
    return file.put("swap items", a, d, swapped, *range(one.start[0], one.start[0] + moved + 1))


def _called(file: File, node: Node) -> str:
    """Return the name that a mapping gives to a thing, such as `weight` of `- number: weight`: a
    value that the schema wants to be a name."""
    for one in file.places:
        if one.owner is node and "pattern" in one.schema and one.value.kind == "scalar":
            name = file.source(one.value)
            return name if WORD.fullmatch(name) else ""
    return ""


def _mentions(text: str, name: str) -> bool:
    return bool(name) and re.search(rf"\b{name}\b", text) is not None


def delete_key(file: File) -> Slip | None:
    """A key that the schema needs, or a named thing that is mentioned elsewhere, gone."""
    found = [
        (one, name)
        for one in file.places
        if one.key is not None and len(one.owner.entries) > 1
        for name in [file.source(one.key).strip("'\"")]
        if name in _owner(file, one).get("required", ())
        or (name not in _owner(file, one).get("properties", {}) and file.mentions(name, one) > 0)
    ]
    return _gone(file, *file.chance.choice(found), "delete key") if found else None


def _owner(file: File, place: Place) -> dict[str, Any]:
    above = next((one for one in file.places if one.value is place.owner), None)
    schema = above.schema if above else _schema(file.kind)
    return _form(schema, file, place.owner, file.kind)


def delete_item(file: File) -> Slip | None:
    """An item of a list (a step, an action) that is mentioned elsewhere, gone."""
    found = [
        (one, name)
        for one in file.places
        if one.key is None and len(one.owner.entries) > 1
        for name in [_called(file, one.value)]
        if name and file.mentions(name, one) > 0
    ]
    return _gone(file, *file.chance.choice(found), "delete item") if found else None


def _gone(file: File, place: Place, word: str, name: str) -> Slip:
    """Take an entry away; a finding is on the spot above it, or where it is mentioned."""
    owner, value = place.owner, place.value
    begin = place.key or value
    at = next(at for at, (_, one) in enumerate(owner.entries) if one is value)
    near = owner.entries[0][0] or owner.entries[0][1]
    lines = {near.start[0], owner.start[0], max(0, owner.start[0] - 1), begin.start[0]}
    if owner.flow or file.rows[begin.start[0]][: begin.start[1]].strip(" -"):
        if at + 1 < len(owner.entries):
            following = owner.entries[at + 1][0] or owner.entries[at + 1][1]
            start, end = file.at(begin.start), file.at(following.start)
        else:
            start, end = file.at(owner.entries[at - 1][1].end), file.at(value.end)
    elif place.key is not None and "-" in file.rows[begin.start[0]][: begin.start[1]]:
        following = owner.entries[at + 1][0] or owner.entries[at + 1][1]
        start, end = file.at(begin.start), file.at(following.start)  # it moves behind the dash
    else:
        start, end = file.starts[begin.start[0]], file.starts[value.end[0] + 1]
    left = file.text[:start] + file.text[end:]
    lines |= {at for at, row in enumerate(left.split("\n")) if _mentions(row, word)}
    return file.put(name, start, end, "", *lines)


def retype(file: File) -> Slip | None:
    """A value of another kind: words for a number, a number for a list, a list for a word."""
    kinds = {"integer": "много", "boolean": "иногда", "array": "5", "object": "слово"}
    found = []
    for one in file.places:
        wanted = _kind(one.schema)
        if wanted in kinds and not one.value.empty and one.value.start[0] == one.value.end[0]:
            found.append((one, kinds[wanted]))
        elif wanted == "word" and one.value.kind == "scalar":
            found.append((one, "[одно, другое]"))
    if not found:
        return None
    one, new = file.chance.choice(found)
    return file.put("retype", file.at(one.value.start), file.at(one.value.end), new)


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "")
    return "word" if isinstance(kind, list) else str(kind)


def unit(file: File) -> Slip | None:
    """Another unit."""
    others = {"kg": "°C", "°C": "kg", '"%"': "kg"}
    found = [
        one.value
        for one in file.scalars()
        if one.path[-1:] == ("unit",) and file.source(one.value) in others
    ]
    if not found:
        return None
    node = file.chance.choice(found)
    new = others[file.source(node)]
    return file.put("unit", file.at(node.start), file.at(node.end), new)


def option(file: File) -> Slip | None:
    """A code after `==` or in `in (…)`, mistyped."""
    found = [
        (one.value, match)
        for one in file.scalars()
        for match in re.finditer(r"(?:==|!=|in \() *([a-z]\w+)", file.source(one.value))
    ]
    if not found:
        return None
    node, match = file.chance.choice(found)
    start = file.at(node.start) + match.start(1)
    return file.put("option", start, start + len(match[1]), _typo(match[1], file.chance))


def transition(file: File) -> Slip | None:
    """Another word of the same file where a transition or a state is named."""
    keys = ("fire", "from", "to", "claim", "release", "owner", "by", "flow", "run")
    names = [one for one in _names(file) if one.path[-1] in keys]
    words = sorted({file.source(one.value) for one in _names(file)})
    if not names or len(words) < 2:
        return None
    one = file.chance.choice(names)
    new = file.chance.choice([word for word in words if word != file.source(one.value)])
    return file.put("transition", file.at(one.value.start), file.at(one.value.end), new)


def placeholder(file: File) -> Slip | None:
    """A hole of a text: its name mistyped, or one of its braces lost."""
    found = [
        (one.value, match)
        for one in file.scalars()
        for match in HOLE.finditer(file.source(one.value))
        if one.value.style and WORD.match(match[1])
    ]
    if not found:
        return None
    node, match = file.chance.choice(found)
    start = file.at(node.start) + match.start()
    new = file.chance.choice(
        (f"{{{_typo(match[1], file.chance)}}}", f"{{{match[1]}", f"{match[1]}}}")
    )
    return file.put("placeholder", start, start + len(match[0]), new)


def indent(file: File) -> Slip | None:
    """A line of a mapping, one or two spaces further in or out."""
    rows = [at for at, row in enumerate(file.rows) if re.match(r" {2,}[a-z_]+:", row)]
    if not rows:
        return None
    at = file.chance.choice(rows)
    shift = file.chance.choice((-2, -1, 1, 2))
    start = file.starts[at]
    if shift > 0:
        return file.put("indent", start, start, " " * shift, at + 1)
    return file.put("indent", start, start - shift, "", at + 1)


def long_text(file: File) -> Slip | None:
    """A message of five thousand characters, a title longer than its schema permits."""
    found = [
        (one, one.schema.get("maxLength", LONG_TEXT) + 20)
        for one in file.scalars()
        if one.path[-1] in ("prompt", "text", "reply", "hint", "say", "waiting")
        or "maxLength" in one.schema
    ]
    if not found:
        return None
    one, most = file.chance.choice(found)
    start, end = file.at(one.value.start), file.at(one.value.end)
    return file.put("long text", start, end, f'"{"Длинно " * (most // 7)}"')


OPERATORS: dict[str, Operator] = {
    "rename value": rename_value,
    "rename key": rename_key,
    "rename inside": rename_inside,
    "swap values": swap_values,
    "swap items": swap_items,
    "delete key": delete_key,
    "delete item": delete_item,
    "retype": retype,
    "unit": unit,
    "option": option,
    "transition": transition,
    "placeholder": placeholder,
    "indent": indent,
    "long text": long_text,
}
