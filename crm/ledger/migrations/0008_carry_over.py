"""What was left on a line is an edge without kilograms."""

from django.db import migrations, models

from crm.triggers import around, set_once

FIXED = ["event_id", "parent_id", "child_id", "grams", "kind", "parent_born", "child_born", "estimated"]


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_history_latest'),
    ]

    operations = around(
        set_once("ledger_edge", "voided_by_id", FIXED),
        migrations.RemoveConstraint(
            model_name='edge',
            name='edge_moves_something',
        ),
        migrations.AddConstraint(
            model_name='edge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kg', 0), ('kind', 'carry_over')), models.Q(models.Q(('kind', 'carry_over'), _negated=True), ('kg__gt', 0)), _connector='OR'), name='edge_moves_something_or_is_carried_over'),
        ),
    )
