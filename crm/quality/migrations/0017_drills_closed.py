"""A drill that is closed was signed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("quality", "0016_drills_moved")]

    operations = [
        migrations.AddConstraint(
            model_name="recalldrill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    state__in=["new", "drafted", "frozen", "acting", "reconciled", "closed"]
                ),
                name="drill_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recalldrill",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="closed")
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
                name="drill_closed_was_signed",
            ),
        ),
    ]
