"""The step kinds by name, found by listing this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.model.kinds import found
from engine.steps.base import Step

KINDS: Mapping[str, type[Step]] = found(Path(__file__).parent, "engine.steps", Step)
