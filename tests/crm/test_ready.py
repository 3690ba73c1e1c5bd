"""A command over a set-up that is wrong says what to do, without a trace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = {"MEATBOT_DEMO": "1"}


def ran(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does, with nothing set but this."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    return subprocess.run(
        command, env=kept | environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command", [["report", "raw_stock"], ["manage", "check"], ["verify-ledger"]]
)
def test_without_a_key_a_command_names_the_variable(command: list[str]) -> None:
    done = ran(*command, SECRET_KEY="")
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
    done = ran(*command, **DEMO, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    assert done.returncode == 2
    assert "cli.py manage migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["manage", "migrate"], ["simulate"]])
def test_a_database_that_does_not_answer_is_named(command: list[str]) -> None:
    nowhere = "postgres://nobody@127.0.0.1:1/none"
    to = ["--database", nowhere] if command == ["simulate"] else []
    done = ran(*command, *to, **DEMO, DATABASE_URL=nowhere)
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
