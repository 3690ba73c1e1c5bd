"""The past of a demo plant over a database that was migrated before: to migrate takes longer than
to live an hour. `.ci/run` lets `cli.py demo` build one from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crm.plant.past import DATABASE, Past
from tests import database


class Migrated(Past):
    """Days whose new folder has a copy of the kept database in it."""

    def _live(self, folder: Path, env: Mapping[str, str]) -> None:
        database.copy("", str(folder / DATABASE))
        super()._live(folder, env)
