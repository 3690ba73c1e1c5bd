"""The Bot API as one call, and the people who talk to the bot. Start at `Simulator`.

Knows neither HTTP nor a page: they are faces over `call` and `people`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from engine.simulator.api_error import NOT_FOUND, UNAUTHORIZED, ApiError
from engine.simulator.messages import DEMO_BOT, Bot, Phone
from engine.simulator.methods import changing, sending, service
from engine.simulator.params import Params, Upload
from engine.simulator.people import People
from engine.simulator.world import World

Method = Callable[[World, Params], Awaitable[Any]]
_BY_NAME: dict[str, Method] = {
    name.lower(): method
    for methods in (service.METHODS, sending.METHODS, changing.METHODS)
    for name, method in methods.items()
}


class Simulator:
    """A Telegram of one bot and some phones, in memory. Use it from one event loop.

    `clock` gives Unix seconds and `monotonic` seconds for limits; both are for tests."""

    def __init__(
        self,
        phones: Iterable[Phone] = (),
        *,
        token: str = DEMO_BOT.token,
        name: str = DEMO_BOT.name,
        username: str = DEMO_BOT.username,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.world = World(Bot(token, name, username), phones, clock, monotonic)
        self.people = People(self.world)

    def limit(self, per_second: int = 30, per_chat: int = 1) -> None:
        """Enforce the flood limits from now on (messages a second; 0 lifts a limit)."""
        self.world.flood.per_second, self.world.flood.per_chat = per_second, per_chat

    def admit(self, token: str) -> None:
        """Check a token. Raises ApiError 404 for what is no token, 401 for a stranger's."""
        number, _, secret = token.partition(":")
        if not number.isdigit() or not secret:
            raise ApiError(*NOT_FOUND)
        if token != self.world.bot.token:
            raise ApiError(*UNAUTHORIZED)

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        files: Mapping[str, Upload] | None = None,
    ) -> Any:
        """Do one method of the Bot API and return its `result`.

        Raises ApiError for a refusal with Telegram's own words, Dropped for an injected broken
        connection."""
        found = _BY_NAME.get(method.lower())
        if found is None:
            raise ApiError(*NOT_FOUND)
        self.world.faults.before(method)
        result = await found(self.world, Params(params, files or {}))
        self.world.faults.after(method)
        return result
