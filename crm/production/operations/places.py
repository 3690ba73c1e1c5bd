"""Places of resources: taken, freed; why a record waits."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.production.models import Place, Waiting
from engine.errors import Refusal, Refused


@transaction.atomic
def take_place(
    *,
    resource: str,
    capacity: int,
    record: str,
    record_id: str,
    title: str,
    lifecycle: str,
    at: datetime,
) -> Place:
    """Take the lowest free place of a resource; a record that has one keeps it.

    Two who take the last place at once are told apart by the constraint on slots. Raises
    Refused when all `capacity` places are held."""
    held = list(Place.objects.select_for_update().filter(resource=resource))
    own = (record, record_id, lifecycle)
    mine = [one for one in held if (one.record, one.record_id, one.lifecycle) == own]
    if mine:
        return mine[0]
    free = sorted(set(range(1, capacity + 1)) - {one.slot for one in held})
    if not free:
        raise Refused(Refusal("Мест больше нет: {resource}", {"resource": resource}))
    return Place.objects.create(
        resource=resource,
        slot=free[0],
        record=record,
        record_id=record_id,
        title=title[:120],
        lifecycle=lifecycle,
        since=at,
    )


def free_place(*, resource: str, record: str, record_id: str, lifecycle: str) -> None:
    """Free the place of a record; none changes nothing."""
    Place.objects.filter(
        resource=resource, record=record, record_id=record_id, lifecycle=lifecycle
    ).delete()


def keep_waiting(*, record: str, record_id: str, field: str, why: str) -> None:
    """Keep why a record waits; an empty text takes it away."""
    rows = Waiting.objects.filter(record=record, record_id=record_id, field=field)
    if not why:
        rows.delete()
        return
    if rows.filter(why=why[:300]).exists():  # the dispatcher asks again and again
        return
    Waiting.objects.update_or_create(
        record=record, record_id=record_id, field=field, defaults={"why": why[:300]}
    )
