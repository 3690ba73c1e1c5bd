"""A check that is closed was corrected and verified."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("quality", "0013_checks_led")]

    operations = [
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('corrected_by__isnull', False), ('verified_by__isnull', False), models.Q(('correction', ''), _negated=True)), _connector='OR'), name='check_closed_was_corrected_and_verified'),
        ),
    ]
