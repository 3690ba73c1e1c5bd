"""What came, was used, made and lost, by production day: one question to the books and the pallets,
one more for which of these count as output. What was undone later never was, and what was weighed
anew was accepted when it was, as in the daily report and in the lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, CharField, F, IntegerField, Sum, Value, When

from crm.ledger.models import Account, Posting
from crm.ledger.standing import that_stand
from crm.production.daily import is_taken_in, output_by_day
from crm.production.models import Pallet
from engine.model.zone import PlantZone

NOTHING = Decimal(0)
TENTH = Decimal("0.1")
# Which lines of the books each number is: the account and the kinds of event; none is any.
LINES: Mapping[str, tuple[Account, tuple[str, ...]]] = {
    "received": (Account.RAW_STORE, ("receipt",)),
    "used": (Account.PROCESS, ("discharge",)),
    "shipped": (Account.CUSTOMER, ()),
    "drip": (Account.LOSS_DRIP, ()),
    "freezing": (Account.LOSS_FREEZING, ()),
    "scrap": (Account.SCRAP, ()),
}
# What was made the pallets tell, by when they were accepted; their net is what the books have.
ALL: Mapping[str, tuple[Account, tuple[str, ...]]] = {**LINES, "made": (Account.FG_STORE, ())}


@dataclass(slots=True)
class Flow:
    """Kilograms of some days: received, used by mixes, made into pallets, shipped, lost. `good` is
    what of the made counts as output: mince that nothing forbids to ship (`with_output`)."""

    received: Decimal = field(default=NOTHING)
    used: Decimal = field(default=NOTHING)
    made: Decimal = field(default=NOTHING)
    shipped: Decimal = field(default=NOTHING)
    drip: Decimal = field(default=NOTHING)
    freezing: Decimal = field(default=NOTHING)
    scrap: Decimal = field(default=NOTHING)
    good: Decimal = field(default=NOTHING)

    @property
    def output(self) -> Decimal | None:
        """Output as a share of what was used, per cent, half up to 0.1 (domain Q10, as the daily
        report counts it); None of nothing used."""
        if not self.used:
            return None
        return (100 * self.good / self.used).quantize(TENTH, ROUND_HALF_UP)


def by_day(first: date, last: date, zone: PlantZone) -> dict[date, Flow]:
    """Return the flow of each production day from the first to the last, in one query. Which day a
    moment is of is told by where the next one begins: SQLite asks Python what date a moment has."""
    begins, ends = _between(first, last, zone)
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    day_of = _numbers(days, zone)
    lines = Posting.objects.filter(
        that_stand(),
        event__occurred_at__gte=begins,
        event__occurred_at__lt=ends,
        account__in={account for account, _kinds in LINES.values()},
    )
    books = lines.annotate(
        day=day_of("event__occurred_at"), store=F("account"), how=F("event__kind")
    )
    pallets = Pallet.objects.filter(is_taken_in(), accepted_at__gte=begins, accepted_at__lt=ends)
    store, how = Value(Account.FG_STORE.value, CharField()), Value("", CharField())
    made = pallets.annotate(day=day_of("accepted_at"), store=store, how=how)
    found = {day: Flow() for day in days}
    asked = [
        rows.order_by().values_list("day", "store", "how").annotate(total=Sum(column))
        for rows, column in ((books, "kg"), (made, "net"))
    ]
    for at, account, kind, total in asked[0].union(asked[1], all=True):
        _add(found[days[at]], account, kind, total or NOTHING)
    return found


def with_output(days: dict[date, Flow], zone: PlantZone) -> dict[date, Flow]:
    """Count what of the made is output, in one query, and two more where one of these days made
    вторфарш of a pallet; return the same days."""
    found = [*sorted(days)]
    within = _between(found[0], found[-1], zone)
    for at, kilograms in output_by_day(within, _numbers(found, zone)).items():
        days[found[at]].good = kilograms
    return days


def _numbers(days: Sequence[date], zone: PlantZone) -> Callable[[str], Case]:
    """Return what makes the number of its day, from 0, of a column of moments within days."""
    ends = [_between(day, day, zone)[1] for day in days]

    def day_of(moment: str) -> Case:
        before = (When(**{f"{moment}__lt": end}, then=Value(at)) for at, end in enumerate(ends))
        return Case(*before, output_field=IntegerField())

    return day_of


def _between(first: date, last: date, zone: PlantZone) -> tuple[datetime, datetime]:
    begins = datetime.combine(first, zone.day_begins, zone)
    return begins, datetime.combine(last + timedelta(days=1), zone.day_begins, zone)


def together(flows: Iterable[Flow]) -> Flow:
    """Return several days as one."""
    whole = Flow()
    for one in flows:
        for each in fields(Flow):
            setattr(whole, each.name, getattr(whole, each.name) + getattr(one, each.name))
    return whole


def _add(flow: Flow, account: str, kind: str, kilograms: Decimal) -> None:
    for name, (wanted, kinds) in ALL.items():
        if account == wanted and (not kinds or kind in kinds):
            setattr(flow, name, getattr(flow, name) + kilograms)
