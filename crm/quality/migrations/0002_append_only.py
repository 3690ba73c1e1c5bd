"""What was measured, and against which limit, is never rewritten."""

from django.db import migrations

from crm.triggers import append_only


class Migration(migrations.Migration):
    """Triggers of measurements and limits."""

    dependencies = [("quality", "0001_initial")]

    operations = [append_only("quality_measurement"), append_only("quality_limitversion")]
