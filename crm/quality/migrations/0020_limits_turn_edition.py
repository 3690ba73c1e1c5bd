"""A write to the limits gives what is kept of them another mark, as one to the catalogues does."""

from django.db import migrations

from crm.triggers import turns_edition


class Migration(migrations.Migration):
    dependencies = [("quality", "0019_waiting"), ("catalogue", "0007_edition")]

    operations = [turns_edition("quality_limitversion")]
