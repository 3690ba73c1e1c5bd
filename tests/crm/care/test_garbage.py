"""What a process that has loaded everything looks through for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from crm.care.garbage import OFTEN, settle


@pytest.fixture
def own() -> Iterator[None]:
    """Let the search be afterwards as it was; where tests look through nothing that is loaded (see
    conftest), they go on so."""
    before, kept = gc.get_threshold(), gc.get_freeze_count()
    yield
    if not kept:
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
