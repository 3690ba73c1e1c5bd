"""The five states of a recall case instead of three of a drill."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("quality", "0014_checks_verified")]

    operations = [
        migrations.RemoveConstraint(model_name="recalldrill", name="drill_state_is_known"),
        migrations.RemoveConstraint(
            model_name="recalldrill", name="drill_signed_has_person_and_time"
        ),
        migrations.AlterField(
            model_name="recalldrill",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Новый"),
                    ("drafted", "Записан"),
                    ("frozen", "Определён"),
                    ("acting", "Идут действия"),
                    ("reconciled", "Ждёт подписи"),
                    ("closed", "Закрыт"),
                ],
                default="new",
                max_length=10,
                verbose_name="Состояние",
            ),
        ),
    ]
