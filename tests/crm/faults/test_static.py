"""X9, X14, X24, X35: what the source may not hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]
LETTERS = re.compile("[а-яё]", re.IGNORECASE)
SECRETS = {
    "a token of a bot": re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of a store": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
}
NUMBERS = re.compile(r"(?<![\w.])\d{9,}(?![\w.])")
CHAT = 100_000_000  # numbers of people and chats in Telegram have nine digits and more
# Who writes a state beside `move_state`: of records whose life is the program's, not YAML's.
STATES = ("state", "ash_state")
OWN_LIVES = {
    "crm/bridge/chats.py": "a chat",
    "crm/ledger/operations/move_rows.py": "rows without a history, in one statement",
    "crm/outbox/operations/put.py": "a notice that nobody has begun to send, in one statement",
    "crm/outbox/operations/send.py": "a notice",
}


def modules(*roots: str) -> Iterator[tuple[str, ast.Module]]:
    """Give the modules of packages, without migrations."""
    for root in roots:
        for path in sorted((ROOT / root).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def committed() -> Iterator[tuple[str, str]]:
    """Give the text files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


def shown_words(node: ast.AST) -> Iterator[str]:
    """Give the Russian texts that stand in an expression."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and LETTERS.search(str(one.value)):
            yield str(one.value)


def compared(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the Russian texts that something is compared with, looked up by or filtered by."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        match node:
            case ast.Compare(left=left, comparators=others):
                parts = [left, *others]
            case ast.MatchValue(value=value):
                parts = [value]
            case ast.Call(func=ast.Attribute(attr="filter" | "exclude" | "get" | "startswith")):
                parts = [*node.args[:1], *(word.value for word in node.keywords)]
        yield from ((part.lineno, word) for part in parts for word in shown_words(part))


def test_no_name_that_people_see_decides_anything() -> None:
    """Talks are read word by word (engine/talk), and the manual of the steps is a look-up of texts;
    what the plant does is decided by codes alone."""
    found = [
        f"{name}:{line} {word}"
        for name, tree in modules("engine", "crm")
        if not name.startswith("engine/talk/")
        for line, word in compared(tree)
    ]
    assert found == []


def test_a_comparison_with_a_shown_name_would_be_found() -> None:
    tree = ast.parse('if recipe.name == "Пет-фуд" or names.get("Люкс"): pass')
    assert [word for _, word in compared(tree)] == ["Пет-фуд", "Люкс"]


def chats(tree: ast.Module) -> list[int]:
    """Return the numbers that may be people or chats of Telegram: a round one is none."""
    numbers = (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant))
    return [
        one for one in numbers
        if isinstance(one, int) and one >= CHAT and one % 1_000_000
    ]  # fmt: skip


def test_no_secret_and_no_chat_is_written_down() -> None:
    found = []
    for name, text in committed():
        found += [f"{name}: {what}" for what, shape in SECRETS.items() if shape.search(text)]
        if name.startswith("flows/") and name.endswith(".yaml"):
            found += [f"{name}: {number}" for number in map(int, NUMBERS.findall(text))
                      if number >= CHAT]  # fmt: skip
    for name, tree in modules("engine", "crm"):
        if not name.startswith("engine/simulator/"):  # its phones are made up
            found += [f"{name}: {number}" for number in chats(tree)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["123456789:" + "A" * 35, "-----BEGIN RSA " + "PRIVATE KEY-----", "AKIA" + "B" * 16],
)
def test_a_secret_would_be_found(text: str) -> None:
    assert any(shape.search(text) for shape in SECRETS.values())
    assert chats(ast.parse("chat, billion = 987654321, 1_000_000_000")) == [987654321]


def test_nothing_but_a_move_writes_the_state_of_a_record() -> None:
    found = set()
    for name, tree in modules("crm"):
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="update" | "bulk_update"), keywords=words):
                    written = any(word.arg in STATES for word in words)
                case ast.Call(func=ast.Name(id="Change")):
                    texts = (one for one in ast.walk(node) if isinstance(one, ast.Constant))
                    written = any(text.value in STATES for text in texts)
                case ast.Assign(targets=[ast.Attribute(attr="state" | "ash_state")]):
                    written = True
                case _:
                    continue
            if written:
                found.add(name)
    assert found == set(OWN_LIVES)


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
