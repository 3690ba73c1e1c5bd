"""Whatever is written as an expression, a text or a layout: words about it, or a value of bounded
size; within a second, never a traceback, never anything that was not given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.bounded import FUZZ, Bounded
from tests.fuzz.expressions import ENVIRONMENTS, EXPRESSIONS, evaluate
from tests.fuzz.layouts import FLIPS, LAYOUTS, TEXTS, fill, print_layout, written
from tests.sizes import sizes

Said = Callable[[object], None]


def test_any_expression_is_refused_or_has_a_value_or_none(said: Said) -> None:
    bounded = Bounded("expressions")

    @FUZZ
    @given(EXPRESSIONS, ENVIRONMENTS)
    def run(text: str, changed: dict[str, Any]) -> None:
        bounded(lambda: evaluate(text, changed, bounded))

    run()
    said(bounded)
    assert bounded.count >= sizes().inputs
    assert {"unread", "refused", "right"} == set(bounded.outcomes)


def test_any_text_with_holes_is_refused_or_filled_by_what_is_given(said: Said) -> None:
    bounded = Bounded("texts")

    @FUZZ
    @given(TEXTS, ENVIRONMENTS)
    def run(text: str, changed: dict[str, Any]) -> None:
        bounded(lambda: fill(text, changed, bounded))

    run()
    said(bounded)
    assert bounded.count >= sizes().inputs
    assert {"refused", "read"} == set(bounded.outcomes)


def test_any_layout_is_refused_or_prints_what_is_given(said: Said) -> None:
    bounded = Bounded("layouts")

    @FUZZ
    @given(LAYOUTS, st.one_of(st.just([]), FLIPS))
    def run(paragraphs: list[tuple[str, int, str]], flips: list[tuple[int, int]]) -> None:
        layout = written(paragraphs, flips)
        bounded(lambda: print_layout(layout, bounded))

    run()
    said(bounded)
    assert bounded.count >= sizes().inputs
    assert {"refused", "printed"} == set(bounded.outcomes)
