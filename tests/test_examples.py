"""Every example in a docstring is run."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.test_house import sources

MODULES = [
    name.removesuffix(".py").replace("/", ".") for name, text in sources() if "\n    >>> " in text
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_are_true(module: str) -> None:
    done = doctest.testmod(import_module(module))
    assert done.attempted > 0
    assert done.failed == 0
