"""Sections that cards share: what the books, the papers, the pictures and the genealogy know of a
lot, and the history of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import ValueChange
from crm.documents.models import Document
from crm.ledger.event_titles import event_title
from crm.ledger.models import Edge, Lot, Posting, StateHistory
from crm.office import files, past
from crm.office.card import (
    Card,
    Cell,
    Fields,
    Later,
    LotCell,
    NamedCell,
    Photos,
    Picture,
    Section,
    Table,
    bounds,
    cell,
    kg,
    measured,
    valued,
)
from crm.office.language import own_said
from crm.office.links import link
from crm.office.named import Named, called
from crm.office.tones import TONES, badge
from crm.quality.models import Deviation, Hold, Measurement
from crm.together import read_together
from crm.work.models import File, Task

TOGETHER = 12  # lots of one picture
MOST = 100  # rows of a section; whoever wants more opens the list
RECORDS = ("raw_batch__raw_material", "blank", "mix", "second_minced", "pallet")
NUMBERS = (  # of what a lot may be, each found whole by the search of what hangs on lots
    *("=lot__raw_batch__number", "=lot__blank__number", "=lot__mix__number"),
    *("=lot__second_minced__number", "lot__pallet__number__exact"),
)
MEASURED = {"body_temp": _("Температура кузова"), "product_temp": _("Температура сырья")}


def lots_by_id(ids: Iterable[int]) -> dict[int, Lot]:
    """Return lots with their records, in one query."""
    return Lot.objects.select_related(*RECORDS).in_bulk({*ids})


def lot_cell(lot: Lot) -> Cell:
    """Show a lot as the kind and the number of its record, leading to its card."""
    record = lot.record
    return cell(f"{lot.get_kind_display()} {record}", href=link(record))


def later_lot(lot: int) -> Cell:
    """Show a lot by its id; the lots of a card are read by one query."""
    return LotCell("", lot=lot)


def later_record(kind: str, pk: str) -> Cell:
    """Show a record by its kind and key; those of a card are read by one query."""
    return NamedCell("", record=(kind, pk))


def ledger(about: Q, *, many_lots: bool = False) -> Later:
    """«Проводки»: every line of the books about something; of `many_lots` each line names its
    own."""

    def make(postings: Iterable[Posting]) -> Table:
        return Table(
            gettext("Проводки"),
            (
                *(_("Когда"), _("Событие")),
                *([_("Лот")] if many_lots else []),
                *(_("Счёт"), _("кг"), _("Кто")),
            ),
            [
                (
                    cell(one.event.occurred_at, href=link(one.event)),
                    cell(event_title(one.event.kind)),
                    *([later_lot(one.lot_id)] if many_lots else []),
                    cell(one.get_account_display()),
                    kg(one.kg),
                    cell(one.event.by),
                )
                for one in postings
            ],
            empty=gettext("На учёте не было"),
        )

    found = Posting.objects.filter(about).select_related("event", "event__by")
    return Later((found.order_by("event__occurred_at", "id")[:MOST],), make)


def documents(lot: Lot) -> Later:
    """«Документы» of a lot, each to be saved."""
    return documents_of(Q(lot=lot))


def documents_of(about: Q) -> Later:
    """«Документы» about something, each to be saved."""

    def make(found: Iterable[Document]) -> Table:
        return Table(
            gettext("Документы"),
            (gettext("Документ"), gettext("Состояние"), "", ""),
            [
                (
                    cell(document.name, href=link(document)),
                    badge(document),
                    Cell(gettext("Скачать"), files.download(document)),
                    printable(document),
                )
                for document in found
            ],
            empty=gettext("Документов пока нет"),
        )

    return Later((Document.objects.filter(about)[:MOST],), make)


def printable(document: Document) -> Cell:
    """Lead to a Word paper as a PDF; nothing of any other file."""
    address = files.pdf_link(document)
    return Cell("PDF", address) if address else Cell("")


def photos(lot: Lot) -> Later:
    """«Фото и сканы» of a lot: thumbnails that open large by links that expire."""
    return photos_of(Q(lot=lot))


def photos_of(about: Q) -> Later:
    """«Фото и сканы» of several lots."""

    def make(found: Iterable[File]) -> Photos:
        return Photos(gettext("Фото и сканы"), [files.photo(file) for file in found])

    return Later((File.objects.filter(about)[:MOST],), make)


def holds(lot: Lot) -> Later:
    """«Блокировки» of a lot, those that are over too."""

    def make(found: Iterable[Hold]) -> Table:
        return Table(
            gettext("Блокировки"),
            (_("Вид"), _("Причина"), _("Поставлена и снята")),
            [
                (
                    Cell(
                        hold.get_kind_display(),
                        link(hold),
                        tone="calm" if hold.released_at else "bad",
                    ),
                    cell(own_said(hold.reason)),
                    cell(_lasted(hold)),
                )
                for hold in found
            ],
            empty=gettext("Блокировок не было"),
        )

    found = Hold.objects.filter(lot=lot).select_related("placed_by", "released_by")
    return Later((found[:MOST],), make)


def deviations(lot: Lot) -> Later:
    """«Отклонения» of a lot with who decided."""

    def make(found: Iterable[Deviation]) -> Table:
        return Table(
            gettext("Отклонения"),
            (_("Номер"), _("Что"), _("Значение"), _("Решение"), _("Кто решил")),
            [
                (
                    cell(deviation.number, href=link(deviation)),
                    cell(own_said(deviation.label)),
                    cell(valued(deviation)),
                    badge(deviation),
                    cell(deviation.decided_by),
                )
                for deviation in found
            ],
            empty=gettext("Отклонений не было"),
        )

    return Later((Deviation.objects.filter(lot=lot).select_related("decided_by")[:MOST],), make)


def measurements(lot: Lot) -> Later:
    """«Измерения» of a lot against their limits."""

    def make(found: Iterable[Measurement]) -> Table:
        return Table(
            gettext("Измерения"),
            (gettext("Что"), gettext("Значение"), gettext("Норма"), gettext("Итог")),
            [
                (
                    cell(MEASURED.get(one.name, one.name)),
                    Cell(measured(one.value, one.unit), number=True),
                    cell(bounds(one)),
                    Cell(gettext("в норме"), tone="good")
                    if one.within
                    else Cell(gettext("вне нормы"), tone="bad"),
                )
                for one in found
            ],
            empty=gettext("Ничего не измеряли"),
        )

    return Later((Measurement.objects.filter(lot=lot)[:MOST],), make)


def genealogy(lot: Lot | int, *more: int) -> Picture:
    """«Происхождение» both ways, as a picture that is drawn when it is looked at: of a lot, or of
    one and `more` together."""
    first = lot if isinstance(lot, int) else lot.pk
    address = reverse("admin:genealogy", args=[first])
    if more:
        address = f"{address}?{urlencode({'and': more}, doseq=True)}"
    return Picture(gettext("Происхождение"), address, gettext("Из чего сделано и куда ушло"))


def genealogy_of(lots: Sequence[int], empty: str) -> Section:
    """«Происхождение» of several lots in one picture, of the first of many; `empty` is said where
    there are none."""
    if not lots:
        return Table(gettext("Происхождение"), (), [], empty=empty)
    return genealogy(*lots[:TOGETHER])


def neighbours(lot: Lot) -> Later:
    """«Откуда и куда»: one step each way, with links to the cards."""

    def make(back: Iterable[Edge], ahead: Iterable[Edge]) -> Table:
        rows = [(gettext("из"), edge.parent_id, edge) for edge in back]
        rows += [(gettext("в"), edge.child_id, edge) for edge in ahead]
        return Table(
            gettext("Из чего и куда"),
            ("", gettext("Что"), gettext("кг"), gettext("Как")),
            [
                (cell(way), later_lot(other), kg(edge.kg), cell(_how(edge)))
                for way, other, edge in rows
            ],
            empty=gettext("Происхождения пока нет"),
        )

    edges = Edge.objects.filter(kg__gt=0, voided_by__isnull=True)
    return Later((edges.filter(child=lot)[:MOST], edges.filter(parent=lot)[:MOST]), make)


def tasks(subject: str, pk: Any) -> Later:
    """«Задачи» about a record."""

    def make(found: Iterable[Task]) -> Table:
        return Table(
            gettext("Задачи"),
            (_("Что сделать"), _("Состояние"), _("Кто взял")),
            [(record_cell(task), badge(task), cell(task.person)) for task in found],
            empty=gettext("Задач не было"),
        )

    found = Task.objects.filter(subject=subject, subject_id=str(pk)).select_related("person")
    return Later((found[:MOST],), make)


def history(record: Any, *more: type[Any]) -> Later:
    """«История» of a record: its states and its corrected values, from what to what, when, by
    whom, why. `more` are further lists of states, of records with two lifecycles."""
    titles = state_titles(type(record), *more)

    def make(states: Iterable[StateHistory], values: Iterable[ValueChange]) -> Table:
        lines = past.told(record, states, values, titles)
        rows = [(cell(at), cell(text)) for at, text in lines]
        return Table(gettext("История"), (_("Когда"), _("Что")), rows)

    return Later((past.states_of(record), past.values_of(record)), make)


def settled(card: Card) -> Card:
    """Read the rows of a whole card by one query, and what they name by one or two more: lots, and
    records by their kinds and keys."""
    sections = [*card.main, *card.side]
    later = [section for section in sections if isinstance(section, Later)]
    asks = {id(asked): asked for section in later for asked in section.asks}
    read_together(*asks.values())
    made = [one.make(*one.asks) if isinstance(one, Later) else one for one in sections]
    tables = [section for section in made if isinstance(section, Table)]
    shown = [one for table in tables for row in table.rows for one in row]
    wanted = {one.lot for one in shown if isinstance(one, LotCell)}
    lots = lots_by_id(wanted) if wanted else {}
    records = Named(one.record for one in shown if isinstance(one, NamedCell))
    done = [_with_names(section, lots, records) for section in made]
    main = len(card.main)
    return replace(card, main=done[:main], side=done[main:])


def _with_names(section: Section, lots: Mapping[int, Lot], records: Named) -> Section:
    if not isinstance(section, Table):
        return section

    def named(one: Cell) -> Cell:
        if isinstance(one, LotCell):
            return lot_cell(lots[one.lot])
        if isinstance(one, NamedCell):
            record = records.get(*one.record)
            return kind_cell(record) if record is not None else cell(None)
        return one

    return replace(section, rows=[[named(one) for one in row] for row in section.rows])


def state_titles(model: type[Model], *more: type[Any]) -> dict[str, str]:
    """Return what the states of a kind are called; one without a lifecycle has none."""
    lists = (*more, getattr(model, "State", ()))
    return {one.value: str(one.label) for states in lists for one in states}


def state_cell(record: Any, field: str = "state") -> Cell:
    """Show one of a record's states in its colour."""
    code, shown = getattr(record, field), getattr(record, f"get_{field}_display")()
    return Cell(shown, tone=TONES.get(code, ""))


def facts(title: str, rows: Sequence[tuple[str, Any]]) -> Fields:
    """Show labels with values; a record leads to its card."""
    return Fields(title, [(label, _shown(value)) for label, value in rows])


def record_cell(record: Any) -> Cell:
    """Show a related record that leads to its card."""
    return cell(called(record), href=link(record)) if record is not None else cell(None)


def kind_cell(record: Any) -> Cell:
    """Show a record as its kind and its name, leading to its card."""
    name = str(record._meta.verbose_name)
    return cell(f"{name[:1].upper()}{name[1:]} {called(record)}", href=link(record))


def _shown(value: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    return record_cell(value) if hasattr(value, "_meta") else cell(value)


def _how(edge: Edge) -> str:
    """Say what is unusual about a step; that one was made of the other goes without saying."""
    kind = "" if edge.kind == Edge.Kind.MADE else str(edge.get_kind_display())
    return ", ".join(part for part in (kind, gettext("оценка") if edge.estimated else "") if part)


def _lasted(hold: Hold) -> str:
    began = _when(hold.placed_at, hold.placed_by)
    return f"{began} – {_when(hold.released_at, hold.released_by)}" if hold.released_at else began


def _when(at: Any, who: Any) -> str:
    shown = cell(at).text
    return f"{shown}, {who}" if at and who else shown
