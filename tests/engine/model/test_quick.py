"""Values that are made quicker are the values that dataclasses make."""

from __future__ import annotations

import inspect
import pickle
from copy import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.conversation import Session
from engine.model.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    grams: int = 0
    tags: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    name: str
    grams: int = 0
    tags: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


def told(value: Any) -> tuple[Any, ...]:
    return value.name, value.grams, value.tags, value.more


@given(
    given=st.tuples(st.text(), st.integers(), st.just(("a",)), st.just({"b": 1})),
    positional=st.integers(0, 4),
    named=st.sets(st.sampled_from(["name", "grams", "tags", "more", "other"])),
)
def test_it_takes_what_the_plain_one_takes_and_is_what_that_is(
    given: tuple[Any, ...], positional: int, named: set[str]
) -> None:
    values = dict(zip(("name", "grams", "tags", "more", "other"), (*given, 0), strict=True))
    more = {name: values[name] for name in named}
    try:
        plain: Any = Plain(*given[:positional], **more)
    except TypeError:
        with pytest.raises(TypeError):
            Quick(*given[:positional], **more)
        return
    assert told(Quick(*given[:positional], **more)) == told(plain)


def test_it_stays_frozen_and_compares_copies_and_replaces_as_before() -> None:
    one = Quick("7", 5)
    with pytest.raises(FrozenInstanceError):
        one.grams = 6  # type: ignore[misc]
    assert one == Quick("7", 5) == copy(one) == pickle.loads(pickle.dumps(one))
    assert replace(one, grams=6) == Quick("7", 6) != one
    assert inspect.signature(Quick).parameters.keys() == inspect.signature(Plain).parameters.keys()


@dataclass(frozen=True, slots=True)
class Named:
    name: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Unasked:
    name: str = field(init=False)


@pytest.mark.parametrize("kind", [Named, Unasked])
def test_a_kind_that_it_would_make_wrongly_is_refused(kind: type[Any]) -> None:
    with pytest.raises(AssertionError):
        quick(kind)


def test_what_a_factory_makes_is_of_each_alone() -> None:
    one, other = Quick("7"), Quick("8")
    assert one.more == other.more == {}
    assert one.more is not other.more
    assert Session.__init__.__code__.co_filename == "<Session>"
