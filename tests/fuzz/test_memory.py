"""The worst inputs of each kind stay within 256 MB more than the program takes without them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

from tests.fuzz.files import MIB

MOST = 256 * 1_000_000 // MIB


def test_no_input_takes_more_than_256_megabytes(said: Callable[[object], None]) -> None:
    command = [sys.executable, "-m", "tests.fuzz"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    taken = json.loads(ran.stdout)
    said("fuzz memory: " + ", ".join(f"{kind} +{size} MiB" for kind, size in taken.items()))
    assert set(taken) == {"files", "expressions", "layouts", "chats"}
    assert sum(taken.values()) <= MOST, taken
