"""Files of YAML as nobody should write them: shipped ones damaged, bombs, noise. Start at `FILES`.

Each is put into a plant that is right without it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from engine.check import formats
from engine.check.checked import check_folder
from engine.check.example import FILES as FILES_OF_SMALL
from engine.check.example import FORM, write
from engine.check.mend import mended
from engine.check.render import pieces
from engine.check.rules import RULES
from engine.check.spoken import catalogue, translated
from engine.load.project import load_project
from engine.run.program import compile_program
from tests.engine.rehearsal import FLOWS
from tests.fuzz.bounded import Bounded

MIB = 1024 * 1024
NEEDED = ("project.yaml", "limits.yaml", "policies.yaml", ".vocabulary.json")
SHIPPED = sorted(path for path in FLOWS.rglob("*.yaml") if path.name != "samples.yaml")
SHIPPED += sorted((FLOWS.parent / "templates").rglob("*.yaml"))
SARIF, MOST_SHOWN = 20, 4_000  # every so many-th is printed as SARIF; bytes in a report
SMALL = "small/"  # begins the path of a file of the small plant, where everything fits
_CODE = re.compile(r"F[1-9][0-9][0-9]")


@dataclass(frozen=True)
class File:
    """A file of a plant, by its path beside `flows`, and what it holds."""

    path: str
    content: bytes

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print it in a report of hypothesis, not all of a mebibyte."""
        del cycle
        shown = self.content if len(self.content) <= MOST_SHOWN else self.content[:MOST_SHOWN]
        printer.text(f"File({self.path!r}, {shown!r}) of {len(self.content)} bytes")


PATHS = [path.relative_to(FLOWS.parent).as_posix() for path in SHIPPED]
PATHS += [SMALL + path for path in FILES_OF_SMALL if path != FORM]
ANY = st.one_of(
    st.sampled_from(PATHS), st.sampled_from([one for one in PATHS if one.startswith(SMALL)])
)
WORDS = [
    "&a", "*a", "<<: *a", "!!python/object/apply:os.system [id]", "!!binary aGk=", "!a b", "---",
    "...", "%YAML 1.1", "? a", ": b", "- - - -", "{", "}", "[", "]", "'", '"', "|", ">-", "#", " #",
    "\t", "\r\n", "\r", "\x00", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "ё", "é",
    "\x1b", "null", "~", "no", "on", "12:30", "012", "0x1F", "1e999", ".nan", ".inf", "-0",
    "9" * 400, "{{", "{", "{weight", "{weight}", "{a.__class__}", "{'}'}", "{actor.name",
    "1" * 31, "(" * 30,
    "not " * 30, "a.b.c.d", "14d", "-1s", "99999999999d", "[1, 2]", "{a: b}", "a: b: c", "key: ",
    "# flow: ignore F303", "# flow: ignore F303 -- так надо", "roles: [nobody]", "kg", "°C",
    "steps: []", "each: {x: rows}", "when: weight > 0", "prompt: ''", "skip: true",
]  # fmt: skip


@cache
def shipped(path: str) -> bytes:
    """Return a shipped file, or one of the small plant."""
    if path.startswith(SMALL):
        return FILES_OF_SMALL[path.removeprefix(SMALL)].encode()
    return (FLOWS.parent / path).read_bytes()


@st.composite
def _damaged(draw: st.DrawFn) -> File:
    """A shipped file with a few damages: of bytes, of lines, of words."""
    path = draw(ANY)
    content = shipped(path)
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(DAMAGES))(draw, content)
    return File(path, content)


def _flip(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, max(0, len(content) - 1)))
    return content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    start, end = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
    return draw(st.sampled_from([content[:end], content[:start] + content[end:], content[start:]]))


def _put(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    word = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)))
    return content[:at] + word.encode("utf-8", "surrogatepass") + content[at:]


def _line(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    done = draw(st.sampled_from(["twice", "deeper", "higher", "moved", "gone", "many"]))
    line = lines[at]
    if done == "many":
        lines[at:at] = [line] * draw(st.sampled_from([2, 30, 1_000]))
    elif done == "twice":
        lines.insert(to, line)
    elif done == "gone":
        del lines[at]
    elif done == "moved":
        lines[at], lines[to] = lines[to], line
    else:
        lines[at] = b"  " + line if done == "deeper" else line[1:]
    return b"\n".join(lines)


def _value(draw: st.DrawFn, content: bytes) -> bytes:
    """Give another value to a key."""
    lines = content.split(b"\n")
    at = draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[at].partition(b": ")
    word = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=12), st.just("я" * 5_000)))
    lines[at] = key + colon + word.encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _swap(draw: st.DrawFn, content: bytes) -> bytes:
    """Give a word the place of another."""
    words = re.findall(rb"[a-z_]{3,}", content)
    if not words:
        return content
    old, new = draw(st.sampled_from(words)), draw(st.sampled_from(words))
    return content.replace(old, new, draw(st.sampled_from([1, -1])))


def _encoded(draw: st.DrawFn, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    done = draw(st.sampled_from(["utf-16", "utf-32", "cp1251", "koi8-r", "bom", "crlf", "cr"]))
    if done == "bom":
        return b"\xef\xbb\xbf" + content
    if done in ("crlf", "cr"):
        return content.replace(b"\n", b"\r\n" if done == "crlf" else b"\r")
    return text.encode(done, "replace")


DAMAGES = [_flip, _cut, _put, _put, _line, _line, _value, _value, _swap, _swap, _encoded]


@st.composite
def _bomb(draw: st.DrawFn) -> File:
    """One piece repeated, up to the largest file and over it."""
    begin = draw(
        st.sampled_from(["", "a: ", "steps:\n", "- ", "flow: a\ntitle: b\nsteps:\n", "a:\n"])
    )
    piece = draw(st.sampled_from(PIECES))
    size = draw(st.sampled_from([10, 100, 1_000, 20_000, MIB, MIB + 100]))
    text = begin + piece * max(1, size // len(piece.encode("utf-8", "surrogatepass")))
    end = draw(st.sampled_from(["", "\n", "]", "}", '"', "\n---\na: b", "\n- review: {save: S}\n"]))
    return File(draw(ANY), (text + end).encode("utf-8", "surrogatepass"))


PIECES = [
    "[", "{", "- ", "? ", "a: {", "[a, ", "{a: ", "- [", "!a ", "&a ", "*a ", "%TAG ! a\n", "---\n",
    "...\n", "a", "я", " ", "\n", "\t", '"', "'", "\\", "#", "\x00", "\r\n", "- &a [*a, *a]\n",
    "a: b\n", "  - text: a\n", "  - text: a\n    prompt: b\n", "  - value: a\n    is: a\n",
    "- a: b\n", "  - group: a\n    steps:\n", "- {title: a, flow: b}\n", "'{a}' ", "{{", "{a}",
    "- я #я\n", "a: &a {<<: *a}\n", "|\n", ">-\n", '"\\U0001F600" ', "  - repeat: a\n", "a.", "(",
]  # fmt: skip
NOISE = st.builds(
    File,
    ANY,
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(["\n", "\n  ", " ", "- "])))
        .map("".join)
        .map(str.encode),
    ),
)
# Of twenty files one is a bomb: most of the time goes to what is nearly right.
FILES = st.integers(0, 19).flatmap(
    lambda kind: _bomb() if kind == 0 else NOISE if kind < 4 else _damaged()
)


class Plants:
    """Two folders, into which one file at a time is put: a small plant where everything is, and
    what every shipped file needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write(folder / SMALL)
        shutil.rmtree((folder / SMALL / FORM).parent)  # its workbook would take half of the time
        (folder / "flows").mkdir(parents=True)
        for name in NEEDED:
            shutil.copy(FLOWS / name, folder / "flows" / name)
        (folder / "flows/menu.yaml").write_text("[]\n", "utf-8")

    def check(self, file: File, bounded: Bounded) -> None:
        """Check a plant with a file. Whatever is found is at a place and can be printed; where
        nothing is, the plant can be run."""
        path = self.folder / file.path
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        flows = self.folder / (SMALL if file.path.startswith(SMALL) else "") / "flows"
        try:
            bounded(lambda: _check(flows, bounded))
        finally:
            if before is not None:
                path.write_bytes(before)
            else:
                path.unlink()
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()


def _check(flows: Path, bounded: Bounded) -> None:
    report = check_folder(flows)
    bounded.saw("refused" if report.findings else "taken")
    for finding in report.findings:
        assert _CODE.fullmatch(finding.code)
        assert finding.message
        tree = report.trees.get(finding.place.path)
        last = len(tree.lines) if tree else 1
        assert 1 <= finding.place.line <= max(1, last), finding
        row = tree.lines[finding.place.line - 1] if tree and tree.lines else ""
        assert 1 <= finding.place.column <= len(row) + 1, finding
    words = catalogue("en")
    said = translated(report.findings[:20], words)
    assert "".join(text for text, _ in pieces(tuple(said), report.trees, words)) or not said
    assert formats.as_json(said)
    if bounded.count % SARIF == 0:  # each prints every rule of the checker
        assert formats.as_sarif(said, RULES, words)
    mended(report.findings, report.trees)
    if not report.findings:
        project, _ = load_project(flows)
        assert project is not None
        compile_program(project.sources())
