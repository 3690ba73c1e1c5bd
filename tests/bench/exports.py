"""What the export of a long list costs, and what others wait for meanwhile; on a database
with years of a plant. A file is made in a process of its own (`reports.alone`), so that the peak of
memory is its own."""

from __future__ import annotations

import os
import time
from statistics import median
from threading import Thread

from tests.bench.laps import peak_mb
from tests.bench.reports import Measured

COLUMNS = 12


def measured(form: str, rows: int) -> Measured:
    """Return seconds of the clock and of the process, megabytes at the peak, kilobytes."""
    _begin()
    began, used = time.perf_counter(), time.process_time()
    size = made(form, rows)
    seconds, own = time.perf_counter() - began, time.process_time() - used
    return seconds, own, int(peak_mb()), size // 1024


def meanwhile(rows: int) -> Measured:
    """Return what a page takes without and with an export in another thread, in milliseconds, and
    how many were answered meanwhile."""
    _begin()
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="bench"))

    def asked() -> float:
        began = time.perf_counter()
        assert client.get("/admin/work/task/").status_code == 200
        return (time.perf_counter() - began) * 1000

    asked()
    quiet = [asked() for _ in range(10)]
    maker = Thread(target=made, args=("xlsx", rows))
    maker.start()
    busy = []
    while maker.is_alive():
        busy.append(asked())
    return median(quiet), median(busy), len(busy), 0


def _begin() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings

    from crm.care.garbage import settle

    settings.ALLOWED_HOSTS = ["testserver"]
    settle()  # as the office does when it starts


def made(form: str, rows: int) -> int:
    """Make the file of the last so many pallets as the office does; return its size in bytes."""
    from django.contrib import admin
    from django.db import connections
    from django.http import HttpRequest

    from crm.office.exports import List
    from crm.office.made import Progress
    from crm.production.models import Pallet

    page = admin.site._registry[Pallet]
    names = [str(name) for name in (*page.list_display, "show_recipe", "best_before")][:COLUMNS]
    assert len(names) == COLUMNS
    found = page.get_queryset(HttpRequest()).order_by("-created_at", "-id")[:rows]
    try:
        return len(List(page, names, found).write(form, Progress()).content)
    finally:
        connections.close_all()
