"""What a process that has loaded everything looks through for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from crm.care.garbage import OFTEN, settle


@pytest.fixture
def own() -> Iterator[None]:
    """Let the search be afterwards as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("own")
def test_what_was_loaded_is_looked_through_no_more_and_what_comes_is() -> None:
    loaded: list[list[object]] = [[] for _ in range(1000)]
    settle()
    fresh: list[object] = []
    kept = {id(one) for one in gc.get_objects()}
    assert not kept & {id(one) for one in loaded}
    assert id(fresh) in kept
    assert gc.get_threshold() == OFTEN
