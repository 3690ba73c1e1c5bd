from django.db import migrations


def make_queue(apps, schema_editor):
    """Make the tables of procrastinate, as of its version in the locks. A later version of it that
    changes them needs a migration here: crm.jobs.queue.SCHEMA names the last one."""
    if schema_editor.connection.vendor != "postgresql":
        return
    from procrastinate.schema import SchemaManager

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())


class Migration(migrations.Migration):

    dependencies = [("jobs", "0002_due")]

    operations = [migrations.RunPython(make_queue, migrations.RunPython.noop)]
