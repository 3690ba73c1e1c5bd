from django.db import migrations, models

from crm.triggers import append_only, around


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_password_alone'),
    ]

    operations = around(
        append_only('people_signin'),
        migrations.AddField(
            model_name='signin',
            name='name_bits',
            field=models.CharField(default='', editable=False, max_length=4),
        ),
    )
