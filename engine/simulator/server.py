"""Serve the simulator on loopback HTTP: the Bot API, the people's API and the phones page.

Start at `serve` (in a running loop), `run` (a process of its own) or `start_in_thread` (a test)."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from engine.simulator.core import Simulator
from engine.simulator.http_api import add_bot_routes
from engine.simulator.messages import DEMO_BOT, Phone
from engine.simulator.people_api import Handler, PeopleApi

MAX_REQUEST_BYTES = 80 * 1024 * 1024
PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'self'; base-uri 'none'"


def build_app(core: Simulator, admin_url: str = "") -> web.Application:
    """Return the web application; `admin_url` is where «Открыть админку» leads."""
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    add_bot_routes(app, core)
    PeopleApi(core, admin_url).add_routes(app)
    app.router.add_get("/", _page("index.html"))
    for path in sorted(PAGE.iterdir()):
        if path.suffix in (".css", ".js"):
            app.router.add_get(f"/page/{path.name}", _page(path.name))
    return app


def _page(name: str) -> Handler:
    path = PAGE / name

    async def show(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return web.Response(
            text=path.read_text("utf-8"),
            content_type=_TYPES[path.suffix],
            charset="utf-8",
            headers=headers,
        )

    return show


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens. `url` has no slash at the end."""

    url: str
    core: Simulator
    _runner: web.AppRunner

    async def stop(self) -> None:
        """Close the port and every connection; bring no more updates anywhere."""
        await self.core.world.bring_to(None)
        await self._runner.cleanup()


async def serve(
    core: Simulator, host: str = "127.0.0.1", port: int = 0, admin_url: str = ""
) -> Running:
    """Listen and return at once; port 0 takes a free one. Raises OSError when the port is taken."""
    app = build_app(core, admin_url)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    taken = runner.addresses[0][1]
    return Running(f"http://{host}:{taken}", core, runner)


def run(
    host: str,
    port: int,
    admin_url: str,
    phones: Iterable[Phone],
    *,
    token: str = DEMO_BOT.token,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `ready` gets the address once it answers."""
    asyncio.run(_run(Simulator(phones, token=token), host, port, admin_url, ready))


async def _run(
    core: Simulator, host: str, port: int, admin_url: str, ready: Callable[[str], None] | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    running = await serve(core, host, port, admin_url)
    if ready is not None:
        ready(running.url)
    await stop.wait()
    await running.stop()


class ThreadServer:
    """A server in a thread of its own, for synchronous tests. Talk to it over HTTP: its core is
    not thread-safe."""

    def __init__(self, core: Simulator, host: str, port: int, admin_url: str) -> None:
        self.core = core
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(
            target=self._main, args=(host, port, admin_url), name="simulator", daemon=True
        )

    def start(self) -> None:
        """Listen; return when the address is known. Raises what kept the server from starting."""
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Close the port and end the thread; once more does nothing."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _main(self, host: str, port: int, admin_url: str) -> None:
        try:
            running = self._loop.run_until_complete(serve(self.core, host, port, admin_url))
        except OSError as error:
            self._failure = error
            self._loop.close()
            self._started.set()
            return
        self.url = running.url
        self._started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(running.stop())
        self._loop.close()


def start_in_thread(
    core: Simulator, host: str = "127.0.0.1", port: int = 0, admin_url: str = ""
) -> ThreadServer:
    """Start a server in a thread; call `stop()` when done."""
    server = ThreadServer(core, host, port, admin_url)
    server.start()
    return server
