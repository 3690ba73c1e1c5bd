"""A mark of what each catalogue is, another one after each write. A migration that alters one of
these tables on SQLite does it `around` its triggers; one that alters `catalogue_edition` itself has
to drop all of them before."""

from django.db import migrations, models

from crm.triggers import EDITION_TURNS, turns_edition

TABLES = (
    "company",
    "supplier",
    "nomenclature",
    "rawmaterial",
    "customer",
    "responsibleperson",
    "separator",
    "separatormode",
    "recipe",
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_norm_made_at")]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=63, primary_key=True, serialize=False, verbose_name="Таблица"
                    ),
                ),
                ("mark", models.CharField(max_length=32, verbose_name="Метка")),
            ],
            options={
                "verbose_name": "состояние справочников",
                "verbose_name_plural": "состояние справочников",
            },
        ),
        EDITION_TURNS,
        *(turns_edition(f"catalogue_{table}") for table in TABLES),
    ]
