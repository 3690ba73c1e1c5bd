from django.db import migrations, models

from crm.triggers import around, never_deleted


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0005_certified'),
    ]

    operations = around(
        never_deleted("quality_ashanalysis"),
        migrations.AddField(
            model_name='ashanalysis',
            name='superseded',
            field=models.BooleanField(default=False, verbose_name='До повторной выдачи'),
        ),
    )
