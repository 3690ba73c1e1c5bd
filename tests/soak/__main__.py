"""Soak the ledger and the plant: `N=2000 SEED=7 MINUTES=30 python -m tests.soak [DATABASE]`.

Eight processes do N/10 operations of the plant and N of the ledger on PostgreSQL, or as many as
half of MINUTES hold of each (without MINUTES, all); after each thousand one of them is killed. In
the end `verify-ledger` must find nothing: exit code 1 else.
Without DATABASE a server is started and its database migrated; with it, that database of the server
of DATABASE_URL is used as it is."""

from __future__ import annotations

import math
import os
import secrets
import sys

from tests import servers
from tests.sizes import FULL_ACTS

EVERY = 1_000
SHARE = 10  # operations of the ledger to one of the plant


def soak(database: str) -> int:
    """Drive, verify, print; return the exit code."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from crm.bridge.program import program
    from crm.office.seed import seed
    from tests.soak import books, floor
    from tests.soak.driver import aside, drive, wrong, wrong_of_books

    count = int(os.environ.get("N", FULL_ACTS))
    minutes = os.environ.get("MINUTES")
    longest_s = float(minutes) * 60 / 2 if minutes else math.inf
    chosen = os.environ.get("SEED") or str(secrets.randbelow(10**6))
    least = 4  # times that a process is killed, however small the numbers
    phases = (
        ("plant", floor, floor.Floor, count // SHARE),
        ("ledger", books, books.Books, count),
    )
    program()
    connections.close_all()  # it has looked for a version of before
    if database:
        connections.settings["default"]["NAME"] = database
    else:
        aside(lambda: call_command("migrate", verbosity=0))
    aside(seed)
    print(f"N={count} SEED={chosen}", flush=True)
    found = []
    for name, module, make, times in phases:
        aside(module.prepare)
        every = min(EVERY, max(1, times // (least + 1)))
        print(drive(name, make, times, every, chosen, longest_s), flush=True)
        found += aside(wrong if module is floor else wrong_of_books)
    for one in found:
        print(f"{one.count:>9}  {one.title}: {', '.join(one.examples)}")
    print("everything is true" if not found else "NOT TRUE", flush=True)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Soak the given database, or one of a server of its own."""
    if arguments:
        return soak(arguments[0])
    with servers.postgres() as url:
        os.environ["DATABASE_URL"] = url
        return soak("")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
