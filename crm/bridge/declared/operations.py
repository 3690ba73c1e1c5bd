"""Agreed operations and jobs that rows do not implement yet: their parameters and their results."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.vocabulary import OperationForm

OPERATIONS: Mapping[str, OperationForm] = {}
