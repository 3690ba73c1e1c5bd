"""Eight processes on PostgreSQL, killed again and again, leave the books true: `python -m
tests.soak`, small; at the full scale as much of its own size as half an hour holds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.sizes import FULL_MINUTES, sizes

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db(transaction=True)
def test_processes_that_are_killed_leave_true_books_and_nobody_stuck(
    postgres_url: str, record_property: Callable[[str, object], None]
) -> None:
    size = {"N": os.environ.get("N") or str(sizes().acts), "SEED": str(sizes().seed)}
    minutes = os.environ.get("MINUTES") or str(FULL_MINUTES)
    name = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", name],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": postgres_url, "MINUTES": minutes, **size},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    _, plant, ledger, _ = done.stdout.splitlines()
    record_property("said", plant)
    record_property("said", ledger)
    assert " 0 killed" not in f"{ledger} {plant}"
    # Only the full size may end by its half hour: its line says what was meant and what was done.
    assert sizes().full or "the time was over" not in f"{ledger} {plant}"
