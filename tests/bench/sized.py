"""What traces, recalls, stock and lists cost on a plant of some size, in a process of its own:
`python -m tests.bench.sized SEED`, which `costs` starts. Milliseconds of the processor, the median
of several runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from statistics import median

LOTS = 15  # that are asked for
RUNS = 7
LIST = "/admin/production/pallet/"


def measured(seed: int) -> Mapping[str, float]:
    """Measure on the database of this process."""
    from django.contrib.auth.models import User
    from django.test import Client

    from crm.care.garbage import settle
    from tests.bench import next_up, stock, trace

    asked = trace.Asked(seed, LOTS)
    user, _ = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    settle()
    acts: dict[str, Callable[[int], object]] = {
        "forward": trace.forward,
        "backward": trace.backward,
        "recall": trace.recalled,
        "stock of a place": lambda _: stock.of_a_place(),
        "what is next": lambda _: next_up.asked(),
        "list of pallets": lambda _: client.get(LIST).content,
    }
    return {name: _median(act, asked.raws, asked.pallets, name) for name, act in acts.items()}


def _median(act: Callable[[int], object], raws: list[int], pallets: list[int], name: str) -> float:
    from tests.bench.trace import timed

    lots = pallets if name == "backward" else raws
    act(lots[0])
    return median(cpu for _, cpu in timed(act, lots[: LOTS if "ward" in name else RUNS]))


def costs(url: str, seed: int) -> Mapping[str, float]:
    """Return what each costs on a database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.sized", str(seed)],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measured(int(sys.argv[1]))))
