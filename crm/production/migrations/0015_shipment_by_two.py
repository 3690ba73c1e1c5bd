"""Whether another person lets a shipment go is a setting; a shipment keeps which rule held."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("production", "0014_by_day")]

    operations = [
        migrations.RemoveConstraint(
            model_name="shipment", name="shipment_is_let_go_by_another_person"
        ),
        migrations.AddField(
            model_name="shipment",
            name="by_two",
            field=models.BooleanField(default=True, verbose_name="Отпускает второй человек"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=Q(by_two=False)
                | Q(reviewed_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(reviewed_by=F("confirmed_by")),
                name="shipment_by_two_is_let_go_by_another_person",
            ),
        ),
    ]
