"""A command over a set-up that is wrong says what to do, without a trace."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.forked import ran

ROOT = Path(__file__).resolve().parents[2]
DEMO = {"MEATBOT_DEMO": "1"}


def asked(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does, with nothing set but this."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return ran([ROOT / "cli.py", *arguments], env=kept | environment)


@pytest.mark.parametrize(
    "command", [["report", "raw_stock"], ["manage", "check"], ["verify-ledger"]]
)
def test_without_a_key_a_command_names_the_variable(command: list[str]) -> None:
    done = asked(*command, SECRET_KEY="")
    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr
    assert "MEATBOT_DEMO=1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [["bot"], ["web"], ["scheduler"], ["trace", "1"]],
)
def test_over_an_empty_database_a_command_names_what_makes_its_tables(
    tmp_path: Path, command: list[str]
) -> None:
    done = asked(*command, **DEMO, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    assert done.returncode == 2
    assert "cli.py manage migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["manage", "migrate"], ["simulate"]])
def test_a_database_that_does_not_answer_is_named(command: list[str]) -> None:
    nowhere = "postgres://nobody@127.0.0.1:1/none"
    to = ["--database", nowhere] if command == ["simulate"] else []
    done = asked(*command, *to, **DEMO, DATABASE_URL=nowhere)
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
