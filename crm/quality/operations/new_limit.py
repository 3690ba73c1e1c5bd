"""A new version of a limit (domain 11.2, 14.3): never overwritten, in force from its moment or from
one that is still to come."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from crm.catalogue.operations.new_norm import begin_of
from crm.quality.models import LimitVersion
from engine.errors import Refusal, Refused
from engine.languages.message import Message

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
    since: datetime | None = None,
) -> LimitVersion:
    """Keep the next version of a limit with other bounds of one case; its other cases go on. It
    begins at once, or at `since`: what holds then must be the version of the case. One that is
    planned for later begins all the same.

    Raises Refused without a bound, for bounds that cross, for bounds that are in force already, for
    a beginning in the past, and when another version came first."""
    if least is None and most is None:
        raise Refused(Refusal("Укажите хотя бы одну границу"))
    if least is not None and most is not None and least > most:
        raise Refused(Refusal("Нижняя граница больше верхней"))
    begins = begin_of(since, at)
    known = LimitVersion.objects.filter(name=case.name)
    list(known.select_for_update().order_by("pk").values_list("pk"))
    # Asked under the lock, as of now: whoever waited for it began before the one that came first.
    present = list(LimitVersion.objects.in_force(case.name, max(begins, timezone.now())))
    if case not in present:
        raise Refused(_other(present, since))
    if (least, most) == (case.least, case.most):
        raise Refused(Refusal("Предел такой и есть"))
    number = known.aggregate(last=Max("version"))["last"] + 1
    made = [_next(one, by, reason, at, begins, number) for one in present]
    mine = made[present.index(case)]
    mine.least, mine.most = least, most
    LimitVersion.objects.bulk_create(made)
    return mine


def _other(present: list[LimitVersion], since: datetime | None) -> Refusal:
    """Return why a version may not be made of one that does not hold then."""
    if since is None or not present:
        return Refusal("Эта версия уже не действует: откройте новую")
    text = Message("{day} действует версия {version}. Откройте её")
    day = f"{timezone.localtime(since):%d.%m.%Y %H:%M}"
    return Refusal(text, {"day": day, "version": str(present[0].version)})


def _next(
    before: LimitVersion, by: Person, reason: str, at: datetime, since: datetime, number: int
) -> LimitVersion:
    same = {name: getattr(before, name) for name in KEPT}
    return LimitVersion(
        **same, version=number, since=since, author=by, reason=reason, made_at=at,
        least=before.least, most=before.most,
    )  # fmt: skip
