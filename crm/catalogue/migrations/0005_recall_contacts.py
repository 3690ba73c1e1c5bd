"""Whom to call at a supplier or a customer when something is recalled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_merged_entries")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="contacts",
            field=models.CharField(
                blank=True, max_length=300, verbose_name="Кого звать при отзыве"
            ),
        )
        for name in ("supplier", "customer")
    ]
