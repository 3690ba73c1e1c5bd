"""Work on files in threads of their own.

The loop's own threads look up where Telegram is: a store that stands still would take them all, and
a chat without any file would wait. Start at `beside`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")

AT_ONCE = 8  # files that are looked at, stored or fetched
_POOL = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files")


async def beside(work: Callable[P, Result], *given: P.args, **named: P.kwargs) -> Result:
    """Run it."""
    context, loop = copy_context(), asyncio.get_running_loop()
    return await loop.run_in_executor(_POOL, lambda: context.run(work, *given, **named))
