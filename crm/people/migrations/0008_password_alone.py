from django.db import migrations, models

from crm.triggers import append_only, around

OUTCOMES = [
    ('entered', 'Вход'),
    ('password', 'Пароль верен, кода ещё нет'),
    ('wrong', 'Неверные данные'),
    ('locked', 'Слишком много попыток'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_usual_quiet_hours'),
    ]

    operations = around(
        append_only('people_signin'),
        migrations.AlterField(
            model_name='signin',
            name='outcome',
            field=models.CharField(choices=OUTCOMES, max_length=10, verbose_name='Что вышло'),
        ),
        migrations.RemoveConstraint(model_name='signin', name='sign_in_outcome_is_known'),
        migrations.RemoveConstraint(model_name='signin', name='sign_in_entered_is_an_account'),
        migrations.AddConstraint(
            model_name='signin',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['entered', 'password', 'wrong', 'locked'])), name='sign_in_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='signin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['entered', 'password']), _negated=True), ('account__isnull', False), _connector='OR'), name='sign_in_entered_is_an_account'),
        ),
    )
