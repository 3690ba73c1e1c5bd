"""Commands of ours whose imports are done: a start of `cli.py` or of pytest costs one to five
seconds of a processor, nearly all of them imports.

One process imports what the commands share and waits; `ran` lets it fork a child that runs a
command as Python would: with arguments, an environment, a folder and outputs of its own. Not for
tests of what a command imports, or how long it takes to start."""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
# What takes long and reads no settings of ours: those are of each run.
SHARED = (
    *("pytest", "hypothesis.strategies", "xdist.plugin", "pytest_django.plugin", "pytest_asyncio"),
    *("tests.database", "tests.servers", "tests.sizes"),
    *("django.core.management", "django.db.models", "django.db.migrations.executor"),
    *("django.forms", "django.http", "django.template", "django.db.backends.sqlite3.base"),
    *("aiogram", "apscheduler.schedulers.asyncio", "docx", "openpyxl", "PIL.Image", "transitions"),
    *("engine.check.checked", "engine.languages.catalogue", "engine.run.advance"),
    "engine.telegram.bot",
)


def ran(
    arguments: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Do what `python ARGUMENTS` does, and return its end and what it said."""
    line = [str(one) for one in arguments]
    with TemporaryDirectory() as folder:
        said = [f"{folder}/out", f"{folder}/error"]
        order = {"line": line, "cwd": str(cwd), "env": dict(env or os.environ), "said": said}
        parent = _parent()
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps(order) + "\n")
        parent.stdin.flush()
        code = int(parent.stdout.readline())
        out, error = (Path(one).read_text("utf-8") for one in said)
    return subprocess.CompletedProcess(line, code, out, error)


@cache
def _parent() -> subprocess.Popen[str]:
    """Start the process that forks; it ends with this one."""
    command = [sys.executable, "-m", "tests.forked"]
    pipe = subprocess.PIPE
    parent = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    atexit.register(parent.communicate)
    return parent


def main() -> None:
    """Fork a child for each line of the input, until it ends; print how each ended."""
    for name in SHARED:
        import_module(name)
    gc.collect()
    gc.freeze()  # a child that looked for garbage in what it shares, at its end, would copy it
    for order in sys.stdin:
        child = os.fork()
        if not child:
            return _be(**json.loads(order))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be(line: list[str], cwd: str, env: dict[str, str], said: list[str]) -> None:
    """Be a Python that was started with a line."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, name in enumerate((os.devnull, *said)):
        opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    if line[0] == "-m":
        sys.argv, sys.path[0] = line[1:], cwd
        runpy.run_module(line[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = line, str(Path(line[0]).resolve().parent)
        runpy.run_path(line[0], run_name="__main__")


if __name__ == "__main__":
    main()
