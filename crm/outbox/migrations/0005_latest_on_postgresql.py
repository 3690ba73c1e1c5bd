"""The order of the list of notices, on PostgreSQL alone: SQLite took this index for what waits to
be sent, and read every notice that there ever was instead of the few of `notice_waiting_by_time`."""

from django.db import migrations

from crm.triggers import VendorSQL

MADE = "CREATE INDEX notice_latest ON outbox_notice (created_at DESC, position DESC, id DESC)"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_latest")]

    operations = [VendorSQL([], [MADE], [], ["DROP INDEX notice_latest"])]
