"""A line between any two processes that speak over TCP, which can be cut, slowed, or made to say
everything twice, and a door before several of them. Start at `Line`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

CHUNK = 64 * 1024  # bytes


class Line:
    """Listens on loopback and passes what it hears to `host:port` and back.

    `delay_s` holds back every piece in both directions. `twice`: what a caller says on a new
    connection is said to the other side on a second one too, whose answers nobody hears: the
    request came twice. With more `targets` each connection goes to the next of them that answers.
    A context manager: leaving cuts it for good."""

    def __init__(self, host: str, port: int) -> None:
        self.targets = [(host, port)]
        self.delay_s, self.twice, self.is_cut = 0.0, False, False
        self.cuts = self.calls = 0
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Line:
        self._server = await asyncio.start_server(self._called, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self.cut()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The address to call instead of the other side's."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def cut(self) -> None:
        """Break every connection, in the middle of whatever it says, and take no more."""
        self.is_cut = True
        self.cuts += 1
        calls = tuple(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    def mend(self) -> None:
        """Take connections again."""
        self.is_cut = False

    async def _called(self, heard: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        if self.is_cut:
            said.transport.abort()
            return
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        self.calls += 1
        ends = [said]
        try:
            answers, there = await self._reach()
            ends.append(there)
            to = [there]
            if self.twice:
                unheard, again = await self._reach()
                ends.append(again)
                to.append(again)
                there_too = [self._pass(unheard, [])]
            else:
                there_too = []
            passing = [self._pass(heard, to), self._pass(answers, [said]), *there_too]
            tasks = [asyncio.create_task(one) for one in passing]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        except (OSError, asyncio.CancelledError):  # the line is cut, or nobody listens there
            pass
        finally:
            self._calls.discard(call)
            for end in ends:
                end.transport.abort()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Call the next one behind; one that does not answer is passed over. Raises OSError."""
        for _ in self.targets[1:]:
            with suppress(OSError):
                return await asyncio.open_connection(*self._next())
        return await asyncio.open_connection(*self._next())

    def _next(self) -> tuple[str, int]:
        self.targets.append(self.targets.pop(0))
        return self.targets[-1]

    async def _pass(self, heard: asyncio.StreamReader, to: list[asyncio.StreamWriter]) -> None:
        with suppress(OSError):
            while piece := await heard.read(CHUNK):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                for one in to:
                    one.write(piece)
                    await one.drain()


class Door:
    """A line in a thread of its own, for synchronous tests: before several ports of loopback."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.line = Line("127.0.0.1", ports[0])
        self.line.targets = [("127.0.0.1", port) for port in ports]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="door", daemon=True)

    def __enter__(self) -> Door:
        self._thread.start()
        self.do(self.line.__aenter__())
        return self

    def __exit__(self, *error: object) -> None:
        self.do(self.line.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to the line."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
