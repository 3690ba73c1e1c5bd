from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_open(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An open request had no word for its state."""
    apps.get_model("people", "AccessRequest").objects.filter(state="").update(state="open")


def unname_the_open(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the word back."""
    apps.get_model("people", "AccessRequest").objects.filter(state="open").update(state="")


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_roles_of_the_forms'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='accessrequest', name='access_request_one_open_per_chat'),
        migrations.RemoveConstraint(model_name='accessrequest', name='access_request_decided_has_time'),
        migrations.RemoveConstraint(model_name='accessrequest', name='access_request_bound_has_person'),
        migrations.RenameField(model_name='accessrequest', old_name='decision', new_name='state'),
        migrations.RunPython(name_the_open, unname_the_open),
        migrations.AddField(
            model_name='accessrequest',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='Версия'),
        ),
        migrations.AlterField(
            model_name='accessrequest',
            name='state',
            field=models.CharField(choices=[('new', 'Новый'), ('open', 'Ждёт решения'), ('bound', 'Доступ дан'), ('declined', 'Отклонён')], default='new', max_length=10, verbose_name='Решение'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'open', 'bound', 'declined'])), name='access_request_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['new', 'open'])), fields=('telegram_id',), name='access_request_one_open_per_chat'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state__in', ['new', 'open'])), models.Q(('decided_at__isnull', False), ('state__in', ['bound', 'declined'])), _connector='OR'), name='access_request_decided_has_time'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'bound'), _negated=True), ('person__isnull', False), _connector='OR'), name='access_request_bound_has_person'),
        ),
    ]
