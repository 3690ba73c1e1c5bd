"""YAML text → plain data whose every value knows its place.

Every scalar stays a text: our schema decides what it means, not YAML's guesses (`no`, `on`,
`12:30`, `012`). Reading is done by the C parser, event by event: its own composer would follow a
hostile file down until the stack is gone. Start at `read_tree`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.cyaml import CBaseLoader
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from engine.errors import Edit, Finding, Place, say
from engine.load.traps import explain, unreadable, whole_in_brackets

LARGEST, DEEPEST = 1024 * 1024, 20  # bytes of a file; levels of nesting
MOST_VALUES, LONGEST_TEXT = 10_000, 10_000  # of one file; characters of one value or key
MOST_FINDINGS = 100  # in the YAML of one file: who has more reads another kind of file

Path = tuple[str | int, ...]
_FRACTION = re.compile(r"(-?[0-9]+),([0-9]+)$")  # 0,5 where 0.5 is meant
_EMPTY = ("", "~", "null")
_DIRECTIVE = re.compile("^%(?:TAG|YAML)", re.MULTILINE)
_LINE = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what the parser takes for the end of a line


@dataclass(slots=True)
class Tree:
    """A file read: plain data, the place of every value and key by its path, the text's lines."""

    file: str
    data: Any
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    quoted: set[Path] = field(default_factory=set)
    lines: tuple[str, ...] = ()
    text: str = ""
    _spots: tuple[Path, list[tuple[int, int]]] | None = None  # of the text that was asked last

    def at(self, path: Path) -> Any:
        """Return the data at a path, None where there is none."""
        data: Any = self.data
        for part in path:
            try:
                data = data[part]
            except (LookupError, TypeError):
                return None
        return data

    def place(self, path: Path) -> Place:
        """Return the place of a value, or of the nearest thing above it that has one."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))

    def key(self, path: Path) -> Place:
        """Return the place of a key, or of its value where it has none."""
        return self.keys.get(path) or self.place(path)

    def rename(self, path: Path, old: str, new: str) -> None:
        """Read a key of the mapping at a path as another one; it keeps its order and its place."""
        data, was, now = self.at(path), (*path, old), (*path, new)
        items = [(new if key == old else key, value) for key, value in data.items()]
        data.clear()
        data.update(items)
        for inner in _paths(data[new]):
            before, after = (*was, *inner), (*now, *inner)
            for places in (self.values, self.keys):
                if before in places:
                    places[after] = places.pop(before)
            if before in self.quoted:
                self.quoted.remove(before)
                self.quoted.add(after)

    def inside(self, path: Path, offset: int, width: int) -> Place:
        """Return the place of a part of a text: `offset` characters from its beginning."""
        start = self.place(path)
        text = self.at(path)
        if not isinstance(text, str):
            return start
        if self._spots is None or self._spots[0] != path:
            self._spots = path, self._characters(start, text)
        places = self._spots[1]
        line, column = (
            places[min(offset, len(places) - 1)] if places else (start.line, start.column)
        )
        last_line, last = places[min(offset + width, len(places)) - 1] if places else (line, column)
        return Place(self.file, line, column, max(1, last - column + 1) if last_line == line else 1)

    def _characters(self, start: Place, text: str) -> list[tuple[int, int]]:
        """Return where each character of a text stands; folding, quotes and escapes are skipped."""
        line, column = start.line - 1, start.column - 1
        found = []
        for character in text:
            while line < len(self.lines):
                row = self.lines[line]
                at_end = column >= len(row)
                if row[column : column + 1] == character or (at_end and character in " \n"):
                    break
                line, column = (line + 1, 0) if at_end else (line, column + 1)
            if line >= len(self.lines):
                break
            found.append((line + 1, column + 1))
            column += 1
            if column > len(self.lines[line]):
                line, column = line + 1, 0
        return found


def _paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """Give the paths of a value and of everything in it."""
    yield path
    inside: Iterable[tuple[int | str, Any]] = ()
    if isinstance(data, dict):
        inside = data.items()
    elif isinstance(data, list):
        inside = enumerate(data)
    for part, value in inside:
        yield from _paths(value, (*path, part))


def read_tree(file: str, text: str) -> tuple[Tree, tuple[Finding, ...]]:
    """Read one file. What is wrong in its YAML comes back as findings; `data` is None when the
    rest cannot be trusted."""
    text = text.removeprefix("\ufeff")
    tree = Tree(file, None, lines=tuple(_LINE.split(text)), text=text)
    if len(text.encode(errors="replace")) > LARGEST:
        return tree, (
            Finding(Place(file), "F101", "файл больше 1 МиБ", "разделите его на несколько"),
        )
    reader = _Reader(tree)
    try:
        reader.directives(text)
        tree.data = reader.document(text)
    except _Stop:
        return tree, tuple(reader.findings)
    except MarkedYAMLError as error:
        return tree, (explain(file, error, tree.lines),)
    except (YAMLError, ValueError):
        return tree, (unreadable(file, tree.lines),)
    return tree, tuple(reader.findings)


class _Stop(Exception):
    """The rest of a file cannot be trusted; the finding that says why is already kept."""


class _Reader:
    """Takes the events of one file, collecting data, places and findings."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.findings: list[Finding] = []
        self._loader: Any = None
        self._anchors: set[str] = set()
        self._count = 0
        self._within = 0  # how many brackets of YAML are open
        self._joined = (-1, 0)  # the line and column up to which a cut value was put together

    def _next(self) -> tuple[str, Any]:
        event = self._loader.get_event()
        return type(event).__name__.removesuffix("Event"), event

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        if start.line >= len(self.tree.lines):  # nothing is written where the file has ended
            return Place(self.tree.file, len(self.tree.lines), len(self.tree.lines[-1]) + 1)
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.tree.file, start.line + 1, start.column + 1, max(1, width))

    def _find(self, event: Any, code: str, message: str, hint: str) -> None:
        self._keep(Finding(self._place(event), code, message, hint))

    def _keep(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) >= MOST_FINDINGS:
            raise _Stop

    def directives(self, text: str) -> None:
        """Refuse YAML's directives: nothing here needs one, and the parser compares each with
        all before it."""
        found = _DIRECTIVE.search(text)
        if found is not None:
            line = len(_LINE.split(text[: found.start()]))
            place = Place(self.tree.file, line, 1, len(found[0]))
            message = say("указание YAML «{word}» здесь не читается", word=found[0])
            self.findings.append(Finding(place, "F101", message, "уберите эту строку"))
            raise _Stop

    def document(self, text: str) -> Any:
        """Return the data of the one document of a text."""
        self._loader = CBaseLoader(text)
        try:
            self._next()
            kind, event = self._next()
            if kind == "StreamEnd":
                raise self._empty()
            data = self.value(*self._next(), ())
            self._next()
            kind, event = self._next()
            if kind != "StreamEnd":
                self._find(event, "F101", "в файле несколько документов", "уберите строку «---»")
                raise _Stop
            if data is None and not self.findings:
                raise self._empty()
            return data
        finally:
            self._loader.dispose()

    def _empty(self) -> _Stop:
        remedy = "в нём должен быть хотя бы один ключ"
        self.findings.append(Finding(Place(self.tree.file), "F101", "файл пуст", remedy))
        return _Stop()

    def value(self, kind: str, event: Any, path: Path) -> Any:
        """Return the data of the value that begins with an event."""
        if len(path) > DEEPEST:
            self._find(
                event,
                "F101",
                say("вложенность больше {deepest}", deepest=DEEPEST),
                "вынесите часть в другой файл",
            )
            raise _Stop
        self.tree.values[path] = self._place(event)
        self._count += 1
        if self._count > MOST_VALUES:
            message = say("в файле больше {most} значений", most=MOST_VALUES)
            self._find(event, "F101", message, "разделите его на несколько")
            raise _Stop
        if kind == "Alias":
            if event.anchor not in self._anchors:
                self._find(
                    event,
                    "F101",
                    say("ссылка YAML «*{anchor}» здесь не читается", anchor=event.anchor),
                    "напишите значение ещё раз; текст со звёздочкой возьмите в кавычки",
                )
            raise _Stop
        if event.anchor:
            self._anchors.add(event.anchor)
            self._find(
                event,
                "F101",
                say("метка YAML «&{anchor}» здесь не читается", anchor=event.anchor),
                "напишите значение ещё раз там, где нужно; текст с «&» возьмите в кавычки",
            )
        if event.tag:
            self._find(
                event,
                "F101",
                "теги YAML (с «!») здесь не читаются",
                "уберите тег; текст с восклицательным знаком возьмите в кавычки",
            )
        if kind == "Scalar":
            return self._scalar(event, path)
        self._within += bool(event.flow_style)
        found = self._sequence(path) if kind == "SequenceStart" else self._mapping(path)
        self._within -= bool(event.flow_style)
        return found

    def _short(self, event: Any) -> None:
        """Refuse a text that no message holds and no name is."""
        if len(event.value) > LONGEST_TEXT:
            message = say(
                "текст длиннее {most} знаков: {count}", most=LONGEST_TEXT, count=len(event.value)
            )
            self._find(event, "F101", message, "сократите его")
            raise _Stop

    def _scalar(self, event: Any, path: Path) -> str | None:
        self._short(event)
        if event.style in ("'", '"'):
            self.tree.quoted.add(path)
            return str(event.value)
        if event.style not in ("|", ">") and not event.value.isascii():
            self._cut(event)
        if self._within and event.value.count("(") > event.value.count(")"):
            return self._put_together(event)
        return None if event.value in _EMPTY else str(event.value)

    def _put_together(self, event: Any) -> str:
        """Return a value that a comma within its parentheses cuts, as it was meant; say so."""
        line, column = event.start_mark.line, event.start_mark.column
        whole = whole_in_brackets(self.tree.lines[line], column)
        if not whole:
            return str(event.value)
        self._joined = (line, column + len(whole))
        place = Place(self.tree.file, line + 1, column + 1, len(whole))
        message = say("запятая внутри скобок разрезала «{whole}»", whole=whole)
        remedy = "возьмите значение в кавычки или запишите ключи каждый на своей строке"
        fix = None if "\\" in whole else Edit(line + 1, column + 1, whole, f'"{whole}"')
        self._keep(Finding(place, "F101", message, remedy, fix=fix))
        return whole

    def _is_joined(self, event: Any) -> bool:
        """Tell whether a value or key is a part of one that was put together."""
        line, column = self._joined
        return bool(event.start_mark.line == line and event.start_mark.column < column)

    def _is_fraction(self, event: Any, found: dict[str, Any]) -> bool:
        """Tell whether a key in brackets is what a decimal comma cut off: `{max: -8,0}`; say so."""
        line, column = event.start_mark.line, event.start_mark.column
        whole = _FRACTION.search(self.tree.lines[line][: event.end_mark.column])
        if not whole or whole.start(2) != column or whole[1] != next(reversed(found.values())):
            return False
        place = Place(self.tree.file, line + 1, whole.start() + 1, len(whole[0]))
        number = f"{whole[1]}.{whole[2]}"
        remedy = say("дробь пишется с точкой: {number}", number=number)
        fix = Edit(line + 1, whole.start() + 1, whole[0], number)
        message = say("запятая разрезала число «{number}»", number=whole[0])
        self._keep(Finding(place, "F101", message, remedy, fix=fix))
        return True

    def _cut(self, event: Any) -> None:
        """Refuse a text that ` #` cuts; two spaces before `#` mean a comment."""
        line, column = event.end_mark.line, event.end_mark.column
        rest = self.tree.lines[line][column:] if line < len(self.tree.lines) else ""
        if re.match(r" #(?! *flow: )", rest):
            place = Place(self.tree.file, line + 1, column + 2, len(rest) - 1)
            remedy = "текст с # возьмите в кавычки; перед примечанием поставьте два пробела"
            fix = self._quoted(event, rest)
            self._keep(Finding(place, "F107", "текст обрезан знаком « #»", remedy, fix=fix))

    def _quoted(self, event: Any, rest: str) -> Edit | None:
        """Return the cut text in quotes where it surely goes on, as in «Камера #3»: a comment has
        a space after its sign."""
        start, end = event.start_mark, event.end_mark
        if start.line != end.line or not re.match(r" #[^\s#]", rest):
            return None
        old = str(event.value) + rest.rstrip()
        if "\\" in old or '"' in old or self.tree.lines[start.line][start.column :][:1] != old[:1]:
            return None
        return Edit(start.line + 1, start.column + 1, old, f'"{old}"')

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while (pair := self._next())[0] != "SequenceEnd":
            if not self._is_joined(pair[1]):
                found.append(self.value(*pair, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (pair := self._next())[0] != "MappingEnd":
            kind, event = pair
            if kind != "Scalar":
                self._find(
                    event, "F101", "ключ должен быть словом", "текст в скобках возьмите в кавычки"
                )
                raise _Stop
            if self._is_joined(event):
                self._next()  # it has no value
                continue
            self._short(event)
            if found and self._within and self._is_fraction(event, found):
                self._next()
                continue
            name, where = str(event.value), (*path, str(event.value))
            if name == "<<" and event.style not in ("'", '"'):
                self._find(
                    event, "F101", "слияние «<<» здесь не читается", "напишите ключи ещё раз"
                )
                raise _Stop
            if name in found:
                first = self.tree.keys[where].line
                message = say("ключ «{name}» уже есть в строке {first}", name=name, first=first)
                same = self._ignored(where) == found[name]
                fix = self._line(event, found[name]) if same else None
                remedy = "оставьте один из них"
                place = self._place(event)
                self._keep(Finding(place, "F102", message, remedy, fix=fix))
                continue
            self.tree.keys[where] = self._place(event)
            found[name] = self.value(*self._next(), where)
        return found

    def _line(self, event: Any, value: Any) -> Edit | None:
        """Return the removal of a line that holds a key with its plain value, and nothing else."""
        at = event.start_mark.line
        row = self.tree.lines[at]
        alone = row.strip() == f"{event.value}: {value}" and at + 1 < len(self.tree.lines)
        return Edit(at + 1, 1, f"{row}\n", "") if alone else None

    def _ignored(self, path: Path) -> Any:
        """Return the value of a second equal key without keeping it or its places."""
        kept = self.tree.values, self.tree.keys, self.tree.quoted
        self.tree.values, self.tree.keys, self.tree.quoted = {}, {}, set()
        try:
            return self.value(*self._next(), path)
        finally:
            self.tree.values, self.tree.keys, self.tree.quoted = kept
