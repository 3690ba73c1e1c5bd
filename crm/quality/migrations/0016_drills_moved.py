"""Drills stand in the states of a recall case, and so do their timers."""

from typing import Any

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace

NAMES = {"running": "acting", "concluded": "reconciled", "signed": "closed"}


def named(apps: Any, editor: Any) -> None:
    """Rename the three states that there were; what is history keeps their names."""
    drills = apps.get_model("quality", "RecallDrill").objects
    timers = apps.get_model("work", "Timer").objects.filter(subject="recall_drill")
    for old, new in NAMES.items():
        drills.filter(state=old).update(state=new)
        entry = Replace(F("state_entry"), Value(f":{old}:"), Value(f":{new}:"))
        timers.filter(state_entry__contains=f":{old}:").update(state_entry=entry)


class Migration(migrations.Migration):
    """Rows alone, between the constraints of before and of now."""

    dependencies = [("quality", "0015_recall_case"), ("work", "0016_check_photos")]

    operations = [migrations.RunPython(named, migrations.RunPython.noop)]
