"""The database of a simulated plant: made, or found and trusted to be one.

`open_plant` sets Django up from the environment; the settings must not have been read before."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import django
from django.conf import settings


class NotSimulated(RuntimeError):
    """The database holds people who are not of a simulated plant."""


def open_plant() -> None:
    """Migrate the database and load the reference data with the demo's people.

    Raises NotSimulated before anything of a real plant is touched."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now
    from django.db import connection  # noqa: PLC0415

    from crm.office.seed import seed  # noqa: PLC0415

    if connection.vendor == "sqlite":  # a simulated day that a power cut takes is made again
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    if "people_person" in connection.introspection.table_names():
        _only_simulated()
    call_command("migrate", verbosity=0, interactive=False)
    seed()


def _only_simulated() -> None:
    from crm.office.seed import FIRST_DEMO_CHAT  # noqa: PLC0415
    from crm.people.models import Person  # noqa: PLC0415

    real = Person.objects.filter(telegram_id__lt=FIRST_DEMO_CHAT).count()
    if real:
        raise NotSimulated(f"в этой базе настоящие люди ({real}); учебный завод в ней не заводится")


def begin_at(day: datetime) -> datetime:
    """Return when the plant goes on: where it stopped, or at 07:00 of a day when it is new."""
    from crm.work.models import Update  # noqa: PLC0415 - Django is set up by now

    zone = ZoneInfo(settings.TIME_ZONE)
    last = Update.objects.order_by("at").last()
    if last is not None:
        return last.at.astimezone(zone)
    return datetime.combine(day.date(), time(7), zone)


def put_phones_away() -> None:
    """Forget which messages showed what: other phones will not know them."""
    from crm.outbox.models import Notice  # noqa: PLC0415 - Django is set up by now
    from crm.work.models import Chat  # noqa: PLC0415

    Notice.objects.filter(message_id__isnull=False).update(message_id=None)
    Chat.objects.filter(message_id__isnull=False).update(message_id=None)


def close() -> None:
    """Close the database. SQLite writes what stands in its log into the file then: whoever copies
    the file after this process has ended gets all of it."""
    from django.db import connections  # noqa: PLC0415 - Django is set up by now

    connections.close_all()
