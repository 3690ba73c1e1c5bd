"""YAML text → plain data whose every value knows its place.

Every scalar stays a text: our schema decides what it means, not YAML's guesses (`no`, `on`, `12:30`, `012`). Reading is
done by the C parser; a test asserts that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.cyaml import CBaseLoader
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.errors import Finding, Place

LARGEST, DEEPEST = 1024 * 1024, 20  # bytes of a file; levels of nesting

Path = tuple[str | int, ...]
_EMPTY = ("", "~", "null")


@dataclass(slots=True)
class Tree:
    """A file read: plain data, the place of every value and of every key by its path, and the lines of the text."""

    file: str
    data: Any
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    quoted: set[Path] = field(default_factory=set)
    lines: tuple[str, ...] = ()

    def place(self, path: Path) -> Place:
        """Return the place of a value, or of the nearest thing above it that has one."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))

    def key(self, path: Path) -> Place:
        """Return the place of a key, or of its value where it has none."""
        return self.keys.get(path) or self.place(path)

    def inside(self, path: Path, offset: int, width: int) -> Place:
        """Return the place of a part of a text: `offset` characters from its beginning."""
        return self.place(path).shifted(offset + (1 if path in self.quoted else 0), width)


def read_tree(file: str, text: str) -> tuple[Tree, tuple[Finding, ...]]:
    """Read one file. What is wrong in its YAML comes back as findings; then `data` is None."""
    tree = Tree(file, None, lines=tuple(text.splitlines()))
    if len(text.encode()) > LARGEST:
        return tree, (Finding(Place(file), "F101", "файл больше 1 МиБ", "разделите его на несколько"),)
    try:
        loader = CBaseLoader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except MarkedYAMLError as error:
        return tree, (_syntax(file, error, tree.lines),)
    except (YAMLError, ValueError) as error:
        return tree, (Finding(Place(file), "F101", "файл не читается как YAML", str(error).splitlines()[0]),)
    if node is None:
        return tree, (Finding(Place(file), "F101", "файл пуст", "в нём должен быть хотя бы один ключ"),)
    reader = _Reader(tree)
    tree.data = reader.read(node, ())
    return tree, tuple(reader.findings)


class _Reader:
    """Walks the nodes of one file, collecting data, places and findings."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.findings: list[Finding] = []
        self.seen: set[int] = set()

    def _find(self, node: Node, code: str, message: str, hint: str) -> None:
        self.findings.append(Finding(self._place(node), code, message, hint))

    def _place(self, node: Node) -> Place:
        start, end = node.start_mark, node.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.tree.file, start.line + 1, start.column + 1, max(1, width))

    def read(self, node: Node, path: Path) -> Any:
        if len(path) > DEEPEST:
            self._find(node, "F101", f"вложенность больше {DEEPEST}", "вынесите часть в другой файл")
            return None
        if id(node) in self.seen:
            self._find(node, "F101", "ссылки YAML (&имя, *имя) здесь не читаются", "напишите значение ещё раз")
            return None
        self.seen.add(id(node))
        self.tree.values[path] = self._place(node)
        if str(node.tag or "").startswith("!"):
            self._find(node, "F101", f"теги YAML ({node.tag}) здесь не читаются", "уберите тег")
        match node:
            case ScalarNode():
                if node.style in ("'", '"'):
                    self.tree.quoted.add(path)
                    return node.value
                return None if node.value in _EMPTY else node.value
            case SequenceNode():
                return [self.read(item, (*path, at)) for at, item in enumerate(node.value)]
            case MappingNode():
                return self._mapping(node, path)
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._find(key, "F101", "ключ должен быть словом", "текст в скобках возьмите в кавычки")
                continue
            name = key.value
            if name == "<<":
                self._find(key, "F101", "слияние «<<» здесь не читается", "напишите ключи ещё раз")
                continue
            if name in found:
                first = self.tree.keys[(*path, name)].line
                self._find(key, "F102", f"ключ «{name}» уже есть в строке {first}", "оставьте один из них")
                continue
            self.tree.keys[(*path, name)] = self._place(key)
            found[name] = self.read(value, (*path, name))
        return found


_TRAPS = (
    (re.compile(r"^\s*(?:- )?[\w ]+: [^'\"\[{].*?[^ ]: "), "второе двоеточие в строке",
     "текст с «: » внутри возьмите в кавычки"),
    (re.compile(r"\{[^}\"']*[\[\]][^}\"']*$"), "скобки перепутаны", "текст со скобками возьмите в кавычки"),
    (re.compile(r"\t"), "табуляция", "отступы в YAML делают пробелами"),
    (re.compile(r"\[[^\]\"']*\w:\w"), "двоеточие внутри [ ]", "значение с двоеточием возьмите в кавычки"),
)


def _syntax(file: str, error: MarkedYAMLError, lines: tuple[str, ...]) -> Finding:
    """Say YAML's trouble in words, at the place where it is."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    near = lines[line] if line < len(lines) else ""
    if not near.strip() and line:
        line = max(at for at in range(min(line, len(lines))) if lines[at].strip() or at == 0)
        near, column = lines[line], len(lines[line].rstrip())
    for pattern, message, hint in _TRAPS:
        if pattern.search(near):
            return Finding(Place(file, line + 1, column + 1), "F101", message, hint)
    if near.count('"') % 2:
        return Finding(Place(file, line + 1, near.index('"') + 1), "F101", "кавычка не закрыта", "закройте её")
    problem = {"did not find expected key": "не на месте ключ или отступ",
               "did not find expected '-' indicator": "не на месте пункт списка",
               "mapping values are not allowed in this context": "двоеточие не на месте"}.get(
                   str(error.problem), "строка не читается как YAML")
    return Finding(Place(file, line + 1, column + 1), "F101", problem, "сравните отступ с соседними строками")
