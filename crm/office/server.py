"""The office under gunicorn: one process, several threads."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from crm.care.garbage import settle


class Office(BaseApplication):
    """Gunicorn with our settings instead of a configuration file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        from crm.wsgi import application  # noqa: PLC0415 - inside the worker

        settle()
        return application


def serve(host: str, port: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    Office(
        {
            "bind": f"{host}:{port}",
            "workers": 1,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 5,
            "loglevel": "warning",
        }
    ).run()
