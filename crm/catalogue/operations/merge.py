"""Make one of two entries of a catalogue that are the same thing written twice (domain 11.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, QuerySet

from crm.audit.operations.overwrite import Why, differing, keep
from crm.catalogue.models import Entry
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    from crm.people.models import Person

# What two entries must agree in: what is computed by it would change of what is done already.
DECISIVE = ("tax_no", "defrost_loss_pct", "exit_pct")


@transaction.atomic
def merge(by: Person | None, *, loser: Entry, winner: Entry, at: datetime, reason: str) -> int:
    """Let every row that names `loser` name `winner`, and switch `loser` off: its name stands for
    the other from now on. Return how many rows were changed.

    Raises Refused for entries that differ in what kilograms are computed by, for one that is
    switched off or merged, and where a row can name only one of both."""
    rows = type(loser)._default_manager.select_for_update(of=("self",)).order_by("pk")
    both = {one.pk: one for one in rows.filter(pk__in=[loser.pk, winner.pk])}
    if type(loser) is not type(winner) or len(both) < 2:
        raise Refused(Refusal("Выберите другую запись того же справочника"))
    gone, kept = both[loser.pk], both[winner.pk]
    if not kept.active or kept.merged_into or gone.merged_into:
        raise Refused(Refusal("Одна из записей уже объединена или не действует"))
    for column in DECISIVE:
        one, other = getattr(gone, column, None), getattr(kept, column, None)
        if one != other and one not in (None, ""):
            words = {"what": str(getattr(gone._meta.get_field(column), "verbose_name", column))}
            raise Refused(Refusal("«{what}» у записей разное: сначала исправьте", words))
    try:
        with transaction.atomic():
            count = sum(found.update(**{field.name: kept}) for field, found in naming(gone))
    except IntegrityError:
        raise Refused(Refusal("Есть запись, где названы обе: объединить нельзя")) from None
    before: QuerySet[Any] = type(gone)._default_manager.all()
    before.filter(merged_into=gone).update(merged_into=kept)
    found = differing(gone, {"merged_into": kept, "active": False})
    gone.merged_into, gone.active = kept, False
    gone.save(update_fields=["merged_into", "active"])
    keep(gone, found, Why(by, at, reason))
    return count


def naming(entry: Entry) -> Iterator[tuple[ForeignKey[Any, Any], QuerySet[Any]]]:
    """Give each column that may name an entry, with the rows in which it does."""
    for relation in entry._meta.related_objects:
        field = relation.field
        if isinstance(field, ForeignKey) and field.model is not type(entry):
            yield field, field.model._base_manager.filter(**{field.name: entry})
