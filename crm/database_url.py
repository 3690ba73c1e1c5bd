"""The address of the database as Django wants it: `DATABASE_URL` taken apart."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

SCHEMES = ("sqlite", "postgres", "postgresql")


def as_django(url: str, root: Path) -> dict[str, object]:
    """Return the connection of an address; a file without a leading slash is counted from `root`.

    WAL and an immediate write lock on SQLite; psycopg 3 on PostgreSQL, which plans what is asked
    for the sixth time once and for all and compiles nothing to machine code: that takes longer than
    what it makes faster here."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(root / unquote(parts.path[1:])),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": "-c jit=off",
            **dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair),
        },
    }


def checked(url: str) -> str:
    """Return the address of a database of a kind that is known. Raises ValueError in words."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError("нужен адрес sqlite:///… или postgres://… / expected such an address")
    if not parts.path.strip("/"):
        raise ValueError("нет имени базы / the name of the database is missing")
    return url
