"""The line that tests of faults use does what it says."""

from __future__ import annotations

import asyncio
import time

from tests.chaos.proxy import Line
from tests.engine.telegram.office import until


class Far:
    """The other side of a line: keeps what it hears, and repeats it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def take(self, heard: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        while piece := await heard.read(100):
            self.heard.append(piece)
            said.write(piece)
        said.close()


async def test_a_line_passes_slows_repeats_and_breaks() -> None:
    far = Far()
    server = await asyncio.start_server(far.take, "127.0.0.1", 0)
    async with Line("127.0.0.1", server.sockets[0].getsockname()[1]) as line:
        port = int(line.url.rpartition(":")[2])
        heard, said = await asyncio.open_connection("127.0.0.1", port)
        said.write(b"one")
        assert await heard.read(100) == b"one"

        line.delay_s = 0.1
        began = time.monotonic()
        said.write(b"two")
        assert await heard.read(100) == b"two"
        assert time.monotonic() - began >= 0.2, "there and back"

        await line.cut()
        assert await heard.read(100) == b"", "it is over"
        said.close()

        line.mend()
        line.delay_s, line.twice = 0.0, True
        heard, said = await asyncio.open_connection("127.0.0.1", port)
        said.write(b"three")
        assert await heard.read(100) == b"three"
        await until(lambda: len(far.heard) == 4)
        said.close()
    server.close()
    await server.wait_closed()
    assert far.heard == [b"one", b"two", b"three", b"three"]
