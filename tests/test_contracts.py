"""The import contracts of `pyproject.toml` hold, and each one can fail.

Every contract has an offence here: one import line in one file of a copy of the packages. The
linter must then report that contract as broken and no other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINTER = Path(sys.executable).with_name("lint-imports")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {entry["id"]: entry["name"] for entry in PROJECT["tool"]["importlinter"]["contracts"]}


class Offence(NamedTuple):
    """A line to add at the end of a file, which is made if it is not there."""

    path: str
    line: str


OFFENCES = {
    "engine-layers": Offence("engine/errors.py", "import engine.model.text"),
    "engine-is-generic": Offence("engine/errors.py", "import crm.offender"),
    "crm-imports-the-pure-engine": Offence("crm/fields.py", "import engine.steps.base"),
    "crm-imports-no-telegram": Offence("crm/bridge/offender.py", "import engine.telegram.offender"),
    "door-of-aiogram": Offence("engine/run/advance.py", "from aiogram import Bot"),
    "door-of-transitions": Offence("engine/run/move.py", "from transitions import Machine"),
    "door-of-ruamel": Offence("engine/steps/base.py", "import ruamel.yaml"),
    "door-of-apscheduler": Offence("crm/fields.py", "import apscheduler.schedulers"),
    "door-of-minio": Offence("crm/fields.py", "from minio import Minio"),
    "door-of-merman": Offence("engine/run/advance.py", "import merman"),
    "door-of-babel": Offence("engine/run/advance.py", "import babel"),
    "door-of-ninja": Offence("crm/fields.py", "from ninja import Schema"),
    "api-reads-only": Offence("crm/api/endpoints.py", "import crm.people.operations.invite"),
    "door-of-prometheus": Offence("crm/fields.py", "import prometheus_client"),
    "door-of-redis": Offence("engine/telegram/door.py", "import redis"),
    "door-of-documents": Offence("engine/run/advance.py", "import openpyxl"),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of both packages and their contracts, with what offences are about."""
    target = tmp_path_factory.mktemp("contracts")
    for name in ("engine", "crm"):
        ignored = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(ROOT / name, target / name, ignore=ignored)
    shutil.copy2(ROOT / "pyproject.toml", target)
    for name in ("crm/offender.py", "engine/telegram/offender.py"):
        (target / name).touch()
    return target


@contextmanager
def offending(folder: Path, offence: Offence) -> Iterator[None]:
    """Add a line to a file of a folder, and take it out again."""
    path = folder / offence.path
    before = path.read_bytes() if path.exists() else None
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{offence.line}\n")
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def broken_contracts(folder: Path) -> set[str]:
    """Return the ids of the contracts that the linter finds broken in a folder."""
    command = [str(LINTER), "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, flags=re.MULTILINE))
    assert set(verdicts) == set(CONTRACTS.values()), done.stdout + done.stderr
    broken = {identity for identity, name in CONTRACTS.items() if verdicts[name] == "BROKEN"}
    assert done.returncode == bool(broken), done.stdout
    return broken


def test_every_contract_holds() -> None:
    assert broken_contracts(ROOT) == set()


def test_every_contract_has_an_offence_here() -> None:
    assert set(OFFENCES) == set(CONTRACTS)


@pytest.fixture(scope="module")
def broken_before() -> set[str]:
    """What is broken without any offence: nothing, or the first test of this module says what."""
    return broken_contracts(ROOT)


@pytest.mark.parametrize("identity", CONTRACTS)
def test_one_offending_line_breaks_its_contract_alone(
    identity: str, copied: Path, broken_before: set[str]
) -> None:
    with offending(copied, OFFENCES[identity]):
        assert broken_contracts(copied) == {identity} | broken_before
