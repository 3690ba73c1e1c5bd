"""Checks of the plan, their measurements, deviations that the clock found."""

import django.db.models.deletion
from django.db import migrations, models

from crm.triggers import append_only, around


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_merged_entries'),
        ('ledger', '0007_history_latest'),
        ('people', '0007_usual_quiet_hours'),
        ('quality', '0010_drill_carry_over'),
    ]

    operations = around(
        append_only('quality_measurement'),
        migrations.AlterField(
            model_name='deviation',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='Кто спросил'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='lot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='ledger.lot', verbose_name='Лот'),
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('new', 'Новая'), ('waiting', 'Ещё не пора'), ('due', 'Пора сделать'), ('passed', 'В пределах'), ('failed', 'Вне пределов'), ('missed', 'Не сделана'), ('verifying', 'Ждёт подтверждения'), ('closed', 'Закрыта')], default='new', max_length=10, verbose_name='Состояние')),
                ('limit', models.CharField(max_length=60, verbose_name='Предел')),
                ('line', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Линия')),
                ('point', models.CharField(max_length=80, verbose_name='Точка')),
                ('title', models.CharField(max_length=200, verbose_name='Что проверить')),
                ('entry', models.CharField(choices=[('temperature', 'Температура'), ('count', 'Число'), ('mark', 'Отметка')], max_length=12, verbose_name='Что вводят')),
                ('photo', models.BooleanField(default=False, verbose_name='С фото')),
                ('opens_at', models.DateTimeField(verbose_name='С')),
                ('half_at', models.DateTimeField(verbose_name='Напомнить')),
                ('closes_at', models.DateTimeField(verbose_name='До')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='Примечание')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='Сделана')),
                ('correction', models.CharField(blank=True, max_length=500, verbose_name='Что сделано')),
                ('session', models.UUIDField(blank=True, null=True, unique=True, verbose_name='Сессия')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='Версия')),
                ('corrected_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='Кто исправил')),
                ('deviation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='check_of', to='quality.deviation', verbose_name='Отклонение')),
                ('freezer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.freezer', verbose_name='Камера')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='Кто сделал')),
            ],
            options={
                'verbose_name': 'проверка ККТ',
                'verbose_name_plural': 'проверки ККТ',
                'ordering': ['-opens_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='measurement',
            name='check_made',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='quality.check', verbose_name='Проверка'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('check_made__isnull', True), ('lot__isnull', False)), models.Q(('check_made__isnull', False), ('lot__isnull', True)), _connector='OR'), name='measurement_is_of_a_lot_or_a_check'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(fields=['point', '-made_at'], name='check_by_point'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'waiting', 'due', 'passed', 'failed', 'missed', 'verifying', 'closed'])), name='check_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('entry__in', ['temperature', 'count', 'mark'])), name='check_entry_is_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('half_at__lt', models.F('closes_at')), ('opens_at__lt', models.F('half_at'))), name='check_window_is_in_order'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['passed', 'failed']), _negated=True), models.Q(('made_at__isnull', False), ('made_by__isnull', False)), _connector='OR'), name='check_with_a_verdict_was_made'),
        ),
    )
