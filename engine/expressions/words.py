"""The words of the expression language: names, numbers, durations, times of day, strings,
operators, brackets.

Reads a text word by word, so that a foreign sign is refused where it stands and with its remedy,
and so that Python's parser never sees what is not of this language."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from datetime import time, timedelta
from keyword import iskeyword
from unicodedata import normalize

from engine.errors import say

LONGEST, MOST_DIGITS = 500, 30
Literal = timedelta | time

_WORD = re.compile(
    r"""(?P<space>[ ]+)
      | (?P<string>'[^'\\]*'|"[^"\\]*")
      | (?P<clock>[0-9]{1,2}:[0-9]{1,2}(?![\w.:]))
      | (?P<number>[0-9][\w.]*)
      | (?P<name>[^\W\d]\w*)
      | (?P<operator>==|!=|<=|>=|[-+*/<>])
      | (?P<comma>,)
      | (?P<dot>\.)
      | (?P<open>\()
      | (?P<close>\))""",
    re.VERBOSE,
)
_COMMA = re.compile(r",[0-9]+")
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_JOINING = frozenset({"and", "or", "not", "if", "else", "in"})
_TRUTHS = frozenset({"True", "False"})
_KEYWORDS = {"None": "проверьте is_set(…)", "is": "сравнение пишется «==»"}
_RUSSIAN = {"и": "and", "или": "or", "не": "not", "если": "if", "иначе": "else", "в": "in"}
_SIGNS = {
    "=": "сравнение пишется «==»",
    "!": "отрицание пишется «not», неравенство «!=»",
    "&": "пишите and",
    "|": "пишите or",
    "≤": "пишите <=",
    "≥": "пишите >=",
    "≠": "пишите !=",
    "−": "пишите простой минус: -",
    "–": "пишите простой минус: -",
    "—": "пишите простой минус: -",
    "×": "пишите *",
    "÷": "пишите /",
    "%": "доля в процентах: часть / целое * 100",
    **dict.fromkeys("«»“”„‘’`", "кавычки пишутся так: 'текст'"),
    **dict.fromkeys("'\"", "закройте кавычку; «\\» внутри не бывает"),
    **dict.fromkeys("\n\r", "напишите выражение одной строкой"),
    **dict.fromkeys("\t\u00a0\u202f\u2009", "поставьте обычный пробел"),
}


class ExpressionError(ValueError):
    """An expression that cannot be read: where in its text (columns from 0), what, the remedy, the
    code."""

    def __init__(
        self, offset: int, width: int, message: str, hint: str = "", code: str = "F301"
    ) -> None:
        super().__init__(message)
        self.offset, self.width = offset, max(1, width)
        self.code, self.message, self.hint = code, message, hint


def read_words(text: str, literals: MutableMapping[int, Literal]) -> str:
    """Return the text with each duration and time of day as a name of equal width; what they are
    goes to `literals`, by the column.

    Raises ExpressionError for a word or sign that is not of the language, and for brackets that do
    not pair."""
    read, at, before, opened = "", 0, "", list[int]()
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            remedy = _SIGNS.get(text[at], "уберите его")
            raise ExpressionError(
                at, 1, say("знака «{text}» в выражении не бывает", text=text[at]), remedy
            )
        kind, word = match.lastgroup or "", match[0]
        if kind == "number":
            length = _number(word, at)
            if length is not None:
                literals[at] = length
                word = "_" * len(word)
        elif kind == "clock":
            literals[at] = _clock(word, at)
            kind, word = "number", "_" * len(word)
        elif kind == "name":
            kind = _name(word, at)
        elif kind == "open":
            opened.append(at)
        elif kind == "close":
            if not opened:
                raise ExpressionError(at, 1, "лишняя скобка", "уберите «)»")
            opened.pop()
        elif kind == "comma" and not opened:
            raise _comma(text, at)
        if kind != "space":
            _beside(text, at, match[0], before, kind)
            before = kind
        read += word
        at = match.end()
    if opened:
        raise ExpressionError(
            opened[-1], 1, "скобка не закрыта", "не хватает скобки: поставьте «)»"
        )
    if before in ("operator", "joining", "dot"):
        end = len(text.rstrip()) - 1
        raise ExpressionError(end, 1, "выражение оборвано", "допишите его")
    return read


def _comma(text: str, at: int) -> ExpressionError:
    """Say what is wrong with a comma outside of brackets."""
    digits = _COMMA.match(text, at)
    if digits and at and text[at - 1].isdigit():
        return ExpressionError(at, len(digits[0]), "лишняя запятая", "дробь пишется с точкой: 0.5")
    remedy = "список бывает только в скобках: condition in (chilled, frozen)"
    return ExpressionError(at, 1, "лишняя запятая", remedy)


def _beside(text: str, at: int, word: str, before: str, kind: str) -> None:
    """Refuse two values side by side: something between them is missing."""
    ends = before in ("name", "number", "string", "close")
    begins = kind in ("name", "number", "string") or (kind == "open" and before != "name")
    if ends and begins:
        remedy = "поставьте между ними знак или слово: == + and"
        said = text[:at].split()
        if word in _RUSSIAN or (said and said[-1] in _RUSSIAN):
            remedy = "пишите по-английски: and, or, not, if … else, in"
        elif word.lower() in _JOINING or (said and said[-1].lower() in _JOINING):
            remedy = "слова and, or, not, if, else, in пишут малыми буквами"
        raise ExpressionError(
            at, len(word), say("перед «{word}» чего-то не хватает", word=word), remedy
        )


def _number(word: str, at: int) -> timedelta | None:
    """Return the length of time of a duration, None of a plain number."""
    duration = _DURATION.fullmatch(word)
    if duration is not None:
        return timedelta(seconds=int(duration[1]) * _SECONDS[duration[2]])
    if len(word) > MOST_DIGITS:
        message = say("в числе больше {most} знаков", most=MOST_DIGITS)
        raise ExpressionError(at, len(word), message, "напишите число короче")
    if not _NUMBER.fullmatch(word):
        remedy = "числа пишутся так: 12 или 12.5, длительности так: 30s, 15m, 2h, 14d"
        raise ExpressionError(at, len(word), say("непонятное число «{word}»", word=word), remedy)
    return None


def _clock(word: str, at: int) -> time:
    """Return the time of day that is written: 7:00, 19:30."""
    hours, _, minutes = word.partition(":")
    if len(minutes) < 2 or int(hours) > 23 or int(minutes) > 59:
        remedy = "время пишется так: 07:00, от 00:00 до 23:59"
        raise ExpressionError(at, len(word), say("нет времени «{word}»", word=word), remedy)
    return time(int(hours), int(minutes))


def _name(word: str, at: int) -> str:
    """Return what a word is: a name, a joining word, or True and False."""
    if word in _JOINING:
        return "joining"
    if iskeyword(word) and word not in _TRUTHS:
        remedy = _KEYWORDS.get(word, "уберите его")
        raise ExpressionError(
            at, len(word), say("слова «{word}» в выражении не бывает", word=word), remedy
        )
    if not word.isidentifier() or normalize("NFKC", word) != word:
        message = say("непонятное имя «{word}»", word=word)
        raise ExpressionError(at, len(word), message, "имена пишут латинскими буквами")
    return "name"
