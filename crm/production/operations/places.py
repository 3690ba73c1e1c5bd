"""Places of resources: taken, freed; why a record waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crm.asked_once import lasting
from crm.new_rows import insert_unless_there
from crm.prepared import TEXT, Change, Hole, Prepared
from crm.production.capacity import title_of
from crm.production.models import Place, Waiting
from crm.whole import whole
from engine.errors import Refusal, Refused
from engine.languages.message import Message, listed

KEPT = Prepared(
    lambda: Waiting.objects.values_list("record", "field", "record_id", "why").order_by()
)
HELD = Prepared(
    lambda resource: Place.objects.select_for_update().filter(resource=resource).order_by("slot"),
    TEXT,
)
FREE = Change(
    lambda: (
        Place.objects.filter(
            **{name: Hole(Place, name) for name in ("resource", "record", "record_id", "lifecycle")}
        ),
        None,
    )
)
LONGEST = 300  # characters of why a record waits


@whole
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
    own = (record, record_id, lifecycle)
    while True:
        held: list[Place] = HELD.rows(resource)
        mine = [one for one in held if (one.record, one.record_id, one.lifecycle) == own]
        if mine:
            return mine[0]
        free = sorted(set(range(1, capacity + 1)) - {one.slot for one in held})
        if not free:
            titles = listed(one.title for one in held)
            text = Message("{resource}: мест больше нет, занято: {titles}")
            raise Refused(Refusal(text, {"resource": title_of(resource), "titles": titles}))
        place = Place(
            resource=resource,
            slot=free[0],
            record=record,
            record_id=record_id,
            title=title[:120],
            lifecycle=lifecycle,
            since=at,
        )
        if insert_unless_there(place) is not None:
            return place  # otherwise somebody took it just now, and is seen when looked again


def free_place(*, resource: str, record: str, record_id: str, lifecycle: str) -> None:
    """Free the place of a record; none changes nothing."""
    FREE(resource=resource, record=record, record_id=record_id, lifecycle=lifecycle)


def keep_waiting(*, record: str, field: str, why: Mapping[str, str]) -> None:
    """Keep why records of a kind wait, by their ids; an empty text takes it away. What is kept
    already is not written: the dispatcher says it again and again."""
    over = [identity for identity, text in why.items() if not text]
    if over:
        Waiting.objects.filter(record=record, field=field, record_id__in=over).delete()
    kept = lasting(KEPT, _kept)
    new = {
        identity: text[:LONGEST]
        for identity, text in why.items()
        if text and kept.get((record, field, identity)) != text[:LONGEST]
    }
    Waiting.objects.bulk_create(
        [
            Waiting(record=record, record_id=identity, field=field, why=text)
            for identity, text in new.items()
        ],
        update_conflicts=True,
        unique_fields=["record", "record_id", "field"],
        update_fields=["why"],
    )
    kept |= {(record, field, identity): why[identity] for identity in over}
    kept |= {(record, field, identity): text for identity, text in new.items()}


def _kept() -> dict[tuple[str, str, str], str]:
    """Return why all records wait, by kind, field and id. Read once in a transaction: what another
    one says meanwhile is said again by the next."""
    return {(record, field, identity): why for record, field, identity, why in KEPT.rows()}
