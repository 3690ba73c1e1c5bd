"""The house style, where a sentence of it can be a check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import AliasChoices

from crm.configuration import Settings

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
MOST_FUNCTION_LINES = 50
# Split, so that this file does not hold what it looks for.
REGISTRIES = ["python" + "hosted.org", "pypi" + ".org", "npm" + "js.org", "deb." + "debian.org"]
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
SKIPPING = re.compile(r"pytest\.(mark\.)?(ski" r"p|xfa" r"il|importor" r"skip)")
TEXT = {".py", ".toml", ".yaml", ".yml", ".md", ".lock", ".txt", ".html", ".js", ".css", ".json"}
TEXT |= {".talk", ".po", ".conf", ".sh", ""}
RUSSIAN = re.compile("[А-Яа-яЁё]")
MESSAGES = {"Message", "Refusal"}  # what `say` says of YAML is found where findings are listed
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git keeps or would keep: what is ignored is not the house's."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def sources(*, of_tests: bool = False) -> Iterator[tuple[str, str]]:
    """Give the name and the text of each Python file, without migrations."""
    for path in committed():
        parts = path.relative_to(ROOT).parts
        mine = path.suffix == ".py" and "migrations" not in parts
        if mine and (of_tests or parts[0] != "tests"):
            yield "/".join(parts), path.read_text(encoding="utf-8")


def functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node


def test_a_module_has_at_most_400_lines() -> None:
    lengths = {name: text.count("\n") for name, text in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_a_function_has_at_most_50_lines() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, text in sources()
        for node in functions(text)
        if (node.end_lineno or node.lineno) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name for name, text in sources(of_tests=True) if not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_nobody_imports_the_root_of_a_package() -> None:
    """`from engine import x` would tie every part to the whole."""
    offenders = [
        f"{name}:{node.lineno}"
        for name, text in sources()
        for node in ast.walk(ast.parse(text))
        if (
            isinstance(node, ast.ImportFrom) and node.module in ("engine", "crm") and not node.level
        )
        or (
            isinstance(node, ast.Import)
            and {"engine", "crm"} & {alias.name for alias in node.names}
        )
    ]
    assert offenders == []


def test_a_broad_except_logs_or_raises() -> None:
    silent = [
        f"{name}:{node.lineno}"
        for name, text in sources(of_tests=True)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _is_loud(node)
    ]
    assert silent == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {kind.id for kind in kinds if isinstance(kind, ast.Name)}
    return handler.type is None or bool(names & {"Exception", "BaseException"})


def _is_loud(handler: ast.ExceptHandler) -> bool:
    """Tell whether the handler raises or calls a logger."""
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).lower()
            if "log" in owner and node.func.attr in ("exception", "error", "warning", "critical"):
                return True
    return False


def test_nothing_is_left_unfinished() -> None:
    marks = [
        f"{name}:{number}"
        for name, text in sources(of_tests=True)
        for number, line in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(line) or line.rstrip().endswith("# type: " + "ignore")
    ]
    assert marks == []


def test_a_text_that_is_written_before_it_is_said_is_a_message_from_its_beginning() -> None:
    """Of `Message(text)` nobody finds the words that are to be translated."""
    found = [
        f"{name}:{node.lineno}"
        for name, text in sources()
        for function in functions(text)
        for node in _written_before(function)
    ]
    assert found == []


def _written_before(function: Function) -> Iterator[ast.Assign]:
    """Give where plain words get a name under which they are made a message of later on."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    makes = [call for call in calls if getattr(call.func, "id", "") in MESSAGES and call.args]
    named = {ast.unparse(call.args[0]) for call in makes}
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    for node in assigned:
        if _is_russian(node.value) and named & {ast.unparse(one) for one in node.targets}:
            yield node


def _is_russian(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str(text)):
            return bool(RUSSIAN.search(text))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_russian(body) or _is_russian(orelse)
    return False


def test_no_test_is_skipped() -> None:
    skipping = [name for name, text in sources(of_tests=True) if SKIPPING.search(text)]
    assert skipping == []


def test_no_committed_file_names_a_package_registry() -> None:
    named = [
        path.relative_to(ROOT).as_posix()
        for path in committed()
        if path.suffix in TEXT and path.stat().st_size < 2**20
        if any(host in path.read_text(encoding="utf-8", errors="replace") for host in REGISTRIES)
    ]
    assert named == []


def test_every_setting_is_described_in_the_example_of_the_environment() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    described = set(re.findall(r"^([A-Z][A-Z0-9_]*)=", example, flags=re.MULTILINE))
    fields = Settings.model_fields.values()
    aliases = (field.validation_alias for field in fields)
    variables = {
        str(alias.choices[0] if isinstance(alias, AliasChoices) else alias) for alias in aliases
    }
    assert described == variables


def test_the_door_opens_without_anything_heavy() -> None:
    """`cli.py` lists its commands; what costs seconds is imported by the command that needs it."""
    heavy = {"aiogram", "django", "docxtpl", "openpyxl", "pydantic", "ruamel"}
    program = f"import sys, cli; print(*sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
