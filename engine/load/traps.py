"""YAML's traps in the words of those who fall into them. Start at `explain`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from engine.errors import Finding, Place, say

QUOTE_IT = "возьмите весь текст в кавычки"
_NO_COLON = re.compile(r" *- (?P<key>[a-z_]+) +(?P<value>[^:#]+)")


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What the parser said and the line where it stopped; columns from 0."""

    problem: str
    context: str
    line: int
    column: int
    row: str
    before: str
    began: tuple[int, int]


def explain(file: str, error: MarkedYAMLError, lines: tuple[str, ...]) -> Finding:
    """Say the parser's trouble in words, at the place that must be changed."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    context = error.context_mark or mark
    began = (context.line, context.column) if context else (line, column)
    row = lines[line] if line < len(lines) else ""
    trouble = _Trouble(
        str(error.problem), str(error.context), line, column, row, row[:column], began
    )
    (line, column), message, hint = _words(trouble, lines)
    return Finding(_on_text(file, line, column, lines), "F101", message, hint)


def whole_in_brackets(row: str, start: int) -> str:
    """Return what a value in `{ }` or `[ ]` was meant to be when a comma within its own
    parentheses cuts it: `norm(a, b) > 5`. Empty when its parentheses do not close on the line."""
    depth = 0
    for at in range(start, len(row)):
        character = row[at]
        if depth == 0 and character in ",}]":
            return row[start:at].rstrip()
        if character in "{}[]\"'#" or row[at : at + 2] == ": ":
            return ""
        depth += (character == "(") - (character == ")")
    return ""


def unreadable(file: str, lines: tuple[str, ...]) -> Finding:
    """Say where a character stands that no YAML may hold."""
    for at, row in enumerate(lines):
        for column, character in enumerate(row):
            if (
                not character.isprintable()
                and character not in "\t\xa0\xad\u200b\u200d\u2009\u202f"
            ):
                return Finding(
                    Place(file, at + 1, column + 1),
                    "F101",
                    say("в файле невидимый знак U+{character}", character=f"{ord(character):04X}"),
                    "уберите его",
                )
    return Finding(Place(file), "F101", "файл не читается как YAML", "сохраните его в UTF-8")


def _on_text(file: str, line: int, column: int, lines: tuple[str, ...]) -> Place:
    """Return a place that is inside the file: the end of the last line with text if need be."""
    if line >= len(lines) or (not lines[line].strip() and column == 0):
        full = [at for at, row in enumerate(lines[: line + 1]) if row.strip()]
        line = full[-1] if full else 0
        column = len(lines[line].rstrip()) if lines else 0
    return Place(file, line + 1, column + 1)


def _words(trouble: _Trouble, lines: tuple[str, ...]) -> tuple[tuple[int, int], str, str]:
    here = (trouble.line, trouble.column)
    problem, row = trouble.problem, trouble.row
    indent = row[: len(row) - len(row.lstrip())]
    if "\t" in indent:
        return (
            (trouble.line, indent.index("\t")),
            "табуляция в отступе",
            "отступы в YAML делают пробелами",
        )
    if "found unexpected end of stream" in problem:
        return trouble.began, "кавычка не закрыта", "закройте её в конце текста"
    if problem == "mapping values are not allowed in this context":
        if ": " in trouble.before.strip():
            return (
                here,
                "второе двоеточие в строке",
                say("текст с «: » внутри: {quote}", quote=QUOTE_IT),
            )
        above = _without_colon(lines, trouble.line)
        if above is not None:
            return above
        start = len(indent) + (2 if row.lstrip().startswith("- ") else 0)
        return (
            (trouble.line, start),
            "ключ стоит не на месте",
            "сравните отступ с соседними строками",
        )
    if problem == "found unexpected ':'":
        return here, *_colon(lines, trouble)
    if "expected ',' or" in problem:
        return _brackets(trouble)
    if problem == "did not find expected key" and trouble.before.rstrip()[-1:] in (
        "}",
        "]",
        '"',
        "'",
    ):
        return (
            here,
            say("после «{rstrip}» лишний текст", rstrip=trouble.before.rstrip()[-1]),
            say("{quote}: и скобки, и слова за ними", quote=QUOTE_IT),
        )
    return _others(trouble, here)


def _without_colon(lines: tuple[str, ...], line: int) -> tuple[tuple[int, int], str, str] | None:
    """Return what is wrong with the line above: `- pick company`, which YAML goes on reading as a
    text; None when that line is no such one."""
    above = next((at for at in range(line - 1, -1, -1) if lines[at].strip()), 0)
    found = _NO_COLON.fullmatch(lines[above]) if line else None
    if found is None:
        return None
    hint = say("напишите «- {key}: {value}»", key=found["key"], value=found["value"].strip())
    return (above, found.start("value")), say("после «{key}» нет двоеточия", key=found["key"]), hint


def _colon(lines: tuple[str, ...], trouble: _Trouble) -> tuple[str, str]:
    line, column = trouble.began
    text = lines[line][:column] if line < len(lines) else ""
    if text.rfind("{") > text.rfind("["):
        return "двоеточие без пробела внутри { }", "после двоеточия нужен пробел: {ключ: значение}"
    return "двоеточие внутри [ ]", 'значение с двоеточием возьмите в кавычки: ["7:30"]'


def _brackets(trouble: _Trouble) -> tuple[tuple[int, int], str, str]:
    closing = "}" if "mapping" in trouble.context else "]"
    opening = "{" if closing == "}" else "["
    character = trouble.row[trouble.column : trouble.column + 1]
    if character == "?":
        what = say("«?» внутри {opening} {closing}", opening=opening, closing=closing)
        return (trouble.line, trouble.column), what, "значение с «?» в скобках возьмите в кавычки"
    if character and character in "[]{}\"'" and trouble.line == trouble.began[0]:
        what = say(
            "«{character}» внутри {opening} {closing}",
            character=character,
            opening=opening,
            closing=closing,
        )
        return (
            (trouble.line, trouble.column),
            what,
            "текст со скобками или кавычками внутри возьмите в кавычки",
        )
    return (
        trouble.began,
        say("скобка «{opening}» не закрыта", opening=opening),
        say("закройте её: «{closing}», между пунктами — запятые", closing=closing),
    )


def _others(trouble: _Trouble, here: tuple[int, int]) -> tuple[tuple[int, int], str, str]:
    problem = trouble.problem
    if problem == "found character that cannot start any token":
        character = trouble.row[trouble.column : trouble.column + 1]
        return (
            here,
            say("со знака «{character}» значение начинаться не может", character=character),
            "возьмите значение в кавычки",
        )
    if "could not find expected ':'" in problem:
        return trouble.began, "после ключа нет двоеточия", "напишите «ключ: значение»"
    if problem == "did not find expected '-' indicator":
        hint = "сравните отступ с соседними строками; пункт списка начинается с «- »"
        return here, "здесь должен быть пункт списка", hint
    if problem == "block sequence entries are not allowed in this context":
        return here, "пункт списка не на месте", "начните список с новой строки"
    if problem == "did not find expected key":
        return here, "строка стоит не на месте", "сравните отступ с соседними строками"
    return (
        here,
        "строка не читается как YAML",
        say("сравните отступ с соседними строками или {quote}", quote=QUOTE_IT),
    )
