"""The seven states of a deviation, who verified a check, checks of a lot."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_merged_entries'),
        ('ledger', '0008_carry_over'),
        ('people', '0007_usual_quiet_hours'),
        ('quality', '0011_checks'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='check',
            name='check_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='deviation',
            name='deviation_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='deviation',
            name='deviation_decided_has_decider_and_time',
        ),
        migrations.AddField(
            model_name='check',
            name='lot',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='ledger.lot', verbose_name='Лот'),
        ),
        migrations.AddField(
            model_name='check',
            name='verified_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='Кто подтвердил'),
        ),
        migrations.AlterField(
            model_name='check',
            name='state',
            field=models.CharField(choices=[('new', 'Новая'), ('waiting', 'Ещё не пора'), ('due', 'Пора сделать'), ('passed', 'В пределах'), ('failed', 'Вне пределов'), ('missed', 'Не сделана'), ('correcting', 'Исправляют'), ('verifying', 'Ждёт подтверждения'), ('closed', 'Закрыта')], default='new', max_length=10, verbose_name='Состояние'),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='state',
            field=models.CharField(choices=[('open', 'Ждёт решения'), ('approved', 'Согласовано'), ('rejected', 'Отклонено'), ('withdrawn', 'Отозвано'), ('correcting', 'Исправляют'), ('verifying', 'Ждёт подтверждения'), ('closed', 'Закрыто')], default='open', max_length=12, verbose_name='Решение'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'waiting', 'due', 'passed', 'failed', 'missed', 'correcting', 'verifying', 'closed'])), name='check_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('verified_by__isnull', True), models.Q(('verified_by', models.F('corrected_by')), _negated=True), _connector='OR'), name='check_is_verified_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='deviation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'rejected', 'correcting', 'verifying', 'closed', 'open', 'withdrawn'])), name='deviation_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='deviation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'rejected', 'correcting', 'verifying', 'closed')), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='deviation_decided_has_decider_and_time'),
        ),
    ]
