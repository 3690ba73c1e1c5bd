"""What is counted in a refusal is counted as Russian counts."""

from __future__ import annotations

import pytest

from engine.steps.base import texts_allowed


@pytest.mark.parametrize(
    ("length", "end"), [(1, "1 знак"), (102, "102 знака"), (111, "111 знаков"), (121, "121 знак")]
)
def test_a_text_of_the_wrong_length_is_told_its_own(length: int, end: str):
    assert str(texts_allowed("ж" * length, 2, 100)).endswith(f"а здесь {end}")
