"""Why a second person declined what a first one asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0007_queued_making")]

    operations = [
        migrations.AddField(
            model_name="asked",
            name="declined",
            field=models.CharField(blank=True, max_length=500, verbose_name="Почему отклонена"),
        ),
    ]
