import datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_the_usual(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing read quiet hours before: whoever has none gets the usual ones."""
    people = apps.get_model("people", "Person").objects.filter(quiet_from=None)
    people.update(quiet_from=datetime.time(22), quiet_to=datetime.time(7))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_sign_ins'),
    ]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='quiet_from',
            field=models.TimeField(blank=True, default=datetime.time(22, 0), null=True, verbose_name='Тихие часы с'),
        ),
        migrations.AlterField(
            model_name='person',
            name='quiet_to',
            field=models.TimeField(blank=True, default=datetime.time(7, 0), null=True, verbose_name='Тихие часы до'),
        ),
        migrations.RunPython(give_the_usual, migrations.RunPython.noop),
    ]
