"""«Новая отгрузка» (domain 4.46): a customer and pallets, ticked or typed, become a draft.

Nothing that was filled in is lost when it is refused. Start at `Filled.of` and `choose`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.trace import Way, lots_of
from crm.office import parts
from crm.office.card import Cell, Section, Table, cell, kg
from crm.office.language import own_said
from crm.office.numbers import is_id
from crm.office.store import CALLED, TICK, Line, empty, groups, stocked, total
from crm.people.models import Person
from crm.people.roles import OfficeRole
from crm.production.models import Mix, Pallet, RawBatch, Shipment
from crm.production.shippable import NOTHING
from crm.production.stocked import kept_as
from crm.quality.usable import warned
from engine.errors import Refusal, Refused
from engine.run.codes import code_in

MOST = 500  # pallets that one form may name
CHOSEN = (TICK, _("Паллет"), _("День"), _("Группа"), _("Нетто, кг"), _("Можно ли отгрузить"))


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds. `session` is the same however often it is sent."""

    session: UUID
    customer: str
    codes: str
    ticked: tuple[int, ...]
    group: str

    @classmethod
    def of(cls, request: HttpRequest) -> Filled:
        """Read the form of a request; an empty one when nothing was sent."""
        given = request.POST
        ticks = [int(one) for one in given.getlist("pallet")[:MOST] if is_id(one)]
        return cls(
            _session(given.get("session", "")),
            given.get("customer", ""),
            given.get("codes", ""),
            tuple(dict.fromkeys(ticks)),
            given.get("group", ""),
        )

    @property
    def words(self) -> list[str]:
        """The numbers and codes that were typed or scanned, each once."""
        found = [code_in(word) for word in re.split(r"[\s,;]+", self.codes) if word]
        return list(dict.fromkeys(found))[:MOST]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pallet that was asked for: what it was called, its line of the store when it is there, and
    why it may not leave."""

    name: str
    line: Line | None
    reason: str
    ticked: bool

    @property
    def cells(self) -> list[Cell]:
        """The row of the table."""
        ready = Cell(gettext("Готов к отгрузке"), tone="good")
        # orange, as on the store, where an analysis is all that is missing
        tone = self.line.tone if self.line and self.line.reason else "bad"
        verdict = Cell(self.reason, tone=tone) if self.reason else ready
        if self.line is None:
            return [Cell(""), cell(self.name), cell(None), cell(None), cell(None), verdict]
        pallet = self.line.pallet
        tick = self.line.tick(str(CALLED), on=True) if self.ticked else Cell("")
        shown = (cell(pallet.production_day), cell(self.line.group[1]), kg(self.line.net))
        return [tick, parts.record_cell(pallet), *shown, verdict]


def choose(filled: Filled, lines: Sequence[Line]) -> list[Chosen]:
    """Return every pallet that was ticked or typed, each once, with why it may not leave."""
    found: dict[int | str, Chosen] = {}
    for one in (*_ticked(filled, lines), *_typed(filled, lines)):
        found.setdefault(one.name if one.line is None else one.line.pallet.pk, one)
    return list(found.values())


def draft(by: Person, filled: Filled, chosen: Sequence[Chosen]) -> Shipment:
    """Draft what was chosen, once a session. Raises Refused when some of it may not leave."""
    done = Shipment.objects.filter(session=filled.session).first()
    if done:
        return done
    if not chosen:
        raise Refused(Refusal("Выберите хотя бы один паллет"))
    if any(one.reason for one in chosen):
        raise Refused(Refusal("Не всё можно отгрузить. Уберите паллеты, у которых указана причина"))
    return shipping().draft(
        by,
        customer=filled.customer,
        pallets=[one.line.pallet for one in chosen if one.line],
        at=timezone.now(),
        session=filled.session,
    )


def shipping() -> Shipping:
    """Return the operations of shipping under the present forms; the account's permission stands
    for the role."""
    return Shipping(program(), standing=[OfficeRole.SHIPPING_CLERK.value])


def shown(filled: Filled, error: str) -> dict[str, Any]:
    """Return what the page shows of a form, with the store as it is now."""
    lines = stocked()
    chosen = choose(filled, lines)
    ready = [one.line for one in chosen if one.line and not one.reason]
    ticked = {one.line.pallet.pk for one in chosen if one.line}
    rest = [
        line
        for line in lines
        if line.pallet.pk not in ticked and filled.group in ("", line.group[1])
    ]
    return {
        "title": gettext("Новая отгрузка"),
        "filled": filled,
        "error": error,
        "customers": Customer.objects.filter(active=True).order_by("name_key"),
        "known": list(dict.fromkeys(line.group[1] for line in lines)),
        "chosen": Table("", CHOSEN, [one.cells for one in chosen]) if chosen else None,
        "review": list(_review(ready, len(chosen))) if chosen else [],
        "count": len(ready),
        "total": total(ready),
        "groups": list(groups(rest, ticks="free")),
        "empty": empty(lines),
    }


def weights(pallets: Sequence[Pallet]) -> list[tuple[str, Cell]]:
    """Return the sums of some pallets, under what they are called."""
    names = {
        "gross": gettext("Брутто, кг"),
        "pallet_weight": gettext("Вес паллетов, кг"),
        "packaging_weight": gettext("Вес упаковки, кг"),
        "net": gettext("Нетто, кг"),
    }
    return [
        (title, kg(sum((getattr(one, name) or NOTHING for one in pallets), NOTHING)))
        for name, title in names.items()
    ]


def behind(lots: Sequence[int]) -> Table:
    """«Сырьё»: the raw batches behind some lots (domain 4.46, 10.12)."""
    found = RawBatch.objects.filter(lot__in=lots_of(lots, Way.BACKWARD) if lots else [])
    return Table(
        gettext("Сырьё"),
        (_("Партия"), _("Вид сырья"), _("Поставщик"), _("ТТН")),
        [
            (
                parts.record_cell(batch),
                cell(batch.raw_material),
                cell(batch.supplier),
                cell(batch.ttn_number),
            )
            for batch in found.select_related("raw_material", "supplier").order_by("pk")
        ],
        empty=gettext("Происхождения пока нет"),
    )


def _review(ready: Sequence[Line], chosen: int) -> Iterator[Section]:
    """Show before a shipment is made what it will be: sums, warnings, the raw meat behind it."""
    pallets = [line.pallet for line in ready]
    until = min((one.best_before for one in pallets if one.best_before), default=None)
    count = (gettext("Паллетов"), cell(len(ready)))
    first = (gettext("Годен до, раньше всех"), cell(until))
    yield parts.facts(gettext("Итого"), [count, *weights(pallets), first])
    warnings = list(_warnings(ready, chosen))
    if warnings:
        rows = [(cell(text, tone="warn"),) for text in warnings]
        yield Table(gettext("Предупреждения"), (_("Что"),), rows)
    yield behind([lot for line in ready for lot in kept_as(line.pallet, line.items)])


def _warnings(ready: Sequence[Line], chosen: int) -> Iterator[str]:
    if chosen > len(ready):
        text = gettext("Не войдут в отгрузку, паллетов: {count}")
        yield text.format(count=chosen - len(ready))
    yield from _of_raw([line.pallet for line in ready])
    for line in ready:
        if line.pallet.unweighed:
            yield gettext("Паллет {number} принят без взвешивания").format(number=line.pallet)
        for item in line.items:
            mix = item.lot.record
            if isinstance(mix, Mix) and mix.quality == Mix.Quality.PASSED_WITH_DEVIATION:
                text = gettext("Паллет {number}, замес {mix}: {quality}")
                quality = mix.get_quality_display().lower()
                yield text.format(number=line.pallet, mix=mix, quality=quality)


def _of_raw(pallets: Iterable[Pallet]) -> Iterator[str]:
    """Warn of pallets whose raw material failed after it was used (domain 5.12)."""
    there = list(pallets)
    held = warned(one.lot_id for one in there)
    for pallet in there:
        if hold := held.get(pallet.lot_id):
            text = gettext("Паллет {number}: в нём {lot}, заблокировано. {kind}: {reason}")
            kind = hold.get_kind_display()
            lot = f"{hold.lot.get_kind_display()} {hold.lot.record}"
            yield text.format(number=pallet, lot=lot, kind=kind, reason=own_said(hold.reason))


def _ticked(filled: Filled, lines: Sequence[Line]) -> Iterator[Chosen]:
    there = {line.pallet.pk: line for line in lines}
    gone = Pallet.objects.in_bulk([pk for pk in filled.ticked if pk not in there])
    for pk in filled.ticked:
        if pk in there:
            yield Chosen(str(there[pk].pallet), there[pk], there[pk].kept, ticked=True)
        else:
            name = str(gone.get(pk, pk))
            yield Chosen(name, None, gettext("Этого паллета на складе нет"), ticked=True)


def _typed(filled: Filled, lines: Sequence[Line]) -> Iterator[Chosen]:
    for word in filled.words:
        found = [one for one in lines if word in (str(one.pallet), one.pallet.label_code)]
        if len(found) == 1:
            yield Chosen(word, found[0], found[0].kept, ticked=False)
        elif found:
            days = ", ".join(f"{one.pallet.production_day:%d.%m.%Y}" for one in found)
            text = gettext("Таких несколько: {days}. Отметьте нужный или введите код этикетки")
            yield Chosen(word, None, text.format(days=days), ticked=False)
        else:
            yield Chosen(word, None, gettext("Этого паллета на складе нет"), ticked=False)


def _session(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:  # a new form
        return uuid4()
