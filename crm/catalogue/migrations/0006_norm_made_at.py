"""When a version of a norm was written, which may be long before it begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_recall_contacts")]

    operations = [
        migrations.AddField(
            model_name="recipeversion",
            name="made_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Записано"),
        ),
    ]
