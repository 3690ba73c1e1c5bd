"""The demo over a database that was migrated before, for tests of what comes after its start:
`python -m tests.e2e.demo <folder>`."""

from __future__ import annotations

import sys
from pathlib import Path

from crm.plant.demo import Demo
from crm.plant.past import DATABASE
from crm.plant.processes import Processes, free_port
from crm.plant.show import run_until_stopped
from engine.simulator.client import PhoneClient
from tests import database


class Migrated(Demo):
    """A demo whose new folder has a copy of the kept database in it."""

    def processes(self) -> Processes:
        """Make the folder anew, as any demo does."""
        made = super().processes()
        database.copy("", str(self.folder / DATABASE))
        return made


if __name__ == "__main__":
    plant = Migrated(PhoneClient, Path(sys.argv[1]), free_port(), free_port())
    sys.exit(run_until_stopped(plant, print))
