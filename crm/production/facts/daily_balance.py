"""How a period closes (domain 10.5, totals of block 2, and block 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.daily import (
    NOTHING,
    made_pallets,
    registered_second,
    taken_back,
    unfinished,
    used_lots,
    weighed_anew,
)


def daily_balance(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give kilograms with their share of all that was used, in per cent to one decimal (Q10; none
    when nothing was used): start + used + what came off the store to be вторфарш = output + second
    minced (as registered, and by how much its pallets weighed more) + blocked + end + losses to the
    gram, as the process has it. What nothing explains is a line of its own and never hidden."""
    lots = used_lots(period)
    used = sum(lots.values(), NOTHING)
    second = [kg for lot, kg in lots.items() if lot.kind == Lot.Kind.SECOND_MINCED]
    pallets = made_pallets(period)
    output = sum((one.net for one in pallets if one.hold is None), NOTHING)
    blocked = sum((one.net for one in pallets if one.hold is not None), NOTHING)
    start, end = unfinished(period[0]), unfinished(period[1])
    registered, more = registered_second(period), weighed_anew(period)
    back = taken_back(period)
    losses = start + used + back - output - registered - more - blocked - end
    lines = (
        (gettext("Незавершённое на начало"), start),
        (gettext("Израсходовано"), used),
        (gettext("в том числе вторфарш"), sum(second, NOTHING)),
        (gettext("Возвращено со склада в вторфарш"), back),
        (gettext("Выпуск ММО"), output),
        (gettext("Выпуск МКО"), registered),
        (gettext("Выпуск всего"), output + registered),
        (gettext("Уточнение веса МКО при приёмке"), more),
        (gettext("Заблокировано"), blocked),
        (gettext("Незавершённое на конец"), end),
        (gettext("Потери и необъяснённое"), losses),
    )
    for number, (name, kg) in enumerate(lines):
        yield Line(str(number), name, {"name": name, "kg": kg, "share": _share(kg, used)})


def _share(kg: Decimal, used: Decimal) -> Decimal | None:
    return (100 * kg / used).quantize(Decimal("0.1"), ROUND_HALF_UP) if used else None


FACT = Fact(
    params=("period",),
    result="list of daily_balance_line",
    answer=daily_balance,
    records={"daily_balance_line": {"name": "text", "kg": "number kg", "share": "number %?"}},
)
