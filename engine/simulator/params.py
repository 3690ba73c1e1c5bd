"""The parameters of one call, read as Telegram reads them: everything may come as a string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call: its name, its bytes, what its sender says it is."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


class Params:
    """Named parameters and uploads of one call."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload]) -> None:
        self.values = values
        self.files = files

    def text(self, name: str) -> str:
        """Return a parameter as text; "" when it is not given."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as a whole number; the default when it is absent or is no number."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return a parameter as yes or no."""
        return self.text(name).lower() in ("true", "1", "yes")

    def structure(self, name: str, what: str) -> Any:
        """Return a JSON parameter; None when it is not given. Raises ApiError 400 that names
        `what`."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad(f"can't parse {what} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """Return the file of a field: sent under its name, or elsewhere and named by
        `attach://`."""
        return self.attached(self.text(name)) or self.files.get(name)

    def attached(self, reference: str) -> Upload | None:
        """Return the file that `attach://…` names."""
        return (
            self.files.get(reference.removeprefix("attach://"))
            if reference.startswith("attach://")
            else None
        )
