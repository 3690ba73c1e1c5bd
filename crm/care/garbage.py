"""What Python's search for garbage costs a process that has loaded forms and models and keeps them.
Start at `settle`."""

from __future__ import annotations

import gc

OFTEN = 50_000, 20, 20


def settle() -> None:
    """Let what the process has loaded be looked through for garbage no more, and what its work
    makes more seldom: it was a third of what a page of a thousand rows takes, and a search through
    all of it stopped a bot for a quarter of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
