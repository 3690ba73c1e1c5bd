from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STILL_HERE = ("unloaded", "palletizing", "in_stock", "reserved")


def ask_for_ash(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """What was accepted by hand is pet food, and left without an analysis of ash: what is still
    here waits for one from now on. The first sweep gives it the task."""
    by_hand = apps.get_model("production", "Mix").objects.filter(order=None, ash_state="new")
    here = by_hand.filter(lot__pallet_items__pallet__state__in=STILL_HERE).values("pk")
    by_hand.filter(pk__in=here).update(ash_state="missing")


class Migration(migrations.Migration):
    dependencies = [("production", "0011_latest")]

    operations = [migrations.RunPython(ask_for_ash, migrations.RunPython.noop)]
