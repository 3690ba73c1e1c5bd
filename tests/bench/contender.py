"""A contender as a process of its own, which asks the simulator of TELEGRAM_API_URL for updates:
`python -m tests.bench.contender NAME`, until SIGTERM. What has rows is no contender here but the
program itself: `cli.py bot`."""

from __future__ import annotations

import asyncio
import os
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from engine.talk.samples import read_samples
from engine.telegram.bot import make_bot
from tests.bench.ours import Ours, held, shipped
from tests.bench.telegram import TOKEN
from tests.bench.theirs import PEERS, Theirs
from tests.bench.way import FLOWS


async def ours(url: str) -> None:
    """Be ours with chats held in memory."""
    await held(make_bot(TOKEN, url), *shipped(), read_samples(FLOWS)).talker.run()


async def theirs(name: str, url: str) -> None:
    """Be a bot that was written by hand, polling as aiogram's manual says."""
    peer = Theirs(name)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(TOKEN, session=session, default=peer.bot.default) as bot:
        await peer.dispatcher.start_polling(bot)


def main(name: str) -> None:
    """Be who was named."""
    url = os.environ["TELEGRAM_API_URL"]
    assert name in (Ours.name, *PEERS), name
    asyncio.run(ours(url) if name == Ours.name else theirs(name, url))


if __name__ == "__main__":
    main(sys.argv[1])
