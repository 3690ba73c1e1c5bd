"""What the export of a long list costs, and what others wait for meanwhile; on the database of
`office`, which starts it. Each file is made in a process of its own, so that the peak of memory is
its own."""

from __future__ import annotations

import os
import time
from statistics import median
from threading import Thread

from tests.bench.reports import Measured, alone, peak_mb

ROWS, COLUMNS = 100_000, 12
SECONDS, MEGABYTES = 10, 200


def show() -> None:
    """Print a line for each form."""
    print(f"{'export':24} {'rows':>8} {'clock s':>8} {'own s':>6} {'peak MB':>8} {'kB':>6}"
          f"   goal: {SECONDS} s, {MEGABYTES} MB")  # fmt: skip
    for form in ("xlsx", "csv"):
        seconds, own, peak, size = alone(_measured, form, ROWS)
        print(f"pallets, {COLUMNS} columns, {form:4}  {ROWS:7} {seconds:8.1f} {own:6.1f} {peak:8} "
              f"{size:6}")  # fmt: skip
    quiet, busy, pages, _ = alone(_meanwhile, ROWS)
    print(
        f"a page of tasks: median {quiet:.0f} ms alone, {busy:.0f} ms while xlsx is made "
        f"({pages} pages meanwhile)"
    )


def _measured(form: str, rows: int) -> Measured:
    _begin()
    began, used = time.perf_counter(), time.process_time()
    size = made(form, rows)
    seconds, own = time.perf_counter() - began, time.process_time() - used
    return seconds, own, peak_mb(), size // 1024


def _meanwhile(rows: int) -> Measured:
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

    from crm.office.server import settle

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
    names = [str(name) for name in (*page.list_display, "show_recipe", "best_before")]
    assert len(names) == COLUMNS
    found = page.get_queryset(HttpRequest()).order_by("-created_at", "-id")[:rows]
    try:
        return len(List(page, "Паллеты", names, found).write(form, Progress()).content)
    finally:
        connections.close_all()
