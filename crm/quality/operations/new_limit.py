"""A new version of a limit (domain 11.2, 14.3): never overwritten, in force from its moment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from crm.quality.models import LimitVersion
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    from crm.people.models import Person

KEPT = ("name", "title", "when", "position", "unit", "source")


@transaction.atomic
def new_limit(
    by: Person,
    *,
    case: LimitVersion,
    least: Decimal | None,
    most: Decimal | None,
    reason: str,
    at: datetime,
) -> LimitVersion:
    """Keep the next version of a limit with other bounds of one case; its other cases go on.

    Raises Refused without a bound, for bounds that cross, for bounds that are in force already, and
    when another version came first."""
    if least is None and most is None:
        raise Refused(Refusal("Укажите хотя бы одну границу"))
    if least is not None and most is not None and least > most:
        raise Refused(Refusal("Нижняя граница больше верхней"))
    present = list(LimitVersion.objects.select_for_update().in_force(case.name, at))
    # Asked under the lock: whoever waited for it read what was in force before.
    later = LimitVersion.objects.filter(name=case.name, version__gt=case.version)
    if case not in present or later.exists():
        raise Refused(Refusal("Эта версия уже не действует: откройте новую"))
    if (least, most) == (case.least, case.most):
        raise Refused(Refusal("Предел такой и есть"))
    made = [_next(one, by, reason, at) for one in present]
    mine = made[present.index(case)]
    mine.least, mine.most = least, most
    LimitVersion.objects.bulk_create(made)
    return mine


def _next(before: LimitVersion, by: Person, reason: str, at: datetime) -> LimitVersion:
    same = {name: getattr(before, name) for name in KEPT}
    return LimitVersion(
        **same, version=before.version + 1, since=at, author=by, reason=reason,
        least=before.least, most=before.most,
    )  # fmt: skip
