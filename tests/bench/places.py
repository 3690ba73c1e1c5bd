"""What stands around a group's process: a database, with
years of a plant in it or empty, as environment. Start at `around`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests import database, servers
from tests.bench import books
from tests.bench.row import Place, Size

NAME = "meatbot_bench"


@contextmanager
def around(place: Place, size: Size) -> Iterator[Mapping[str, str]]:
    """Give the environment of a process that is measured there."""
    match place:
        case Place.NOTHING:
            yield {}
        case Place.SQLITE:
            with tempfile.TemporaryDirectory(prefix="meatbot-bench-") as folder:
                database.copy("", f"{folder}/bench.sqlite3")
                yield {"DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        case Place.POSTGRES:
            with servers.postgres(durable=True, like=database.cluster()) as url:
                database.copy(url, NAME)
                yield {"DATABASE_URL": database.named(url, NAME)}
        case Place.SQLITE_YEARS | Place.POSTGRES_YEARS:
            engine = "sqlite" if place is Place.SQLITE_YEARS else "postgres"
            with books.kept(engine, *books.size_of(engine, size)) as url:
                yield {"DATABASE_URL": url}
