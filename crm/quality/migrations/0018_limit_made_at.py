"""When a version of a limit was written, which may be long before it begins. Empty may be added to
SQLite without rebuilding the table and losing its triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0017_drills_closed")]

    operations = [
        migrations.AddField(
            model_name="limitversion",
            name="made_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Записано"),
        ),
    ]
