"""A running demo plant and a browser, for every end-to-end test."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crm.office.seed import FIRST_DEMO_CHAT, PEOPLE
from crm.plant.past import DATABASE, FILES
from crm.plant.processes import Processes, free_port
from engine.simulator.client import PhoneClient
from engine.simulator.play import play_over_http
from tests import database
from tests.e2e.lived import LOGIN, RARE
from tests.engine.rehearsal import copied
from tests.past import Migrated
from tests.sizes import DAYS, sizes

ROOT = Path(__file__).resolve().parent.parent.parent
MOSCOW = ZoneInfo("Europe/Moscow")  # where the plant is
START_S, STOP_S = 400, 120  # more than the demo itself gives its parts
# As a shell starts what it puts into the background: Ctrl-C must stop the demo all the same.
IN_THE_BACKGROUND = ("env", "--ignore-signal=INT")
DEMO = (sys.executable, "-m", "tests.e2e.demo")  # .ci/run starts `cli.py demo`, and migrates
DESK, TABLET = (1280, 900), (820, 1180)
TILL_MORNING = 0.3  # of a day
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 60_000  # of every look at a page, on a busy machine
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
expect.set_options(PATIENCE_MS)


@dataclass(frozen=True)
class Office:
    """Where the office is, and who may enter it."""

    office_url: str
    login: str
    password: str


@dataclass(frozen=True)
class Plant(Office):
    """Where the demo is besides: its phones, and what it printed."""

    phones_url: str
    said: str

    @property
    def phones(self) -> PhoneClient:
        """The phones, to type and press."""
        return PhoneClient(self.phones_url)


def chat(role: str, number: int = 1) -> int:
    """Return the chat of the n-th person of a role, as the seed numbers them."""
    places = [at for at, (_, held) in enumerate(PEOPLE) if held == role]
    return FIRST_DEMO_CHAT + places[number - 1]


def chats() -> dict[str, int]:
    """Return the chats by the names of talks: receiver, lab, lab2…"""
    named: dict[str, int] = {}
    for at, (_, role) in enumerate(PEOPLE):
        if role is None:
            continue
        number = 1 + sum(held == role for _, held in PEOPLE[:at])
        named[role if number == 1 else f"{role}{number}"] = FIRST_DEMO_CHAT + at
    return named


@contextmanager
def serving(folder: Path, *more: str, **settings: str) -> Iterator[Office]:
    """The office over a database and files of a folder, with an account in every role; `more` is
    said to `lived.py`."""
    port, password = free_port(), secrets.token_urlsafe(9)
    url = f"http://127.0.0.1:{port}"
    own = {
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "FILES_DIR": str(folder / FILES),
        "PUBLIC_URL": url,
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "tests.e2e.lived", str(port), password, *more]
    env = {**os.environ, "MEATBOT_DEMO": "1", **own, **settings}
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        try:
            office = Processes(folder, {}, {"web": process})
            office.wait_for(f"{url}/admin/login/", START_S)
            yield Office(url, LOGIN, password)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_S)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of a plant that has lived through days: one, or as many as SCALE says. They are
    kept until today or the code that made them changes."""
    folder = tmp_path_factory.mktemp("lived")
    past = Migrated(sizes().days, datetime.now(MOSCOW))
    past.fetch(folder, {"MEATBOT_DEMO": "1"})
    with serving(folder) as office:
        yield office


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of a plant that has lived as many days, three at most, but for the end of the last
    night: meat is on its lines and in its freezers."""
    folder = tmp_path_factory.mktemp("working")
    days = min(sizes().days, DAYS) - TILL_MORNING
    past = Migrated(days, datetime.now(MOSCOW))
    past.fetch(folder, {"MEATBOT_DEMO": "1"})
    with serving(folder, RARE) as office:
        yield office


@pytest.fixture(scope="session")
def standing(request: pytest.FixtureRequest) -> Office:
    """The plant at work where that is looked at, else the one of all other tests."""
    office: Office = request.getfixturevalue("working" if sizes().times > 1 else "lived")
    return office


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of a plant that begins today, as it is outside of the demo."""
    folder = tmp_path_factory.mktemp("empty")
    database.copy("", str(folder / DATABASE))
    with serving(folder, MEATBOT_DEMO="0", SECRET_KEY=secrets.token_urlsafe(64)) as office:
        yield office


@contextmanager
def running(**settings: str) -> Iterator[Plant]:
    """A demo as a process of its own with more settings, stopped as by Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "demo.log"
        clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*IN_THE_BACKGROUND, *DEMO, f"{folder}/plant"],
                cwd=ROOT,
                env={**clean, "PYTHONUNBUFFERED": "1", **settings},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield _ready(process, log)
        finally:
            started = _descendants(process.pid)
            process.send_signal(signal.SIGINT)
            code = process.wait(STOP_S)
        assert code == 0
        assert len(started) >= 3, "phones, office and bot were to be stopped"
        assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the flows, to publish versions into."""
    return copied(tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="session")
def plant(forms: Path) -> Iterator[Plant]:
    """The demo of an empty plant, whose forms are the copy."""
    with running(FLOWS_DIR=str(forms)) as started:
        yield started


@pytest.fixture(scope="session")
def supplied(plant: Plant) -> Plant:
    """The demo where a delivery was taken."""
    play_over_http(ROOT / "flows/receiving/raw_intake.talk", plant.phones_url, chats())
    return plant


def _descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they did."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [one for child in map(int, listed) for one in (child, *_descendants(child))]


def _ready(process: subprocess.Popen[bytes], log: Path) -> Plant:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        said = log.read_text("utf-8")
        if "Ctrl-C" in said:
            addresses = re.findall(r"http://127\.0\.0\.1:\d+", said)
            login = re.search(r"вход: (\S+) / (\S+)", said)
            assert login is not None, said
            return Plant(addresses[1], login[1], login[2], addresses[0], said)
        time.sleep(0.1)
    pytest.fail(f"the demo did not start:\n{log.read_text('utf-8')}")


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Debian's Chromium, headless, one for the files that a worker gets together."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield opened
        opened.close()


@contextmanager
def opened(
    browser: Browser, address: str, size: tuple[int, int] = DESK, language: str = "ru"
) -> Iterator[Page]:
    """Open a page and refuse, at the end, console errors, answers of 400 and above, whatever was
    asked of somebody else, wide pages and broken pictures."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ru-RU")
    home = "/".join(address.split("/")[:3])
    context.add_cookies([{"name": "django_language", "value": language, "url": f"{home}/"}])
    context.set_default_timeout(PATIENCE_MS)
    page, wrong = context.new_page(), list[str]()
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((home, "data:", "blob:")) else wrong.append(asked.url)
        ),
    )
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "response",
        lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None,
    )
    try:
        page.goto(address)
        yield page
        wide = page.evaluate(WIDER)
        broken = page.evaluate(
            "[...document.images].filter(i => i.getAttribute('src') && i.complete)"
            ".filter(i => !i.naturalWidth).map(i => i.src)"
        )
        assert (wrong, wide, broken) == ([], 0, [])
    finally:
        context.close()


def sign_in(page: Page, office: Office, name: str = "") -> None:
    """Sign in to the office at its door, which is open; the start page, the longest of all, is not
    drawn for that. Somebody comes in by the form itself in `test_keyboard`."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token, "username": name or office.login}
    answer = page.request.post(
        page.url, form={**form, "password": office.password}, max_redirects=0
    )
    assert answer.status == 302, answer.text()
