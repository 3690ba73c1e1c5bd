"""Deviations of checks that were corrected or closed already go the way of their checks; titles of
checks are those of their limits, each reader adds the place in his language."""

from typing import Any

from django.db import migrations

OF_UNLOADING = "Спрашивает выгрузка: проверки загрузок теперь ведут отдельно"


def led(apps: Any, editor: Any) -> None:
    """Lead what stands between the two lives."""
    checks = apps.get_model("quality", "Check")
    for check in checks.objects.exclude(line=None, freezer=None):
        check.title = check.title.rpartition(", ")[0] or check.title
        check.save(update_fields=["title"])
    rows = checks.objects.filter(state__in=["verifying", "closed"], deviation__isnull=False)
    for check in rows.select_related("deviation"):
        _led(apps, check)
    _ended(apps)


def _led(apps: Any, check: Any) -> None:
    """What closed it was called an approval, by who verified it."""
    deviation = check.deviation
    history = apps.get_model("ledger", "StateHistory").objects
    corrected = history.filter(record="check", record_id=str(check.pk), transition="correct")
    last = corrected.order_by("at", "pk").last()
    if check.state == "closed":
        check.verified_by = deviation.decided_by
        check.save(update_fields=["verified_by"])
    deviation.state = check.state
    deviation.decided_by = check.corrected_by
    deviation.decided_at = last.at if last else deviation.asked_at
    deviation.comment = check.correction
    deviation.save(update_fields=["state", "decided_by", "decided_at", "comment"])


def _ended(apps: Any) -> None:
    """What a load had missed was ended by its unloading, which asks for it still."""
    history = apps.get_model("ledger", "StateHistory").objects
    found = apps.get_model("quality", "Deviation").objects
    for one in found.filter(kind="missed_check", state="open", check_of=None):
        found.filter(pk=one.pk).update(state="withdrawn")
        history.create(
            record="deviation",
            record_id=str(one.pk),
            from_state="open",
            to_state="withdrawn",
            transition="withdraw",
            reason=OF_UNLOADING,
            at=one.asked_at,
        )


class Migration(migrations.Migration):
    """Rows alone: PostgreSQL alters no table whose rows were changed in the same transaction."""

    dependencies = [("quality", "0012_deviation_states")]

    operations = [migrations.RunPython(led, migrations.RunPython.noop)]
