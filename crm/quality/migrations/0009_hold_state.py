from django.db import migrations, models

from crm.triggers import around, never_deleted

RELEASED = "UPDATE quality_hold SET state = 'released' WHERE released_at IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_history_latest'),
        ('people', '0007_usual_quiet_hours'),
        ('quality', '0008_drill_scope'),
    ]

    operations = around(
        never_deleted("quality_hold"),
        migrations.AddField(
            model_name='hold',
            name='state',
            field=models.CharField(choices=[('placed', 'Поставлена'), ('released', 'Снята')], default='placed', max_length=8, verbose_name='Состояние'),
        ),
        migrations.AddField(
            model_name='hold',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='Версия'),
        ),
        migrations.RunSQL(RELEASED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('state', 'placed')), models.Q(('released_at__isnull', False), ('state', 'released')), _connector='OR'), name='hold_is_released_at_a_time'),
        ),
    )
