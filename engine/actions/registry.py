"""The action kinds by name, found by listing this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.actions.base import Action
from engine.model.kinds import found

KINDS: Mapping[str, type[Action]] = found(Path(__file__).parent, "engine.actions", Action)
